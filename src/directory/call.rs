//! One call to AWS. The SDK builds, signs, sends and repeats it; the answer is read from the body as AWS sent it,
//! because the SDK's own types lose what a server did not send, and what they do not know yet.

use std::error::Error as StdError;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use aws_sdk_identitystore::error::ProvideErrorMetadata;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    AfterDeserializationInterceptorContextRef, BeforeDeserializationInterceptorContextMut,
    BeforeTransmitInterceptorContextRef,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use serde::de::DeserializeOwned;

use super::connection::{is_of_aws, place};
use super::failure::{failed_within, failure, no_answer_of_aws};
use crate::values::error::Error;
use crate::values::service_error::{LostAnswer, unknown_outcome};

/// Sends an operation's request and reads the answer: `send!(request, "DescribeUser", || "get user alice")`. The words
/// follow "Failed to", and are only made when the call fails.
macro_rules! send {
    ($request:expr, $operation:literal, $doing:expr) => {{
        let (attempts, answered) = $crate::directory::call::attempt!($request, $operation, $doing);
        answered.and_then(|doing| attempts.answer($operation, doing))
    }};
}
pub(super) use send;

macro_rules! attempt {
    ($request:expr, $operation:literal, $doing:expr) => {{
        let attempts = $crate::directory::call::Attempts::default();
        let sent = $request.customize().interceptor(attempts.clone()).send().await;
        let answered = attempts.answered(sent, $operation, $doing);
        (attempts, answered)
    }};
}
pub(super) use attempt;

/// What came of the attempts at a call: the body of the last answer, and whether an answer was lost before.
#[derive(Debug, Clone, Default)]
pub(super) struct Attempts(Arc<Mutex<Seen>>);

#[derive(Debug, Default)]
struct Seen {
    begun: Option<SystemTime>,
    answered: bool,
    lost: bool,
    body: Vec<u8>,
    /// The body of a success. The SDK got another.
    kept: Option<SdkBody>,
    /// Where the request went.
    asked: Option<String>,
    /// What makes a success none of AWS's.
    stranger: Option<String>,
}

impl Seen {
    fn body(&self) -> &[u8] {
        self.kept.as_ref().and_then(SdkBody::bytes).unwrap_or(&self.body)
    }
}

impl Attempts {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The body of the answer, read.
    pub(super) fn read<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        self.with_body(|body| serde_json::from_slice(if body.is_empty() { b"{}" } else { body }))
    }

    /// What is made of the body of the answer.
    pub(super) fn with_body<T>(&self, make: impl FnOnce(&[u8]) -> T) -> T {
        make(self.seen().body())
    }

    /// Whether the call was answered as it should be; if so, gives `doing` back.
    pub(super) fn answered<O, E, D>(
        &self,
        sent: Result<O, SdkError<E, HttpResponse>>,
        operation: &'static str,
        doing: D,
    ) -> Result<D, Error>
    where
        E: ProvideErrorMetadata + StdError + 'static,
        D: FnOnce() -> String,
    {
        match sent {
            Ok(_) => match self.seen().stranger.take() {
                None => Ok(doing),
                // What is in between may have passed the request on.
                Some(reason) => Err(Error::Connection { doing: doing(), reason: reason + unknown_outcome(operation) }),
            },
            Err(error) => {
                let failure =
                    failure(&error, self.read().unwrap_or_default(), operation, doing(), self.seen().asked.as_deref());
                Err(failure.after(self.lost_answer()))
            }
        }
    }

    /// The answer.
    pub(super) fn answer<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        doing: impl FnOnce() -> String,
    ) -> Result<T, Error> {
        self.read().map_err(|error| self.unreadable(&error, operation, doing()))
    }

    /// An answer that cannot be read.
    pub(super) fn unreadable(&self, error: &serde_json::Error, operation: &'static str, doing: String) -> Error {
        let at = self.seen().asked.as_ref().map_or_else(String::new, |place| format!(" at {place}"));
        let outcome = unknown_outcome(operation);
        Error::Connection {
            doing,
            reason: format!("the answer to {operation}{at} is not what AWS documents ({error}).{outcome}"),
        }
    }

    /// An attempt that may have been carried out without our being told.
    fn lost_answer(&self) -> Option<LostAnswer> {
        let seen = self.seen();
        seen.begun.filter(|_| seen.lost).map(LostAnswer::since)
    }
}

#[dyn_dispatch_hint]
impl Intercept for Attempts {
    fn name(&self) -> &'static str {
        "Attempts"
    }

    fn read_before_attempt(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let mut seen = self.seen();
        seen.lost |= seen.begun.is_some() && !seen.answered;
        seen.begun.get_or_insert_with(SystemTime::now);
        seen.answered = false;
        seen.body.clear();
        seen.kept = None;
        seen.stranger = None;
        Ok(())
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.seen().asked = context.request().uri().parse().ok().map(|uri| place(&uri).to_owned());
        Ok(())
    }

    /// Gives the SDK an empty object in place of a success, because the SDK refuses what it does not expect, such as a time
    /// that is a text, and would call AWS's answer somebody else's (docs/adr/0008-sdk-gets-no-successes.md).
    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response_mut();
        if response.status().is_success() && response.body().bytes().is_some_and(is_object) {
            self.seen().kept = Some(std::mem::replace(response.body_mut(), SdkBody::from("{}")));
        }
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let mut seen = self.seen();
        let bytes = context.response().body().bytes().unwrap_or_default();
        // What is no JSON came from something in between, and AWS may have answered otherwise. Where AWS failed within,
        // it may have failed after the deed.
        seen.answered = is_object(bytes) && !failed_within(bytes);
        seen.body.extend_from_slice(bytes);
        seen.stranger = is_strange(context.response()).then(|| no_answer_of_aws(context.response()));
        Ok(())
    }
}

/// Whether this cannot be a success of AWS: these are objects of JSON, or nothing where there is nothing to tell.
fn is_strange(response: &HttpResponse) -> bool {
    let (headers, body) = (response.headers(), response.body().bytes().unwrap_or_default());
    // moto calls everything HTML, and gives it AWS's header.
    let is_of_another_kind =
        headers.get("content-type").is_some_and(|kind| !is_of_aws(kind)) && headers.get("x-amzn-requestid").is_none();
    response.status().as_u16() != 200 || is_of_another_kind || !(body.is_empty() || is_object(body))
}

fn is_object(json: &[u8]) -> bool {
    json.first() == Some(&b'{')
}
