//! The identity store itself.

use futures_util::future::join;
use serde::Deserialize;

use super::Directory;
use super::assignments::Instance;
use super::call::send;
use super::listing::Paging;
use crate::values::error::Error;
use crate::values::model::IdentityStore;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct IdentityStoresPage {
    identity_stores: Vec<IdentityStore>,
    next_token: Option<String>,
}

const DOING: &str = "find the identity store, because no Identity Store ID is given";

impl Directory {
    /// The only identity store there is. Where that may not be asked, or the service is too old to know, the instances
    /// of IAM Identity Center say it.
    pub(super) async fn discover(&self) -> Result<String, Error> {
        let stores = match self.identity_stores(DOING).await {
            Ok(stores) if !stores.is_empty() => stores,
            Ok(_) => match self.identity_stores_of_instances().await {
                // Who may not ask may see none.
                Err(error) if error.is_denied() => Vec::new(),
                stores => stores?,
            },
            Err(Error::Service(error)) => {
                let instances = self.identity_stores_of_instances().await;
                instances.map_err(|_| Error::Service(error))?
            }
            Err(error) => return Err(error),
        };
        match stores.as_slice() {
            [only] => Ok(only.identity_store_id.clone()),
            [] => Err(Error::Setup(
                "No Identity Store ID is given, and there is no identity store in this region that these credentials \
                 may see. Give the Identity Store ID of the instance, and check its AWS region."
                    .to_owned(),
            )),
            several => {
                let ids: Vec<_> = several.iter().map(|store| store.identity_store_id.as_str()).collect();
                Err(Error::Setup(format!(
                    "No Identity Store ID is given, and there are several: {}. Give one as the Identity Store ID of \
                     the instance.",
                    ids.join(", ")
                )))
            }
        }
    }

    /// The identity store that is used, and all that there are: the two are asked for at the same time.
    pub(crate) async fn identity_store_in_use(
        &self,
    ) -> (Result<IdentityStore, Error>, Result<Vec<IdentityStore>, Error>) {
        join(self.describe_identity_store(), self.identity_stores("list the identity stores")).await
    }

    /// AWS: `DescribeIdentityStore`, of the one in use.
    async fn describe_identity_store(&self) -> Result<IdentityStore, Error> {
        let id = &self.identity_store_id;
        let request = self.client.describe_identity_store().identity_store_id(id);
        send!(request, "DescribeIdentityStore", || format!("get identity store {id}"))
    }

    /// AWS: `ListIdentityStores`, all that these credentials may see in the region.
    async fn identity_stores(&self, doing: &str) -> Result<Vec<IdentityStore>, Error> {
        let stores = self.list(Paging::default(), doing, async |token, most| {
            let request = self.client.list_identity_stores().max_results(most).set_next_token(token);
            let page: IdentityStoresPage = send!(request, "ListIdentityStores", || doing.to_owned())?;
            Ok((page.identity_stores, page.next_token))
        });
        stores.await?.complete()
    }

    async fn identity_stores_of_instances(&self) -> Result<Vec<IdentityStore>, Error> {
        let store = |instance: Instance| {
            Some(IdentityStore { identity_store_id: instance.identity_store_id?, ..IdentityStore::default() })
        };
        Ok(self.instances(DOING).await?.into_iter().filter_map(store).collect())
    }
}
