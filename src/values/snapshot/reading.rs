//! Containments, at any depth of what was pasted, and as loosely written as XSOAR's context may hold them.

use std::collections::HashSet;

use serde_json::{Map, Number, Value};

use crate::values::arguments::{ArgumentError, Problem, shortened};
use crate::values::output::Containment;

/// Returns each containment in a value once: the object of the context, a list of them, or whole answers of
/// contain-user.
pub(crate) fn containments(value: &Value) -> Result<Vec<Containment>, ArgumentError> {
    let mut found = Found { containments: Vec::new(), known: HashSet::new() };
    found.collect(value)?;
    if found.containments.is_empty() {
        return Err(wrong(
            "holds no containment: it must be Containment of the context, or an answer of contain-user".to_owned(),
        ));
    }
    Ok(found.containments)
}

struct Found {
    containments: Vec<Containment>,
    /// An answer has a containment twice: in its contents and in its context.
    known: HashSet<String>,
}

impl Found {
    fn collect(&mut self, value: &Value) -> Result<(), ArgumentError> {
        match value {
            Value::Array(items) => items.iter().try_for_each(|item| self.collect(item)),
            Value::Object(members) if ["UserId", "TakenAt", "Scope"].iter().all(|name| members.contains_key(*name)) => {
                let damaged = |error: serde_json::Error| {
                    wrong(format!("holds a containment that is damaged: {}", shortened(&error.to_string())))
                };
                let containment: Containment = serde_json::from_value(text_members(members).into()).map_err(damaged)?;
                if self.known.insert(serde_json::to_string(&containment).map_err(damaged)?) {
                    self.containments.push(containment);
                }
                Ok(())
            }
            Value::Object(members) => {
                // What the next round goes on from is no snapshot.
                let others = members.iter().filter(|(name, _)| *name != "PollingArgs");
                others.map(|(_, member)| member).try_for_each(|member| self.collect(member))
            }
            _ => Ok(()),
        }
    }
}

fn wrong(rule: String) -> ArgumentError {
    ArgumentError::from(Problem::Custom(rule)).at("snapshot")
}

/// The same members, all of them texts that a containment has as texts. A list of one may have become what is in it.
fn text_members(members: &Map<String, Value>) -> Map<String, Value> {
    let members = members.iter().filter(|(_, value)| !value.is_null());
    members.map(|(name, value)| (name.clone(), text_member(name, value))).collect()
}

fn text_member(name: &str, value: &Value) -> Value {
    match (name, value) {
        ("GroupMemberships" | "AccountAssignments", Value::Array(steps)) => steps.iter().map(text_step).collect(),
        ("GroupMemberships" | "AccountAssignments", Value::Object(_)) => Value::Array(vec![text_step(value)]),
        ("UserDeletion", Value::Object(_)) => text_step(value),
        ("TakenAt" | "Time", Value::Number(_)) => value.clone(),
        // What makes a number of an account loses the zeros that it begins with.
        ("AccountId", Value::Number(number)) => format!("{:0>12}", digits(number)).into(),
        (_, Value::Number(number)) => digits(number).into(),
        (_, Value::Bool(flag)) => flag.to_string().into(),
        _ => value.clone(),
    }
}

fn text_step(value: &Value) -> Value {
    value.as_object().map_or_else(|| value.clone(), |members| text_members(members).into())
}

/// A number as it was before a script made it a floating point number.
fn digits(number: &Number) -> String {
    match number.as_f64() {
        Some(float) if number.is_f64() && float.fract() == 0.0 => format!("{float:.0}"),
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn containment(user: &str) -> Value {
        json!({
            "UserId": user, "IdentityStoreId": "d-9067f2a1b3", "TakenAt": "2026-01-01T00:00:00Z", "Scope": "both",
            "Status": "done", "GroupMemberships": [{"GroupId": "g", "Outcome": "removed"}],
            "AccountAssignments": [{"AccountId": "012345678901", "PermissionSetArn": "p", "Outcome": "removed"}],
        })
    }

    #[test]
    fn a_containment_is_found_once_wherever_it_is() {
        let (one, other) = (containment("u"), containment("v"));
        let count = |value: Value| containments(&value).map(|found| found.len());
        assert_eq!(count(one.clone()), Ok(1));
        assert_eq!(count(json!([{"Contents": one, "EntryContext": {"path": one}}, 5, "text", null])), Ok(1));
        assert_eq!(count(json!({"deep": [[one], {"other": other}]})), Ok(2));
        assert_eq!(count(json!([{"Contents": one, "PollingArgs": {"progress": other}}])), Ok(1));
        for nothing in [json!(null), json!([]), json!({"UserId": "u", "Scope": "both"})] {
            assert!(count(nothing).unwrap_err().to_string().contains("holds no containment"));
        }
        let mut damaged = one;
        damaged["Status"] = json!("nonsense");
        assert!(count(damaged).unwrap_err().to_string().contains("damaged"));
    }

    #[test]
    fn what_was_written_loosely_is_the_same_containment() {
        let strict = containments(&containment("5")).unwrap();
        let mut loose = containment("5");
        loose["UserId"] = json!(5);
        loose["NotSeen"] = json!(null);
        loose["GroupMemberships"] = json!({"GroupId": "g", "Outcome": "removed", "GroupName": null});
        for account in [json!(12_345_678_901_u64), json!(12_345_678_901.0)] {
            loose["AccountAssignments"][0]["AccountId"] = account;
            assert_eq!(containments(&loose).unwrap(), strict);
        }
    }
}
