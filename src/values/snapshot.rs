//! What restore-user gives back: containments, wherever they are in what was pasted.

use serde_json::Value;

use super::arguments::{ArgumentError, Problem, shortened};
use super::error::Error;
use super::model::DateTime;
use super::output::{Containment, Outcome, Progress, Restoration, Status};

/// All containments in a value: the object of the context, a list of them, or whole answers of contain-user.
pub(crate) fn containments(value: &Value) -> Result<Vec<Containment>, ArgumentError> {
    let mut found = Vec::new();
    collect(value, &mut found)?;
    if found.is_empty() {
        return Err(wrong(
            "holds no containment: it must be Containment of the context, or an answer of contain-user".to_owned(),
        ));
    }
    Ok(found)
}

fn wrong(rule: String) -> ArgumentError {
    ArgumentError::from(Problem::Custom(rule)).at("snapshot")
}

fn collect(value: &Value, found: &mut Vec<Containment>) -> Result<(), ArgumentError> {
    match value {
        Value::Array(items) => items.iter().try_for_each(|item| collect(item, found)),
        Value::Object(members) if ["UserId", "TakenAt", "Scope"].iter().all(|name| members.contains_key(*name)) => {
            let containment: Containment = serde_json::from_value(value.clone()).map_err(|error| {
                wrong(format!("holds a containment that is damaged: {}", shortened(&error.to_string())))
            })?;
            // An answer has it twice: in its contents and in its context.
            if !found.contains(&containment) {
                found.push(containment);
            }
            Ok(())
        }
        Value::Object(members) => members.values().try_for_each(|member| collect(member, found)),
        _ => Ok(()),
    }
}

/// What these containments took from a user, each group and each assignment once.
pub(crate) fn taken(
    containments: Vec<Containment>,
    user_id: &str,
    shown: &str,
    identity_store_id: &str,
) -> Result<Restoration, Error> {
    let (own, others): (Vec<_>, Vec<_>) = containments
        .into_iter()
        .partition(|containment| containment.user_id == user_id && containment.identity_store_id == identity_store_id);
    if own.is_empty() {
        let of: Vec<_> = others.iter().map(whose).collect();
        return Err(Error::Setup(format!(
            "The snapshot is not of user {shown} ({user_id} in identity store {identity_store_id}), but of {}. Nothing \
             was changed. Who was deleted and made again is another user to AWS.",
            of.join(", ")
        )));
    }
    if own.iter().all(|containment| containment.status == Status::DryRun) {
        return Err(Error::Setup(format!(
            "The snapshot of user {shown} is of a dry run, which took nothing. There is nothing to give back."
        )));
    }
    let mut restoration = Restoration {
        user_id: user_id.to_owned(),
        user_name: own.iter().find_map(|containment| containment.user_name.clone()),
        begun_at: DateTime::now(),
        status: Status::InProgress,
        group_memberships: Vec::new(),
        account_assignments: Vec::new(),
    };
    for containment in own {
        for mut step in containment.group_memberships {
            let groups = &mut restoration.group_memberships;
            if step.progress.outcome.is_taken() && !groups.iter().any(|known| known.group_id == step.group_id) {
                step.progress = Progress::of(Outcome::Pending);
                step.membership_id = None;
                groups.push(step);
            }
        }
        for mut step in containment.account_assignments {
            let assignments = &mut restoration.account_assignments;
            if step.progress.outcome.is_taken() && !assignments.iter().any(|known| known.is_same(&step)) {
                step.progress = Progress::of(Outcome::Pending);
                assignments.push(step);
            }
        }
    }
    Ok(restoration)
}

/// A restoration that an earlier round began. Of what that says only what became of the steps counts: what is given back
/// is what was taken.
pub(crate) fn resumed(mut taken: Restoration, begun: Restoration) -> Result<Restoration, Error> {
    if begun.user_id != taken.user_id {
        return Err(Error::Setup(format!(
            "The progress is that of user {}, and not of user {}. Nothing was changed.",
            begun.user_id, taken.user_id
        )));
    }
    taken.begun_at = begun.begun_at;
    for step in &mut taken.group_memberships {
        if let Some(known) = begun.group_memberships.iter().find(|known| known.group_id == step.group_id) {
            step.clone_from(known);
        }
    }
    for step in &mut taken.account_assignments {
        if let Some(known) = begun.account_assignments.iter().find(|known| known.is_same(step)) {
            step.clone_from(known);
        }
    }
    Ok(taken)
}

fn whose(containment: &Containment) -> String {
    let Containment { user_name, user_id, identity_store_id, .. } = containment;
    format!("user {} ({user_id} in {identity_store_id})", user_name.as_deref().unwrap_or(user_id))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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

    fn taken_of(containments: &[Value], user: &str) -> Result<Restoration, String> {
        let found = containments.iter().map(|one| serde_json::from_value(one.clone()).unwrap()).collect();
        taken(found, user, "alice", STORE).map_err(|error| error.to_string())
    }

    fn shown(restoration: &Restoration) -> (Vec<&str>, Vec<(&str, &str)>) {
        let groups = restoration.group_memberships.iter().map(|step| step.group_id.as_str());
        let assignments = &restoration.account_assignments;
        let assignments = assignments.iter().map(|step| (step.account_id.as_str(), step.permission_set_arn.as_str()));
        (groups.collect(), assignments.collect())
    }

    #[test]
    fn a_containment_is_found_once_wherever_it_is() {
        let one = containment("u", "done", &[group("g", "removed")], &[]);
        let other = containment("v", "done", &[], &[]);
        let count = |value: Value| containments(&value).map(|found| found.len());
        assert_eq!(count(one.clone()), Ok(1));
        assert_eq!(count(json!([{"Contents": one, "EntryContext": {"path": one}}, 5, "text", null])), Ok(1));
        assert_eq!(count(json!({"deep": [[one], {"other": other}]})), Ok(2));
        for nothing in [json!(null), json!([]), json!({"UserId": "u", "Scope": "both"})] {
            assert!(count(nothing).unwrap_err().to_string().contains("holds no containment"));
        }
        let mut damaged = one;
        damaged["Status"] = json!("nonsense");
        assert!(count(damaged).unwrap_err().to_string().contains("damaged"));
    }

    #[test]
    fn what_was_taken_is_given_back_once_and_what_was_not_is_not() {
        let first = containment(
            "u",
            "incomplete",
            &[group("a", "removed"), group("b", "failed"), group("c", "kept")],
            &[assignment("1", "x", "removed"), assignment("1", "y", "failed"), assignment("2", "x", "in progress")],
        );
        let second = containment(
            "u",
            "done",
            &[group("a", "removed"), group("d", "removed")],
            &[assignment("1", "x", "removed")],
        );
        let restoration =
            taken_of(&[first, second, containment("v", "done", &[group("z", "removed")], &[])], "u").unwrap();
        assert_eq!(restoration.user_name.as_deref(), Some("name of u"));
        assert_eq!(shown(&restoration), (vec!["a", "d"], vec![("1", "x"), ("2", "x")]));
        assert!(restoration.progresses().all(|progress| progress.outcome == Outcome::Pending));
        assert!(restoration.group_memberships.iter().all(|step| step.membership_id.is_none()));
    }

    #[test]
    fn a_snapshot_of_somebody_else_or_of_a_dry_run_gives_nothing() {
        let others = taken_of(&[containment("v", "done", &[], &[])], "u").unwrap_err();
        assert!(
            others.contains("not of user alice (u in") && others.contains("of user name of v (v in d-"),
            "{others}"
        );
        let nameless =
            json!({"UserId": "w", "IdentityStoreId": STORE, "TakenAt": "x", "Scope": "both", "Status": "done"});
        assert!(taken_of(&[nameless], "u").unwrap_err().contains("user w (w in"));
        let mut elsewhere = containment("u", "done", &[], &[]);
        elsewhere["IdentityStoreId"] = json!("d-0000000000");
        assert!(taken_of(&[elsewhere], "u").is_err());
        let dry = containment("u", "dry run", &[group("a", "would be removed")], &[]);
        assert!(taken_of(std::slice::from_ref(&dry), "u").unwrap_err().contains("dry run"));
        assert!(taken_of(&[dry, containment("u", "done", &[], &[])], "u").is_ok());
    }

    #[test]
    fn a_round_goes_on_with_what_became_of_each_step() {
        let of = |user: &str| {
            let groups = [group("a", "removed"), group("b", "removed")];
            let assignments = [assignment("1", "x", "removed"), assignment("2", "x", "removed")];
            taken_of(&[containment(user, "done", &groups, &assignments)], user).unwrap()
        };
        let mut begun = of("u");
        begun.begun_at = DateTime::now();
        begun.group_memberships[1].progress = Progress::of(Outcome::Added);
        begun.account_assignments[1].progress = Progress::of(Outcome::InProgress);
        begun.group_memberships[0].group_id = "what was never taken".to_owned();
        let resumed_round = resumed(of("u"), begun.clone()).unwrap();
        let outcomes: Vec<_> = resumed_round.progresses().map(|progress| progress.outcome).collect();
        assert_eq!(outcomes, [Outcome::Pending, Outcome::Added, Outcome::Pending, Outcome::InProgress]);
        assert_eq!(shown(&resumed_round).0, ["a", "b"]);
        assert_eq!(resumed_round.begun_at, begun.begun_at);
        let refused = resumed(of("v"), begun).unwrap_err().to_string();
        assert!(refused.contains("of user u, and not of user v"), "{refused}");
    }
}
