//! A connector that gives the answers that it was given, whatever is asked: for tests of what becomes of them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;

/// Status, content type, body.
pub(super) type Answer = (u16, &'static str, Vec<u8>);

#[derive(Debug)]
struct Canned(Arc<Mutex<VecDeque<Answer>>>);

/// A connector with these answers, the first first. When there are none left, the connection fails.
pub(super) fn connector(answers: Arc<Mutex<VecDeque<Answer>>>) -> SharedHttpConnector {
    SharedHttpConnector::new(Canned(answers))
}

impl HttpConnector for Canned {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let answer = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        HttpConnectorFuture::ready(
            answer.ok_or_else(|| ConnectorError::io("no answer is left".into())).and_then(response),
        )
    }
}

fn response((status, r#type, body): Answer) -> Result<HttpResponse, ConnectorError> {
    let response = http::Response::builder().status(status).header("content-type", r#type).body(SdkBody::from(body));
    let response = response.map_err(|error| ConnectorError::user(error.into()))?;
    HttpResponse::try_from(response).map_err(|error| ConnectorError::user(error.into()))
}
