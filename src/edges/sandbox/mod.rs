//! The embedded sandbox: whether it answers instead of AWS is decided here, and nowhere else.

use std::net::SocketAddr;
use std::path::PathBuf;

use lexopt::Parser;
use lexopt::prelude::{Long, Short, Value, ValueExt};

#[cfg(feature = "sandbox")]
mod location;
#[cfg_attr(not(feature = "sandbox"), path = "without.rs")]
mod with;

pub(super) use with::{backend, main};

/// The sandbox in this file.
#[expect(clippy::expect_used, reason = "for tests")]
#[cfg(all(any(test, fuzzing), feature = "sandbox"))]
pub(crate) fn with_sandbox(file: &std::path::Path) -> crate::directory::Backend {
    backend(Some(Some(file.to_owned()))).expect("a sandbox")
}

/// Nothing without `--sandbox`; else its usual place, or the file that is named.
pub(super) type Choice = Option<Option<PathBuf>>;

/// What is to be done with the sandbox itself.
pub(super) enum Verb {
    Serve {
        listen: SocketAddr,
        /// Whether other machines may be let in: nobody who connects has to prove who they are.
        beyond_loopback: bool,
        /// The scenario's settings, as they were written.
        scenario: Vec<String>,
    },
    Seed {
        users: usize,
        groups: usize,
        memberships: usize,
        seed: u64,
    },
    Reset,
}

/// Reads the words after `sandbox`; nothing if help is wanted.
pub(super) fn parse(parser: &mut Parser) -> Result<Option<Verb>, lexopt::Error> {
    let mut verb: Option<Verb> = None;
    while let Some(argument) = parser.next()? {
        match (argument, &mut verb) {
            (Value(word), None) => {
                verb = Some(match word.to_str() {
                    Some("serve") => {
                        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
                        Verb::Serve { listen, beyond_loopback: false, scenario: Vec::new() }
                    }
                    Some("seed") => Verb::Seed { users: 1000, groups: 100, memberships: 5000, seed: 1 },
                    Some("reset") => Verb::Reset,
                    _ => return Err(format!("sandbox knows serve, seed and reset, not {}", word.display()).into()),
                });
            }
            (Long("listen"), Some(Verb::Serve { listen, .. })) => *listen = parser.value()?.parse()?,
            (Long("beyond-loopback"), Some(Verb::Serve { beyond_loopback, .. })) => *beyond_loopback = true,
            (Long("scenario"), Some(Verb::Serve { scenario, .. })) => {
                // Several may stand in one word.
                let settings = parser.value()?.string()?;
                scenario.extend(settings.split(',').map(|setting| setting.trim().to_owned()));
            }
            (Long("users"), Some(Verb::Seed { users, .. })) => *users = parser.value()?.parse()?,
            (Long("groups"), Some(Verb::Seed { groups, .. })) => *groups = parser.value()?.parse()?,
            (Long("memberships"), Some(Verb::Seed { memberships, .. })) => *memberships = parser.value()?.parse()?,
            (Long("seed"), Some(Verb::Seed { seed, .. })) => *seed = parser.value()?.parse()?,
            (Short('h') | Long("help"), _) => return Ok(None),
            (other, _) => return Err(other.unexpected()),
        }
    }
    verb.map(Some).ok_or_else(|| "sandbox needs a verb: serve, seed or reset".into())
}
