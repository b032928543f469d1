//! The whole file.

use serde::Deserialize;

use super::{
    access::{Account, Assignment, AssignmentRequest, PermissionSet},
    group::{Group, Membership},
    identity_store::IdentityStore,
    object,
    user::User,
};

/// The version of the file format that this program writes. It reads the older ones too: version 1 had no scenario,
/// no requests for assignments and no lines of changes after the document.
pub(crate) const VERSION: u64 = 2;

/// The whole file. `S` reads its scenario: the parser of scenarios stands above the operations, which use these types.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Document<S> {
    /// The version of the format, which tells a file of a newer program from a damaged one.
    pub(crate) version: u64,
    #[serde(deserialize_with = "object::required")]
    pub(crate) identity_store: IdentityStore,
    #[serde(default)]
    pub(crate) scenario: S,
    #[serde(default, deserialize_with = "object::list")]
    pub(crate) users: Vec<User>,
    #[serde(default, deserialize_with = "object::list")]
    pub(crate) groups: Vec<Group>,
    #[serde(default, deserialize_with = "object::list")]
    pub(crate) memberships: Vec<Membership>,
    #[serde(default, deserialize_with = "object::list")]
    pub(crate) permission_sets: Vec<PermissionSet>,
    #[serde(default, deserialize_with = "object::list")]
    pub(crate) accounts: Vec<Account>,
    #[serde(default, deserialize_with = "object::list")]
    pub(crate) assignments: Vec<Assignment>,
    #[serde(default, deserialize_with = "object::list")]
    pub(crate) assignment_requests: Vec<AssignmentRequest>,
}
