//! AWS IAM Identity Center for Cortex XSOAR, as one native executable.
//!
//! Data goes one way: standard input → [`values::request::Request`] → a command of [`commands`] → [`directory`] (AWS) →
//! [`values::report::Report`] → entries → standard output. The modules are floors, and each knows those below it only:
//!
//! | floor | what is there |
//! | --- | --- |
//! | `edges` | the ways in: one-shot, XSOAR's container protocol, War Room line, manifest, sandbox |
//! | `dispatch` | finds the command, reads its arguments, runs it, catches a panic |
//! | `commands` | a command is a struct (its arguments) and what it does; one resource a file |
//! | `directory` | the identity store; the only floor that knows AWS's SDK |
//! | `values` | requests, arguments, settings, models, context paths, reports, entries, errors, secrets |
//!
//! The sandbox is a crate of its own, `crates/sandbox`: an HTTP client that answers from a file. Only
//! `edges/sandbox/with.rs` names it.

mod commands;
mod directory;
mod dispatch;
mod edges;
#[cfg(all(any(test, fuzzing), feature = "sandbox"))]
pub mod fuzzing;
mod values;

use std::process::ExitCode;

/// Does what the command line asks for; gives the exit code.
#[must_use]
pub fn main() -> ExitCode {
    edges::cli::main()
}
