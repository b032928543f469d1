//! The sandbox as the connector of an SDK's HTTP client: requests are answered in this process, whatever host they are
//! for.

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;

use crate::{router::Reply, sandbox::Sandbox, scenario::Arrives};

/// Returns a connector that answers from the sandbox.
#[must_use]
pub fn connector(sandbox: Sandbox) -> SharedHttpConnector {
    SharedHttpConnector::new(InProcess(sandbox))
}

#[derive(Debug)]
struct InProcess(Sandbox);

impl InProcess {
    fn reply(&self, request: HttpRequest) -> Result<Reply, ConnectorError> {
        let request = request.try_into_http1x().map_err(user)?;
        // The SDK's requests to these services are in memory as a whole.
        let request = request.map(|body| body.bytes().unwrap_or_default().to_vec());
        // Trying again would not repair a file.
        self.0.handle(&request).map_err(user)
    }
}

async fn deliver(reply: Reply) -> Result<HttpResponse, ConnectorError> {
    if !reply.delay.is_zero() {
        tokio::time::sleep(reply.delay).await;
    }
    if reply.arrives != Arrives::Whole {
        return Err(ConnectorError::io("the sandbox's scenario broke the connection".into()));
    }
    HttpResponse::try_from(reply.response.map(SdkBody::from)).map_err(user)
}

fn user(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> ConnectorError {
    ConnectorError::user(error.into())
}

impl HttpConnector for InProcess {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let reply = self.reply(request);
        HttpConnectorFuture::new(async move { deliver(reply?).await })
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

    use crate::{
        connector::connector,
        sample::{self, ACCESS_KEY_ID, ACCOUNT_ID, IDENTITY_STORE_ID, REGION, SECRET_ACCESS_KEY},
        testing::{Bench, block_on, sample_with},
    };

    fn client(bench: &Bench) -> Client {
        client_of(bench, REGION, ACCESS_KEY_ID, SECRET_ACCESS_KEY, None)
    }

    fn client_of(bench: &Bench, region: &'static str, id: &str, secret: &str, token: Option<String>) -> Client {
        let connector = connector(bench.sandbox.clone());
        let credentials = Credentials::new(id, secret, token, None, "sandbox");
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region))
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

    /// The code of the error of a call, or nothing.
    async fn refusal(client: &Client) -> String {
        let list = client.list_users().identity_store_id(IDENTITY_STORE_ID).send().await;
        list.err().and_then(|error| error.into_service_error().code().map(str::to_owned)).unwrap_or_default()
    }

    #[test]
    fn signatures_are_checked_on_request() {
        block_on(async {
            let bench = Bench::new();
            let wrong = || client_of(&bench, REGION, ACCESS_KEY_ID, "wrong", None);
            assert_eq!(refusal(&wrong()).await, "");
            let text = sample_with("\"scenario\": []", "\"scenario\": [\"signatures\"]");
            std::fs::write(bench.sandbox.path(), text).expect("a scenario");
            assert_eq!(refusal(&client(&bench)).await, "");
            assert_eq!(refusal(&wrong()).await, "InvalidSignatureException");
            let elsewhere = client_of(&bench, "eu-west-1", ACCESS_KEY_ID, SECRET_ACCESS_KEY, None);
            assert_eq!(refusal(&elsewhere).await, "InvalidSignatureException");
            let stranger = client_of(&bench, REGION, "AKIAIOSFODNN7EXAMPLE", SECRET_ACCESS_KEY, None);
            assert_eq!(refusal(&stranger).await, "UnrecognizedClientException");
            let forged = client_of(&bench, REGION, ACCESS_KEY_ID, SECRET_ACCESS_KEY, Some("forged".to_owned()));
            assert_eq!(refusal(&forged).await, "UnrecognizedClientException");
            // The client's clock is behind, and no Date header corrects it.
            bench.wait(301);
            assert_eq!(refusal(&client(&bench)).await, "InvalidSignatureException");
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
