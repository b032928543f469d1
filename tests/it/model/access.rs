//! Who is in which group, and who may do what in which account, as a sandbox's file holds it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Who there is, and what everybody has.
#[derive(Debug, Clone, PartialEq)]
pub struct Access {
    /// The users' records, by their ids.
    pub users: BTreeMap<String, Value>,
    /// The groups' records, by their ids.
    pub groups: BTreeMap<String, Value>,
    pub rows: BTreeSet<Row>,
}

/// A group that a user is in, or a permission set in an account that a user or a group has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Row {
    Member { user: String, group: String },
    Assigned { principal: String, account: String, set: String },
}

impl Row {
    pub fn whose(&self) -> &str {
        match self {
            Self::Member { user, .. } => user,
            Self::Assigned { principal, .. } => principal,
        }
    }
}

impl Access {
    /// What a user has, or a group.
    pub fn of(&self, principal: &str) -> BTreeSet<Row> {
        self.rows.iter().filter(|row| row.whose() == principal).cloned().collect()
    }

    /// All but one user and what that one has.
    pub fn without(&self, user: &str) -> Self {
        let mut others = self.clone();
        others.users.remove(user);
        others.rows.retain(|row| row.whose() != user);
        others
    }

    /// What is assigned to whom there is not.
    pub fn orphaned(&self) -> BTreeSet<Row> {
        let exists = |id: &str| self.users.contains_key(id) || self.groups.contains_key(id);
        self.rows.iter().filter(|row| matches!(row, Row::Assigned { .. }) && !exists(row.whose())).cloned().collect()
    }
}

/// What a sandbox's file holds.
pub fn access(state: &Value) -> Result<Access, String> {
    let list = |name: &str| state[name].as_array().into_iter().flatten();
    let records = |name: &str, id: &str| list(name).map(|row| (text(&row[id]), row.clone())).collect();
    let members: Vec<Row> = list("memberships").map(|row| member(&text(&row["MemberId"]["UserId"]), row)).collect();
    let assigned: Vec<Row> = list("assignments").map(|row| assigned(&text(&row["PrincipalId"]), row)).collect();
    let count = members.len() + assigned.len();
    let rows: BTreeSet<Row> = members.into_iter().chain(assigned).collect();
    if rows.len() != count {
        return Err("something is there twice".to_owned());
    }
    Ok(Access { users: records("users", "UserId"), groups: records("groups", "GroupId"), rows })
}

/// The outcomes of a containment's or a restoration's steps.
pub fn steps(user: &str, told: &Value) -> Result<BTreeMap<Row, String>, String> {
    let list = |name: &str| told[name].as_array().cloned().unwrap_or_default();
    let groups = list("GroupMemberships").into_iter().map(|step| (member(user, &step), text(&step["Outcome"])));
    let sets = list("AccountAssignments").into_iter().map(|step| (assigned(user, &step), text(&step["Outcome"])));
    once(groups.chain(sets).collect(), told)
}

/// The outcomes of what was found to be orphaned.
pub fn orphan_steps(told: &Value) -> Result<BTreeMap<Row, String>, String> {
    let rows = told.as_array().cloned().unwrap_or_default();
    let steps = rows.iter().map(|step| (assigned(&text(&step["PrincipalId"]), step), text(&step["Outcome"])));
    once(steps.collect(), told)
}

fn once(all: Vec<(Row, String)>, told: &Value) -> Result<BTreeMap<Row, String>, String> {
    let count = all.len();
    let steps: BTreeMap<_, _> = all.into_iter().collect();
    if steps.len() == count { Ok(steps) } else { Err(format!("a step is told twice: {told}")) }
}

/// What a command put into the context under a path of this name.
pub fn told<'e>(entries: &'e [Value], name: &str) -> Option<&'e Value> {
    let context = entries.first()?["EntryContext"].as_object()?;
    context.iter().find(|(key, _)| key.split('(').next().is_some_and(|path| path.ends_with(name))).map(|(_, told)| told)
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn member(user: &str, row: &Value) -> Row {
    Row::Member { user: user.to_owned(), group: text(&row["GroupId"]) }
}

fn assigned(principal: &str, row: &Value) -> Row {
    Row::Assigned {
        principal: principal.to_owned(),
        account: text(&row["AccountId"]),
        set: text(&row["PermissionSetArn"]),
    }
}
