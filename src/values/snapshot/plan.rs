//! What restore-user gives back: what the snapshots of a user say was taken, of each snapshot that may be believed.

use std::collections::HashMap;
use std::hash::Hash;

use super::age;
use super::judged::{Checks, Judged, Whose, judged};
use super::keys::SnapshotKeys;
use crate::values::error::Error;
use crate::values::model::DateTime;
use crate::values::output::{Containment, Outcome, Progress, Restoration, Status};

/// What is to be given back. Nothing of it is shown to anybody by the name that a snapshot has for it.
pub(crate) struct Plan {
    pub(crate) restoration: Restoration,
    /// What the snapshots say of each of its groups, in their order.
    pub(crate) groups: Vec<Said>,
    /// What the snapshots say of each of its assignments, in their order.
    pub(crate) assignments: Vec<Said>,
}

/// What a snapshot says of a group or a permission set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    /// What the snapshots call it, each name once.
    names: Vec<String>,
    /// What became of it in the containment.
    outcome: Outcome,
}

impl Said {
    /// How much it says that the containment took it; 0 if it says that it did not come to that.
    fn weight(&self) -> u8 {
        match self.outcome {
            Outcome::Removed => 3,
            outcome if outcome.is_taken() => 2,
            Outcome::GoneAlready => 1,
            _ => 0,
        }
    }

    /// Where giving it back begins. What the containment did not take is not given.
    fn begin(&self) -> Progress {
        if self.outcome.is_taken() {
            return Progress::of(Outcome::Pending);
        }
        Progress { reason: self.mark().map(str::to_owned), ..Progress::of(Outcome::GoneAlready) }
    }

    /// What a person should know before it is given back.
    pub(crate) fn mark(&self) -> Option<&'static str> {
        match self.outcome {
            Outcome::Pending => Some("The containment had not removed it yet when the snapshot was taken."),
            Outcome::InProgress => Some("AWS was still removing it when the snapshot was taken."),
            Outcome::Unknown => Some("Whether the containment removed it is not known."),
            Outcome::GoneMeanwhile => {
                Some("It was gone before the containment ended. Whether the containment removed it is not known.")
            }
            Outcome::GoneAlready => {
                Some("It was gone already when the containment came to it, so it is not given back.")
            }
            _ => None,
        }
    }

    /// Fails if AWS has another name for it: then the snapshot means something else than what would be given.
    pub(crate) fn check(&self, what: &str, name: Option<&str>) -> Result<(), Error> {
        let Some(name) = name else { return Ok(()) };
        match self.names.iter().find(|said| *said != name) {
            Some(said) => Err(Error::Setup(format!(
                "AWS names this {what} \"{name}\", and the snapshot names it \"{said}\", so it is not given back. If AWS's \
                 name is right, put it into the snapshot, and run the dry run again."
            ))),
            None => Ok(()),
        }
    }
}

/// Plans to give back what the good ones of these snapshots took: each group and each assignment once. Fails if none is
/// good. Gives what was found of the snapshots as well.
pub(crate) fn plan(
    containments: Vec<Containment>,
    user: &Whose<'_>,
    keys: &SnapshotKeys,
    allow_unverified: bool,
) -> Result<(Plan, Checks), Error> {
    let Judged { used, checks } = judged(containments, user, keys, allow_unverified, age::now())?;
    let mut plan = Plan {
        restoration: Restoration {
            user_id: user.id.to_owned(),
            user_name: user.name.map(str::to_owned),
            begun_at: DateTime::now(),
            status: Status::InProgress,
            verified: checks.are_verified(),
            snapshots: checks.0.clone(),
            group_memberships: Vec::new(),
            account_assignments: Vec::new(),
        },
        groups: Vec::new(),
        assignments: Vec::new(),
    };
    plan.fill(used);
    Ok((plan, checks))
}

impl Plan {
    /// Takes over what these containments took.
    fn fill(&mut self, containments: Vec<Containment>) {
        let (mut groups, mut assignments) = (HashMap::new(), HashMap::new());
        let restoration = &mut self.restoration;
        for containment in containments {
            for mut step in containment.group_memberships {
                let said = Said { names: step.group_name.take().into_iter().collect(), outcome: step.progress.outcome };
                let key = step.group_id.clone();
                step.membership_id = None;
                merge(&mut groups, key, step, said, &mut restoration.group_memberships, &mut self.groups);
            }
            for mut step in containment.account_assignments {
                let said = Said {
                    names: step.permission_set_name.take().into_iter().collect(),
                    outcome: step.progress.outcome,
                };
                let key = (step.account_id.clone(), step.permission_set_arn.clone());
                merge(&mut assignments, key, step, said, &mut restoration.account_assignments, &mut self.assignments);
            }
        }
        for (step, said) in restoration.group_memberships.iter_mut().zip(&self.groups) {
            step.progress = said.begin();
        }
        for (step, said) in restoration.account_assignments.iter_mut().zip(&self.assignments) {
            step.progress = said.begin();
        }
    }
}

/// Adds a step, or what is said of it once more.
fn merge<K: Eq + Hash, S>(
    places: &mut HashMap<K, usize>,
    key: K,
    step: S,
    said: Said,
    steps: &mut Vec<S>,
    all_said: &mut Vec<Said>,
) {
    if said.weight() == 0 {
        return;
    }
    let Some(known) = places.get(&key).and_then(|place| all_said.get_mut(*place)) else {
        places.insert(key, steps.len());
        steps.push(step);
        all_said.push(said);
        return;
    };
    if said.weight() > known.weight() {
        known.outcome = said.outcome;
    }
    for name in said.names {
        if !known.names.contains(&name) {
            known.names.push(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::values::snapshot::containments;

    const STORE: &str = "d-9067f2a1b3";

    fn group(name: &str, outcome: &str) -> Value {
        json!({"GroupName": name, "GroupId": name, "MembershipId": "m", "Outcome": outcome})
    }

    fn assignment(account: &str, set: &str, outcome: &str) -> Value {
        json!({"AccountId": account, "PermissionSetArn": set, "Outcome": outcome})
    }

    fn containment(user: &str, status: &str, groups: &[Value], assignments: &[Value]) -> Value {
        json!({
            "UserId": user, "UserName": format!("name of {user}"), "IdentityStoreId": STORE,
            "TakenAt": "2026-01-01T00:00:00Z", "Scope": "both", "Status": status,
            "GroupMemberships": groups, "AccountAssignments": assignments,
        })
    }

    fn plan_of(snapshots: &[Value], user: &str) -> Result<Plan, String> {
        let whose = Whose { id: user, name: None, shown: "alice", identity_store_id: STORE };
        let found = containments(&json!(snapshots)).unwrap();
        let plan = plan(found, &whose, &SnapshotKeys::default(), true);
        plan.map(|(plan, _)| plan).map_err(|error| error.to_string())
    }

    /// Each group and each assignment that is planned, and where it begins.
    fn planned(plan: &Plan) -> Vec<(&str, Outcome)> {
        let groups = plan.restoration.group_memberships.iter();
        let groups = groups.map(|step| (step.group_id.as_str(), step.progress.outcome));
        let assignments = plan.restoration.account_assignments.iter();
        groups.chain(assignments.map(|step| (step.permission_set_arn.as_str(), step.progress.outcome))).collect()
    }

    #[test]
    fn what_was_taken_is_planned_once_and_what_was_not_is_not() {
        let taken: Vec<_> = ["pending", "in progress", "removed", "gone meanwhile", "unknown"]
            .into_iter()
            .map(|outcome| group(outcome, outcome))
            .collect();
        let not_taken: Vec<_> = ["failed", "kept", "found", "added", "was there already", "would be removed"]
            .into_iter()
            .map(|outcome| group(outcome, outcome))
            .collect();
        let assignments = [assignment("1", "x", "removed"), assignment("1", "y", "failed")];
        let first = containment("u", "done", &[taken.clone(), not_taken].concat(), &assignments);
        let second = containment("u", "done", &[group("removed", "removed"), group("d", "removed")], &assignments[..1]);
        let plan = plan_of(&[first, second, containment("v", "done", &[group("z", "removed")], &[])], "u").unwrap();
        let expected = ["pending", "in progress", "removed", "gone meanwhile", "unknown", "d", "x"];
        assert_eq!(planned(&plan), expected.map(|id| (id, Outcome::Pending)));
        assert_eq!((plan.groups.len(), plan.assignments.len()), (6, 1));
        assert!(plan.groups.iter().filter_map(Said::mark).count() == 4, "{:?}", plan.groups);
        assert!(plan.restoration.group_memberships.iter().all(|step| step.membership_id.is_none()));
    }

    #[test]
    fn what_was_gone_already_is_told_and_not_given_unless_another_snapshot_took_it() {
        let gone = containment("u", "done", &[group("a", "was gone already"), group("b", "was gone already")], &[]);
        let taken = containment("u", "done", &[group("b", "removed")], &[]);
        for snapshots in [[gone.clone(), taken.clone()], [taken, gone]] {
            let plan = plan_of(&snapshots, "u").unwrap();
            let mut planned = planned(&plan);
            planned.sort_unstable_by_key(|(id, _)| *id);
            assert_eq!(planned, [("a", Outcome::GoneAlready), ("b", Outcome::Pending)]);
            let steps = &plan.restoration.group_memberships;
            let reason = steps.iter().find_map(|step| step.progress.reason.as_deref());
            assert_eq!(reason, Some("It was gone already when the containment came to it, so it is not given back."));
        }
    }

    #[test]
    fn a_name_is_never_taken_from_a_snapshot_and_another_one_is_an_error() {
        let mut renamed = group("a", "removed");
        renamed["GroupName"] = json!("other");
        let snapshots = [group("a", "removed"), renamed].map(|step| containment("u", "done", &[step], &[]));
        let plan = plan_of(&snapshots, "u").unwrap();
        assert_eq!(plan.restoration.group_memberships[0].group_name, None);
        assert!(plan.groups[0].check("group", None).is_ok());
        let one = plan_of(&snapshots[..1], "u").unwrap();
        assert!(one.groups[0].check("group", Some("a")).is_ok());
        for (plan, name, said) in [(&one, "b", "a"), (&plan, "a", "other"), (&plan, "other", "a")] {
            let error = plan.groups[0].check("group", Some(name)).unwrap_err().to_string();
            assert!(
                error.starts_with(&format!("AWS names this group \"{name}\", and the snapshot names it \"{said}\""))
            );
        }
    }

    /// A containment of 40,000 groups; if each were held against all others, this would take minutes.
    #[test]
    fn a_large_snapshot_is_planned_in_one_pass() {
        let groups: Vec<_> = (0..40_000).map(|number| group(&number.to_string(), "removed")).collect();
        assert_eq!(plan_of(&[containment("u", "done", &groups, &[])], "u").unwrap().groups.len(), 40_000);
    }
}
