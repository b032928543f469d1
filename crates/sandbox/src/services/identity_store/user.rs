//! The operations on users.

use serde_json::{Map, Value};

use super::{
    attribute_path::{self, AttributeOperation},
    identifier::AlternateIdentifier,
    letter_case,
    model::ENTERPRISE,
    objects,
    request::StoreRequest,
    rules::{self, check_required, check_reserved},
};
use crate::{
    api_error::{ApiError, ResourceType},
    context::Call,
    page::list_response,
    records::{User, UserStatus},
    store::Directory,
};

pub(super) fn create(directory: &mut Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut request = StoreRequest::new(directory, input)?;
    let user_name: Option<String> = request.take("UserName")?;
    let Some(user_name) = user_name else {
        return Err(ApiError::validation("userName is a required attribute"));
    };
    let extensions: Option<Map<String, Value>> = request.take("Extensions")?;
    let mut operations = Vec::new();
    for (name, value) in extensions.into_iter().flatten() {
        operations.push(AttributeOperation::new(name, value));
    }
    let user = User::new(call.clock_and_ids.new_uuid(), user_name);
    let user = with_attributes(&user, request.into_rest())?;
    let mut user = attribute_path::apply_to_user(&user, &operations)?;
    check(&user)?;
    user.user_status = Some(UserStatus::Enabled);
    user.created_at = Some(call.now());
    user.created_by = Some(call.caller.arn.clone());
    user.updated_at = user.created_at;
    user.updated_by = user.created_by.clone();
    letter_case::check_user(directory, &user, call)?;
    directory.users.insert(user.clone())?;
    objects::ids_and_revision(&user, user.revision, &directory.identity_store)
}

pub(super) fn describe(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut request = StoreRequest::new(directory, input)?;
    let extensions = wants_extensions(&mut request)?;
    let user = request.user(directory)?;
    objects::user(user, &directory.identity_store, extensions, call)
}

pub(super) fn get_id(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut request = StoreRequest::new(directory, input)?;
    let found = match request.take("AlternateIdentifier")? {
        AlternateIdentifier::ExternalId(id) => {
            objects::with_external_id(&directory.users.table, directory.users.with_external_id(&id), &id, call)
        }
        AlternateIdentifier::UniqueAttribute(attribute) => match attribute.path_and_value()? {
            (path, name) if path == "username" => letter_case::user_named(directory, name, call),
            (path, address) if path == "emails.value" => letter_case::user_with_email(directory, address, call),
            _ => return Err(attribute.not_unique()),
        },
    };
    let user = found.ok_or_else(|| ApiError::not_found(ResourceType::User, None))?;
    Ok(objects::ids(user, &directory.identity_store).into())
}

pub(super) fn list(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut request = StoreRequest::new(directory, input)?;
    let page = request.take_page(directory, call)?;
    let extensions = wants_extensions(&mut request)?;
    let (users, next_token) = if let Some(filter) = request.filter(call)? {
        let user = directory.users.named(filter.value_of("UserName")?);
        (user.into_iter().collect(), None)
    } else {
        let table = &directory.users.table;
        page.select(table, |start| table.ordinals(start))?
    };
    let store = &directory.identity_store;
    let users = users.into_iter().map(|user| objects::user(user, store, extensions, call));
    Ok(list_response("Users", users.collect::<Result<_, _>>()?, next_token))
}

pub(super) fn update(directory: &mut Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut request = StoreRequest::new(directory, input)?;
    let user = request.user(directory)?.clone();
    request.check_revision(user.revision)?;
    let operations: Vec<AttributeOperation> = request.take("Operations")?;
    let change = |directory: &Directory, operations: &[AttributeOperation]| changed(directory, &user, operations, call);
    rules::update(&operations, call, directory, change, |directory, changed| {
        directory.users.replace(changed.clone())?;
        objects::ids_and_revision(&changed, changed.revision, &directory.identity_store)
    })
}

/// Returns the user after these operations. AWS does not document whether `userName` may change: it refers to `User`, which
/// has that attribute.
fn changed(
    directory: &Directory,
    user: &User,
    operations: &[AttributeOperation],
    call: &Call,
) -> Result<User, ApiError> {
    if call.scenario.undocumented.fixed_user_name && operations.iter().any(AttributeOperation::is_on_user_name) {
        return Err(ApiError::validation("The attribute path userName is not supported"));
    }
    let mut changed = attribute_path::apply_to_user(user, operations)?;
    check(&changed)?;
    letter_case::check_user(directory, &changed, call)?;
    changed.revision = user.revision.next();
    changed.updated_at = Some(call.now());
    changed.updated_by = Some(call.caller.arn.clone());
    Ok(changed)
}

pub(super) fn delete(directory: &mut Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut request = StoreRequest::new(directory, input)?;
    let user = request.user(directory).and_then(|user| {
        request.check_revision(user.revision)?;
        Ok(user.user_id.clone())
    });
    let result = user.map(|id| {
        directory.remove_user(&id);
    });
    rules::deletion_response(result, call)
}

/// Fails if a user lacks an attribute that every user of IAM Identity Center has, or has a reserved name. In the model these
/// attributes are optional.
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

/// Returns the user with these members of a request, which have the names of the user's members.
fn with_attributes(user: &User, members: Map<String, Value>) -> Result<User, ApiError> {
    let mut value = serde_json::to_value(user)?;
    if let Some(object) = value.as_object_mut() {
        object.extend(members);
    }
    Ok(serde_json::from_value(value)?)
}

/// Returns whether the request asks for the extensions.
fn wants_extensions(request: &mut StoreRequest) -> Result<bool, ApiError> {
    let names: Option<Vec<String>> = request.take("Extensions")?;
    let names = names.unwrap_or_default();
    match names.iter().find(|name| *name != ENTERPRISE) {
        Some(name) => Err(ApiError::validation(format!("The extension {name} is not supported"))),
        None => Ok(!names.is_empty()),
    }
}
