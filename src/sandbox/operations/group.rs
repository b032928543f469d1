//! The operations on groups.

use serde_json::{Map, Value};

use super::{
    Call,
    lookup::{AlternateIdentifier, Input, check_required, check_reserved},
};
use crate::sandbox::{
    api_error::{ApiError, Resource},
    attribute_path::{self, Operation},
    document::{Group, Revision},
    store::Directory,
    wire,
};

pub(super) fn create(directory: &mut Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut input = Input::of(directory, input)?;
    let now = Some(call.now());
    let caller = Some(call.caller.clone());
    let group = Group {
        group_id: call.ambient.uuid(),
        display_name: input.take("DisplayName")?,
        external_ids: Vec::new(),
        description: input.take("Description")?,
        revision: Revision::default(),
        created_at: now,
        created_by: caller.clone(),
        updated_at: now,
        updated_by: caller,
    };
    check(&group)?;
    directory.groups.insert(group.clone())?;
    wire::revised(&group, group.revision, &directory.identity_store)
}

pub(super) fn describe(directory: &Directory, input: Value, _: &Call) -> Result<Value, ApiError> {
    let group = Input::of(directory, input)?.group(directory)?;
    wire::whole(group, &directory.identity_store)
}

pub(super) fn get_id(directory: &Directory, input: Value, _: &Call) -> Result<Value, ApiError> {
    let mut input = Input::of(directory, input)?;
    let found = match input.take("AlternateIdentifier")? {
        AlternateIdentifier::ExternalId(id) => directory.groups.with_external_id(&id),
        AlternateIdentifier::UniqueAttribute(attribute) => match attribute.get()? {
            (path, name) if path == "displayname" => directory.groups.named(name),
            _ => return Err(attribute.refuse()),
        },
    };
    let group = found.ok_or_else(|| ApiError::not_found(Resource::Group, None))?;
    Ok(wire::ids(group, &directory.identity_store).into())
}

pub(super) fn list(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut input = Input::of(directory, input)?;
    let page = input.page(directory, call)?;
    let (groups, next_token) = if let Some(filter) = input.filter()? {
        let group = directory.groups.named(filter.value("DisplayName")?);
        (group.into_iter().collect(), None)
    } else {
        let table = &directory.groups.table;
        page.cut(table, |start| table.ordinals(start))?
    };
    let store = &directory.identity_store;
    let groups = groups.into_iter().map(|group| wire::whole(group, store));
    Ok(wire::list("Groups", groups.collect::<Result<_, _>>()?, next_token))
}

pub(super) fn update(directory: &mut Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut input = Input::of(directory, input)?;
    let group = input.group(directory)?;
    input.check_revision(group.revision)?;
    let operations: Vec<Operation> = input.take("Operations")?;
    let mut changed = attribute_path::apply_to_group(group, &operations)?;
    check(&changed)?;
    changed.revision = group.revision.next();
    changed.updated_at = Some(call.now());
    changed.updated_by = Some(call.caller.clone());
    directory.groups.replace(changed.clone())?;
    wire::revised(&changed, changed.revision, &directory.identity_store)
}

pub(super) fn delete(directory: &mut Directory, input: Value, _: &Call) -> Result<Value, ApiError> {
    let mut input = Input::of(directory, input)?;
    let group = input.group(directory)?;
    input.check_revision(group.revision)?;
    let group_id = group.group_id.clone();
    directory.remove_group(&group_id);
    Ok(Map::new().into())
}

/// The model calls the name optional; a group without one could not be found or shown.
fn check(group: &Group) -> Result<(), ApiError> {
    check_required(&[("displayname", group.display_name.is_some())])?;
    check_reserved(group.display_name.as_deref())
}
