//! A change of a directory: what a line after the document says.

use serde::Deserialize;

use super::{Assignment, AssignmentRequest, Group, IdentityStore, Membership, User, object};

/// What became of a directory at once. Records are added, or replace the ones with their ids; the removed are gone
/// before that.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(in crate::sandbox) struct Change {
    #[serde(deserialize_with = "object::maybe")]
    pub(in crate::sandbox) identity_store: Option<IdentityStore>,
    #[serde(deserialize_with = "object::list")]
    pub(in crate::sandbox) users: Vec<User>,
    #[serde(deserialize_with = "object::list")]
    pub(in crate::sandbox) groups: Vec<Group>,
    #[serde(deserialize_with = "object::list")]
    pub(in crate::sandbox) memberships: Vec<Membership>,
    #[serde(deserialize_with = "object::list")]
    pub(in crate::sandbox) assignments: Vec<Assignment>,
    #[serde(deserialize_with = "object::list")]
    pub(in crate::sandbox) assignment_requests: Vec<AssignmentRequest>,
    #[serde(deserialize_with = "object::one")]
    pub(in crate::sandbox) removed: Removed,
}

/// The ids of what is gone.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(in crate::sandbox) struct Removed {
    pub(in crate::sandbox) users: Vec<String>,
    pub(in crate::sandbox) groups: Vec<String>,
    pub(in crate::sandbox) memberships: Vec<String>,
    pub(in crate::sandbox) assignments: Vec<String>,
}
