#![doc = include_str!("../README.md")]
//!
//! # Map of the modules
//!
//! A module imports only modules below it in this table.
//!
//! | modules | contents |
//! | --- | --- |
//! | `connector`, `server` | the two ways in: the connector of an SDK's HTTP client, and an HTTP server |
//! | `router` | the way of a request: protocol, scenario, signature, handler, response |
//! | `sandbox` | [`Sandbox`]: the directory in memory, kept equal to its file |
//! | `seed`, `file` | generated directories; reading and writing the file, by several processes at once |
//! | `settings` | the settings of a scenario: how each is written, and what it sets |
//! | `protocol`, `signature`, `availability`, `classic` | awsJson and awsQuery; Signature Version 4; operations that a scenario lacks |
//! | `services` | the registry of services and operations, with models and handlers; it says how to add one |
//! | `page` | pages of lists, and their tokens |
//! | `context` | what a handler knows of a call |
//! | `store` | the directory in memory, indexed, and the changes that handlers may make |
//! | `scenario` | how AWS behaves today: throttled, slow, faulty, called from elsewhere |
//! | `session`, `api_error` | sessions of assumed roles; error responses |
//! | `records`, `shape` | the records of the file; the constraints of AWS's models, and the one check of them |
//! | `sample`, `signed_token`, `clock_and_ids`, `error` | the sample directory; tokens; time and ids; errors of the sandbox itself |
//!
//! # Invariants
//!
//! - A change is in the file before the caller gets the response.
//! - A file that cannot be parsed is never written.
//! - The crate depends on no other crate of the repository.

mod api_error;
mod availability;
mod classic;
mod clock_and_ids;
mod connector;
mod context;
mod error;
mod file;
mod page;
mod protocol;
mod records;
mod router;
mod sample;
mod sandbox;
mod scenario;
mod seed;
mod server;
mod services;
mod session;
mod settings;
mod shape;
mod signature;
mod signed_token;
mod store;
#[cfg(test)]
mod testing;

pub use connector::connector;
pub use error::SandboxError;
#[cfg(fuzzing)]
pub use file::check_file;
pub use sample::{ACCESS_KEY_ID, IDENTITY_STORE_ID, REGION, SECRET_ACCESS_KEY};
pub use sandbox::Sandbox;
pub use seed::DirectorySize;
pub use server::serve;
pub use settings::{Setting, SettingError};
