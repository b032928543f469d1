//! The operations on groups.

use serde_json::Value;

use super::{
    letter_case,
    lookup::{self, AlternateIdentifier, Input, check_required, check_reserved},
};
use crate::{
    api_error::{ApiError, Resource},
    attribute_path::{self, Operation},
    context::Call,
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
    letter_case::check_group(directory, &group, call)?;
    directory.groups.insert(group.clone())?;
    wire::revised(&group, group.revision, &directory.identity_store)
}

pub(super) fn describe(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let group = Input::of(directory, input)?.group(directory)?;
    wire::whole(group, &directory.identity_store, call)
}

pub(super) fn get_id(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut input = Input::of(directory, input)?;
    let found = match input.take("AlternateIdentifier")? {
        AlternateIdentifier::ExternalId(id) => {
            wire::find_external(&directory.groups.table, directory.groups.with_external_id(&id), &id, call)
        }
        AlternateIdentifier::UniqueAttribute(attribute) => match attribute.get()? {
            (path, name) if path == "displayname" => letter_case::group_named(directory, name, call),
            _ => return Err(attribute.refuse()),
        },
    };
    let group = found.ok_or_else(|| ApiError::not_found(Resource::Group, None))?;
    Ok(wire::ids(group, &directory.identity_store).into())
}

pub(super) fn list(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut input = Input::of(directory, input)?;
    let page = input.page(directory, call)?;
    let (groups, next_token) = if let Some(filter) = input.filter(call)? {
        let group = directory.groups.named(filter.value("DisplayName")?);
        (group.into_iter().collect(), None)
    } else {
        let table = &directory.groups.table;
        page.cut(table, |start| table.ordinals(start))?
    };
    let store = &directory.identity_store;
    let groups = groups.into_iter().map(|group| wire::whole(group, store, call));
    Ok(wire::list("Groups", groups.collect::<Result<_, _>>()?, next_token))
}

pub(super) fn update(directory: &mut Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut input = Input::of(directory, input)?;
    let group = input.group(directory)?.clone();
    input.check_revision(group.revision)?;
    let operations: Vec<Operation> = input.take("Operations")?;
    let change = |directory: &Directory, operations: &[Operation]| changed(directory, &group, operations, call);
    lookup::update(&operations, call, directory, change, |directory, changed| {
        directory.groups.replace(changed.clone())?;
        wire::revised(&changed, changed.revision, &directory.identity_store)
    })
}

fn changed(directory: &Directory, group: &Group, operations: &[Operation], call: &Call) -> Result<Group, ApiError> {
    let mut changed = attribute_path::apply_to_group(group, operations)?;
    check(&changed)?;
    letter_case::check_group(directory, &changed, call)?;
    changed.revision = group.revision.next();
    changed.updated_at = Some(call.now());
    changed.updated_by = Some(call.caller.clone());
    Ok(changed)
}

pub(super) fn delete(directory: &mut Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut input = Input::of(directory, input)?;
    let group = input.group(directory).and_then(|group| {
        input.check_revision(group.revision)?;
        Ok(group.group_id.clone())
    });
    let result = group.map(|id| {
        directory.remove_group(&id);
    });
    lookup::deleted(result, call)
}

/// The model calls the name optional; a group without one could not be found or shown.
fn check(group: &Group) -> Result<(), ApiError> {
    check_required(&[("displayname", group.display_name.is_some())])?;
    check_reserved(group.display_name.as_deref())
}
