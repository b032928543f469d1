//! Changes of attributes: the operations of `UpdateUser` and `UpdateGroup`.
//!
//! The paths follow from the shape that creates the object. A path leads into structures but not into lists, which are
//! replaced as a whole. Letter case does not count: AWS writes `name.givenName`, and accepts `Name.GivenName`.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::model::{CREATE_GROUP, CREATE_USER, ENTERPRISE, ENTERPRISE_EXTENSION};
use crate::{
    api_error::ApiError,
    records::{Group, User},
    shape::{InvalidInput, Member, Shape, ValuesInErrors, validate},
};

/// Sets an attribute, or removes it if the value is null.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AttributeOperation {
    attribute_path: String,
    #[serde(default)]
    attribute_value: Value,
}

impl AttributeOperation {
    pub(super) fn new(attribute_path: String, attribute_value: Value) -> Self {
        Self { attribute_path, attribute_value }
    }

    /// Returns whether it changes the name with which a user signs in.
    pub(super) fn is_on_user_name(&self) -> bool {
        self.attribute_path.eq_ignore_ascii_case("userName")
    }
}

/// Returns the user after these operations.
pub(super) fn apply_to_user(user: &User, operations: &[AttributeOperation]) -> Result<User, ApiError> {
    apply(user, operations, &CREATE_USER)
}

/// Returns the group after these operations.
pub(super) fn apply_to_group(group: &Group, operations: &[AttributeOperation]) -> Result<Group, ApiError> {
    apply(group, operations, &CREATE_GROUP)
}

fn apply<T: Serialize + DeserializeOwned>(
    object: &T,
    operations: &[AttributeOperation],
    shape: &'static Shape,
) -> Result<T, ApiError> {
    let mut value = serde_json::to_value(object)?;
    for operation in operations {
        let target = AttributeTarget::resolve(&operation.attribute_path, shape)?;
        match &operation.attribute_value {
            Value::Null => remove(&mut value, &target.names),
            new => {
                let path = &operation.attribute_path;
                let new = with_model_names(target.shape, new.clone(), path)?;
                let new = validate(target.shape, new, path, ValuesInErrors::Omitted).map_err(
                    // In the model the value is any document, so a wrong type is no serialization error.
                    |invalid| match invalid {
                        InvalidInput::Type(message) | InvalidInput::Constraint(message) => {
                            ApiError::validation(message)
                        }
                    },
                )?;
                set(&mut value, &target.names, new);
            }
        }
    }
    if value.get("UserName").is_none() && operations.iter().any(AttributeOperation::is_on_user_name) {
        return Err(ApiError::validation("userName is a required attribute"));
    }
    Ok(serde_json::from_value(value)?)
}

/// The attribute that a path names.
struct AttributeTarget {
    /// The members on the path, as the model spells them.
    names: Vec<&'static str>,
    shape: &'static Shape,
}

impl AttributeTarget {
    /// Finds the attribute of a path. Fails if there is none.
    fn resolve(path: &str, shape: &'static Shape) -> Result<Self, ApiError> {
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

/// Returns the part of a path after the name of the extension, if the path begins with that name. The pattern of paths
/// allows no empty segment, so an empty part means the extension as a whole.
fn inside_extension(path: &str) -> Option<&str> {
    let start = path.get(..ENTERPRISE.len())?;
    let rest = path.get(ENTERPRISE.len()..)?;
    let ends_there = rest.is_empty() || rest.starts_with('.');
    (start.eq_ignore_ascii_case(ENTERPRISE) && ends_there).then_some(rest)
}

/// Returns the member of a structure, in any letter case.
fn find(shape: &Shape, name: &str) -> Option<&'static Member> {
    let Shape::Structure(members) = *shape else {
        return None;
    };
    members.iter().find(|member| member.name.eq_ignore_ascii_case(name))
}

/// Renames the members of a document (`givenName`) as the model names them (`GivenName`). Fails for an unknown member,
/// because a document is the whole value of an attribute.
fn with_model_names(shape: &'static Shape, value: Value, path: &str) -> Result<Value, ApiError> {
    match (shape, value) {
        (Shape::List { member, .. }, Value::Array(values)) => {
            let values = values.into_iter().map(|value| with_model_names(member, value, path));
            values.collect()
        }
        (Shape::Structure(_), Value::Object(members)) => {
            let members = members.into_iter().map(|(name, value)| {
                let path = format!("{path}.{name}");
                let member = find(shape, &name).ok_or_else(|| unsupported(&path))?;
                Ok((member.name.to_owned(), with_model_names(member.shape, value, &path)?))
            });
            members.collect::<Result<_, _>>().map(Value::Object)
        }
        (_, value) => Ok(value),
    }
}

fn unsupported(path: &str) -> ApiError {
    ApiError::validation(format!("The attribute path {path} is not supported"))
}

/// Sets an attribute, and makes the structures on its path.
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

/// Removes an attribute, and the structures that become empty.
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

    use crate::testing::TestSandbox;

    const MISSING_ID: &str = "00000000-0000-4000-8000-000000000000";

    fn change(id: &Value, path: &str, value: &Value) -> Value {
        let operation = json!({"AttributePath": path, "AttributeValue": value});
        json!({"UserId": id, "Operations": [operation]})
    }

    #[test]
    fn attribute_by_path_is_set_and_removed() {
        let fixture = TestSandbox::new();
        let name = json!({"GivenName": "Zed", "FamilyName": "Zulu"});
        let user = json!({"UserName": "zed", "DisplayName": "Zed", "Name": name});
        let id = &fixture.ok("CreateUser", user)["UserId"];
        let described = || {
            let extensions = ["aws:identitystore:enterprise"];
            fixture.ok("DescribeUser", json!({"UserId": id, "Extensions": extensions}))
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
                json!(MISSING_ID),
                "/Extensions/aws:identitystore:enterprise/manager",
                json!({"value": MISSING_ID}),
            ),
            ("aws:identitystore:enterprise", Value::Null, "/Extensions", Value::Null),
        ] {
            fixture.ok("UpdateUser", change(id, path, &value));
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
            ("userId", json!(MISSING_ID)),
            ("emails.value", json!("x@example.com")),
            ("emails", json!([])),
            ("emails", json!([{"value": "a@b.c"}, {"value": "d@e.f"}])),
            ("emails", json!([{"mail": "a@b.c"}])),
            ("aws:identitystore:enterprise.shoe", json!("42")),
            ("emails[0].value", json!("x@example.com")),
        ] {
            let (code, ..) = fixture.error("UpdateUser", change(id, path, &value));
            assert_eq!(code, "ValidationException", "{path}");
        }
        assert_eq!(described(), before);
    }

    #[test]
    fn update_with_a_refused_operation_changes_nothing() {
        let fixture = TestSandbox::new();
        let id = fixture.user("dora");
        let before = fixture.text();
        let operations = json!([
            {"AttributePath": "title", "AttributeValue": "Lost"},
            {"AttributePath": "emails", "AttributeValue": [{"value": "bob@example.com"}]},
        ]);
        let (code, message, _) = fixture.error("UpdateUser", json!({"UserId": id, "Operations": operations}));
        assert_eq!((code.as_str(), message.as_str()), ("ConflictException", "Duplicate Email"));
        assert_eq!(fixture.text(), before);
        assert!(fixture.ok("DescribeUser", json!({"UserId": id})).get("Title").is_none());
    }
}
