//! The operations on the identity store itself. A file holds one.

use serde_json::{Value, json};

use super::{super::members::Members, request::StoreRequest};
use crate::{api_error::ApiError, context::Call, page::list_response, records::IdentityStore, store::Directory};

pub(super) fn describe(directory: &Directory, input: Value, _: &Call) -> Result<Value, ApiError> {
    StoreRequest::new(directory, input)?;
    let store = &directory.identity_store;
    let mut response = ids(store);
    if let Some(configuration) = &store.network_configuration {
        response["NetworkConfiguration"] = serde_json::to_value(configuration)?;
    }
    Ok(response)
}

/// Lists the store. One store fits on any page, so this list has no page tokens.
pub(super) fn list(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    Members::from_input(input).take_page(directory, call)?;
    Ok(list_response("IdentityStores", vec![ids(&directory.identity_store)], None))
}

/// Replaces the network configuration as a whole.
pub(super) fn update(directory: &mut Directory, input: Value, _: &Call) -> Result<Value, ApiError> {
    let mut request = StoreRequest::new(directory, input)?;
    let configuration: Option<_> = request.take("NetworkConfiguration")?;
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
