//! Changes to single attributes: the operations of `UpdateUser` and `UpdateGroup`.
//!
//! Which paths there are follows from the shape that creating such an object has. A path leads
//! into structures but not into lists, which are replaced as a whole. Letter case does not
//! matter: AWS writes `name.givenName`, and takes `Name.GivenName`.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::{
    api_error::ApiError,
    document::{Group, User},
    model::{
        Member, Shape,
        identity_store::{CREATE_GROUP, CREATE_USER, ENTERPRISE, ENTERPRISE_EXTENSION},
        validate::{Refusal, Wording, admit},
    },
};

/// Sets an attribute, or removes it when there is no value.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Operation {
    attribute_path: String,
    #[serde(default)]
    attribute_value: Value,
}

impl Operation {
    pub(super) fn new(attribute_path: String, attribute_value: Value) -> Self {
        Self { attribute_path, attribute_value }
    }

    /// Whether it is of the name by which a user signs in.
    pub(super) fn is_of_user_name(&self) -> bool {
        self.attribute_path.eq_ignore_ascii_case("userName")
    }
}

/// The user after these operations.
pub(super) fn apply_to_user(user: &User, operations: &[Operation]) -> Result<User, ApiError> {
    apply(user, operations, &CREATE_USER)
}

/// The group after these operations.
pub(super) fn apply_to_group(group: &Group, operations: &[Operation]) -> Result<Group, ApiError> {
    apply(group, operations, &CREATE_GROUP)
}

fn apply<T: Serialize + DeserializeOwned>(
    object: &T,
    operations: &[Operation],
    shape: &'static Shape,
) -> Result<T, ApiError> {
    let mut value = serde_json::to_value(object)?;
    for operation in operations {
        let target = Target::of(&operation.attribute_path, shape)?;
        match &operation.attribute_value {
            Value::Null => remove(&mut value, &target.names),
            new => {
                let path = &operation.attribute_path;
                let new = spelled(target.shape, new.clone(), path)?;
                let new = admit(target.shape, new, path, Wording::Withheld).map_err(
                    // The model takes any document: its type is for the directory to refuse.
                    |refusal| match refusal {
                        Refusal::Type(message) | Refusal::Constraint(message) => ApiError::validation(message),
                    },
                )?;
                set(&mut value, &target.names, new);
            }
        }
    }
    if value.get("UserName").is_none() && operations.iter().any(Operation::is_of_user_name) {
        return Err(ApiError::validation("userName is a required attribute"));
    }
    Ok(serde_json::from_value(value)?)
}

/// What a path leads to.
struct Target {
    /// The members on the way, as they are spelled.
    names: Vec<&'static str>,
    shape: &'static Shape,
}

impl Target {
    fn of(path: &str, shape: &'static Shape) -> Result<Self, ApiError> {
        let unknown = || unsupported(path);
        let mut target = Self { names: Vec::new(), shape };
        let mut rest = path;
        if let Some(inside) = inside_extension(path) {
            // Groups have no extensions.
            find(shape, "Extensions").ok_or_else(unknown)?;
            target.names = vec!["Extensions", ENTERPRISE];
            target.shape = &ENTERPRISE_EXTENSION;
            rest = inside;
        }
        for segment in rest.split('.').filter(|segment| !segment.is_empty()) {
            let member = find(target.shape, segment)
                .filter(|member| !matches!(member.name, "IdentityStoreId" | "Extensions"))
                .ok_or_else(unknown)?;
            target.names.push(member.name);
            target.shape = member.shape;
        }
        Ok(target)
    }
}

/// What follows the extension's name in a path that starts with it. The pattern of paths has
/// no empty segments, so that nothing follows when it is empty.
fn inside_extension(path: &str) -> Option<&str> {
    let start = path.get(..ENTERPRISE.len())?;
    let rest = path.get(ENTERPRISE.len()..)?;
    let ends_there = rest.is_empty() || rest.starts_with('.');
    (start.eq_ignore_ascii_case(ENTERPRISE) && ends_there).then_some(rest)
}

fn find(shape: &Shape, name: &str) -> Option<&'static Member> {
    let Shape::Structure(members) = *shape else {
        return None;
    };
    members.iter().find(|member| member.name.eq_ignore_ascii_case(name))
}

/// Spells the members of a document (`givenName`) the way its shape does (`GivenName`), and
/// refuses what the shape does not know: a document is the attribute's whole value.
fn spelled(shape: &'static Shape, value: Value, path: &str) -> Result<Value, ApiError> {
    match (shape, value) {
        (Shape::List { member, .. }, Value::Array(values)) => {
            let values = values.into_iter().map(|value| spelled(member, value, path));
            values.collect()
        }
        (Shape::Structure(_), Value::Object(members)) => {
            let members = members.into_iter().map(|(name, value)| {
                let path = format!("{path}.{name}");
                let member = find(shape, &name).ok_or_else(|| unsupported(&path))?;
                Ok((member.name.to_owned(), spelled(member.shape, value, &path)?))
            });
            members.collect::<Result<_, _>>().map(Value::Object)
        }
        (_, value) => Ok(value),
    }
}

fn unsupported(path: &str) -> ApiError {
    ApiError::validation(format!("The attribute path {path} is not supported"))
}

fn set(value: &mut Value, names: &[&str], new: Value) {
    let Some((name, rest)) = names.split_first() else {
        *value = new;
        return;
    };
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    if let Value::Object(members) = value {
        let member = members.entry(*name).or_insert(Value::Null);
        set(member, rest, new);
    }
}

/// Removes an attribute, and the structures that have nothing left.
fn remove(value: &mut Value, names: &[&str]) {
    let (Some((name, rest)), Value::Object(members)) = (names.split_first(), value) else {
        return;
    };
    let emptied = match members.get_mut(*name) {
        Some(member) if !rest.is_empty() => {
            remove(member, rest);
            member.as_object().is_some_and(Map::is_empty)
        }
        Some(_) => true,
        None => false,
    };
    if emptied {
        members.shift_remove(*name);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::Bench;

    const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

    fn change(id: &Value, path: &str, value: &Value) -> Value {
        let operation = json!({"AttributePath": path, "AttributeValue": value});
        json!({"UserId": id, "Operations": [operation]})
    }

    #[test]
    fn attributes_are_set_and_removed() {
        let bench = Bench::new();
        let name = json!({"GivenName": "Zed", "FamilyName": "Zulu"});
        let user = json!({"UserName": "zed", "DisplayName": "Zed", "Name": name});
        let id = &bench.ok("CreateUser", user)["UserId"];
        let described = || {
            let extensions = ["aws:identitystore:enterprise"];
            bench.ok("DescribeUser", json!({"UserId": id, "Extensions": extensions}))
        };
        for (path, value, pointer, expected) in [
            ("displayName", json!("New"), "/DisplayName", json!("New")),
            ("Name.GivenName", json!("Z"), "/Name/GivenName", json!("Z")),
            ("name.middleName", json!("M"), "/Name/MiddleName", json!("M")),
            ("name.middleName", Value::Null, "/Name/MiddleName", Value::Null),
            (
                "emails",
                json!([{"value": "z@example.com", "primary": true, "type": null}]),
                "/Emails",
                json!([{"Value": "z@example.com", "Primary": true}]),
            ),
            ("emails", Value::Null, "/Emails", Value::Null),
            (
                "aws:identitystore:enterprise.department",
                json!("D"),
                "/Extensions",
                json!({"aws:identitystore:enterprise": {"department": "D"}}),
            ),
            (
                "aws:identitystore:enterprise.manager.value",
                json!(NOBODY),
                "/Extensions/aws:identitystore:enterprise/manager",
                json!({"value": NOBODY}),
            ),
            ("aws:identitystore:enterprise", Value::Null, "/Extensions", Value::Null),
        ] {
            bench.ok("UpdateUser", change(id, path, &value));
            let user = described();
            assert_eq!(user.pointer(pointer).unwrap_or(&Value::Null), &expected, "{path}");
        }
        let before = described();
        for (path, value) in [
            ("title", json!("")),
            ("displayName", Value::Null),
            ("name.familyName", Value::Null),
            ("userName", Value::Null),
            ("userStatus", json!("DISABLED")),
            ("userId", json!(NOBODY)),
            ("emails.value", json!("x@example.com")),
            ("emails", json!([])),
            ("emails", json!([{"value": "a@b.c"}, {"value": "d@e.f"}])),
            ("emails", json!([{"mail": "a@b.c"}])),
            ("aws:identitystore:enterprise.shoe", json!("42")),
            ("emails[0].value", json!("x@example.com")),
        ] {
            let (code, ..) = bench.error("UpdateUser", change(id, path, &value));
            assert_eq!(code, "ValidationException", "{path}");
        }
        assert_eq!(described(), before);
    }

    #[test]
    fn an_update_happens_as_a_whole_or_not_at_all() {
        let bench = Bench::new();
        let id = bench.user("dora");
        let before = bench.text();
        let operations = json!([
            {"AttributePath": "title", "AttributeValue": "Lost"},
            {"AttributePath": "emails", "AttributeValue": [{"value": "bob@example.com"}]},
        ]);
        let (code, message, _) = bench.error("UpdateUser", json!({"UserId": id, "Operations": operations}));
        assert_eq!((code.as_str(), message.as_str()), ("ConflictException", "Duplicate Email"));
        assert_eq!(bench.text(), before);
        assert!(bench.ok("DescribeUser", json!({"UserId": id})).get("Title").is_none());
    }
}
