//! Snapshots: what was taken from a user, as restore-user gets it back from outside. What a snapshot holds counts only
//! as far as its signature vouches for it.

mod age;
mod canonical;
mod judged;
pub(crate) mod keys;
mod plan;
mod progress;
mod reading;
mod signature;
#[cfg(test)]
mod tests;

pub(crate) use judged::{Checks, Whose};
pub(crate) use keys::SnapshotKeys;
pub(crate) use plan::{Plan, Said, plan};
pub(crate) use progress::{Followed, Requests};
pub(crate) use reading::containments;
pub(crate) use signature::{Purpose, Unverified, sign, verify};
