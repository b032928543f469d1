//! Operations that the scenario's caller or directory does not have.

use crate::{
    api_error::{ApiError, ErrorCode},
    records::IdentityStore,
    scenario::{CallerLocation, DirectorySource, Scenario},
    services::{Availability, Operation, Service},
};

/// Fails if the scenario refuses the operation to the caller with that ARN.
pub(crate) fn check(
    scenario: &Scenario,
    service: &Service,
    operation: &Operation,
    caller: &str,
    store: &IdentityStore,
) -> Result<(), ApiError> {
    let unknown = || Err(ApiError::unknown_operation(&service.name_in_requests(operation)));
    let manages_access = service.manages_account_access && operation.availability != Availability::Everywhere;
    match scenario.caller_location {
        // Member accounts may read the directory, and see no access to accounts.
        CallerLocation::MemberAccount if operation.is_write() || manages_access => {
            let (prefix, name) = (service.action_prefix, operation.name);
            let message =
                format!("User: {caller} is not authorized to perform: {prefix}:{name} on resource: {}", store.arn());
            return Err(ApiError::new(ErrorCode::AccessDenied, message));
        }
        CallerLocation::AccountInstance if manages_access => {
            let message = "The operation is not supported for this Identity Center instance";
            return Err(ApiError::validation(message));
        }
        CallerLocation::SecondaryRegion if operation.is_write() || manages_access => return unknown(),
        _ => {}
    }
    match operation.availability {
        Availability::NotInLegacyAd if scenario.source == DirectorySource::LegacyAd => unknown(),
        Availability::SinceOctober2026 if scenario.classic => unknown(),
        _ => Ok(()),
    }
}
