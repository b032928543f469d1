//! A script of faults: the nth call of an operation fails, is cut off, or is slow.

use std::{ops::RangeInclusive, time::Duration};

use super::{Scenario, setting::time};
use crate::{
    sandbox::{
        api_error::{ApiError, Code},
        operations, sts,
    },
    values::nearest::nearest,
};

const FORM: &str = "a fault is OPERATION:CALL:WHAT, such as DescribeUser:3:InternalServerException, ListUsers:2-4:slow-5s, \
                    *:1:cut or CreateUser:*:lost";

/// What happens to certain calls of an operation.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    /// Nothing for all operations.
    operation: Option<&'static str>,
    /// Which calls, counted from one since the process began.
    calls: RangeInclusive<u64>,
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum What {
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
pub(in crate::sandbox) struct Course {
    /// How long the answer takes.
    pub(in crate::sandbox) delay: Duration,
    /// The answer, if the request is not to be carried out.
    pub(in crate::sandbox) refusal: Option<ApiError>,
    /// How much of the answer arrives.
    pub(in crate::sandbox) arrives: Arrives,
}

/// How much of an answer arrives.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::sandbox) enum Arrives {
    #[default]
    Whole,
    /// The connection breaks within it.
    Half,
    /// The connection breaks before it, and nothing was carried out.
    Nothing,
}

impl Fault {
    /// Reads `DescribeUser:3:InternalServerException`; says what is wrong with it otherwise.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let parts: Vec<_> = text.splitn(3, ':').collect();
        let [operation, calls, what] = parts[..] else { return Err(FORM.to_owned()) };
        let operation = match operation {
            "" => return Err(FORM.to_owned()),
            "*" => None,
            name => Some(known(name)?),
        };
        let calls = calls_of(calls).ok_or_else(|| FORM.to_owned())?;
        Ok(Self { operation, calls, what: What::parse(what)? })
    }

    fn concerns(&self, operation: &str, call: u64) -> bool {
        self.operation.is_none_or(|named| named == operation) && self.calls.contains(&call)
    }
}

impl What {
    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "cut" => Ok(Self::Cut),
            "lost" => Ok(Self::Lost),
            _ => match text.strip_prefix("slow-") {
                Some(text) => time(text).map(Self::Slow).ok_or_else(|| FORM.to_owned()),
                None => Code::named(text).map(Self::Refuse).ok_or_else(|| {
                    let codes: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
                    format!("{FORM}; AWS's codes are {}", codes.join(", "))
                }),
            },
        }
    }
}

impl Scenario {
    /// What the script says of this call of an operation, the latency of every call included.
    pub(super) fn course(&self, operation: &str, call: u64) -> Course {
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

/// An operation that the sandbox has: a fault of any other would never come.
fn known(name: &str) -> Result<&'static str, String> {
    let names = || operations::names().chain(sts::names());
    names().find(|known| *known == name).ok_or_else(|| match nearest(name, names()) {
        Some(nearest) => format!("there is no operation {name:?}; did you mean {nearest}?"),
        None => format!("there is no operation {name:?}; there are {}", names().collect::<Vec<_>>().join(", ")),
    })
}

/// AWS may say how long to wait with whatever passes by itself.
fn refusal(code: Code) -> ApiError {
    let error = ApiError::new(code, code.sentence());
    let passes = matches!(code, Code::Throttling | Code::InternalServer);
    if passes { error.with("RetryAfterSeconds", 1) } else { error }
}

/// `3`, `2-4` or `*`.
fn calls_of(text: &str) -> Option<RangeInclusive<u64>> {
    if text == "*" {
        return Some(1..=u64::MAX);
    }
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (first.parse().ok()?, last.parse().ok()?);
    (1 <= first && first <= last).then_some(first..=last)
}
