//! An identity store.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Other;

/// An identity store: the directory of an instance of IAM Identity Center.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct IdentityStore {
    /// The id of the identity store.
    pub(crate) identity_store_id: String,
    /// The Amazon Resource Name (ARN) of the identity store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) identity_store_arn: Option<String>,
    /// From where the identity store may be reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) network_configuration: Option<NetworkConfiguration>,
    /// What AWS sends beside these, now or in years to come.
    #[serde(flatten)]
    #[schemars(skip)]
    pub(crate) other: Other,
}

/// From where an identity store may be reached.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct NetworkConfiguration {
    /// Whether it is reached through VPC endpoints only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) vpce_access_required: Option<bool>,
    /// The VPCs that the API may be called from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) api_restrict_source_vpcs: Option<Vec<String>>,
    /// The IP addresses that the API may be called from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) api_allow_source_ips: Option<Vec<String>>,
    /// The IP addresses that SCIM may be called from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) scim_allow_source_ips: Option<Vec<String>>,
    /// What AWS sends beside these, now or in years to come.
    #[serde(flatten)]
    #[schemars(skip)]
    pub(crate) other: Other,
}
