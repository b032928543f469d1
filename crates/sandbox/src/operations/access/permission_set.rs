//! Permission sets, and in which accounts they are.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Request, missing};
use crate::{
    api_error::ApiError,
    context::Call,
    store::{Directory, Record},
    wire,
};

pub(super) fn list(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let page = Request::of(directory, input)?.page(directory, call)?;
    let table = &directory.permission_sets;
    let (sets, next_token) = page.cut(table, |start| table.ordinals(start))?;
    let arns = sets.into_iter().map(|set| set.id().into()).collect();
    Ok(wire::list("PermissionSets", arns, next_token))
}

pub(super) fn describe(directory: &Directory, input: Value, _: &Call) -> Result<Value, ApiError> {
    let arn = Request::of(directory, input)?.permission_set(directory)?;
    let set = directory.permission_sets.get(&arn).ok_or_else(|| missing("Permission set", &arn))?;
    let mut value = serde_json::to_value(set)?;
    if let Some(created) = set.created_date {
        value["CreatedDate"] = created.to_wire();
    }
    Ok(json!({"PermissionSet": value}))
}

/// The permission sets that anybody has in an account.
pub(super) fn list_provisioned(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut request = Request::of(directory, input)?;
    let page = request.page(directory, call)?;
    let account = request.account(directory, "AccountId")?;
    let assignments = directory.assignments.in_account(&account, 0);
    let sets = assignments.filter_map(|ordinal| directory.assignments.table.at(ordinal));
    let sets = sets.map(|assignment| assignment.permission_set_arn.clone());
    let sets = provisioned(&mut request, sets)?;
    let (sets, next_token) = page.cut_names(sets.into_iter());
    Ok(wire::list("PermissionSets", sets.into_iter().map(Value::from).collect(), next_token))
}

/// The accounts in which anybody has a permission set.
pub(super) fn list_accounts(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut request = Request::of(directory, input)?;
    let page = request.page(directory, call)?;
    let arn = request.permission_set(directory)?;
    let assignments = directory.assignments.of_permission_set(&arn, 0);
    let accounts = assignments.filter_map(|ordinal| directory.assignments.table.at(ordinal));
    let accounts = accounts.map(|assignment| assignment.account_id.clone());
    let accounts = provisioned(&mut request, accounts)?;
    let (accounts, next_token) = page.cut_names(accounts.into_iter());
    Ok(wire::list("AccountIds", accounts.into_iter().map(Value::from).collect(), next_token))
}

/// Each name once. In the sandbox no permission set is ever behind its accounts.
fn provisioned(request: &mut Request, names: impl Iterator<Item = String>) -> Result<BTreeSet<String>, ApiError> {
    let status: Option<String> = request.input.take("ProvisioningStatus")?;
    let outdated = status.as_deref() == Some("LATEST_PERMISSION_SET_NOT_PROVISIONED");
    Ok(if outdated { BTreeSet::new() } else { names.collect() })
}
