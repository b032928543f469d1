//! Changes to users.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Command, shown};
use crate::directory::{Directory, Paging, Updated};
use crate::values::arguments::{ArgumentError, Problem};
use crate::values::attributes::{Attribute, Changes, MoreAttributes};
use crate::values::choice::UserChoice;
use crate::values::error::Error;
use crate::values::kinds::Revision;
use crate::values::markdown::{Column, Markdown, Table};
use crate::values::model::User;
use crate::values::output::{InBrief, Items, Stored};
use crate::values::report::Report;
use crate::values::revision;

/// Creates a new IAM Identity Center user.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreateUser {
    /// The username of the user to create.
    user_name: String,
    /// The first name of the user to create.
    given_name: String,
    /// The display name of the user to create.
    display_name: String,
    /// The family name of the user to create. AWS requires one: when it is empty, what follows the first name in the
    /// display name serves, or else the whole display name.
    family_name: Option<String>,
    more: MoreAttributes,
}

impl Command for CreateUser {
    const NAME: &'static str = "aws-iam-identitycenter-create-user";
    const CALLS: &'static [&'static str] = &["CreateUser", "GetUserId", "DescribeUser"];
    type Output = (Stored<User>, Stored<InBrief>);

    async fn run(self, directory: &Directory) -> Result<Report<Self::Output>, Error> {
        let family_name = self.family_name().to_owned();
        let note = match &self.family_name {
            Some(_) => None,
            None => Some(format!("No family name was given; \"{family_name}\" is used.")),
        };
        let mut set = vec![
            (Attribute::GivenName, Value::from(self.given_name)),
            (Attribute::FamilyName, family_name.into()),
            (Attribute::DisplayName, self.display_name.into()),
        ];
        set.extend(self.more.given());
        let nobody = User { user_name: Some(self.user_name), ..User::default() };
        let new = Changes::new(set, Vec::new())?.applied(&nobody)?;
        let new: User = serde_json::from_value(new).map_err(|error| Error::Setup(error.to_string()))?;
        let user = directory.create_user(new).await?;
        let title = format!("User {} was created", user.user_name.as_deref().unwrap_or_default());
        let table = Markdown::from(Table::of(title, &shown::USER, [&user]));
        let shown = note.into_iter().fold(table, Markdown::paragraph);
        let user = Items::one(user);
        Ok(Report::new(shown, user.clone(), (Stored(user.clone()), Stored(user))))
    }
}

impl CreateUser {
    /// The family name, or what serves as one: Berg of "Nina Berg", but nothing of "Ninabel".
    fn family_name(&self) -> &str {
        let rest = self.display_name.strip_prefix(self.given_name.as_str());
        let rest = rest.filter(|rest| rest.starts_with(char::is_whitespace)).map(str::trim);
        let derived = rest.filter(|rest| !rest.is_empty()).unwrap_or(&self.display_name);
        self.family_name.as_deref().unwrap_or(derived)
    }
}

/// Changes attributes of a user; what is not named stays as it is. An email address, a phone number or an address
/// changes in its place, and the others that the user may have are kept.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UpdateUser {
    user: UserChoice,
    /// The family name of the user.
    family_name: Option<String>,
    /// The first name of the user.
    given_name: Option<String>,
    /// The display name of the user.
    display_name: Option<String>,
    more: MoreAttributes,
    /// The attributes to remove from the user, by the names of these arguments. AWS keeps those that it requires.
    clear: Vec<Attribute>,
    /// The Revision of the user that was looked at: if it is another one by now, nothing is changed.
    revision: Option<Revision>,
    /// Whether to change nothing, and to list what would be changed.
    dry_run: bool,
}

/// An attribute that changes, by the name of its argument.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Change {
    attribute: String,
    /// Null if it is removed.
    value: Option<Value>,
}

const CHANGE: [Column<Change>; 2] = [
    ("Attribute", |row| Some(row.attribute.clone())),
    ("Value", |row| {
        Some(match &row.value {
            None => "(removed)".to_owned(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        })
    }),
];

impl Command for UpdateUser {
    const NAME: &'static str = "aws-iam-identitycenter-update-user";
    const CALLS: &'static [&'static str] = &["GetUserId", "DescribeUser", "ListUsers", "UpdateUser"];
    type Output = ();

    async fn run(self, directory: &Directory) -> Result<Report<()>, Error> {
        let names = [
            (Attribute::FamilyName, self.family_name),
            (Attribute::GivenName, self.given_name),
            (Attribute::DisplayName, self.display_name),
        ];
        let names = names.into_iter().filter_map(|(attribute, value)| Some((attribute, Value::from(value?))));
        let changes = Changes::new(names.chain(self.more.given()).collect(), self.clear)?;
        if changes.is_empty() {
            return Err(nothing_to_update("an attribute of the user, or clear"));
        }
        let user = directory.changeable_user(&self.user).await?;
        let updated = directory.update_user(&user, &changes, self.revision.as_deref(), self.dry_run).await?;
        let rows: Vec<_> = changes.attributes().map(|attribute| change(attribute, &changes)).collect();
        let human_readable = outcome(&format!("User {}", user.shown()), &updated, self.dry_run, &rows);
        let contents =
            json!({ "UserId": user.id, "UserName": user.name, "Revision": updated.revision, "Changes": rows });
        Ok(Report::new(human_readable, contents, ()).warn(updated.note))
    }
}

fn change(attribute: Attribute, changes: &Changes) -> Change {
    let value = changes.set.iter().find(|(set, _)| *set == attribute).map(|(_, value)| value.clone());
    Change { attribute: attribute.name(), value }
}

/// What became of an update, with a row for each attribute.
fn outcome(what: &str, updated: &Updated, dry_run: bool, rows: &[Change]) -> Markdown {
    match (updated.already, dry_run) {
        (true, _) => format!("{what} has these attributes already. Nothing was changed.").into(),
        (false, true) => Table::of(format!("{what} would be updated"), &CHANGE, rows).into(),
        (false, false) => Table::of(format!("{what} was updated"), &CHANGE, rows).into(),
    }
}

/// An update that names nothing is a mistake of whoever wrote it.
pub(super) fn nothing_to_update(wanted: &str) -> Error {
    ArgumentError::from(Problem::Custom(format!("There is nothing to update: give {wanted}"))).into()
}

/// Deletes a user, and with it all its memberships. Its account assignments stay behind in AWS: remove them before.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeleteUser {
    user: UserChoice,
    /// The Revision of the user that was looked at: if it is another one by now, nothing is deleted.
    revision: Option<Revision>,
    /// Whether to delete nothing, and to list what would be deleted.
    dry_run: bool,
}

impl Command for DeleteUser {
    const NAME: &'static str = "aws-iam-identitycenter-delete-user";
    const CALLS: &'static [&'static str] = &[
        "GetUserId",
        "DescribeUser",
        "ListUsers",
        "ListGroupMembershipsForMember",
        "ListGroups",
        "DescribeGroup",
        "GetGroupId",
        "DeleteUser",
    ];
    const HARMFUL: bool = true;
    type Output = ();

    async fn run(self, directory: &Directory) -> Result<Report<()>, Error> {
        let user = directory.deletable_user(&self.user).await?;
        if !self.dry_run {
            directory.delete_user(&user, self.revision.as_deref()).await?;
            let contents = json!({ "UserId": user.id, "UserName": user.name });
            return Ok(Report::new(format!("User {} was deleted.", user.shown()), contents, ()));
        }
        let there = directory.get_user(&UserChoice::Id(user.to_id())).await?;
        revision::check(&self.user.to_string(), there.revision.as_deref(), self.revision.as_deref())?;
        let ended = directory.memberships_of(user.to_found(), &self.user.to_string(), Paging::default()).await?;
        let memberships = ended.listing.complete()?;
        let names = directory.group_names(&memberships).await;
        let rows: Vec<_> = memberships.iter().map(|membership| shown::membership_row(membership, &names)).collect();
        let who = there.user_name.clone().unwrap_or(there.user_id.clone());
        let title = format!("User {who} would be deleted, and its {} memberships end", rows.len());
        let table = Table::first_of(title, &shown::MEMBERSHIP, &rows, "Contents");
        let contents = json!({ "UserId": there.user_id, "UserName": there.user_name, "GroupMemberships": rows });
        Ok(Report::new(table, contents, ()))
    }
}
