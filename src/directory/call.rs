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

use super::connection::place;
use super::evidence::{Call, Proof, is_object};
use super::failure::{failure, no_answer_of_aws};
use super::page::{Page, SparsePage};
use crate::values::error::Error;
use crate::values::service_error::{FAILED_WITHIN, LostAnswer, unknown_outcome};

/// Sends an operation's request and reads the answer: `send!(request, "DescribeUser", || "get user alice")`. The words
/// follow "Failed to", and are only made when the call fails.
macro_rules! send {
    ($request:expr, $operation:literal, $doing:expr) => {{
        let (attempts, answered) = $crate::directory::call::attempt!($request, $operation, $doing);
        answered.and_then(|(_, doing)| attempts.answer($operation, doing))
    }};
}
pub(super) use send;

/// Sends the request for a page of a list that AWS may leave out, `send_page!(request, Assignments,
/// "ListAccountAssignments", || "list …")`, and reads it.
macro_rules! send_page {
    ($request:expr, $page:ty, $operation:literal, $doing:expr) => {{
        let (attempts, answered) = $crate::directory::call::attempt!($request, $operation, $doing);
        answered.and_then(|(_, doing)| attempts.page::<$page, _>($operation, doing))
    }};
}
pub(super) use send_page;

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
    /// The code of an error of the service.
    code: Option<String>,
    /// What answered, if it answered with a success that is none of AWS's.
    stranger: Option<String>,
    /// Whether a success has everything that AWS's have.
    is_certain: bool,
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
        let seen = self.seen();
        let body = seen.body();
        serde_json::from_slice(if body.is_empty() { b"{}" } else { body })
    }

    /// Whether the call was answered as it should be; if so, gives what the SDK made of it, and `doing` back.
    pub(super) fn answered<O, E, D>(
        &self,
        sent: Result<O, SdkError<E, HttpResponse>>,
        operation: &'static str,
        doing: D,
    ) -> Result<(O, D), Error>
    where
        E: ProvideErrorMetadata + StdError + 'static,
        D: FnOnce() -> String,
    {
        let stranger = self.seen().stranger.take();
        if let Some(reason) = stranger {
            // What is in between may have passed the request on.
            return Err(Error::Connection { doing: doing(), reason: reason + unknown_outcome(operation) });
        }
        match sent {
            Ok(output) => Ok((output, doing)),
            Err(error) => {
                let (code, asked) = {
                    let mut seen = self.seen();
                    (seen.code.take(), seen.asked.clone())
                };
                Err(failure(&error, code, operation, doing(), asked.as_deref()).after(self.lost_answer()))
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

    /// Reads a page of a list that AWS's model does not require in an answer. A page without the list and without a token
    /// is empty only if the answer is certainly AWS's; otherwise this fails.
    pub(super) fn page<P, T>(&self, operation: &'static str, doing: impl FnOnce() -> String) -> Result<Page<T>, Error>
    where
        P: DeserializeOwned + Into<SparsePage<T>>,
    {
        let doing = doing();
        let (items, next) = self.answer::<P>(operation, || doing.clone())?.into();
        match items {
            Some(items) => Ok((items, next)),
            None if self.seen().is_certain || next.as_ref().is_some_and(|next| !next.is_empty()) => {
                Ok((Vec::new(), next))
            }
            None => Err(Error::Connection {
                doing,
                reason: format!(
                    "the answer to {operation}{} holds no list, so that nothing is known. Look at the endpoint URL, and for \
                     a proxy or a firewall in between.",
                    self.at()
                ),
            }),
        }
    }

    /// An answer that cannot be read.
    pub(super) fn unreadable(&self, error: &serde_json::Error, operation: &'static str, doing: String) -> Error {
        let (at, outcome) = (self.at(), unknown_outcome(operation));
        Error::Connection {
            doing,
            reason: format!("the answer to {operation}{at} is not what AWS documents ({error}).{outcome}"),
        }
    }

    fn at(&self) -> String {
        self.seen().asked.as_ref().map_or_else(String::new, |place| format!(" at {place}"))
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
        seen.code = None;
        seen.stranger = None;
        seen.is_certain = false;
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
    /// that is a text, and would take AWS's answer for another server's (docs/adr/0008-sdk-gets-no-successes.md).
    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response_mut();
        if !response.status().is_success() {
            return Ok(());
        }
        // What broke off has no bytes, and is no success of anybody.
        let Some(body) = response.body().bytes() else { return Ok(()) };
        let mut seen = self.seen();
        let proof = Call::of(config).proof(response, body);
        seen.is_certain = proof == Proof::Certain;
        seen.stranger = (proof == Proof::Foreign).then(|| no_answer_of_aws(response));
        if is_object(body) {
            seen.kept = Some(std::mem::replace(response.body_mut(), SdkBody::from("{}")));
        }
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let (mut seen, response) = (self.seen(), context.response());
        let bytes = response.body().bytes().unwrap_or_default();
        // What is none of AWS's came from something in between, and AWS may have answered otherwise. Where AWS failed
        // within, it may have failed after the deed.
        seen.answered = if response.status().is_success() {
            response.body().bytes().is_some() && seen.stranger.is_none()
        } else {
            seen.code = Call::of(config).code(response, bytes);
            seen.code.as_ref().is_some_and(|code| code != FAILED_WITHIN)
        };
        seen.body.extend_from_slice(bytes);
        Ok(())
    }
}
