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
