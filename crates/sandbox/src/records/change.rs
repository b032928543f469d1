//! A change of a directory: a line after the document.

use serde::Deserialize;

use super::{
    access::{Assignment, AssignmentRequest},
    group::{Group, Membership},
    identity_store::IdentityStore,
    object,
    user::User,
};

/// The changes of one request. The ids in `removed` are removed first; then each record is added, or replaces the record
/// with its id.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct DirectoryChange {
    #[serde(deserialize_with = "object::optional")]
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
    #[serde(deserialize_with = "object::required")]
    pub(crate) removed: RemovedIds,
}

/// The ids of removed records.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct RemovedIds {
    pub(crate) users: Vec<String>,
    pub(crate) groups: Vec<String>,
    pub(crate) memberships: Vec<String>,
    pub(crate) assignments: Vec<String>,
}
