//! A change of a directory: what a line after the document says.

use serde::Deserialize;

use super::{Assignment, AssignmentRequest, Group, IdentityStore, Membership, User, object};

/// What became of a directory at once. Records are added, or replace the ones with their ids; the removed are gone
/// before that.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Change {
    #[serde(deserialize_with = "object::maybe")]
    pub(crate) identity_store: Option<IdentityStore>,
    #[serde(deserialize_with = "object::list")]
    pub(crate) users: Vec<User>,
    #[serde(deserialize_with = "object::list")]
    pub(crate) groups: Vec<Group>,
    #[serde(deserialize_with = "object::list")]
    pub(crate) memberships: Vec<Membership>,
    #[serde(deserialize_with = "object::list")]
    pub(crate) assignments: Vec<Assignment>,
    #[serde(deserialize_with = "object::list")]
    pub(crate) assignment_requests: Vec<AssignmentRequest>,
    #[serde(deserialize_with = "object::one")]
    pub(crate) removed: Removed,
}

/// The ids of what is gone.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Removed {
    pub(crate) users: Vec<String>,
    pub(crate) groups: Vec<String>,
    pub(crate) memberships: Vec<String>,
    pub(crate) assignments: Vec<String>,
}
