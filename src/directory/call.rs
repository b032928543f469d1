//! One call to AWS. The SDK builds, signs, sends and repeats it; the answer is read from the body as AWS sent it,
//! because the SDK's own types lose what a server did not send, and what they do not know yet.

use std::error::Error as StdError;
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_identitystore::error::ProvideErrorMetadata;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    AfterDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextRef,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use serde::de::DeserializeOwned;

use super::failure::failure;
use crate::values::error::Error;

/// Sends an operation's request and reads the answer: `send!(request, "DescribeUser", || "get user alice")`. The words
/// follow "Failed to", and are only made when the call fails.
macro_rules! send {
    ($request:expr, $operation:literal, $doing:expr) => {{
        let body = $crate::directory::call::Body::default();
        let sent = $request.customize().interceptor(body.clone()).send().await;
        $crate::directory::call::answer(sent, &body, $operation, $doing)
    }};
}
pub(super) use send;

/// Keeps the body of the last answer.
#[derive(Debug, Clone, Default)]
pub(super) struct Body(Arc<Mutex<Vec<u8>>>);

impl Body {
    fn set(&self, bytes: &[u8]) {
        let mut body = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        body.clear();
        body.extend_from_slice(bytes);
    }

    fn read<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        let body = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        serde_json::from_slice(if body.is_empty() { b"{}" } else { &body })
    }
}

#[dyn_dispatch_hint]
impl Intercept for Body {
    fn name(&self) -> &'static str {
        "Body"
    }

    fn read_before_attempt(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.set(&[]);
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.set(context.response().body().bytes().unwrap_or_default());
        Ok(())
    }
}

/// The answer to a call, or what went wrong.
pub(super) fn answer<T, O, E>(
    sent: Result<O, SdkError<E, HttpResponse>>,
    body: &Body,
    operation: &'static str,
    doing: impl FnOnce() -> String,
) -> Result<T, Error>
where
    T: DeserializeOwned,
    E: ProvideErrorMetadata + StdError + 'static,
{
    match sent {
        Ok(_) => body.read().map_err(|error| Error::Connection {
            doing: doing(),
            reason: format!("the answer to {operation} is not what AWS documents ({error})."),
        }),
        Err(error) => Err(failure(&error, body.read().unwrap_or_default(), operation, doing())),
    }
}
