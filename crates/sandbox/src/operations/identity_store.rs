//! The operations on the identity store itself, of which a file holds one.

use serde_json::{Value, json};

use super::lookup::Input;
use crate::{api_error::ApiError, context::Call, document::IdentityStore, store::Directory, wire};

pub(super) fn describe(directory: &Directory, input: Value, _: &Call) -> Result<Value, ApiError> {
    Input::of(directory, input)?;
    let store = &directory.identity_store;
    let mut answer = ids(store);
    if let Some(configuration) = &store.network_configuration {
        answer["NetworkConfiguration"] = serde_json::to_value(configuration)?;
    }
    Ok(answer)
}

/// One store fits on any page, so that no page token of this list was ever given out.
pub(super) fn list(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    Input::without_store(input).page(directory, call)?;
    Ok(wire::list("IdentityStores", vec![ids(&directory.identity_store)], None))
}

/// The new configuration replaces the old one as a whole.
pub(super) fn update(directory: &mut Directory, input: Value, _: &Call) -> Result<Value, ApiError> {
    let mut input = Input::of(directory, input)?;
    let configuration: Option<_> = input.take("NetworkConfiguration")?;
    if configuration.is_some() {
        directory.configure(|store| store.network_configuration = configuration);
    }
    Ok(ids(&directory.identity_store))
}

fn ids(store: &IdentityStore) -> Value {
    json!({
        "IdentityStoreId": store.identity_store_id,
        "IdentityStoreArn": store.arn(),
    })
}
