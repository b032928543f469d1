//! Lists of account assignments.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

use super::request::InstanceRequest;
use crate::{
    api_error::ApiError,
    context::Call,
    page::list_response,
    records::{Assignment, PrincipalType},
    store::Directory,
};

pub(super) fn list(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut request = InstanceRequest::new(directory, input)?;
    let page = request.take_page(directory, call)?;
    let account = request.account(directory, "AccountId")?;
    let set = request.permission_set(directory)?;
    let assignments = &directory.assignments;
    let has_set = |assignment: &Assignment| assignment.permission_set_arn == set;
    let (found, next_token) = page.select(&assignments.table, |start| {
        let in_account = assignments.in_account(&account, start);
        in_account.filter(|ordinal| assignments.table.at(*ordinal).is_some_and(has_set))
    })?;
    response(&found, next_token)
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AccountFilter {
    account_id: Option<String>,
}

pub(super) fn list_for_principal(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut request = InstanceRequest::new(directory, input)?;
    let page = request.take_page(directory, call)?;
    let (kind, id) = request.principal()?;
    let filter: Option<AccountFilter> = request.take("Filter")?;
    let account = filter.unwrap_or_default().account_id;
    let mut principals = vec![(kind, id)];
    if call.scenario.undocumented.group_rows && kind == PrincipalType::User {
        let memberships = directory.memberships.of_member(&principals[0].1, 0);
        let memberships = memberships.filter_map(|ordinal| directory.memberships.table.at(ordinal));
        principals.extend(memberships.map(|membership| (PrincipalType::Group, membership.group_id.clone())));
    }
    let assignments = &directory.assignments;
    let wanted = |assignment: &Assignment| account.as_ref().is_none_or(|account| assignment.account_id == *account);
    let (found, next_token) = page.select(&assignments.table, |start| {
        let own = principals.iter().flat_map(move |(kind, id)| assignments.of_principal(*kind, id, start));
        // Sorts the rows of several principals.
        let own: BTreeSet<_> = own.collect();
        own.into_iter().filter(|ordinal| assignments.table.at(*ordinal).is_some_and(wanted))
    })?;
    response(&found, next_token)
}

fn response(found: &[&Assignment], next_token: Option<String>) -> Result<Value, ApiError> {
    let rows = found.iter().map(serde_json::to_value).collect::<Result<_, _>>()?;
    Ok(list_response("AccountAssignments", rows, next_token))
}
