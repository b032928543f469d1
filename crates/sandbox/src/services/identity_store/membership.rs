//! The operations on memberships.

use serde_json::{Value, json};

use super::{
    objects,
    request::{self, StoreRequest},
    rules,
};
use crate::{
    api_error::{ApiError, ResourceType},
    context::Call,
    page::{PageRequest, list_response},
    records::{MemberId, Membership},
    store::{Directory, Ordinal},
};

pub(super) fn create(directory: &mut Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut request = StoreRequest::new(directory, input)?;
    let group_id = request.group(directory)?.group_id.clone();
    let user_id = request.member(directory)?.user_id.clone();
    let now = Some(call.now());
    let caller = Some(call.caller.arn.clone());
    let membership = Membership {
        membership_id: call.clock_and_ids.new_uuid(),
        group_id,
        member_id: MemberId { user_id },
        created_at: now,
        created_by: caller.clone(),
        updated_at: now,
        updated_by: caller,
    };
    directory.memberships.insert(membership.clone())?;
    Ok(objects::ids(&membership, &directory.identity_store).into())
}

pub(super) fn describe(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let membership = StoreRequest::new(directory, input)?.membership(directory)?;
    objects::object(membership, &directory.identity_store, call)
}

pub(super) fn get_id(directory: &Directory, input: Value, _: &Call) -> Result<Value, ApiError> {
    let mut request = StoreRequest::new(directory, input)?;
    let group = request.group(directory)?;
    let user = request.member(directory)?;
    let found = directory.memberships.between(&group.group_id, &user.user_id);
    let membership = found.ok_or_else(|| ApiError::not_found(ResourceType::GroupMembership, None))?;
    Ok(objects::ids(membership, &directory.identity_store).into())
}

/// Returns whether a user is in each of some groups. Whether AWS refuses a group that does not exist or returns `false` is
/// not known; a refusal shows the caller's mistake.
pub(super) fn is_member(directory: &Directory, input: Value, _: &Call) -> Result<Value, ApiError> {
    let mut request = StoreRequest::new(directory, input)?;
    let user = request.member(directory)?;
    let named: Vec<String> = request.take("GroupIds")?;
    let results = named.iter().map(|id| {
        let group_id = &request::group(directory, id)?.group_id;
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
    let mut request = StoreRequest::new(directory, input)?;
    let page = request.take_page(directory, call)?;
    let group_id = &request.group(directory)?.group_id;
    list_memberships(directory, &page, call, |start| directory.memberships.of_group(group_id, start))
}

pub(super) fn list_for_member(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut request = StoreRequest::new(directory, input)?;
    let page = request.take_page(directory, call)?;
    let user_id = &request.member(directory)?.user_id;
    list_memberships(directory, &page, call, |start| directory.memberships.of_member(user_id, start))
}

/// Returns the page of a list of memberships.
fn list_memberships<I: Iterator<Item = Ordinal>>(
    directory: &Directory,
    page: &PageRequest,
    call: &Call,
    ordinals: impl Fn(Ordinal) -> I,
) -> Result<Value, ApiError> {
    let (memberships, next_token) = page.select(&directory.memberships.table, ordinals)?;
    let store = &directory.identity_store;
    let memberships = memberships.into_iter().map(|membership| objects::object(membership, store, call));
    let memberships = memberships.collect::<Result<_, _>>()?;
    Ok(list_response("GroupMemberships", memberships, next_token))
}

pub(super) fn delete(directory: &mut Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut request = StoreRequest::new(directory, input)?;
    let membership = request.membership(directory).map(|membership| membership.membership_id.clone());
    let result = membership.map(|id| {
        directory.memberships.remove(&id);
    });
    rules::deletion_response(result, call)
}
