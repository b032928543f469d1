//! What the handlers of sso-admin read from a request.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::super::members::Members;
use crate::{
    api_error::{ApiError, ErrorCode},
    context::Call,
    page::PageRequest,
    records::{Assignment, PrincipalType},
    store::Directory,
};

/// A request that names the directory's instance.
pub(super) struct InstanceRequest {
    members: Members,
}

impl InstanceRequest {
    /// Reads a request. Fails if it names another instance.
    pub(super) fn new(directory: &Directory, input: Value) -> Result<Self, ApiError> {
        let mut members = Members::from_input(input);
        let arn: String = members.take("InstanceArn")?;
        if arn == directory.identity_store.instance_arn {
            Ok(Self { members })
        } else {
            Err(not_found("Instance", &arn))
        }
    }

    /// Removes a member, and returns it as the type that the caller needs.
    pub(super) fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, ApiError> {
        self.members.take(name)
    }

    /// Returns the page that the request asks for. Call it first: see [`Members::take_page`].
    pub(super) fn take_page(&mut self, directory: &Directory, call: &Call) -> Result<PageRequest, ApiError> {
        self.members.take_page(directory, call)
    }

    /// Returns the ARN of the permission set. Fails if it does not exist.
    pub(super) fn permission_set(&mut self, directory: &Directory) -> Result<String, ApiError> {
        let arn: String = self.take("PermissionSetArn")?;
        match directory.permission_sets.get(&arn) {
            Some(_) => Ok(arn),
            None => Err(not_found("Permission set", &arn)),
        }
    }

    /// Returns the id of the account in a member. Fails if the account does not exist.
    pub(super) fn account(&mut self, directory: &Directory, member: &str) -> Result<String, ApiError> {
        let id: String = self.take(member)?;
        if directory.has_account(&id) { Ok(id) } else { Err(not_found("Account", &id)) }
    }

    /// Returns the principal, which need not exist.
    pub(super) fn principal(&mut self) -> Result<(PrincipalType, String), ApiError> {
        Ok((self.take("PrincipalType")?, self.take("PrincipalId")?))
    }

    /// Returns the assignment that the request is about.
    pub(super) fn assignment(&mut self, directory: &Directory) -> Result<Assignment, ApiError> {
        let permission_set_arn = self.permission_set(directory)?;
        let account_id = self.account(directory, "TargetId")?;
        let (principal_type, principal_id) = self.principal()?;
        Ok(Assignment { account_id, permission_set_arn, principal_type, principal_id })
    }
}

/// Returns the error for something that does not exist. AWS's own message is not known.
pub(super) fn not_found(what: &str, id: &str) -> ApiError {
    ApiError::new(ErrorCode::ResourceNotFound, format!("{what} not found: {id}"))
}
