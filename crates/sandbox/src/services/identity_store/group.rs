//! The operations on groups.

use serde_json::Value;

use super::{
    attribute_path::{self, AttributeOperation},
    identifier::AlternateIdentifier,
    letter_case, objects,
    request::StoreRequest,
    rules::{self, check_required, check_reserved},
};
use crate::{
    api_error::{ApiError, ResourceType},
    context::Call,
    page::list_response,
    records::{Group, Revision},
    store::Directory,
};

pub(super) fn create(directory: &mut Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut request = StoreRequest::new(directory, input)?;
    let now = Some(call.now());
    let caller = Some(call.caller.arn.clone());
    let group = Group {
        group_id: call.clock_and_ids.new_uuid(),
        display_name: request.take("DisplayName")?,
        external_ids: Vec::new(),
        description: request.take("Description")?,
        revision: Revision::default(),
        created_at: now,
        created_by: caller.clone(),
        updated_at: now,
        updated_by: caller,
    };
    check(&group)?;
    letter_case::check_group(directory, &group, call)?;
    directory.groups.insert(group.clone())?;
    objects::ids_and_revision(&group, group.revision, &directory.identity_store)
}

pub(super) fn describe(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let group = StoreRequest::new(directory, input)?.group(directory)?;
    objects::object(group, &directory.identity_store, call)
}

pub(super) fn get_id(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut request = StoreRequest::new(directory, input)?;
    let found = match request.take("AlternateIdentifier")? {
        AlternateIdentifier::ExternalId(id) => {
            objects::with_external_id(&directory.groups.table, directory.groups.with_external_id(&id), &id, call)
        }
        AlternateIdentifier::UniqueAttribute(attribute) => match attribute.path_and_value()? {
            (path, name) if path == "displayname" => letter_case::group_named(directory, name, call),
            _ => return Err(attribute.not_unique()),
        },
    };
    let group = found.ok_or_else(|| ApiError::not_found(ResourceType::Group, None))?;
    Ok(objects::ids(group, &directory.identity_store).into())
}

pub(super) fn list(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut request = StoreRequest::new(directory, input)?;
    let page = request.take_page(directory, call)?;
    let (groups, next_token) = if let Some(filter) = request.filter(call)? {
        let group = directory.groups.named(filter.value_of("DisplayName")?);
        (group.into_iter().collect(), None)
    } else {
        let table = &directory.groups.table;
        page.select(table, |start| table.ordinals(start))?
    };
    let store = &directory.identity_store;
    let groups = groups.into_iter().map(|group| objects::object(group, store, call));
    Ok(list_response("Groups", groups.collect::<Result<_, _>>()?, next_token))
}

pub(super) fn update(directory: &mut Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut request = StoreRequest::new(directory, input)?;
    let group = request.group(directory)?.clone();
    request.check_revision(group.revision)?;
    let operations: Vec<AttributeOperation> = request.take("Operations")?;
    let change =
        |directory: &Directory, operations: &[AttributeOperation]| changed(directory, &group, operations, call);
    rules::update(&operations, call, directory, change, |directory, changed| {
        directory.groups.replace(changed.clone())?;
        objects::ids_and_revision(&changed, changed.revision, &directory.identity_store)
    })
}

fn changed(
    directory: &Directory,
    group: &Group,
    operations: &[AttributeOperation],
    call: &Call,
) -> Result<Group, ApiError> {
    let mut changed = attribute_path::apply_to_group(group, operations)?;
    check(&changed)?;
    letter_case::check_group(directory, &changed, call)?;
    changed.revision = group.revision.next();
    changed.updated_at = Some(call.now());
    changed.updated_by = Some(call.caller.arn.clone());
    Ok(changed)
}

pub(super) fn delete(directory: &mut Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut request = StoreRequest::new(directory, input)?;
    let group = request.group(directory).and_then(|group| {
        request.check_revision(group.revision)?;
        Ok(group.group_id.clone())
    });
    let result = group.map(|id| {
        directory.remove_group(&id);
    });
    rules::deletion_response(result, call)
}

/// Fails if a group has no name or a reserved one. In the model the name is optional.
fn check(group: &Group) -> Result<(), ApiError> {
    check_required(&[("displayname", group.display_name.is_some())])?;
    check_reserved(group.display_name.as_deref())
}
