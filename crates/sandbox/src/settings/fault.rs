//! How a fault is written.

use std::ops::RangeInclusive;

use super::duration::parse_duration;
use crate::{
    api_error::ErrorCode,
    scenario::{Fault, FaultEffect},
    services::operation_names,
};

const FORM: &str = "a fault is OPERATION:CALL:WHAT, such as DescribeUser:3:InternalServerException, ListUsers:2-4:slow-5s, \
                    *:1:cut or CreateUser:*:lost";

/// Reads a fault such as `DescribeUser:3:InternalServerException`. Fails with the reason.
pub(super) fn parse_fault(text: &str) -> Result<Fault, String> {
    let parts: Vec<_> = text.splitn(3, ':').collect();
    let [operation, calls, effect] = parts[..] else { return Err(FORM.to_owned()) };
    let operation = match operation {
        "" => return Err(FORM.to_owned()),
        "*" => None,
        name => Some(known_operation(name)?),
    };
    let calls = parse_calls(calls).ok_or_else(|| FORM.to_owned())?;
    Ok(Fault { operation, calls, effect: parse_effect(effect)? })
}

/// Reads `cut`, `lost`, `slow-5s` or the code of an error.
fn parse_effect(text: &str) -> Result<FaultEffect, String> {
    match text {
        "cut" => Ok(FaultEffect::Cut),
        "lost" => Ok(FaultEffect::Lost),
        _ => match text.strip_prefix("slow-") {
            Some(text) => parse_duration(text).map(FaultEffect::Slow).ok_or_else(|| FORM.to_owned()),
            None => ErrorCode::from_name(text).map(FaultEffect::Refuse).ok_or_else(|| {
                let codes: Vec<_> = ErrorCode::ALL.iter().map(|code| code.name()).collect();
                format!("{FORM}; AWS's codes are {}", codes.join(", "))
            }),
        },
    }
}

/// Reads `3`, `2-4` or `*`.
fn parse_calls(text: &str) -> Option<RangeInclusive<u64>> {
    if text == "*" {
        return Some(1..=u64::MAX);
    }
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (first.parse().ok()?, last.parse().ok()?);
    (1 <= first && first <= last).then_some(first..=last)
}

/// Returns the operation of that name. Fails if the sandbox has none, because such a fault would never happen.
fn known_operation(name: &str) -> Result<&'static str, String> {
    operation_names().find(|known| *known == name).ok_or_else(|| {
        let hint = match nearest_operation(name) {
            Some(nearest) => format!("did you mean {nearest}?"),
            None => format!("there are {}", operation_names().collect::<Vec<_>>().join(", ")),
        };
        format!("there is no operation {name:?}; {hint}")
    })
}

/// Returns the operation that was probably meant.
fn nearest_operation(name: &str) -> Option<&'static str> {
    /// Below this similarity, suggestions look like guesses.
    const MIN_SIMILARITY: f64 = 0.6;
    // A much longer text is similar to no name, and comparing it takes long.
    if name.len() > 4 * operation_names().map(str::len).max()? {
        return None;
    }
    let name = name.to_lowercase();
    operation_names()
        .map(|known| (strsim::normalized_damerau_levenshtein(&name, &known.to_lowercase()), known))
        .filter(|(similarity, _)| *similarity >= MIN_SIMILARITY)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, known)| known)
}
