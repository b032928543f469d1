//! Changes of account assignments: asked for now, carried out a little later, and told how they ended.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Request, missing};
use crate::{
    api_error::{ApiError, Code},
    context::Call,
    document::{Action, AssignmentRequest, Status},
    store::Directory,
    wire,
};

/// How long a change takes. With AWS it is seconds, too.
const DURATION: Duration = Duration::from_secs(1);

/// What is there already is made again without complaint.
pub(super) fn create(directory: &mut Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    ask(directory, input, call, Action::Create)
}

/// Whether AWS refuses to delete what is not there, or reports a success, is not known; refusing it shows a caller's
/// mistake.
pub(super) fn delete(directory: &mut Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    ask(directory, input, call, Action::Delete)
}

fn ask(directory: &mut Directory, input: Value, call: &Call, action: Action) -> Result<Value, ApiError> {
    let assignment = Request::of(directory, input)?.assignment(directory)?;
    if directory.requests.concerns(&assignment) {
        let message = "There is a conflicting operation in process for this account assignment";
        return Err(ApiError::new(Code::Conflict, message));
    }
    if action == Action::Delete && !call.scenario.unknown.delete_missing && !directory.assignments.contains(&assignment)
    {
        return Err(missing("Account assignment", &assignment.principal_id));
    }
    let now = call.now();
    let request = AssignmentRequest {
        request_id: call.ambient.uuid(),
        action,
        status: Status::InProgress,
        failure_reason: None,
        target_id: assignment.account_id,
        permission_set_arn: assignment.permission_set_arn,
        principal_type: assignment.principal_type,
        principal_id: assignment.principal_id,
        created_date: now,
        completes_at: now + call.scenario.unknown.assignment_time.unwrap_or(DURATION),
    };
    let answer = whole(&request);
    directory.requests.insert(request);
    Ok(answer)
}

pub(super) fn describe_creation(directory: &Directory, input: Value, _: &Call) -> Result<Value, ApiError> {
    describe(directory, input, Action::Create, "AccountAssignmentCreationRequestId")
}

pub(super) fn describe_deletion(directory: &Directory, input: Value, _: &Call) -> Result<Value, ApiError> {
    describe(directory, input, Action::Delete, "AccountAssignmentDeletionRequestId")
}

fn describe(directory: &Directory, input: Value, action: Action, member: &str) -> Result<Value, ApiError> {
    let id: String = Request::of(directory, input)?.input.take(member)?;
    let found = directory.requests.table.get(&id).filter(|request| request.action == action);
    found.map(whole).ok_or_else(|| missing("Request", &id))
}

pub(super) fn list_creations(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    list(directory, input, call, Action::Create, "AccountAssignmentsCreationStatus")
}

pub(super) fn list_deletions(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    list(directory, input, call, Action::Delete, "AccountAssignmentsDeletionStatus")
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Filter {
    status: Option<Status>,
}

fn list(directory: &Directory, input: Value, call: &Call, action: Action, name: &str) -> Result<Value, ApiError> {
    let mut request = Request::of(directory, input)?;
    let page = request.page(directory, call)?;
    let filter: Option<Filter> = request.input.take("Filter")?;
    let status = filter.unwrap_or_default().status;
    let wanted =
        |request: &AssignmentRequest| request.action == action && status.is_none_or(|status| request.status == status);
    let table = &directory.requests.table;
    let (found, next_token) =
        page.cut(table, |start| table.ordinals(start).filter(|ordinal| table.at(*ordinal).is_some_and(wanted)))?;
    let rows = found.into_iter().map(|request| {
        json!({
            "Status": request.status,
            "RequestId": request.request_id,
            "CreatedDate": request.created_date.to_wire(),
        })
    });
    Ok(wire::list(name, rows.collect(), next_token))
}

/// A request as it is answered, in the member that its action has.
fn whole(request: &AssignmentRequest) -> Value {
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
        Action::Create => "AccountAssignmentCreationStatus",
        Action::Delete => "AccountAssignmentDeletionStatus",
    };
    let mut answer = serde_json::Map::new();
    answer.insert(name.to_owned(), status);
    answer.into()
}
