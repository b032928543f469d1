//! Each attempt at a call, for whoever asked for debugging: what it was for, how it went, how long it took.

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use tokio::time::Instant;

use super::pace::Operation;
use crate::directory::causes::causes;
use crate::values::trace::Trace;

/// A connector that tells of what it sends.
#[derive(Debug)]
pub(super) struct Traced {
    pub(super) connector: SharedHttpConnector,
    pub(super) trace: Trace,
}

impl HttpConnector for Traced {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let operation = Operation::of(&request);
        let (trace, begun) = (self.trace.clone(), Instant::now());
        let answer = self.connector.call(request);
        HttpConnectorFuture::new(async move {
            let answer = answer.await;
            trace.note(|| {
                let name = if operation.name.is_empty() { "STS" } else { &operation.name };
                format!("{name}: {} after {} ms", outcome(&answer), begun.elapsed().as_millis())
            });
            answer
        })
    }
}

fn outcome(answer: &Result<HttpResponse, ConnectorError>) -> String {
    match answer {
        Ok(response) => {
            let id = response.headers().get("x-amzn-requestid").unwrap_or("none");
            format!("HTTP status {}, request id {id},", response.status().as_u16())
        }
        Err(error) => causes(error),
    }
}
