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

#[cfg(test)]
mod tests {
    use aws_sdk_identitystore::{
        Client, Config,
        config::{BehaviorVersion, Credentials, Region},
        error::{DisplayErrorContext, ProvideErrorMetadata},
    };

    use aws_smithy_runtime_api::client::http::http_client_fn;

    use crate::sandbox::{
        ACCESS_KEY_ID, ACCOUNT_ID, IDENTITY_STORE_ID, REGION, SECRET_ACCESS_KEY, connector, sample,
        testing::{Bench, block_on},
    };

    fn client(bench: &Bench) -> Client {
        let connector = connector(bench.sandbox.clone());
        let credentials = Credentials::new(ACCESS_KEY_ID, SECRET_ACCESS_KEY, None, None, "sandbox");
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(REGION))
            .credentials_provider(credentials)
            .http_client(http_client_fn(move |_, _| connector.clone()))
            .build();
        Client::from_conf(config)
    }

    #[test]
    fn the_sdk_cannot_tell() {
        block_on(async {
            let bench = Bench::new();
            let client = client(&bench);
            let users = client.list_users().identity_store_id(IDENTITY_STORE_ID);
            let users = users.max_results(4).into_paginator().items().send();
            let users = users.collect::<Result<Vec<_>, _>>().await.expect("users");
            assert_eq!(users.len(), 9);
            assert_eq!(users[0].created_at().map(aws_smithy_types::DateTime::secs), Some(1_768_206_600));
            let missing = client.describe_user().identity_store_id(IDENTITY_STORE_ID);
            let missing = missing.user_id("00000000-0000-4000-8000-000000000000").send().await;
            let error = missing.expect_err("nobody").into_service_error();
            assert!(error.is_resource_not_found_exception());
            assert_eq!(error.message(), Some("USER not found."));
        });
    }

    #[test]
    fn a_broken_file_is_told_and_not_tried_again() {
        block_on(async {
            let bench = Bench::new();
            let client = client(&bench);
            std::fs::write(bench.sandbox.path(), "{").expect("damage");
            let list = client.list_users().identity_store_id(IDENTITY_STORE_ID);
            let error = list.send().await.expect_err("a broken file");
            let message = DisplayErrorContext(&error).to_string();
            assert!(message.contains(", line 1: "), "{message}");
            let aws_sdk_identitystore::error::SdkError::DispatchFailure(failure) = error else {
                panic!("{message}");
            };
            assert!(failure.is_user());
        });
    }

    #[test]
    fn the_constants_are_the_samples() {
        for text in [REGION, IDENTITY_STORE_ID, ACCOUNT_ID] {
            assert!(sample::TEXT.contains(&format!("\"{text}\"")), "{text}");
        }
    }
}
