//! What has to be true of every input, however odd: each target takes bytes and panics when a property does not hold.
//!
//! Written once, driven twice: `fuzz/run` drives the targets with libFuzzer, which looks for inputs that reach new code,
//! for as long as one likes; `tests` drives them with seeded random inputs for some seconds, in `cargo test`.
//! Inputs that broke something are kept in `fuzz/seeds` and are tried by both.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a property that does not hold is a panic")]

mod answers;
mod arguments;
mod draw;
mod markdown;
mod masking;
mod rendered;
mod request;
mod session;
mod settings;
mod table;
#[cfg(test)]
mod tests;
mod tokens;
mod war_room;

/// A target: its name, and what takes the input.
type Target = (&'static str, fn(&[u8]));

/// All targets.
const TARGETS: [Target; 11] = [
    ("answers", answers::check),
    ("arguments", arguments::check),
    ("markdown", markdown::check),
    ("masking", masking::check),
    ("request", request::check),
    ("sandbox_file", crate::sandbox::check_file),
    ("session", session::check),
    ("settings", settings::check),
    ("table", table::check),
    ("tokens", tokens::check),
    ("war_room", war_room::check),
];

/// Gives an input to the target of that name.
///
/// # Panics
///
/// If there is no such target, or if a property does not hold.
pub fn check(target: &str, input: &[u8]) {
    let (_, check) = TARGETS.iter().find(|(name, _)| *name == target).expect("a target");
    check(input);
}
