//! How far an earlier round of restore-user came. It comes back from outside, so it only names the requests that the
//! round made: what became of them is AWS's to say, and what is given back is the snapshot's.

use std::collections::HashMap;

use serde::Deserialize;

use crate::values::error::Error;
use crate::values::model::DateTime;
use crate::values::output::AssignmentStep;

/// The requests of an earlier round. Outcomes are not read.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Followed {
    user_id: String,
    begun_at: DateTime,
    #[serde(default)]
    group_memberships: Vec<FollowedMembership>,
    #[serde(default)]
    account_assignments: Vec<FollowedAssignment>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct FollowedMembership {
    group_id: String,
    membership_id: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct FollowedAssignment {
    account_id: String,
    permission_set_arn: String,
    request_id: Option<String>,
}

/// The ids that AWS gave for what an earlier round asked it to give.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    memberships: HashMap<String, String>,
    assignments: HashMap<(String, String), String>,
}

impl Followed {
    /// Returns when the restoration began, and its requests. Fails if they are those of another user.
    pub(crate) fn of(self, user_id: &str) -> Result<(DateTime, Requests), Error> {
        if self.user_id != user_id {
            return Err(Error::Setup(format!(
                "The progress is that of user {}, and not of user {user_id}. Nothing was changed.",
                self.user_id
            )));
        }
        let memberships = self.group_memberships.into_iter();
        let assignments = self.account_assignments.into_iter();
        let requests = Requests {
            memberships: memberships.filter_map(|row| Some((row.group_id, row.membership_id?))).collect(),
            assignments: assignments
                .filter_map(|row| Some(((row.account_id, row.permission_set_arn), row.request_id?)))
                .collect(),
        };
        // The context has the restoration under this time, so it has to be one.
        let begun_at = if self.begun_at.nanoseconds().is_some() { self.begun_at } else { DateTime::now() };
        Ok((begun_at, requests))
    }
}

impl Requests {
    /// Whether an earlier round was told that this is the membership that it made.
    pub(crate) fn made(&self, group_id: &str, membership_id: &str) -> bool {
        self.memberships.get(group_id).is_some_and(|made| made == membership_id)
    }

    /// The request by which an earlier round asked for this assignment.
    pub(crate) fn of_assignment(&self, step: &AssignmentStep) -> Option<&str> {
        // The key borrows nothing: there are as many lookups as steps, and each is short.
        self.assignments.get(&(step.account_id.clone(), step.permission_set_arn.clone())).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::values::model::AccountAssignment;

    fn followed(more: &Value) -> Followed {
        let mut progress = json!({"UserId": "u", "BegunAt": "2026-11-24T02:00:00Z"});
        progress.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::from_value(progress).unwrap()
    }

    #[test]
    fn of_an_earlier_round_only_the_requests_count() {
        let (begun_at, requests) = followed(&json!({
            "GroupMemberships": [
                {"GroupId": "a", "MembershipId": "m", "Outcome": "added"}, {"GroupId": "b", "Outcome": "nonsense"},
            ],
            "AccountAssignments": [
                {"AccountId": "1", "PermissionSetArn": "x", "RequestId": "r", "Outcome": ["whatever"]},
                {"AccountId": "2", "PermissionSetArn": "x", "Outcome": "added"},
            ],
        }))
        .of("u")
        .unwrap();
        assert_eq!(begun_at.to_string(), "2026-11-24T02:00:00Z");
        assert!(requests.made("a", "m") && !requests.made("a", "n") && !requests.made("b", "m"));
        let step = |account: &str| -> AssignmentStep {
            let assignment = json!({
                "AccountId": account, "PermissionSetArn": "x", "PrincipalType": "USER", "PrincipalId": "u"
            });
            AssignmentStep::pending(&serde_json::from_value::<AccountAssignment>(assignment).unwrap())
        };
        assert_eq!((requests.of_assignment(&step("1")), requests.of_assignment(&step("2"))), (Some("r"), None));
    }

    #[test]
    fn progress_of_another_user_is_refused_and_a_time_that_is_none_is_now() {
        let refused = followed(&json!({})).of("v").unwrap_err().to_string();
        assert!(refused.contains("of user u, and not of user v"), "{refused}");
        let (begun_at, _) = followed(&json!({"BegunAt": "# yesterday"})).of("u").unwrap();
        assert!(begun_at.nanoseconds().is_some());
    }
}
