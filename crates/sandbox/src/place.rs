//! What is refused because of where the directory is called from, and where its users come from.

use super::{
    api_error::{ApiError, Code},
    document::IdentityStore,
    operations::{Operation, Service},
    scenario::{Place, Scenario, Source},
};

/// The refusal of an operation, if the scenario has one.
pub(super) fn refusal(
    scenario: &Scenario,
    service: &Service,
    operation: &Operation,
    caller: &str,
    store: &IdentityStore,
) -> Option<ApiError> {
    let name = operation.name;
    let unknown = || Some(ApiError::unknown_operation(&format!("{}.{name}", service.target)));
    let about_instance = ["ListInstances", "DescribeInstance"].contains(&name);
    match scenario.place {
        // Members may read the directory, and know nothing of who may do what where.
        Place::MemberAccount if operation.writes() || service.manages_access && !about_instance => {
            let prefix = service.action_prefix;
            let message =
                format!("User: {caller} is not authorized to perform: {prefix}:{name} on resource: {}", store.arn());
            return Some(ApiError::new(Code::AccessDenied, message));
        }
        Place::AccountInstance if service.manages_access && !about_instance => {
            let message = "The operation is not supported for this Identity Center instance";
            return Some(ApiError::new(Code::Validation, message));
        }
        Place::SecondaryRegion if operation.writes() || service.manages_access && !about_instance => return unknown(),
        _ => {}
    }
    if scenario.source == Source::LegacyAd && ["GetUserId", "GetGroupId"].contains(&name) {
        return unknown();
    }
    let is_new = ["DescribeIdentityStore", "ListIdentityStores", "UpdateIdentityStore"].contains(&name);
    if scenario.classic && is_new { unknown() } else { None }
}
