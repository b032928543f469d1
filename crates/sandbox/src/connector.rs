//! The sandbox as the connector of an SDK's HTTP client: it responds in this process to requests for any host.

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;

use crate::{router::Reply, sandbox::Sandbox, scenario::Delivery};

/// Returns a connector whose responses come from the sandbox.
#[must_use]
pub fn connector(sandbox: Sandbox) -> SharedHttpConnector {
    SharedHttpConnector::new(InProcess(sandbox))
}

#[derive(Debug)]
struct InProcess(Sandbox);

impl InProcess {
    fn reply(&self, request: HttpRequest) -> Result<Reply, ConnectorError> {
        let request = request.try_into_http1x().map_err(user)?;
        // The SDK's requests to these services are in memory.
        let request = request.map(|body| body.bytes().unwrap_or_default().to_vec());
        // A user error, because a retry does not repair a file.
        self.0.handle(&request).map_err(user)
    }
}

async fn deliver(reply: Reply) -> Result<HttpResponse, ConnectorError> {
    if !reply.delay.is_zero() {
        tokio::time::sleep(reply.delay).await;
    }
    if reply.delivery != Delivery::Complete {
        return Err(ConnectorError::io("the sandbox's scenario broke the connection".into()));
    }
    HttpResponse::try_from(reply.response.map(SdkBody::from)).map_err(user)
}

/// Returns an error that the SDK does not retry.
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
        testing::{TestSandbox, block_on, sample_with},
    };

    fn client(fixture: &TestSandbox) -> Client {
        client_with(fixture, REGION, ACCESS_KEY_ID, SECRET_ACCESS_KEY, None)
    }

    fn client_with(
        fixture: &TestSandbox,
        region: &'static str,
        id: &str,
        secret: &str,
        token: Option<String>,
    ) -> Client {
        let connector = connector(fixture.sandbox.clone());
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
    fn list_and_error_by_the_sdk_are_those_of_aws() {
        block_on(async {
            let fixture = TestSandbox::new();
            let client = client(&fixture);
            let users = client.list_users().identity_store_id(IDENTITY_STORE_ID);
            let users = users.max_results(4).into_paginator().items().send();
            let users = users.collect::<Result<Vec<_>, _>>().await.expect("users");
            assert_eq!(users.len(), 9);
            assert_eq!(users[0].created_at().map(aws_smithy_types::DateTime::secs), Some(1_768_206_600));
            let missing = client.describe_user().identity_store_id(IDENTITY_STORE_ID);
            let missing = missing.user_id("00000000-0000-4000-8000-000000000000").send().await;
            let error = missing.expect_err("no such user").into_service_error();
            assert!(error.is_resource_not_found_exception());
            assert_eq!(error.message(), Some("USER not found."));
        });
    }

    /// Returns the code of the error of a call, or an empty text.
    async fn error_code(client: &Client) -> String {
        let list = client.list_users().identity_store_id(IDENTITY_STORE_ID).send().await;
        list.err().and_then(|error| error.into_service_error().code().map(str::to_owned)).unwrap_or_default()
    }

    #[test]
    fn signature_that_is_wrong_is_refused_in_the_scenario_signatures() {
        block_on(async {
            let fixture = TestSandbox::new();
            let wrong = || client_with(&fixture, REGION, ACCESS_KEY_ID, "wrong", None);
            assert_eq!(error_code(&wrong()).await, "");
            let text = sample_with("\"scenario\": []", "\"scenario\": [\"signatures\"]");
            std::fs::write(fixture.sandbox.path(), text).expect("a scenario");
            assert_eq!(error_code(&client(&fixture)).await, "");
            assert_eq!(error_code(&wrong()).await, "InvalidSignatureException");
            let elsewhere = client_with(&fixture, "eu-west-1", ACCESS_KEY_ID, SECRET_ACCESS_KEY, None);
            assert_eq!(error_code(&elsewhere).await, "InvalidSignatureException");
            let stranger = client_with(&fixture, REGION, "AKIAIOSFODNN7EXAMPLE", SECRET_ACCESS_KEY, None);
            assert_eq!(error_code(&stranger).await, "UnrecognizedClientException");
            let forged = client_with(&fixture, REGION, ACCESS_KEY_ID, SECRET_ACCESS_KEY, Some("forged".to_owned()));
            assert_eq!(error_code(&forged).await, "UnrecognizedClientException");
            // The client's clock is behind, and no `Date` header corrects it.
            fixture.wait(301);
            assert_eq!(error_code(&client(&fixture)).await, "InvalidSignatureException");
        });
    }

    #[test]
    fn broken_file_is_an_error_without_retries() {
        block_on(async {
            let fixture = TestSandbox::new();
            let client = client(&fixture);
            std::fs::write(fixture.sandbox.path(), "{").expect("damage");
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
    fn constants_are_those_of_the_sample() {
        for text in [REGION, IDENTITY_STORE_ID, ACCOUNT_ID] {
            assert!(sample::TEXT.contains(&format!("\"{text}\"")), "{text}");
        }
    }
}
