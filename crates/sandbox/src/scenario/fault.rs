//! Faults: certain calls of an operation are refused, slow, or lose their connection.

use std::{ops::RangeInclusive, time::Duration};

use crate::api_error::{ApiError, ErrorCode};

/// A fault of certain calls of an operation.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    /// The operation, or `None` for all operations.
    pub(crate) operation: Option<&'static str>,
    /// The calls, counted from one since the process began.
    pub(crate) calls: RangeInclusive<u64>,
    pub(crate) effect: FaultEffect,
}

/// What a fault does to a call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum FaultEffect {
    /// AWS refuses the request and does not carry it out.
    Refuse(ErrorCode),
    /// The connection breaks before the request is carried out.
    Cut,
    /// The request is carried out, and the connection breaks within the response.
    Lost,
    /// The response takes that long.
    Slow(Duration),
}

/// What the scenario does to a call.
#[derive(Debug, Default)]
pub(crate) struct CallEffects {
    /// How long the response takes.
    pub(crate) delay: Duration,
    /// The response, if the request is not to be carried out.
    pub(crate) refusal: Option<ApiError>,
    pub(crate) delivery: Delivery,
}

/// How much of a response the caller receives.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Delivery {
    #[default]
    Complete,
    /// The connection breaks within the response.
    Truncated,
    /// The connection breaks before the response. The request is not carried out.
    Dropped,
}

impl Fault {
    /// Adds the fault's effect, if it applies to this call of the operation.
    pub(super) fn apply(&self, operation: &str, call: u64, effects: &mut CallEffects) {
        if self.operation.is_some_and(|named| named != operation) || !self.calls.contains(&call) {
            return;
        }
        match self.effect {
            FaultEffect::Refuse(code) => effects.refusal = Some(refusal(code)),
            FaultEffect::Cut => effects.delivery = Delivery::Dropped,
            FaultEffect::Lost => effects.delivery = Delivery::Truncated,
            FaultEffect::Slow(time) => effects.delay += time,
        }
    }
}

/// Returns the error response. For a transient error AWS may say how long to wait.
fn refusal(code: ErrorCode) -> ApiError {
    let error = ApiError::new(code, code.default_message());
    let is_transient = matches!(code, ErrorCode::Throttling | ErrorCode::InternalServer);
    if is_transient { error.with("RetryAfterSeconds", 1) } else { error }
}
