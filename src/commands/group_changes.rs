//! Changes to groups.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::user_changes::nothing_to_update;
use super::{Command, shown};
use crate::directory::{Directory, GroupChanges, Paging};
use crate::values::choice::{DisplayedGroup, GroupChoice};
use crate::values::error::Error;
use crate::values::kinds::Revision;
use crate::values::markdown::Table;
use crate::values::model::Group;
use crate::values::output::{Items, Stored};
use crate::values::report::Report;
use crate::values::revision;

/// Creates a new group.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreateGroup {
    /// The name of the group to create.
    display_name: String,
    /// What the group is for.
    description: Option<String>,
}

impl Command for CreateGroup {
    const NAME: &'static str = "aws-iam-identitycenter-create-group";
    const CALLS: &'static [&'static str] = &["CreateGroup", "GetGroupId", "DescribeGroup"];
    type Output = Stored<Group>;

    async fn run(self, directory: &Directory) -> Result<Report<Self::Output>, Error> {
        let title = format!("Group {} was created", self.display_name);
        let new = Group { display_name: Some(self.display_name), description: self.description, ..Group::default() };
        let group = directory.create_group(new).await?;
        let table = Table::of(title, &shown::GROUP, [&group]);
        let group = Items::one(group);
        Ok(Report::new(table, group.clone(), Stored(group)))
    }
}

/// Changes the description or the name of a group. What is not given stays as it is.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UpdateGroup {
    group: DisplayedGroup,
    /// What the group is for.
    description: Option<String>,
    /// The new name of the group.
    new_display_name: Option<String>,
    /// The Revision of the group that was looked at: if it is another one by now, nothing is changed.
    revision: Option<Revision>,
    /// Whether to change nothing, and to say what would be changed.
    dry_run: bool,
}

impl Command for UpdateGroup {
    const NAME: &'static str = "aws-iam-identitycenter-update-group";
    const CALLS: &'static [&'static str] = &["GetGroupId", "DescribeGroup", "ListGroups", "UpdateGroup"];
    type Output = ();

    async fn run(self, directory: &Directory) -> Result<Report<()>, Error> {
        let DisplayedGroup(choice) = self.group;
        let changes = GroupChanges { display_name: self.new_display_name, description: self.description };
        if changes.display_name.is_none() && changes.description.is_none() {
            return Err(nothing_to_update("description or newDisplayName"));
        }
        let group = directory.changeable_group(&choice).await?;
        let updated = directory.update_group(&group, &changes, self.revision.as_deref(), self.dry_run).await?;
        let what = format!("Group {}", group.shown());
        let set = Group {
            group_id: group.id.clone(),
            display_name: changes.display_name,
            description: changes.description,
            revision: updated.revision,
            ..Group::default()
        };
        let columns = [
            ("DisplayName", (|group| group.display_name.clone()) as fn(&Group) -> Option<String>),
            ("Description", |group| group.description.clone()),
        ];
        let would = if self.dry_run { "would be" } else { "was" };
        let table = Table::of(format!("{what} {would} updated"), &columns, [&set]);
        Ok(Report::new(table, set, ()))
    }
}

/// Deletes a group, and with it all its memberships. Its account assignments stay behind in AWS: remove them before.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeleteGroup {
    group: GroupChoice,
    /// The Revision of the group that was looked at: if it is another one by now, nothing is deleted.
    revision: Option<Revision>,
    /// Whether to delete nothing, and to list what would be deleted.
    dry_run: bool,
}

impl Command for DeleteGroup {
    const NAME: &'static str = "aws-iam-identitycenter-delete-group";
    const CALLS: &'static [&'static str] = &[
        "GetGroupId",
        "DescribeGroup",
        "ListGroups",
        "ListGroupMemberships",
        "ListUsers",
        "DescribeUser",
        "GetUserId",
        "DeleteGroup",
    ];
    const HARMFUL: bool = true;
    type Output = ();

    async fn run(self, directory: &Directory) -> Result<Report<()>, Error> {
        let group = directory.deletable_group(&self.group).await?;
        if !self.dry_run {
            directory.delete_group(&group, self.revision.as_deref()).await?;
            let contents = json!({ "GroupId": group.id, "DisplayName": group.name });
            return Ok(Report::new(format!("Group {} was deleted.", group.shown()), contents, ()));
        }
        let there = directory.get_group(&GroupChoice::Id(group.to_id())).await?;
        revision::check(&self.group.to_string(), there.revision.as_deref(), self.revision.as_deref())?;
        let members = directory.members_of(group.to_found(), &self.group.to_string(), Paging::default()).await?;
        let memberships = members.listing.complete()?;
        let names = directory.member_names(&memberships).await;
        let rows: Vec<_> = memberships.iter().map(|membership| shown::member_row(membership, &names)).collect();
        let name = there.display_name.clone().unwrap_or(there.group_id.clone());
        let title = format!("Group {name} would be deleted, and its {} memberships end", rows.len());
        let table = Table::first_of(title, &shown::MEMBER, &rows, "Contents");
        let contents =
            json!({ "GroupId": there.group_id, "DisplayName": there.display_name, "GroupMemberships": rows });
        Ok(Report::new(table, contents, ()))
    }
}
