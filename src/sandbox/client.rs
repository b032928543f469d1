//! The sandbox as the HTTP client of an SDK: requests are answered in this process.

use aws_smithy_runtime_api::{
    client::{
        http::{
            HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
            SharedHttpConnector,
        },
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
        runtime_components::RuntimeComponents,
    },
    shared::IntoShared,
};
use aws_smithy_types::body::SdkBody;

use super::Sandbox;

/// An HTTP client that answers from the sandbox, whatever host a request is for.
pub(crate) fn http_client(sandbox: Sandbox) -> SharedHttpClient {
    InProcess(sandbox).into_shared()
}

#[derive(Clone, Debug)]
struct InProcess(Sandbox);

impl InProcess {
    fn answer(&self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let request = request.try_into_http1x().map_err(user)?;
        // The SDK's requests to these services are in memory as a whole.
        let request = request.map(|body| body.bytes().unwrap_or_default().to_vec());
        // Trying again would not repair a file, so this is no transient kind of error.
        let response = self.0.handle(&request).map_err(other)?;
        HttpResponse::try_from(response.map(SdkBody::from)).map_err(other)
    }
}

fn user(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> ConnectorError {
    ConnectorError::user(error.into())
}

fn other(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> ConnectorError {
    ConnectorError::other(error.into(), None)
}

impl HttpConnector for InProcess {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::ready(self.answer(request))
    }
}

impl HttpClient for InProcess {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        self.clone().into_shared()
    }
}
