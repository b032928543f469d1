//! What the sandbox's file holds, as types: AWS's names, AWS's order, nothing unknown.
#![allow(clippy::struct_field_names, reason = "the names are AWS's, and serde writes them into the file")]

mod access;
mod change;
mod group;
mod object;
mod taken;
mod timestamp;
mod user;

use serde::{Deserialize, Serialize};

pub(super) use access::{Account, Action, Assignment, AssignmentRequest, PermissionSet, PrincipalType, Status};
pub(super) use change::Change;
pub(super) use group::{Group, MemberId, Membership};
pub(super) use object::Object;
pub(super) use taken::Taken;
pub(super) use timestamp::Timestamp;
pub(super) use user::{Email, Name, User, UserStatus};

/// The version of the file's form that this program writes. It reads the older ones too: version 1 had no scenario,
/// no requests for assignments and no lines of changes after the document.
pub(super) const VERSION: u64 = 2;

/// The whole file. `S` reads its scenario: whoever understands one knows the operations, which work on what stands here.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Document<S> {
    /// Tells a file of a later program from a damaged one.
    pub(super) version: u64,
    #[serde(deserialize_with = "object::one")]
    pub(super) identity_store: IdentityStore,
    #[serde(default)]
    pub(super) scenario: S,
    #[serde(default, deserialize_with = "object::list")]
    pub(super) users: Vec<User>,
    #[serde(default, deserialize_with = "object::list")]
    pub(super) groups: Vec<Group>,
    #[serde(default, deserialize_with = "object::list")]
    pub(super) memberships: Vec<Membership>,
    #[serde(default, deserialize_with = "object::list")]
    pub(super) permission_sets: Vec<PermissionSet>,
    #[serde(default, deserialize_with = "object::list")]
    pub(super) accounts: Vec<Account>,
    #[serde(default, deserialize_with = "object::list")]
    pub(super) assignments: Vec<Assignment>,
    #[serde(default, deserialize_with = "object::list")]
    pub(super) assignment_requests: Vec<AssignmentRequest>,
}

/// The identity store and the instance of IAM Identity Center it belongs to.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct IdentityStore {
    pub(super) identity_store_id: String,
    pub(super) primary_region: String,
    pub(super) owner_account_id: String,
    pub(super) instance_arn: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) instance_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) instance_created_date: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "object::maybe")]
    pub(super) network_configuration: Option<NetworkConfiguration>,
}

impl IdentityStore {
    /// The store's ARN, which holds its account but no region.
    pub(super) fn arn(&self) -> String {
        format!("arn:aws:identitystore::{}:identitystore/{}", self.owner_account_id, self.identity_store_id)
    }
}

/// From where the store may be called. It is kept and returned, not enforced.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct NetworkConfiguration {
    vpce_access_required: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    api_restrict_source_vpcs: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    api_allow_source_ips: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    scim_allow_source_ips: Vec<String>,
}

/// An id that an external identity provider gave to a user or group.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ExternalId {
    pub(super) issuer: String,
    pub(super) id: String,
}

/// How often an object was written; AWS's clients see an opaque string of digits.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct Revision(u64);

impl Revision {
    /// The revision after this one.
    pub(super) fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl Default for Revision {
    fn default() -> Self {
        Self(1)
    }
}

impl TryFrom<String> for Revision {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| format!("the Revision {text:?} is not a number in quotes"))
    }
}

impl From<Revision> for String {
    fn from(revision: Revision) -> Self {
        revision.0.to_string()
    }
}

/// Whether `text` has the form of a user, group or membership id: a UUID, in older directories
/// after ten hexadecimal digits and a hyphen. Written by hand because a large file has many.
pub(super) fn is_resource_id(text: &str) -> bool {
    let uuid = match text.len() {
        36 => text,
        47 if text.as_bytes()[10] == b'-' && text.is_char_boundary(11) => &text[11..],
        _ => return false,
    };
    let hyphens = [8, 13, 18, 23];
    let legacy = &text.as_bytes()[..text.len() - uuid.len()];
    legacy.iter().take(10).all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        && uuid.bytes().enumerate().all(
            |(index, byte)| {
                if hyphens.contains(&index) { byte == b'-' } else { byte.is_ascii_hexdigit() }
            },
        )
}

#[cfg(test)]
mod tests {
    use super::is_resource_id;

    #[test]
    fn resource_ids() {
        for (text, expected) in [
            ("b46834d8-b0f1-70d1-5344-e7493e0333ba", true),
            ("9067f2a1b3-b46834d8-b0f1-70d1-5344-e7493e0333ba", true),
            ("9067F2a1b3-b46834d8-b0f1-70d1-5344-e7493e0333ba", false),
            ("b46834d8-b0f1-70d1-5344-e7493e0333bg", false),
            ("b46834d8b0f170d15344e7493e0333ba", false),
            ("ünïcödé-ünïcödé-ünïcödé-ünï", false),
            ("", false),
        ] {
            assert_eq!(is_resource_id(text), expected, "{text}");
        }
    }
}
