//! Scenarios: how AWS behaves today. Throttled, slow, faulty, called from elsewhere, or filled from elsewhere.
//!
//! The file holds the settings of a scenario, or `sandbox serve` gets them for as long as it runs. The module
//! [`settings`](crate::settings) reads them.

mod definition;
mod fault;
mod traffic;

pub(crate) use definition::{CallerLocation, DirectorySource, Scenario, Throttling};
pub(crate) use fault::{CallEffects, Delivery, Fault, FaultEffect};
pub(crate) use traffic::{CallCounter, Traffic};
