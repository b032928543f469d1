//! Identity Store as it was until October 2026: 19 operations, no Revision, no ARNs.

use serde_json::{Map, Value};

use super::{api_error::ApiError, operations::Operation};

const NEW_MEMBERS: [&str; 4] = ["UserArn", "GroupArn", "MembershipArn", "Revision"];
const IDS: [&str; 4] = ["IdentityStoreId", "UserId", "GroupId", "MembershipId"];

/// The input as the service took it then: ids are not ARNs, and what was not known is ignored.
pub(super) fn admit(mut input: Value) -> Result<Value, ApiError> {
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

/// The answer as the service gave it then.
pub(super) fn answer(operation: &Operation, value: Value) -> Value {
    if operation.name.starts_with("Update") { Map::new().into() } else { without_new(value) }
}

fn without_new(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let known = members.into_iter().filter(|(name, _)| !NEW_MEMBERS.contains(&name.as_str()));
            known.map(|(name, value)| (name, without_new(value))).collect::<Map<_, _>>().into()
        }
        Value::Array(values) => values.into_iter().map(without_new).collect(),
        other => other,
    }
}
