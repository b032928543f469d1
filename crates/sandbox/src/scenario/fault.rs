//! A script of faults: the nth call of an operation fails, is cut off, or is slow.

use std::{ops::RangeInclusive, time::Duration};

use super::Scenario;
use crate::api_error::{ApiError, Code};

/// What happens to certain calls of an operation.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    /// Nothing for all operations.
    pub(crate) operation: Option<&'static str>,
    /// Which calls, counted from one since the process began.
    pub(crate) calls: RangeInclusive<u64>,
    pub(crate) what: What,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum What {
    /// AWS refuses, and does nothing.
    Refuse(Code),
    /// The connection breaks before the request is carried out.
    Cut,
    /// The request is carried out, and the connection breaks in the answer.
    Lost,
    /// The answer takes that long.
    Slow(Duration),
}

/// What is to become of a request.
#[derive(Debug, Default)]
pub(crate) struct Course {
    /// How long the answer takes.
    pub(crate) delay: Duration,
    /// The answer, if the request is not to be carried out.
    pub(crate) refusal: Option<ApiError>,
    /// How much of the answer arrives.
    pub(crate) arrives: Arrives,
}

/// How much of an answer arrives.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Arrives {
    #[default]
    Whole,
    /// The connection breaks within it.
    Half,
    /// The connection breaks before it, and nothing was carried out.
    Nothing,
}

impl Fault {
    fn concerns(&self, operation: &str, call: u64) -> bool {
        self.operation.is_none_or(|named| named == operation) && self.calls.contains(&call)
    }
}

impl Scenario {
    /// What the script says of this call of an operation, the latency of every call included.
    pub(crate) fn course(&self, operation: &str, call: u64) -> Course {
        let mut course = Course { delay: self.latency, ..Course::default() };
        for fault in self.faults.iter().filter(|fault| fault.concerns(operation, call)) {
            match fault.what {
                What::Refuse(code) => course.refusal = Some(refusal(code)),
                What::Cut => course.arrives = Arrives::Nothing,
                What::Lost => course.arrives = Arrives::Half,
                What::Slow(time) => course.delay += time,
            }
        }
        course
    }
}

/// AWS may say how long to wait with whatever passes by itself.
fn refusal(code: Code) -> ApiError {
    let error = ApiError::new(code, code.sentence());
    let passes = matches!(code, Code::Throttling | Code::InternalServer);
    if passes { error.with("RetryAfterSeconds", 1) } else { error }
}
