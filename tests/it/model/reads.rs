//! Whether what an answer shows is what the sandbox's file holds.

use std::collections::BTreeSet;

use serde_json::Value;

use super::facts::list;
use super::predict::Before;
use super::step::{ADDRESSES, Action};

/// What a table for people, or AWS, adds to a record of the file.
const ADDED: [&str; 6] = ["Email", "GroupName", "GroupArn", "IdentityStoreId", "MembershipArn", "UserArn"];

/// The answer to a command that only looks, or that made something: what it puts into the context is what is there.
/// `whole` says that nothing went wrong, so that nothing may be missing.
pub fn check(action: &Action, before: &Before<'_>, entries: &[Value], whole: bool) -> Result<(), String> {
    let Some(entry) = entries.iter().find(|entry| entry["Type"] == 1) else { return Ok(()) };
    let state = before.state;
    let failed = entries.iter().any(|entry| entry["Type"] == 4);
    let users = list(state, "users")?;
    let groups = list(state, "groups")?;
    match action {
        Action::CreateUser { .. } => {
            let shown = context(entry, "Users(val.UserId")?;
            let record = find(users, "UserId", &shown["UserId"])?;
            let brief = context(entry, "AWS.IAMIdentityCenter.Users(val.UserId")?;
            if brief["UserName"] != record["UserName"] || brief["UserId"] != record["UserId"] {
                return Err(format!("{brief} is not {record}"));
            }
            agrees(shown, record, false)
        }
        Action::CreateGroup { .. } => {
            let shown = context(entry, "Groups(val.GroupId")?;
            agrees(shown, find(groups, "GroupId", &shown["GroupId"])?, false)
        }
        Action::UpdateUser { .. } if !action.is_dry() => {
            let record = find(users, "UserId", &entry["Contents"]["UserId"])?;
            same(&entry["Contents"]["Revision"], &record["Revision"])
        }
        Action::GetUser { user } => {
            let shown = context(entry, "Users(val.UserId")?;
            let target = before.user(*user).1;
            agrees(shown, find(users, "UserName", &target.name().into())?, true)
        }
        Action::GetUserByEmail { address } => {
            let names = before.with_email(ADDRESSES[*address]);
            let shown = items(context(entry, "Users(val.UserId")?);
            all(&shown, users, "UserId")?;
            let found: BTreeSet<_> = shown.iter().filter_map(|user| user["UserName"].as_str()).collect();
            same(&found, &names.iter().map(String::as_str).collect())
        }
        Action::GetGroup { group } => {
            let shown = context(entry, "Groups(val.GroupId")?;
            let target = before.group(*group).1;
            same(&shown["GroupName"], &Value::from(target.name()))?;
            agrees(shown, find(groups, "DisplayName", &target.name().into())?, true)
        }
        Action::ListUsers { limit } => {
            let shown = items(context(entry, "Users(val.UserId")?);
            all(&shown, users, "UserId")?;
            counted(shown.len(), users.len(), *limit, failed, entry)
        }
        Action::ListGroups { limit } => {
            let shown = items(context(entry, "Groups(val.GroupId")?);
            all(&shown, groups, "GroupId")?;
            counted(shown.len(), groups.len(), *limit, failed, entry)
        }
        Action::GroupsOf { user, limit } => {
            let target = before.user(*user).1;
            let shown = context(entry, "Users(val.UserId")?;
            same(&shown["UserId"], &find(users, "UserName", &target.name().into())?["UserId"])?;
            let rows = items(&shown["GroupMemeberships"]);
            let there = before.facts.groups_of(target.name()).collect();
            memberships(&rows, "GroupName", &there, whole)?;
            counted(rows.len(), there.len(), *limit, failed, entry)
        }
        Action::MembersOf { group, limit } => {
            let target = before.group(*group).1;
            let shown = context(entry, "Groups(val.GroupId")?;
            same(&shown["GroupId"], &find(groups, "DisplayName", &target.name().into())?["GroupId"])?;
            let rows = items(&shown["GroupMemberships"]);
            let there = before.facts.members_of(target.name()).collect();
            memberships(&rows, "UserName", &there, whole)?;
            counted(rows.len(), there.len(), *limit, failed, entry)
        }
        Action::Check { user, .. } => {
            let target = before.user(*user).1;
            let rows = items(&context(entry, "Users(val.UserId")?["GroupMemeberships"]);
            for row in rows {
                let group = find(groups, "GroupId", &row["GroupId"])?["DisplayName"].as_str().unwrap_or_default();
                same(&row["IsMember"], &Value::from(before.facts.is_member(target.name(), group)))?;
            }
            Ok(())
        }
        Action::AccessOfUser { user } => {
            let target = before.user(*user).1;
            let mut principals: Vec<_> =
                before.facts.groups_of(target.name()).map(|(group, _)| before.facts.groups[group].id.clone()).collect();
            principals.push(before.facts.users[target.name()].id.clone());
            access(entry, state, &principals, failed)
        }
        Action::AccessOfGroup { group } => {
            let target = before.group(*group).1;
            access(entry, state, &[before.facts.groups[target.name()].id.clone()], failed)
        }
        _ => Ok(()),
    }
}

fn context<'e>(entry: &'e Value, path: &str) -> Result<&'e Value, String> {
    let context = entry["EntryContext"].as_object().into_iter().flatten();
    let full = if path.starts_with("AWS.") { path.to_owned() } else { format!("AWS.IAM.IdentityCenter.{path}") };
    let found = context.into_iter().find(|(key, _)| key.starts_with(&full));
    found.map(|(_, value)| value).ok_or_else(|| format!("nothing is stored at {full}"))
}

fn items(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |items| items.iter().collect())
}

fn find<'r>(records: &'r [Value], member: &str, wanted: &Value) -> Result<&'r Value, String> {
    let found = records.iter().find(|record| record[member] == *wanted);
    found.ok_or_else(|| format!("there is no {member} {wanted}, and it is shown"))
}

/// What is shown of a record is what the record says; all of it, if it is shown in full.
fn agrees(shown: &Value, record: &Value, in_full: bool) -> Result<(), String> {
    let members = shown.as_object().ok_or_else(|| format!("{shown} is no object"))?;
    let differs = members.iter().find(|(name, value)| !ADDED.contains(&name.as_str()) && record[*name] != **value);
    let missing = record.as_object().into_iter().flatten().find(|(name, _)| in_full && !members.contains_key(*name));
    match differs.or(missing) {
        Some((name, _)) => Err(format!("{name} differs: it shows {shown}, and there is {record}")),
        None => Ok(()),
    }
}

fn all(shown: &[&Value], records: &[Value], id: &str) -> Result<(), String> {
    shown.iter().try_for_each(|shown| agrees(shown, find(records, id, &shown[id])?, true))?;
    if distinct(shown, id) == shown.len() { Ok(()) } else { Err("something is shown twice".to_owned()) }
}

fn distinct(rows: &[&Value], id: &str) -> usize {
    rows.iter().filter_map(|row| row[id].as_str()).collect::<BTreeSet<_>>().len()
}

/// Each is one of those there are, and shown once. A name may be missing where something went wrong.
fn memberships(rows: &[&Value], name: &str, there: &BTreeSet<(&str, &str)>, whole: bool) -> Result<(), String> {
    for row in rows {
        let id = row["MembershipId"].as_str().unwrap_or_default();
        let is_named = |known: &str| row[name].as_str().map_or(!whole, |shown| shown == known);
        if !there.iter().any(|(known, of)| *of == id && is_named(known)) {
            return Err(format!("{row} is not there"));
        }
    }
    if distinct(rows, "MembershipId") == rows.len() { Ok(()) } else { Err("something is shown twice".to_owned()) }
}

/// As many as there are, or as the limit says, unless the list broke off; and a token if there are more.
fn counted(shown: usize, there: usize, limit: Option<usize>, failed: bool, entry: &Value) -> Result<(), String> {
    let wanted = limit.map_or(there, |limit| limit.min(there));
    if !(shown == wanted || failed && shown < wanted) {
        return Err(format!("{shown} are shown, and there are {there}, of which {wanted} are wanted"));
    }
    let tokens = &entry["EntryContext"]["AWS.IAM.IdentityCenter(true)"];
    let token = tokens.as_object().and_then(|tokens| tokens.values().next()).and_then(Value::as_str);
    match token {
        Some("") if shown < there => Err("the list is said to be finished, and is not".to_owned()),
        None => Err("there is no page token".to_owned()),
        _ => Ok(()),
    }
}

fn access(entry: &Value, state: &Value, principals: &[String], failed: bool) -> Result<(), String> {
    let key = |row: &Value, id: &Value| {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (text(&row["AccountId"]), text(&row["PermissionSetArn"]), text(id))
    };
    let there: BTreeSet<_> = list(state, "assignments")?
        .iter()
        .filter(|row| principals.iter().any(|id| row["PrincipalId"] == *id))
        .map(|row| key(row, &row["PrincipalId"]))
        .collect();
    let shown = items(&context(entry, "AWS.IAM.IdentityCenter(true)")?["Access"]);
    let own = principals.last().cloned().map_or(Value::Null, Value::from);
    let shown: BTreeSet<_> =
        shown.iter().map(|row| key(row, if row["GroupId"].is_string() { &row["GroupId"] } else { &own })).collect();
    if shown == there || failed && shown.is_subset(&there) {
        Ok(())
    } else {
        Err(format!("it shows {shown:?}, and there is {there:?}"))
    }
}

fn same<T: PartialEq + std::fmt::Debug>(shown: &T, there: &T) -> Result<(), String> {
    if shown == there { Ok(()) } else { Err(format!("it shows {shown:?}, and there is {there:?}")) }
}
