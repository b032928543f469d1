//! Changes of account assignments. AWS takes a request and works on it for seconds or minutes; what became of it has to
//! be asked for (AWS: IAM Identity Center API, `CreateAccountAssignment`, `DeleteAccountAssignment`).

use std::collections::HashMap;

use aws_sdk_ssoadmin::types::{OperationStatusFilter, StatusValues, TargetType};
use serde::Deserialize;

use super::Directory;
use super::assignments::principal_type;
use super::call::{send, send_page};
use super::listing::Paging;
use super::page::SparsePage;
use super::presence::Gone;
use super::protection::Changeable;
use super::read_back::gone;
use crate::values::error::Error;
use crate::values::long_work::Patience;
use crate::values::model::{AccountAssignment, PrincipalType, User};
use crate::values::output::{AssignmentStep, Outcome, Progress};
use crate::values::protected::{GROUPS, Protected, USERS};

/// How many creations may be under way at once (AWS: IAM Identity Center quotas, "outstanding asynchronous calls").
const OUTSTANDING: usize = 15;

/// What is to become of assignments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Create,
    Delete,
}

impl Change {
    fn done(self) -> Outcome {
        match self {
            Self::Create => Outcome::Added,
            Self::Delete => Outcome::Removed,
        }
    }
}

/// Whose assignments may be changed.
pub(super) struct Principal {
    r#type: PrincipalType,
    id: String,
    is_gone: bool,
}

impl Principal {
    pub(super) fn of(user: &Changeable<User>) -> Self {
        Self { r#type: PrincipalType::User, id: user.id.clone(), is_gone: false }
    }

    /// Somebody of whom AWS says that it is gone. It has no name any more: only the id can be protected.
    pub(super) fn gone(_: &Gone, r#type: PrincipalType, id: &str, protected: &Protected) -> Result<Self, Error> {
        let (kind, list, parameter) = match r#type {
            PrincipalType::User => ("user", &protected.users, USERS),
            PrincipalType::Group => ("group", &protected.groups, GROUPS),
        };
        if list.has_id(id) {
            return Err(Error::Protected { what: format!("{kind} {id}"), parameter });
        }
        Ok(Self { r#type, id: id.to_owned(), is_gone: true })
    }
}

/// How far AWS is with a request (AWS: `AccountAssignmentOperationStatus`).
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RequestStatus {
    status: Option<String>,
    request_id: Option<String>,
    failure_reason: Option<String>,
    /// The account.
    target_id: Option<String>,
    permission_set_arn: Option<String>,
    principal_type: Option<PrincipalType>,
    principal_id: Option<String>,
}

impl RequestStatus {
    /// What it is about, if AWS says so.
    fn assignment(self) -> Option<AccountAssignment> {
        Some(AccountAssignment {
            account_id: self.target_id?,
            permission_set_arn: self.permission_set_arn?,
            principal_id: self.principal_id?,
            principal_type: self.principal_type?,
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    #[serde(alias = "AccountAssignmentCreationStatus", alias = "AccountAssignmentDeletionStatus")]
    status: RequestStatus,
}

/// The changes of one principal that AWS is working on, as far as AWS tells them.
#[derive(Default)]
pub(super) struct UnderWay {
    pub(super) rows: Vec<AccountAssignment>,
    /// The reason why there may be more.
    pub(super) unseen: Option<Error>,
}

/// The requests that AWS is working on.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RequestsPage {
    #[serde(alias = "AccountAssignmentsCreationStatus", alias = "AccountAssignmentsDeletionStatus")]
    requests: Option<Vec<RequestStatus>>,
    next_token: Option<String>,
}

impl From<RequestsPage> for SparsePage<RequestStatus> {
    fn from(page: RequestsPage) -> Self {
        (page.requests, page.next_token)
    }
}

impl Directory {
    /// Returns what AWS is about to give a principal, or to take away: the lists do not tell of it yet. The list of requests
    /// does not say whose they are, so AWS is asked about each.
    pub(super) async fn under_way(&self, change: Change, principal_id: &str) -> UnderWay {
        let mut under_way = UnderWay::default();
        let requests = match self.requests_under_way(change).await {
            Ok(requests) => requests,
            // An instance of one account has no account assignments.
            Err(error) if error.is_unsupported() => return under_way,
            Err(error) => return UnderWay { unseen: Some(error), ..under_way },
        };
        let (known, unknown): (Vec<_>, Vec<_>) = requests.into_iter().partition(|request| request.request_id.is_some());
        under_way.unseen = (!unknown.is_empty()).then(untold);
        let ids = known.into_iter().filter_map(|request| request.request_id);
        for (_, status) in self.each(ids, async |id| self.status(change, id).await).await {
            match status {
                Ok(status) if matches!(status.status.as_deref(), Some("SUCCEEDED" | "FAILED")) => {}
                Ok(status) if status.principal_id.as_ref().is_some_and(|id| id != principal_id) => {}
                Ok(status) => match status.assignment() {
                    Some(row) => under_way.rows.push(row),
                    None => under_way.unseen = under_way.unseen.or_else(|| Some(untold())),
                },
                Err(error) => under_way.unseen = under_way.unseen.or(Some(error)),
            }
        }
        under_way
    }

    async fn requests_under_way(&self, change: Change) -> Result<Vec<RequestStatus>, Error> {
        let instance_arn = self.instance_arn().await?;
        let in_progress = OperationStatusFilter::builder().status(StatusValues::InProgress).build();
        let doing = "list the changes of account assignments that AWS is working on";
        let requests = self.list(Paging::default(), doing, async |token, most| {
            let client = self.sso_admin.client();
            match change {
                Change::Create => {
                    let request = client.list_account_assignment_creation_status().instance_arn(instance_arn);
                    let request = request.filter(in_progress.clone()).max_results(most).set_next_token(token);
                    send_page!(request, RequestsPage, "ListAccountAssignmentCreationStatus", || doing.to_owned())
                }
                Change::Delete => {
                    let request = client.list_account_assignment_deletion_status().instance_arn(instance_arn);
                    let request = request.filter(in_progress.clone()).max_results(most).set_next_token(token);
                    send_page!(request, RequestsPage, "ListAccountAssignmentDeletionStatus", || doing.to_owned())
                }
            }
        });
        requests.await?.complete()
    }

    /// Requests what is pending, and asks what became of what was requested, until everything is settled or the patience
    /// ends. Says whether AWS refused a call to these credentials.
    pub(super) async fn change_assignments(
        &self,
        change: Change,
        mut steps: Vec<(&Principal, &mut AssignmentStep)>,
        patience: &Patience,
    ) -> bool {
        let mut denied = false;
        loop {
            denied |= self.round(change, &mut steps, patience).await;
            self.look_otherwise(change, &mut steps).await;
            let unfinished = steps.iter().any(|(_, step)| step.progress.outcome.is_unfinished());
            if !unfinished || !self.pause(patience).await {
                return denied;
            }
        }
    }

    /// Waits a little; not when the patience is over, or somebody wants this to end.
    async fn pause(&self, patience: &Patience) -> bool {
        let Some(pause) = patience.pause() else { return false };
        // That the time is over is no error here.
        let _ = tokio::time::timeout(pause, self.stop.requested()).await;
        !self.stop.is_requested()
    }

    async fn round(
        &self,
        change: Change,
        steps: &mut [(&Principal, &mut AssignmentStep)],
        patience: &Patience,
    ) -> bool {
        let under_way = steps.iter().filter(|(_, step)| step.progress.outcome == Outcome::InProgress).count();
        let mut free = if change == Change::Create { OUTSTANDING.saturating_sub(under_way) } else { usize::MAX };
        let mut work = Vec::new();
        for (place, (principal, step)) in steps.iter().enumerate() {
            match step.progress.outcome {
                Outcome::InProgress => work.push((place, *principal, (*step).clone())),
                Outcome::Pending if free > 0 => {
                    free -= 1;
                    work.push((place, *principal, (*step).clone()));
                }
                _ => {}
            }
        }
        let go_on = async |(_, principal, step): &(usize, &Principal, AssignmentStep)| {
            Ok(match &step.progress.request_id {
                _ if patience.is_over() => (step.progress.clone(), false),
                Some(request_id) => self.looked_after(change, step, request_id).await,
                None => self.requested(change, principal, step).await,
            })
        };
        let mut denied = false;
        for ((place, ..), done) in self.each(work, go_on).await {
            // What was not begun because of an interruption stays as it is.
            if let (Some((_, step)), Ok((progress, is_denied))) = (steps.get_mut(place), done) {
                step.progress = progress;
                denied |= is_denied;
            }
        }
        denied
    }

    /// Where it is not told what became of a request, the lists tell when it is done.
    async fn look_otherwise(&self, change: Change, steps: &mut [(&Principal, &mut AssignmentStep)]) {
        let untold =
            |step: &AssignmentStep| step.progress.outcome == Outcome::InProgress && step.progress.reason.is_some();
        let of = |(principal, _): &(&Principal, _)| (principal.id.clone(), principal.r#type);
        let principals: HashMap<String, PrincipalType> =
            steps.iter().filter(|(_, step)| untold(step)).map(of).collect();
        let list = async |(id, r#type): &(String, PrincipalType)| {
            self.assignments_of(*r#type, id, &format!("{} {id}", r#type.noun())).await
        };
        for ((id, _), listed) in self.each(principals, list).await {
            let Ok(listed) = listed else { continue };
            for (_, step) in steps.iter_mut().filter(|(principal, step)| principal.id == id && untold(step)) {
                let is_there = listed.iter().any(|row| row.principal_id == id && step.is_about(row));
                if is_there == (change == Change::Create) {
                    step.progress.now(change.done());
                }
            }
        }
    }

    /// Asks AWS to make the change. Says as well whether AWS refused that to these credentials.
    async fn requested(&self, change: Change, principal: &Principal, step: &AssignmentStep) -> (Progress, bool) {
        let mut progress = step.progress.clone();
        let answer = self.request(change, principal, step).await;
        let is_denied = answer.as_ref().is_err_and(Error::is_denied);
        match answer {
            Ok(status) => settle(&mut progress, change, status),
            // Something else is being done to the same assignment, or too much at once: it is tried again.
            Err(error) if error.is_conflict() || error.is_full() || matches!(error, Error::Interrupted) => {
                progress.outcome = Outcome::Pending;
                progress.reason = Some(error.to_string());
            }
            // sso-admin never says what it did not find.
            Err(error) if error.is_any_not_found() && change == Change::Delete => {
                // An earlier attempt may have removed it, which was not answered or met something else at work on it.
                let tried_before = error.lost_answer().is_some() || progress.reason.is_some();
                match gone(error, self.assigned(principal, step).await) {
                    Ok(()) if tried_before => progress.now(Outcome::GoneMeanwhile),
                    Ok(()) => progress.now(Outcome::GoneAlready),
                    Err(error) => progress.failed(&error),
                }
            }
            Err(error) if error.is_any_not_found() => {
                progress.now_because(Outcome::NoLongerExists, error.to_string());
            }
            Err(error) => progress.failed(&error),
        }
        (progress, is_denied)
    }

    /// That it is listed, or that it is not found.
    async fn assigned(&self, principal: &Principal, step: &AssignmentStep) -> Result<(), Error> {
        let (kind, id) = (principal.r#type, &principal.id);
        let listed = if principal.is_gone {
            self.assignments_at(&step.account_id, &step.permission_set_arn).await?
        } else {
            self.assignments_of(kind, id, &format!("{} {id}", kind.noun())).await?
        };
        let is_there = listed.iter().any(|row| row.principal_id == *id && step.is_about(row));
        if is_there { Ok(()) } else { Err(self.not_found(&format!("the assignment of {} {id}", kind.noun()), "")) }
    }

    async fn request(
        &self,
        change: Change,
        principal: &Principal,
        step: &AssignmentStep,
    ) -> Result<RequestStatus, Error> {
        let (client, instance_arn) = (self.sso_admin.client(), self.instance_arn().await?);
        let (account, set, r#type) = (&step.account_id, &step.permission_set_arn, principal_type(principal.r#type));
        let doing = |verb: &str| format!("{verb} permission set {} in account {account}", step.shown());
        let answer: Answer = match change {
            Change::Delete => {
                let request = client.delete_account_assignment().instance_arn(instance_arn);
                let request = request.target_type(TargetType::AwsAccount).target_id(account).permission_set_arn(set);
                let request = request.principal_type(r#type).principal_id(&principal.id);
                send!(request, "DeleteAccountAssignment", || doing("take away"))?
            }
            Change::Create => {
                let request = client.create_account_assignment().instance_arn(instance_arn);
                let request = request.target_type(TargetType::AwsAccount).target_id(account).permission_set_arn(set);
                let request = request.principal_type(r#type).principal_id(&principal.id);
                send!(request, "CreateAccountAssignment", || doing("give"))?
            }
        };
        Ok(answer.status)
    }

    /// Asks what became of a request. Not to be told leaves it as it is: what is there is read back in the end.
    async fn looked_after(&self, change: Change, step: &AssignmentStep, request_id: &str) -> (Progress, bool) {
        let mut progress = step.progress.clone();
        let answer = self.status(change, request_id).await;
        let is_denied = answer.as_ref().is_err_and(Error::is_denied);
        match answer {
            Ok(status) => settle(&mut progress, change, status),
            Err(error) => progress.reason = Some(error.to_string()),
        }
        (progress, is_denied)
    }

    async fn status(&self, change: Change, request_id: &str) -> Result<RequestStatus, Error> {
        let (client, instance_arn) = (self.sso_admin.client(), self.instance_arn().await?);
        let doing = || format!("ask what became of request {request_id}");
        let answer: Answer = match change {
            Change::Delete => {
                let request = client.describe_account_assignment_deletion_status().instance_arn(instance_arn);
                let request = request.account_assignment_deletion_request_id(request_id);
                send!(request, "DescribeAccountAssignmentDeletionStatus", doing)?
            }
            Change::Create => {
                let request = client.describe_account_assignment_creation_status().instance_arn(instance_arn);
                let request = request.account_assignment_creation_request_id(request_id);
                send!(request, "DescribeAccountAssignmentCreationStatus", doing)?
            }
        };
        Ok(answer.status)
    }
}

/// AWS works on a request and does not say whose it is.
fn untold() -> Error {
    Error::Setup("AWS does not say which assignment one of its requests is about.".to_owned())
}

fn settle(progress: &mut Progress, change: Change, status: RequestStatus) {
    match (status.status.as_deref(), status.request_id.or(progress.request_id.take())) {
        (Some("SUCCEEDED"), _) => progress.now(change.done()),
        (Some("FAILED"), _) => {
            let reason = status.failure_reason.unwrap_or_else(|| "without a reason".to_owned());
            progress.now_because(Outcome::Failed, format!("AWS took the request, and then failed: {reason}"));
        }
        (_, Some(request_id)) => progress.requested(request_id),
        (_, None) => {
            let reason = "AWS did not say by which request id the change can be followed.".to_owned();
            progress.now_because(Outcome::Failed, reason);
        }
    }
}
