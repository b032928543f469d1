//! Access to AWS accounts.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Deserialize;

use super::Command;
use crate::directory::{Access, Directory};
use crate::values::choice::{GroupChoice, UserChoice};
use crate::values::error::Error;
use crate::values::markdown::{Column, Markdown, Table};
use crate::values::model::{AccountAssignment, PrincipalType};
use crate::values::output::{AccessList, AccessRow, Items, Stored, Via};
use crate::values::report::Report;

/// Lists every AWS account and permission set that a user can reach, directly or through a group.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct ListUserAccess {
    user: UserChoice,
}

const ACCESS: [Column<AccessRow>; 4] = [
    ("AccountId", |row| Some(row.account_id.clone())),
    ("PermissionSet", |row| row.permission_set_name.clone().or_else(|| Some(row.permission_set_arn.clone()))),
    ("Via", |row| {
        Some(match row.via {
            Via::Direct => "direct".to_owned(),
            Via::Group => {
                format!("group {}", row.group_name.as_deref().or(row.group_id.as_deref()).unwrap_or_default())
            }
        })
    }),
    ("GroupId", |row| row.group_id.clone()),
];

const UNSEEN: [Column<(String, String)>; 2] =
    [("Group", |(group, _)| Some(group.clone())), ("Reason", |(_, reason)| Some(reason.clone()))];

/// The rows of an answer. Who is asked about is no group of its own.
fn rows<P>(access: &Access<P>, user_id: Option<&str>) -> Vec<AccessRow> {
    let row = |way: &AccountAssignment| {
        let group_id = (way.principal_type == PrincipalType::Group).then(|| way.principal_id.clone());
        AccessRow {
            user_id: user_id.map(str::to_owned),
            account_id: way.account_id.clone(),
            permission_set_arn: way.permission_set_arn.clone(),
            permission_set_name: access.permission_sets.get(&way.permission_set_arn).cloned(),
            via: if group_id.is_some() { Via::Group } else { Via::Direct },
            group_name: group_id.as_deref().and_then(|id| access.groups.get(id)).map(str::to_owned),
            group_id,
        }
    };
    let mut rows: Vec<AccessRow> = access.ways.iter().map(row).collect();
    let key = |row: &AccessRow| (row.account_id.clone(), row.permission_set_name.clone(), row.group_name.clone());
    rows.sort_by_key(key);
    rows
}

/// The whole answer: `who` is a subject such as "User alice".
fn report<P>(who: &str, access: Access<P>, rows: Vec<AccessRow>) -> Report<Stored<AccessList>> {
    let accounts = rows.iter().map(|row| row.account_id.as_str()).collect::<BTreeSet<_>>().len();
    let human_readable = if rows.is_empty() && access.unseen.is_empty() {
        Markdown::from(format!("{who} has access to no AWS account."))
    } else {
        let title = format!("{who} has access to {accounts} AWS account{}", if accounts == 1 { "" } else { "s" });
        Table::first_of(title, &ACCESS, &rows, "context").into()
    };
    let denied = access.unseen.iter().map(|(_, error)| error).chain(&access.refused).any(Error::is_denied);
    let unseen: Vec<_> = access
        .unseen
        .into_iter()
        .map(|(id, error)| (access.groups.get(&id).map_or_else(|| id.clone(), str::to_owned), error.to_string()))
        .collect();
    if let Some(error) = access.refused {
        let groups = (!unseen.is_empty()).then(|| {
            let summary = format!("{who} is in {} groups. What these can reach could not be seen:", unseen.len());
            Table::of(summary, &[UNSEEN[0]], &unseen)
        });
        return Report::nothing_done().ended_by(Some(error)).fail(groups).denied(denied);
    }
    let failures = (!unseen.is_empty()).then(|| {
        let summary = format!("There may be more: what {} groups can reach could not be seen.", unseen.len());
        Table::of(summary, &UNSEEN, &unseen)
    });
    let nameless = access.nameless.or(access.groups.missing);
    let warning = nameless.map(|error| format!("Not everything is shown with its name. {error}"));
    let contents = rows.clone();
    let stored = Stored(Items::one(AccessList { access: rows }));
    Report::new(human_readable, contents, stored).warn(warning).fail(failures).denied(denied)
}

impl Command for ListUserAccess {
    const NAME: &'static str = "aws-iam-identitycenter-list-user-access";
    const CALLS: &'static [&'static str] = &[
        "GetUserId",
        "DescribeUser",
        "ListUsers",
        "ListGroupMembershipsForMember",
        "ListGroups",
        "DescribeGroup",
        "ListInstances",
        "ListAccountAssignmentsForPrincipal",
        "DescribePermissionSet",
    ];
    type Output = Stored<AccessList>;

    async fn run(self, directory: &Directory) -> Result<Report<Self::Output>, Error> {
        let user = directory.find_user(&self.user).await?;
        let access = directory.access_of_user(user, &self.user.to_string()).await?;
        let rows = rows(&access, Some(&access.principal.id));
        Ok(report(&format!("User {}", access.principal.shown()), access, rows))
    }
}

/// Lists every AWS account and permission set that the members of a group can reach through it.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct ListGroupAccess {
    group: GroupChoice,
}

impl Command for ListGroupAccess {
    const NAME: &'static str = "aws-iam-identitycenter-list-group-access";
    const CALLS: &'static [&'static str] = &[
        "GetGroupId",
        "DescribeGroup",
        "ListGroups",
        "ListInstances",
        "ListAccountAssignmentsForPrincipal",
        "DescribePermissionSet",
    ];
    type Output = Stored<AccessList>;

    async fn run(self, directory: &Directory) -> Result<Report<Self::Output>, Error> {
        let group = directory.find_group(&self.group).await?;
        let access = directory.access_of_group(group, &self.group.to_string()).await?;
        let rows = rows(&access, None);
        Ok(report(&format!("Group {}", access.principal.shown()), access, rows))
    }
}
