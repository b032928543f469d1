//! A group, and the membership of a user in it.

use serde::{Deserialize, Serialize};

use super::{ExternalId, Revision, Timestamp, object};

/// A group. Only a file can hold one without a name.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(in crate::sandbox) struct Group {
    pub(in crate::sandbox) group_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::sandbox) display_name: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "object::list")]
    pub(in crate::sandbox) external_ids: Vec<ExternalId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::sandbox) description: Option<String>,
    #[serde(default)]
    pub(in crate::sandbox) revision: Revision,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::sandbox) created_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::sandbox) created_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::sandbox) updated_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::sandbox) updated_by: Option<String>,
}

/// A user's membership in a group.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(in crate::sandbox) struct Membership {
    pub(in crate::sandbox) membership_id: String,
    pub(in crate::sandbox) group_id: String,
    #[serde(deserialize_with = "object::one")]
    pub(in crate::sandbox) member_id: MemberId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::sandbox) created_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::sandbox) created_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::sandbox) updated_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::sandbox) updated_by: Option<String>,
}

/// Who is a member. AWS has users only.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(in crate::sandbox) struct MemberId {
    pub(in crate::sandbox) user_id: String,
}
