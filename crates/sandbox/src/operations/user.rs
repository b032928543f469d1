//! The operations on users.

use serde_json::{Map, Value};

use super::{
    letter_case,
    lookup::{self, AlternateIdentifier, Input, check_required, check_reserved},
};
use crate::{
    api_error::{ApiError, Resource},
    attribute_path::{self, Operation},
    context::Call,
    document::{User, UserStatus},
    model::identity_store::ENTERPRISE,
    store::Directory,
    wire,
};

pub(super) fn create(directory: &mut Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut input = Input::of(directory, input)?;
    let user_name: Option<String> = input.take("UserName")?;
    let Some(user_name) = user_name else {
        return Err(ApiError::validation("userName is a required attribute"));
    };
    let extensions: Option<Map<String, Value>> = input.take("Extensions")?;
    let mut operations = Vec::new();
    for (name, value) in extensions.into_iter().flatten() {
        operations.push(Operation::new(name, value));
    }
    let user = User::new(call.ambient.uuid(), user_name);
    let user = with_attributes(&user, input.into_members())?;
    let mut user = attribute_path::apply_to_user(&user, &operations)?;
    check(&user)?;
    user.user_status = Some(UserStatus::Enabled);
    user.created_at = Some(call.now());
    user.created_by = Some(call.caller.clone());
    user.updated_at = user.created_at;
    user.updated_by = user.created_by.clone();
    letter_case::check_user(directory, &user, call)?;
    directory.users.insert(user.clone())?;
    wire::revised(&user, user.revision, &directory.identity_store)
}

pub(super) fn describe(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut input = Input::of(directory, input)?;
    let extensions = wants_extensions(&mut input)?;
    let user = input.user(directory)?;
    wire::user(user, &directory.identity_store, extensions, call)
}

pub(super) fn get_id(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut input = Input::of(directory, input)?;
    let found = match input.take("AlternateIdentifier")? {
        AlternateIdentifier::ExternalId(id) => {
            wire::find_external(&directory.users.table, directory.users.with_external_id(&id), &id, call)
        }
        AlternateIdentifier::UniqueAttribute(attribute) => match attribute.get()? {
            (path, name) if path == "username" => letter_case::user_named(directory, name, call),
            (path, address) if path == "emails.value" => letter_case::user_with_email(directory, address, call),
            _ => return Err(attribute.refuse()),
        },
    };
    let user = found.ok_or_else(|| ApiError::not_found(Resource::User, None))?;
    Ok(wire::ids(user, &directory.identity_store).into())
}

pub(super) fn list(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut input = Input::of(directory, input)?;
    let page = input.page(directory, call)?;
    let extensions = wants_extensions(&mut input)?;
    let (users, next_token) = if let Some(filter) = input.filter(call)? {
        let user = directory.users.named(filter.value("UserName")?);
        (user.into_iter().collect(), None)
    } else {
        let table = &directory.users.table;
        page.cut(table, |start| table.ordinals(start))?
    };
    let store = &directory.identity_store;
    let users = users.into_iter().map(|user| wire::user(user, store, extensions, call));
    Ok(wire::list("Users", users.collect::<Result<_, _>>()?, next_token))
}

pub(super) fn update(directory: &mut Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut input = Input::of(directory, input)?;
    let user = input.user(directory)?.clone();
    input.check_revision(user.revision)?;
    let operations: Vec<Operation> = input.take("Operations")?;
    let change = |directory: &Directory, operations: &[Operation]| changed(directory, &user, operations, call);
    lookup::update(&operations, call, directory, change, |directory, changed| {
        directory.users.replace(changed.clone())?;
        wire::revised(&changed, changed.revision, &directory.identity_store)
    })
}

/// Whether AWS lets `userName` be changed is not known; its documentation says "see `User`", which has it.
fn changed(directory: &Directory, user: &User, operations: &[Operation], call: &Call) -> Result<User, ApiError> {
    if call.scenario.unknown.fixed_user_name && operations.iter().any(Operation::is_of_user_name) {
        return Err(ApiError::validation("The attribute path userName is not supported"));
    }
    let mut changed = attribute_path::apply_to_user(user, operations)?;
    check(&changed)?;
    letter_case::check_user(directory, &changed, call)?;
    changed.revision = user.revision.next();
    changed.updated_at = Some(call.now());
    changed.updated_by = Some(call.caller.clone());
    Ok(changed)
}

pub(super) fn delete(directory: &mut Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut input = Input::of(directory, input)?;
    let user = input.user(directory).and_then(|user| {
        input.check_revision(user.revision)?;
        Ok(user.user_id.clone())
    });
    let result = user.map(|id| {
        directory.remove_user(&id);
    });
    lookup::deleted(result, call)
}

/// The attributes every user of IAM Identity Center has, though the model calls them optional.
fn check(user: &User) -> Result<(), ApiError> {
    let name = user.name.as_ref();
    let given_name = name.is_some_and(|name| name.given_name.is_some());
    let family_name = name.is_some_and(|name| name.family_name.is_some());
    check_required(&[
        ("displayname", user.display_name.is_some()),
        ("name", name.is_some()),
        ("givenname", name.is_none() || given_name),
        ("familyname", name.is_none() || family_name),
    ])?;
    check_reserved(Some(&user.user_name))
}

/// The user with these members of a request, whose names are the user's own.
fn with_attributes(user: &User, members: Map<String, Value>) -> Result<User, ApiError> {
    let mut value = serde_json::to_value(user)?;
    if let Some(object) = value.as_object_mut() {
        object.extend(members);
    }
    Ok(serde_json::from_value(value)?)
}

fn wants_extensions(input: &mut Input) -> Result<bool, ApiError> {
    let names: Option<Vec<String>> = input.take("Extensions")?;
    let names = names.unwrap_or_default();
    match names.iter().find(|name| *name != ENTERPRISE) {
        Some(name) => Err(ApiError::validation(format!("The extension {name} is not supported"))),
        None => Ok(!names.is_empty()),
    }
}
