//! Requests that change account assignments: accepted now, carried out later, and reported when asked.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::request::{InstanceRequest, not_found};
use crate::{
    api_error::{ApiError, ErrorCode},
    context::Call,
    page::list_response,
    records::{AssignmentAction, AssignmentRequest, RequestStatus},
    store::Directory,
};

/// How long a change takes. AWS takes seconds as well.
const DURATION: Duration = Duration::from_secs(1);

/// Requests an assignment. An assignment that exists is no error.
pub(super) fn create(directory: &mut Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    request_change(directory, input, call, AssignmentAction::Create)
}

/// Requests the deletion of an assignment. Whether AWS refuses one that does not exist is not known; a refusal shows the
/// caller's mistake.
pub(super) fn delete(directory: &mut Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    request_change(directory, input, call, AssignmentAction::Delete)
}

fn request_change(
    directory: &mut Directory,
    input: Value,
    call: &Call,
    action: AssignmentAction,
) -> Result<Value, ApiError> {
    let assignment = InstanceRequest::new(directory, input)?.assignment(directory)?;
    if directory.requests.has_pending_for(&assignment) {
        let message = "There is a conflicting operation in process for this account assignment";
        return Err(ApiError::new(ErrorCode::Conflict, message));
    }
    if action == AssignmentAction::Delete
        && !call.scenario.undocumented.delete_missing
        && !directory.assignments.contains(&assignment)
    {
        return Err(not_found("Account assignment", &assignment.principal_id));
    }
    let now = call.now();
    let request = AssignmentRequest {
        request_id: call.clock_and_ids.new_uuid(),
        action,
        status: RequestStatus::InProgress,
        failure_reason: None,
        target_id: assignment.account_id,
        permission_set_arn: assignment.permission_set_arn,
        principal_type: assignment.principal_type,
        principal_id: assignment.principal_id,
        created_date: now,
        completes_at: now + call.scenario.undocumented.assignment_time.unwrap_or(DURATION),
    };
    let response = response(&request);
    directory.requests.insert(request);
    Ok(response)
}

pub(super) fn describe_creation(directory: &Directory, input: Value, _: &Call) -> Result<Value, ApiError> {
    describe(directory, input, AssignmentAction::Create, "AccountAssignmentCreationRequestId")
}

pub(super) fn describe_deletion(directory: &Directory, input: Value, _: &Call) -> Result<Value, ApiError> {
    describe(directory, input, AssignmentAction::Delete, "AccountAssignmentDeletionRequestId")
}

fn describe(directory: &Directory, input: Value, action: AssignmentAction, member: &str) -> Result<Value, ApiError> {
    let id: String = InstanceRequest::new(directory, input)?.take(member)?;
    let found = directory.requests.table.get(&id).filter(|request| request.action == action);
    found.map(response).ok_or_else(|| not_found("Request", &id))
}

pub(super) fn list_creations(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    list(directory, input, call, AssignmentAction::Create, "AccountAssignmentsCreationStatus")
}

pub(super) fn list_deletions(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    list(directory, input, call, AssignmentAction::Delete, "AccountAssignmentsDeletionStatus")
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StatusFilter {
    status: Option<RequestStatus>,
}

fn list(
    directory: &Directory,
    input: Value,
    call: &Call,
    action: AssignmentAction,
    name: &str,
) -> Result<Value, ApiError> {
    let mut request = InstanceRequest::new(directory, input)?;
    let page = request.take_page(directory, call)?;
    let filter: Option<StatusFilter> = request.take("Filter")?;
    let status = filter.unwrap_or_default().status;
    let wanted =
        |request: &AssignmentRequest| request.action == action && status.is_none_or(|status| request.status == status);
    let table = &directory.requests.table;
    let (found, next_token) =
        page.select(table, |start| table.ordinals(start).filter(|ordinal| table.at(*ordinal).is_some_and(wanted)))?;
    let rows = found.into_iter().map(|request| {
        json!({
            "Status": request.status,
            "RequestId": request.request_id,
            "CreatedDate": request.created_date.to_wire(),
        })
    });
    Ok(list_response(name, rows.collect(), next_token))
}

/// Returns the response that describes a request, in the member that its action has.
fn response(request: &AssignmentRequest) -> Value {
    let mut status = json!({
        "Status": request.status,
        "RequestId": request.request_id,
        "TargetId": request.target_id,
        "TargetType": "AWS_ACCOUNT",
        "PermissionSetArn": request.permission_set_arn,
        "PrincipalType": request.principal_type,
        "PrincipalId": request.principal_id,
        "CreatedDate": request.created_date.to_wire(),
    });
    if let Some(reason) = &request.failure_reason {
        status["FailureReason"] = reason.clone().into();
    }
    let name = match request.action {
        AssignmentAction::Create => "AccountAssignmentCreationStatus",
        AssignmentAction::Delete => "AccountAssignmentDeletionStatus",
    };
    let mut response = serde_json::Map::new();
    response.insert(name.to_owned(), status);
    response.into()
}
