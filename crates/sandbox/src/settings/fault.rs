//! How a fault is written.

use std::ops::RangeInclusive;

use super::time;
use crate::{
    api_error::Code,
    operations,
    scenario::{Fault, What},
    sts,
};

const FORM: &str = "a fault is OPERATION:CALL:WHAT, such as DescribeUser:3:InternalServerException, ListUsers:2-4:slow-5s, \
                    *:1:cut or CreateUser:*:lost";

/// Reads `DescribeUser:3:InternalServerException`; says what is wrong with it otherwise.
pub(super) fn parse(text: &str) -> Result<Fault, String> {
    let parts: Vec<_> = text.splitn(3, ':').collect();
    let [operation, calls, what] = parts[..] else { return Err(FORM.to_owned()) };
    let operation = match operation {
        "" => return Err(FORM.to_owned()),
        "*" => None,
        name => Some(known(name)?),
    };
    let calls = calls_of(calls).ok_or_else(|| FORM.to_owned())?;
    Ok(Fault { operation, calls, what: what_of(what)? })
}

fn what_of(text: &str) -> Result<What, String> {
    match text {
        "cut" => Ok(What::Cut),
        "lost" => Ok(What::Lost),
        _ => match text.strip_prefix("slow-") {
            Some(text) => time(text).map(What::Slow).ok_or_else(|| FORM.to_owned()),
            None => Code::named(text).map(What::Refuse).ok_or_else(|| {
                let codes: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
                format!("{FORM}; AWS's codes are {}", codes.join(", "))
            }),
        },
    }
}

/// An operation that the sandbox has: a fault of any other would never come.
fn known(name: &str) -> Result<&'static str, String> {
    names().find(|known| *known == name).ok_or_else(|| match nearest(name) {
        Some(nearest) => format!("there is no operation {name:?}; did you mean {nearest}?"),
        None => format!("there is no operation {name:?}; there are {}", names().collect::<Vec<_>>().join(", ")),
    })
}

fn names() -> impl Iterator<Item = &'static str> {
    operations::names().chain(sts::names())
}

/// The operation that was probably meant.
fn nearest(name: &str) -> Option<&'static str> {
    /// Below it, suggestions look like guesses.
    const ALIKE: f64 = 0.6;
    // What is much longer than all names is like none of them, and finding that out letter by letter takes long.
    if name.len() > 4 * names().map(str::len).max()? {
        return None;
    }
    let name = name.to_lowercase();
    names()
        .map(|known| (strsim::normalized_damerau_levenshtein(&name, &known.to_lowercase()), known))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, known)| known)
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
