//! What several operations ask of their input: which store, which object, which page.

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::{
    api_error::{ApiError, Code, Resource},
    attribute_path::Operation,
    context::Call,
    document::{ExternalId, Group, Membership, Revision, User},
    page::Page,
    scenario::Source,
    store::Directory,
    wire::bare_id,
};

/// Names that AWS keeps for itself, for users and groups.
const RESERVED: [&str; 2] = ["Administrator", "AWSAdministrators"];

/// The one thing a request is about, other than its store.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) enum AlternateIdentifier {
    ExternalId(ExternalId),
    UniqueAttribute(UniqueAttribute),
}

/// An attribute that no two objects share, and its value.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UniqueAttribute {
    attribute_path: String,
    attribute_value: Value,
}

impl UniqueAttribute {
    /// The value, and its path in small letters, of which AWS takes any case.
    pub(super) fn get(&self) -> Result<(String, &str), ApiError> {
        match &self.attribute_value {
            Value::String(value) if !value.is_empty() => Ok((self.attribute_path.to_lowercase(), value)),
            Value::Null | Value::String(_) => {
                Err(ApiError::validation("attribute value cannot be empty or null for attribute path"))
            }
            _ => Err(ApiError::validation(format!(
                "The value of the attribute {} must be a string",
                self.attribute_path
            ))),
        }
    }

    /// The error for a path by which nothing can be found.
    pub(super) fn refuse(&self) -> ApiError {
        ApiError::validation(format!("The attribute {} is not a unique attribute", self.attribute_path))
    }
}

/// A filter of the list operations, deprecated and still there.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Filter {
    pub(super) attribute_path: String,
    pub(super) attribute_value: String,
}

impl Filter {
    /// The value to look for, if the filter is for the one path that is supported.
    pub(super) fn value(&self, supported: &str) -> Result<&str, ApiError> {
        if self.attribute_path.eq_ignore_ascii_case(supported) {
            Ok(&self.attribute_value)
        } else {
            Err(ApiError::validation(format!(
                "The attribute path {} is not supported in a filter; supported: {supported}",
                self.attribute_path
            )))
        }
    }
}

/// A request that named this directory's store: nothing else reads a request's members.
#[derive(Debug)]
pub(super) struct Input {
    members: Map<String, Value>,
}

impl Input {
    /// Takes a request for a store apart, and refuses one for another store.
    pub(super) fn of(directory: &Directory, input: Value) -> Result<Self, ApiError> {
        let mut input = Self::without_store(input);
        let named: String = input.take("IdentityStoreId")?;
        let store = &directory.identity_store;
        if named == store.identity_store_id || named == store.arn() {
            Ok(input)
        } else {
            Err(ApiError::not_found(Resource::IdentityStore, Some(&named)))
        }
    }

    /// Takes a request apart that names no store.
    pub(super) fn without_store(input: Value) -> Self {
        let members = match input {
            Value::Object(members) => members,
            _ => Map::new(),
        };
        Self { members }
    }

    /// Takes a member out, as the type it is needed in.
    pub(super) fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, ApiError> {
        let value = self.members.shift_remove(name).unwrap_or(Value::Null);
        Ok(serde_json::from_value(value)?)
    }

    /// Takes all members out.
    pub(super) fn into_members(self) -> Map<String, Value> {
        self.members
    }

    /// The user in `UserId`.
    pub(super) fn user<'a>(&mut self, directory: &'a Directory) -> Result<&'a User, ApiError> {
        let id: String = self.take("UserId")?;
        user(directory, &id)
    }

    /// The user in `MemberId`.
    pub(super) fn member<'a>(&mut self, directory: &'a Directory) -> Result<&'a User, ApiError> {
        let member: crate::document::MemberId = self.take("MemberId")?;
        user(directory, &member.user_id)
    }

    /// The group in `GroupId`.
    pub(super) fn group<'a>(&mut self, directory: &'a Directory) -> Result<&'a Group, ApiError> {
        let id: String = self.take("GroupId")?;
        group(directory, &id)
    }

    /// The membership in `MembershipId`.
    pub(super) fn membership<'a>(&mut self, directory: &'a Directory) -> Result<&'a Membership, ApiError> {
        let id: String = self.take("MembershipId")?;
        let found = directory.memberships.table.get(bare_id::<Membership>(&id));
        found.ok_or_else(|| ApiError::not_found(Resource::GroupMembership, Some(&id)))
    }

    /// The wanted page. What the list is of must be among the members still.
    pub(super) fn page(&mut self, directory: &Directory, call: &Call) -> Result<Page, ApiError> {
        let store = &directory.identity_store.identity_store_id;
        Page::of(call, store, &mut self.members)
    }

    /// The filter, of which there is at most one.
    pub(super) fn filter(&mut self, call: &Call) -> Result<Option<Filter>, ApiError> {
        let filters: Option<Vec<Filter>> = self.take("Filters")?;
        let filter = filters.into_iter().flatten().next();
        if filter.is_none() && call.scenario.source == Source::LegacyAd {
            return Err(ApiError::validation("Filter is required"));
        }
        Ok(filter)
    }

    /// Refuses the request if it expects another revision than the object has.
    pub(super) fn check_revision(&mut self, current: Revision) -> Result<(), ApiError> {
        let expected: Option<String> = self.take("Revision")?;
        match expected {
            Some(expected) if expected != String::from(current) => Err(ApiError::concurrent_modification()),
            _ => Ok(()),
        }
    }
}

/// The user with that id or ARN.
fn user<'a>(directory: &'a Directory, id: &str) -> Result<&'a User, ApiError> {
    let found = directory.users.table.get(bare_id::<User>(id));
    found.ok_or_else(|| ApiError::not_found(Resource::User, Some(id)))
}

/// The group with that id or ARN.
pub(super) fn group<'a>(directory: &'a Directory, id: &str) -> Result<&'a Group, ApiError> {
    let found = directory.groups.table.get(bare_id::<Group>(id));
    found.ok_or_else(|| ApiError::not_found(Resource::Group, Some(id)))
}

/// Refuses a name that AWS keeps for itself.
pub(super) fn check_reserved(name: Option<&str>) -> Result<(), ApiError> {
    match name {
        Some(name) if RESERVED.contains(&name) => Err(ApiError::validation(format!("The name {name} is reserved"))),
        _ => Ok(()),
    }
}

/// Refuses an object without attributes that it must have.
pub(super) fn check_required(attributes: &[(&str, bool)]) -> Result<(), ApiError> {
    let missing: Vec<_> = attributes
        .iter()
        .filter(|(_, present)| !present)
        .map(|(name, _)| format!("{name}: The attribute {name} is required"))
        .collect();
    if missing.is_empty() { Ok(()) } else { Err(ApiError::validation(missing.join(", "))) }
}

/// The answer to a deletion: what was not there may count as deleted.
pub(super) fn deleted(result: Result<(), ApiError>, call: &Call) -> Result<Value, ApiError> {
    match result {
        Err(error) if !(call.scenario.unknown.delete_missing && error.code == Code::ResourceNotFound) => Err(error),
        _ => Ok(Map::new().into()),
    }
}

/// Makes a change by several operations. When one of them is refused, the ones before it may have been carried out
/// already; `change` gives the object after some of them, `keep` puts it into the directory.
pub(super) fn update<T>(
    operations: &[Operation],
    call: &Call,
    directory: &mut Directory,
    change: impl Fn(&Directory, &[Operation]) -> Result<T, ApiError>,
    keep: impl Fn(&mut Directory, T) -> Result<Value, ApiError>,
) -> Result<Value, ApiError> {
    let mut made = |count: usize| change(directory, &operations[..count]).and_then(|changed| keep(directory, changed));
    let all = made(operations.len());
    if all.is_err() && call.scenario.unknown.partial_updates {
        (1..operations.len()).rev().any(|count| made(count).is_ok());
    }
    all
}
