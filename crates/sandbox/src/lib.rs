//! An Identity Store, the account assignments of sso-admin and an STS that live in this program: what `--sandbox` uses
//! instead of AWS.
//!
//! It stands at the SDK's HTTP client, so that everything above it is the real thing. From the
//! outside in:
//!
//! - [`connector`] answers the SDK in-process, [`server`] answers anybody over HTTP;
//! - [`router`] routes a request by its protocol: [`json_protocol`] to the [`operations`] of
//!   Identity Store and sso-admin, [`query_protocol`] to [`sts`];
//! - [`scenario`] says what AWS is like today: throttled, slow, faulty, of another kind; with `signatures` it has
//!   [`signature`] look at every request, which otherwise any key may sign;
//! - [`model`] is the table of AWS's constraints, against which every request is held first;
//! - [`store`] is the directory in memory, [`file`](mod@file) keeps it as [`document`] says.
//!
//! Invariants: a change is in the file before it is answered; a file that cannot be understood
//! is never written; nothing outside this module knows that the sandbox exists but the place
//! that chooses the HTTP client, and the `sandbox` verbs.

mod ambient;
mod api_error;
mod attribute_path;
mod classic;
mod connector;
mod context;
mod document;
mod error;
mod file;
mod json_protocol;
mod model;
mod operations;
mod page;
mod place;
mod query_protocol;
mod router;
mod sample;
mod sandbox;
mod scenario;
mod seal;
mod seed;
mod server;
mod session;
mod settings;
mod signature;
mod store;
mod sts;
#[cfg(test)]
mod testing;
mod wire;

pub use connector::connector;
pub use error::SandboxError;
#[cfg(fuzzing)]
pub use file::check_file;
pub use sample::{ACCESS_KEY_ID, IDENTITY_STORE_ID, REGION, SECRET_ACCESS_KEY};
pub use sandbox::Sandbox;
pub use seed::Size;
pub use server::serve;
pub use settings::{Setting, Unclear};
