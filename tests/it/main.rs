//! Everything that is tested from outside: the real process on the sandbox, the files of the repository, the shape of
//! the source. One binary, because each would link the AWS SDK again.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test that fails says so by a panic")]

mod bulk;
mod command_line;
mod containment;
mod containment_bounds;
mod core_dumps;
mod floors;
mod imports;
mod input;
mod killed;
mod manifest;
mod model;
mod network;
mod oversized;
mod process;
mod repository;
mod secrets;
mod session;
mod snapshots;
mod test_data;
mod text;
mod together;
mod workflows;
