//! What is repeated, beside what the SDK knows already: it overlooks how long a throttled call should wait, and it does
//! not know that nothing new is wanted any more.

use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction, RetryClassifierPriority};
use aws_smithy_types::retry::ErrorKind;
use serde::Deserialize;

use super::pace::{Operation, Pace};
use crate::directory::error_body::without_namespace;
use crate::values::stop::Stop;

/// Looks at each failed attempt.
#[derive(Debug)]
pub(super) struct Classifier {
    pub(super) pace: Arc<Pace>,
    pub(super) stop: Stop,
}

/// AWS: Identity Store API, `ThrottlingException` and `InternalServerException`.
#[derive(Default, Deserialize)]
struct Body {
    #[serde(rename = "__type", default)]
    r#type: String,
    #[serde(rename = "RetryAfterSeconds")]
    retry_after_seconds: Option<serde_json::Value>,
}

impl ClassifyRetry for Classifier {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let failed = context.output_or_error().is_some_and(|outcome| outcome.is_err());
        if failed && self.stop.is_requested() {
            return RetryAction::RetryForbidden;
        }
        let Some(response) = context.response().filter(|_| failed) else { return RetryAction::NoActionIndicated };
        let body: Body =
            response.body().bytes().and_then(|bytes| serde_json::from_slice(bytes).ok()).unwrap_or_default();
        let kind = match without_namespace(&body.r#type) {
            "ThrottlingException" | "TooManyRequestsException" => ErrorKind::ThrottlingError,
            _ if response.status().as_u16() == 429 => ErrorKind::ThrottlingError,
            "InternalServerException" => ErrorKind::ServerError,
            _ if response.status().as_u16() == 503 => ErrorKind::ServerError,
            _ => return RetryAction::NoActionIndicated,
        };
        let wait =
            body.retry_after_seconds.and_then(|wait| wait.as_f64()).and_then(seconds).or_else(|| retry_after(response));
        if kind == ErrorKind::ThrottlingError {
            let operation = response.extension().map_or("", Operation::limited);
            self.pace.throttled(operation, wait);
        }
        match wait {
            Some(wait) => RetryAction::retryable_error_with_explicit_delay(kind, wait),
            None => RetryAction::retryable_error(kind),
        }
    }

    fn name(&self) -> &'static str {
        "RetryAfterSeconds and stop"
    }

    /// After the SDK's own that look at an answer, so that this has the last word of it.
    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::modeled_as_retryable_classifier())
    }
}

/// The two headers that say how long to wait: AWS's in milliseconds, HTTP's in seconds.
fn retry_after(response: &HttpResponse) -> Option<Duration> {
    let number = |name: &str| response.headers().get(name)?.trim().parse::<f64>().ok();
    let milliseconds = number("x-amz-retry-after").map(|number| number / 1000.0);
    milliseconds.or_else(|| number("retry-after")).and_then(seconds)
}

/// A server that asks for more than this has a fault, and the retries end before.
const LONGEST: Duration = Duration::from_secs(20);

fn seconds(number: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(number).ok().map(|wait| wait.min(LONGEST))
}

#[cfg(test)]
mod tests {
    use aws_smithy_runtime_api::client::interceptors::context::{Error, Input};
    use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, OrchestratorError};
    use aws_smithy_types::body::SdkBody;

    use super::*;

    /// An attempt to list users that failed with this answer.
    fn failed(status: u16, headers: &[(&'static str, &'static str)], body: &'static str) -> InterceptorContext {
        let mut request = HttpRequest::empty();
        request.headers_mut().insert("x-amz-target", "AWSIdentityStore.ListUsers");
        let mut response = HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body));
        response.add_extension(Operation::of(&request));
        for (name, value) in headers {
            response.headers_mut().insert(*name, *value);
        }
        let mut context = InterceptorContext::new(Input::erase(()));
        context.set_response(response);
        context.set_output_or_error(Err(OrchestratorError::operation(Error::erase(std::fmt::Error))));
        context
    }

    fn classifier() -> Classifier {
        Classifier { pace: Arc::default(), stop: Stop::default() }
    }

    #[test]
    fn what_is_repeated_is_told_by_its_code_or_its_status() {
        let (throttled, server) = (ErrorKind::ThrottlingError, ErrorKind::ServerError);
        let stopped = classifier();
        stopped.stop.request();
        for (status, body, kind) in [
            (400, r#"{"__type": "ThrottlingException"}"#, Some(throttled)),
            (400, r#"{"__type": "com.amazonaws.identitystore#ThrottlingException"}"#, Some(throttled)),
            (400, r#"{"__type": "TooManyRequestsException"}"#, Some(throttled)),
            (429, "", Some(throttled)),
            (500, r#"{"__type": "InternalServerException"}"#, Some(server)),
            (503, "<html>", Some(server)),
            (400, r#"{"__type": "ValidationException"}"#, None),
            (500, "", None),
        ] {
            let attempt = failed(status, &[], body);
            let expected = kind.map_or(RetryAction::NoActionIndicated, RetryAction::retryable_error);
            assert_eq!(classifier().classify_retry(&attempt), expected, "{status} {body}");
            assert_eq!(stopped.classify_retry(&attempt), RetryAction::RetryForbidden, "{status} {body}");
        }
    }

    #[test]
    fn only_what_was_throttled_slows_its_operation_down() {
        for (status, is_slower) in [(429, true), (503, false)] {
            let classifier = classifier();
            classifier.classify_retry(&failed(status, &[], ""));
            assert_eq!(classifier.pace.admit("ListUsers").is_some(), is_slower, "{status}");
            assert_eq!(classifier.pace.admit("ListGroups"), None);
        }
    }

    #[test]
    fn the_pause_that_a_server_asks_for_is_made_within_reason() {
        let check = |headers: &[(&'static str, &'static str)], body: &'static str, seconds: Option<f64>| {
            let throttled = ErrorKind::ThrottlingError;
            let expected = seconds.map_or_else(
                || RetryAction::retryable_error(throttled),
                |seconds| RetryAction::retryable_error_with_explicit_delay(throttled, Duration::from_secs_f64(seconds)),
            );
            assert_eq!(classifier().classify_retry(&failed(429, headers, body)), expected, "{headers:?} {body}");
        };
        check(&[], r#"{"RetryAfterSeconds": 3}"#, Some(3.0));
        check(&[("retry-after", " 4 ")], "{}", Some(4.0));
        check(&[("x-amz-retry-after", "1500"), ("retry-after", "4")], "{}", Some(1.5));
        check(&[("retry-after", "4")], r#"{"RetryAfterSeconds": 0.5}"#, Some(0.5));
        check(&[("retry-after", "3600")], "", Some(20.0));
        check(&[], "", None);
        check(&[], r#"{"RetryAfterSeconds": -1}"#, None);
        for nonsense in ["-1", "nan", "soon", "inf"] {
            check(&[("retry-after", nonsense)], "", None);
        }
    }
}
