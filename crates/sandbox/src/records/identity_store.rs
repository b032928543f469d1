//! The identity store itself, of which a file holds one.

use serde::{Deserialize, Serialize};

use super::{object, timestamp::Timestamp};

/// The identity store, and the instance of IAM Identity Center that it belongs to.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct IdentityStore {
    pub(crate) identity_store_id: String,
    pub(crate) primary_region: String,
    pub(crate) owner_account_id: String,
    pub(crate) instance_arn: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) instance_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) instance_created_date: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "object::optional")]
    pub(crate) network_configuration: Option<NetworkConfiguration>,
}

impl IdentityStore {
    /// Returns the store's ARN, which holds its account but no region.
    pub(crate) fn arn(&self) -> String {
        format!("arn:aws:identitystore::{}:identitystore/{}", self.owner_account_id, self.identity_store_id)
    }
}

/// The networks from which the store may be called. The sandbox keeps and returns it, and does not enforce it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct NetworkConfiguration {
    vpce_access_required: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    api_restrict_source_vpcs: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    api_allow_source_ips: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    scim_allow_source_ips: Vec<String>,
}
