//! The ways in: each makes requests of what it reads, and an answer's entries into what it writes.

pub(crate) mod cli;
mod manifest;
mod one_shot;
mod progress;
mod refusal;
mod run;
mod sandbox;
mod session;
mod stdout;
mod war_room;
