//! Groups and memberships.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DateTime, ExternalId, Other};

/// A group of the identity store.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Group {
    /// The name of the group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) display_name: Option<String>,
    /// The stable and unique string identifying the group.
    pub(crate) group_id: String,
    /// The Amazon Resource Name (ARN) of the group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) group_arn: Option<String>,
    /// The ids that an external identity provider gave the group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) external_ids: Option<Vec<ExternalId>>,
    /// What the group is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<String>,
    /// The identity store that holds the group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) identity_store_id: Option<String>,
    /// The revision of the group, for optimistic locking.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) revision: Option<String>,
    /// When the group was created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) created_at: Option<DateTime>,
    /// Who created the group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) created_by: Option<String>,
    /// When the group was last updated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) updated_at: Option<DateTime>,
    /// Who last updated the group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) updated_by: Option<String>,
    /// What AWS sends beside these, now or in years to come.
    #[serde(flatten)]
    #[schemars(skip)]
    pub(crate) other: Other,
}

/// A user's membership in a group.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Membership {
    /// The stable and unique string identifying the membership.
    pub(crate) membership_id: String,
    /// The Amazon Resource Name (ARN) of the membership.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) membership_arn: Option<String>,
    /// The group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) group_id: Option<String>,
    /// The member of the group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) member_id: Option<MemberId>,
    /// The identity store that holds the membership.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) identity_store_id: Option<String>,
    /// When the membership was created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) created_at: Option<DateTime>,
    /// Who created the membership.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) created_by: Option<String>,
    /// When the membership was last updated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) updated_at: Option<DateTime>,
    /// Who last updated the membership.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) updated_by: Option<String>,
    /// What AWS sends beside these, now or in years to come.
    #[serde(flatten)]
    #[schemars(skip)]
    pub(crate) other: Other,
}

/// The member of a group. AWS knows users only.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct MemberId {
    /// The user.
    pub(crate) user_id: String,
}
