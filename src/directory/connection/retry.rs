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
use crate::directory::failure::without_namespace;
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

    /// After the SDK's own, so that this has the last word.
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
