//! The sandbox as the connector of an SDK's HTTP client: requests are answered in this process, whatever host they are
//! for.

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;

use super::Sandbox;

/// A connector that answers from the sandbox.
pub(crate) fn connector(sandbox: Sandbox) -> SharedHttpConnector {
    SharedHttpConnector::new(InProcess(sandbox))
}

#[derive(Debug)]
struct InProcess(Sandbox);

impl InProcess {
    fn answer(&self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let request = request.try_into_http1x().map_err(user)?;
        // The SDK's requests to these services are in memory as a whole.
        let request = request.map(|body| body.bytes().unwrap_or_default().to_vec());
        // Trying again would not repair a file.
        let response = self.0.handle(&request).map_err(user)?;
        HttpResponse::try_from(response.map(SdkBody::from)).map_err(user)
    }
}

fn user(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> ConnectorError {
    ConnectorError::user(error.into())
}

impl HttpConnector for InProcess {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::ready(self.answer(request))
    }
}
