//! Permission sets, and the accounts that they are provisioned to.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::request::{InstanceRequest, not_found};
use crate::{
    api_error::ApiError,
    context::Call,
    page::list_response,
    store::{Directory, Record},
};

pub(super) fn list(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let page = InstanceRequest::new(directory, input)?.take_page(directory, call)?;
    let table = &directory.permission_sets;
    let (sets, next_token) = page.select(table, |start| table.ordinals(start))?;
    let arns = sets.into_iter().map(|set| set.id().into()).collect();
    Ok(list_response("PermissionSets", arns, next_token))
}

pub(super) fn describe(directory: &Directory, input: Value, _: &Call) -> Result<Value, ApiError> {
    let arn = InstanceRequest::new(directory, input)?.permission_set(directory)?;
    let set = directory.permission_sets.get(&arn).ok_or_else(|| not_found("Permission set", &arn))?;
    let mut value = serde_json::to_value(set)?;
    if let Some(created) = set.created_date {
        value["CreatedDate"] = created.to_wire();
    }
    Ok(json!({"PermissionSet": value}))
}

/// Lists the permission sets that are assigned in an account.
pub(super) fn list_provisioned(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut request = InstanceRequest::new(directory, input)?;
    let page = request.take_page(directory, call)?;
    let account = request.account(directory, "AccountId")?;
    let assignments = directory.assignments.in_account(&account, 0);
    let sets = assignments.filter_map(|ordinal| directory.assignments.table.at(ordinal));
    let sets = sets.map(|assignment| assignment.permission_set_arn.clone());
    let sets = provisioned(&mut request, sets)?;
    let (sets, next_token) = page.select_names(sets.into_iter());
    Ok(list_response("PermissionSets", sets.into_iter().map(Value::from).collect(), next_token))
}

/// Lists the accounts in which a permission set is assigned.
pub(super) fn list_accounts(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let mut request = InstanceRequest::new(directory, input)?;
    let page = request.take_page(directory, call)?;
    let arn = request.permission_set(directory)?;
    let assignments = directory.assignments.of_permission_set(&arn, 0);
    let accounts = assignments.filter_map(|ordinal| directory.assignments.table.at(ordinal));
    let accounts = accounts.map(|assignment| assignment.account_id.clone());
    let accounts = provisioned(&mut request, accounts)?;
    let (accounts, next_token) = page.select_names(accounts.into_iter());
    Ok(list_response("AccountIds", accounts.into_iter().map(Value::from).collect(), next_token))
}

/// Returns each name once. In the sandbox every permission set is provisioned in its latest version.
fn provisioned(
    request: &mut InstanceRequest,
    names: impl Iterator<Item = String>,
) -> Result<BTreeSet<String>, ApiError> {
    let status: Option<String> = request.take("ProvisioningStatus")?;
    let outdated = status.as_deref() == Some("LATEST_PERMISSION_SET_NOT_PROVISIONED");
    Ok(if outdated { BTreeSet::new() } else { names.collect() })
}
