//! The operations on memberships.

use serde_json::{Value, json};

use super::lookup::{self, Input};
use crate::{
    api_error::{ApiError, Resource},
    context::Call,
    document::{MemberId, Membership},
    page::Page,
    store::{Directory, Ordinal},
    wire,
};

pub(super) fn create(directory: &mut Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut input = Input::of(directory, input)?;
    let group_id = input.group(directory)?.group_id.clone();
    let user_id = input.member(directory)?.user_id.clone();
    let now = Some(call.now());
    let caller = Some(call.caller.clone());
    let membership = Membership {
        membership_id: call.ambient.uuid(),
        group_id,
        member_id: MemberId { user_id },
        created_at: now,
        created_by: caller.clone(),
        updated_at: now,
        updated_by: caller,
    };
    directory.memberships.insert(membership.clone())?;
    Ok(wire::ids(&membership, &directory.identity_store).into())
}

pub(super) fn describe(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let membership = Input::of(directory, input)?.membership(directory)?;
    wire::whole(membership, &directory.identity_store, call)
}

pub(super) fn get_id(directory: &Directory, input: Value, _: &Call) -> Result<Value, ApiError> {
    let mut input = Input::of(directory, input)?;
    let group = input.group(directory)?;
    let user = input.member(directory)?;
    let found = directory.memberships.between(&group.group_id, &user.user_id);
    let membership = found.ok_or_else(|| ApiError::not_found(Resource::GroupMembership, None))?;
    Ok(wire::ids(membership, &directory.identity_store).into())
}

/// Whether AWS refuses a group that does not exist or answers `false` is not known; refusing it
/// shows a caller's mistake.
pub(super) fn is_member(directory: &Directory, input: Value, _: &Call) -> Result<Value, ApiError> {
    let mut input = Input::of(directory, input)?;
    let user = input.member(directory)?;
    let named: Vec<String> = input.take("GroupIds")?;
    let results = named.iter().map(|id| {
        let group_id = &lookup::group(directory, id)?.group_id;
        let membership = directory.memberships.between(group_id, &user.user_id);
        Ok(json!({
            "GroupId": group_id,
            "MemberId": {"UserId": user.user_id},
            "MembershipExists": membership.is_some(),
        }))
    });
    Ok(json!({"Results": results.collect::<Result<Vec<_>, ApiError>>()?}))
}

pub(super) fn list(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut input = Input::of(directory, input)?;
    let page = input.page(directory, call)?;
    let group_id = &input.group(directory)?.group_id;
    answer(directory, &page, call, |start| directory.memberships.of_group(group_id, start))
}

pub(super) fn list_for_member(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut input = Input::of(directory, input)?;
    let page = input.page(directory, call)?;
    let user_id = &input.member(directory)?.user_id;
    answer(directory, &page, call, |start| directory.memberships.of_member(user_id, start))
}

fn answer<I: Iterator<Item = Ordinal>>(
    directory: &Directory,
    page: &Page,
    call: &Call,
    ordinals: impl Fn(Ordinal) -> I,
) -> Result<Value, ApiError> {
    let (memberships, next_token) = page.cut(&directory.memberships.table, ordinals)?;
    let store = &directory.identity_store;
    let memberships = memberships.into_iter().map(|membership| wire::whole(membership, store, call));
    let memberships = memberships.collect::<Result<_, _>>()?;
    Ok(wire::list("GroupMemberships", memberships, next_token))
}

pub(super) fn delete(directory: &mut Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut input = Input::of(directory, input)?;
    let membership = input.membership(directory).map(|membership| membership.membership_id.clone());
    let result = membership.map(|id| {
        directory.memberships.remove(&id);
    });
    lookup::deleted(result, call)
}
