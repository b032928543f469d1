//! The identity store, as commands see it. This is the only floor that knows AWS's SDK.

mod access;
mod assignment_changes;
mod assignments;
mod bulk;
mod call;
mod causes;
mod check;
mod connection;
mod contain;
mod create;
mod delete;
mod error_body;
mod evidence;
mod failure;
mod group;
mod identity_store;
mod legacy;
mod listing;
mod lookup;
mod membership;
mod names;
mod orphans;
mod page;
mod presence;
mod protection;
mod provisioned;
mod read_back;
mod removal;
mod restore;
mod search;
mod shapes;
mod standing;
#[cfg(test)]
mod testing;
mod update;
mod update_group;
mod user;

use aws_sdk_identitystore::Client;
use connection::{CredentialsCache, SsoAdmin};

pub(crate) use access::Access;
pub(crate) use check::Checked;
pub(crate) use connection::Backend;
#[cfg(feature = "sandbox")]
pub(crate) use connection::StandIn;
pub(crate) use contain::{Contained, Wish};
pub(crate) use listing::{End, Paging};
pub(crate) use membership::{GroupMembers, UserMemberships};
pub(crate) use names::Names;
pub(crate) use orphans::Orphans;
pub(crate) use removal::Removed;
pub(crate) use restore::Restored;
pub(crate) use search::Searched;
pub(crate) use update::Updated;
pub(crate) use update_group::GroupChanges;

use crate::values::error::Error;
use crate::values::protected::Protected;
use crate::values::snapshot::SnapshotKeys;
use crate::values::stop::Stop;
use crate::values::watch::Watch;

/// One identity store, reached with one set of credentials. It lives as long as the process, with its connections.
#[derive(Debug)]
pub(crate) struct Directory {
    client: Client,
    sso_admin: SsoAdmin,
    credentials: CredentialsCache,
    identity_store_id: String,
    protected: Protected,
    snapshot_keys: SnapshotKeys,
    stop: Stop,
    watch: Watch,
}

impl Directory {
    /// Fetches credentials that are missing or expire soon. Otherwise the first call would, and its timeout would cut
    /// short the timeouts and retries of STS.
    pub(crate) async fn authenticate(&self) -> Result<(), Error> {
        self.credentials.renew().await.map_err(|error| failure::unauthenticated(&error))
    }

    /// Whether somebody wants this to end.
    pub(crate) fn is_stopped(&self) -> bool {
        self.stop.is_requested()
    }

    pub(crate) fn identity_store_id(&self) -> &str {
        &self.identity_store_id
    }

    /// The keys that sign and verify snapshots; none where no key lasts.
    pub(crate) fn snapshot_keys(&self) -> &SnapshotKeys {
        &self.snapshot_keys
    }

    fn not_found(&self, what: &str, hint: &'static str) -> Error {
        Error::NotFound { what: what.to_owned(), store: self.identity_store_id.clone(), hint }
    }
}
