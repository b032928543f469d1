//! The identity store itself.

use serde::Deserialize;

use super::Directory;
use super::call::send;
use super::listing::Paging;
use crate::values::error::Error;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct IdentityStore {
    identity_store_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct IdentityStoresPage {
    identity_stores: Vec<IdentityStore>,
    next_token: Option<String>,
}

impl Directory {
    /// The only identity store there is (AWS: `ListIdentityStores`).
    pub(super) async fn discover(&self) -> Result<String, Error> {
        let doing = "find the identity store, because no Identity Store ID is given";
        let stores = self.list(Paging::default(), doing, async |token, most| {
            let request = self.client.list_identity_stores().max_results(most).set_next_token(token);
            let page: IdentityStoresPage = send!(request, "ListIdentityStores", || doing.to_owned())?;
            Ok((page.identity_stores, page.next_token))
        });
        let stores = stores.await?.complete()?;
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
}
