//! Rules that users and groups share.

use serde_json::{Map, Value};

use super::attribute_path::AttributeOperation;
use crate::{
    api_error::{ApiError, ErrorCode},
    context::Call,
    store::Directory,
};

/// The names that AWS reserves, for users and groups.
const RESERVED: [&str; 2] = ["Administrator", "AWSAdministrators"];

/// Fails for a reserved name.
pub(super) fn check_reserved(name: Option<&str>) -> Result<(), ApiError> {
    match name {
        Some(name) if RESERVED.contains(&name) => Err(ApiError::validation(format!("The name {name} is reserved"))),
        _ => Ok(()),
    }
}

/// Fails if an attribute is missing. Each is given by its name and whether the object has it.
pub(super) fn check_required(attributes: &[(&str, bool)]) -> Result<(), ApiError> {
    let missing: Vec<_> = attributes
        .iter()
        .filter(|(_, present)| !present)
        .map(|(name, _)| format!("{name}: The attribute {name} is required"))
        .collect();
    if missing.is_empty() { Ok(()) } else { Err(ApiError::validation(missing.join(", "))) }
}

/// Returns the response to a deletion. With `delete-missing`, deleting an object that does not exist succeeds.
pub(super) fn deletion_response(deletion: Result<(), ApiError>, call: &Call) -> Result<Value, ApiError> {
    match deletion {
        Err(error) if !(call.scenario.undocumented.delete_missing && error.code == ErrorCode::ResourceNotFound) => {
            Err(error)
        }
        _ => Ok(Map::new().into()),
    }
}

/// Updates an object by several operations. `change` returns the object after some of them, and `store` stores it.
///
/// With `partial-updates`, a refused operation leaves the ones before it carried out.
pub(super) fn update<T>(
    operations: &[AttributeOperation],
    call: &Call,
    directory: &mut Directory,
    change: impl Fn(&Directory, &[AttributeOperation]) -> Result<T, ApiError>,
    store: impl Fn(&mut Directory, T) -> Result<Value, ApiError>,
) -> Result<Value, ApiError> {
    let mut apply = |count: usize| change(directory, &operations[..count]).and_then(|object| store(directory, object));
    let all = apply(operations.len());
    if all.is_err() && call.scenario.undocumented.partial_updates {
        (1..operations.len()).rev().any(|count| apply(count).is_ok());
    }
    all
}
