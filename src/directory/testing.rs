//! A directory for tests of what is done in one.

use serde_json::json;

use super::{Backend, Directory};
use crate::values::params::Params;
use crate::values::secret::Secrets;
use crate::values::settings::Settings;

/// Does this in a directory that nothing is asked of.
pub(super) fn in_directory<T>(test: impl AsyncFnOnce(&Directory) -> T) -> T {
    let params = json!({
        "credentials": {"identifier": "AKIAEXAMPLE0000000", "password": "a-secret"},
        "defaultRegion": "eu-central-1", "IdentityStoreId": "d-1234567890"
    });
    let params = Params::decode(params.as_object().unwrap()).unwrap();
    let settings = Settings::new(params, serde_json::from_str("{}").unwrap()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        test(&Directory::connect(&settings, &Backend::default(), &Secrets::default()).await.unwrap()).await
    })
}
