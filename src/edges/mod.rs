//! The ways in: each makes requests of what it reads, and an answer's entries into what it writes.

pub(crate) mod cli;
mod core_dumps;
mod manifest;
mod one_shot;
mod progress;
mod refusal;
mod run;
mod sandbox;
pub(crate) mod session;
mod stdout;
mod visible_json;
pub(crate) mod war_room;

#[cfg(any(test, fuzzing))]
pub(crate) use manifest::argument_names;
#[cfg(all(any(test, fuzzing), feature = "sandbox"))]
pub(crate) use sandbox::with_sandbox;
