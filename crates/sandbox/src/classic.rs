//! Identity Store before October 2026: 19 operations, no `Revision`, no ARNs.

use serde_json::{Map, Value};

use crate::{api_error::ApiError, services::Operation};

/// The members of responses that were added in October 2026.
const NEW_MEMBERS: [&str; 4] = ["UserArn", "GroupArn", "MembershipArn", "Revision"];
/// The members of requests that take an ARN since October 2026.
const IDS: [&str; 4] = ["IdentityStoreId", "UserId", "GroupId", "MembershipId"];

/// Returns an input without the members that were unknown then. Fails if an id is an ARN.
pub(crate) fn input(mut input: Value) -> Result<Value, ApiError> {
    if let Some(members) = input.as_object_mut() {
        members.shift_remove("Revision");
        for id in IDS {
            if members.get(id).and_then(Value::as_str).is_some_and(|value| value.starts_with("arn:")) {
                let name = format!("{}{}", id[..1].to_lowercase(), &id[1..]);
                return Err(ApiError::validation(format!(
                    "1 validation error detected: Value at '{name}' failed to satisfy constraint: Member must satisfy \
                     regular expression pattern: ([0-9a-f]{{10}}-|)[A-Fa-f0-9]{{8}}-[A-Fa-f0-9]{{4}}-[A-Fa-f0-9]{{4}}-\
                     [A-Fa-f0-9]{{4}}-[A-Fa-f0-9]{{12}}"
                )));
            }
        }
    }
    Ok(input)
}

/// Returns the response as the service sent it then. Updates had an empty one.
pub(crate) fn response(operation: &Operation, response: Value) -> Value {
    if operation.name.starts_with("Update") { Map::new().into() } else { without_new_members(response) }
}

fn without_new_members(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let known = members.into_iter().filter(|(name, _)| !NEW_MEMBERS.contains(&name.as_str()));
            known.map(|(name, value)| (name, without_new_members(value))).collect::<Map<_, _>>().into()
        }
        Value::Array(values) => values.into_iter().map(without_new_members).collect(),
        other => other,
    }
}
