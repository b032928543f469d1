//! The identity store itself.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Command;
use crate::directory::Directory;
use crate::values::error::Error;
use crate::values::markdown::{Column, Markdown, Table};
use crate::values::model::IdentityStore;
use crate::values::output::{Items, Stored};
use crate::values::report::Report;

/// Retrieves the identity store that is used, and names any others that the credentials may see in the region.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct GetIdentityStore {}

const STORE: [Column<IdentityStore>; 6] = [
    ("IdentityStoreId", |store| Some(store.identity_store_id.clone())),
    ("IdentityStoreArn", |store| store.identity_store_arn.clone()),
    ("VpceAccessRequired", |store| Some(store.network_configuration.as_ref()?.vpce_access_required?.to_string())),
    ("ApiRestrictSourceVpcs", |store| {
        Some(store.network_configuration.as_ref()?.api_restrict_source_vpcs.as_ref()?.join(", "))
    }),
    ("ApiAllowSourceIps", |store| {
        Some(store.network_configuration.as_ref()?.api_allow_source_ips.as_ref()?.join(", "))
    }),
    ("ScimAllowSourceIps", |store| {
        Some(store.network_configuration.as_ref()?.scim_allow_source_ips.as_ref()?.join(", "))
    }),
];

impl Command for GetIdentityStore {
    const NAME: &'static str = "aws-iam-identitycenter-get-identity-store";
    const CALLS: &'static [&'static str] = &["DescribeIdentityStore", "ListIdentityStores"];
    type Output = Stored<IdentityStore>;

    async fn run(self, directory: &Directory) -> Result<Report<Self::Output>, Error> {
        let (used, listed) = directory.identity_store_in_use().await;
        let used = used?;
        let (others, warning) = match listed {
            Ok(stores) => {
                (stores.into_iter().filter(|store| store.identity_store_id != used.identity_store_id).collect(), None)
            }
            Err(error) => (Vec::new(), Some(format!("Whether there are others is not known. {error}"))),
        };
        let mut shown = Markdown::from(Table::of("Identity store in use", &STORE, [&used]));
        let stores = if others.is_empty() {
            Items::one(used)
        } else {
            shown = shown.table(Table::of("Other identity stores", &STORE, &others));
            Items::many(std::iter::once(used).chain(others).collect())
        };
        Ok(Report::new(shown, stores.clone(), Stored(stores)).warn(warning))
    }
}
