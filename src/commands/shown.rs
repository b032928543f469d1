//! How users and groups are shown to people.

use crate::directory::Names;
use crate::values::error::Error;
use crate::values::markdown::{Column, Markdown, Table};
use crate::values::model::{Email, Group, Membership, User};
use crate::values::output::{GroupMembershipRow, MemberRow};

/// What a person looks for in a list of users.
pub(super) const USER: [Column<User>; 5] = [
    ("UserName", |user| user.user_name.clone()),
    ("UserId", |user| Some(user.user_id.clone())),
    ("DisplayName", |user| user.display_name.clone()),
    ("Emails", |user| user.emails.as_deref().map(emails)),
    ("UserStatus", |user| user.user_status.clone()),
];

/// What a person looks for in one user, beside that.
const USER_DETAILS: [Column<User>; 6] = [
    ("Title", |user| user.title.clone()),
    ("UserType", |user| user.user_type.clone()),
    ("PhoneNumbers", |user| {
        let numbers = user.phone_numbers.as_deref()?.iter().filter_map(|number| number.value.clone());
        Some(numbers.collect::<Vec<_>>().join(", "))
    }),
    ("Department", |user| {
        let extensions = user.extensions.as_ref()?.values();
        extensions.into_iter().find_map(|attributes| attributes.get("department")?.as_str()).map(str::to_owned)
    }),
    ("CreatedAt", |user| user.created_at.as_ref().map(ToString::to_string)),
    ("UpdatedAt", |user| user.updated_at.as_ref().map(ToString::to_string)),
];

/// What a person looks for in a list of groups.
pub(super) const GROUP: [Column<Group>; 3] = [
    ("GroupName", |group| group.display_name.clone()),
    ("GroupId", |group| Some(group.group_id.clone())),
    ("Description", |group| group.description.clone()),
];

/// Users in full.
pub(super) fn users_in_full(title: String, users: &[User]) -> Table {
    let columns: Vec<Column<User>> = USER.into_iter().chain(USER_DETAILS).collect();
    Table::of(title, &columns, users)
}

/// Several addresses say which one is primary; one alone need not.
fn emails(emails: &[Email]) -> String {
    let shown = |email: &Email| {
        let value = email.value.as_deref()?;
        Some(if emails.len() > 1 && email.primary == Some(true) {
            format!("{value} (primary)")
        } else {
            value.to_owned()
        })
    };
    emails.iter().filter_map(shown).collect::<Vec<_>>().join(", ")
}

/// A list for people: the first rows, for the context has all, and how the list goes on if it does.
pub(super) fn list<T>(
    title: impl Into<String>,
    columns: &[Column<T>],
    rows: &[T],
    next_token: Option<&str>,
) -> Markdown {
    to_be_continued(Table::first_of(title, columns, rows, "context"), next_token)
}

/// A table, and how its list goes on if it does.
pub(super) fn to_be_continued(table: Table, next_token: Option<&str>) -> Markdown {
    match next_token {
        Some(token) => Markdown::from(table).paragraph(format!("There is more. To go on, give nextToken={token}")),
        None => table.into(),
    }
}

/// The groups of a user.
pub(super) const MEMBERSHIP: [Column<GroupMembershipRow>; 3] = [
    ("GroupName", |row| row.group_name.clone()),
    ("GroupId", |row| row.group_id.clone()),
    ("MembershipId", |row| Some(row.membership_id.clone())),
];

pub(super) fn membership_row(membership: &Membership, names: &Names) -> GroupMembershipRow {
    let group_id = membership.group_id.clone();
    let group_name = group_id.as_deref().and_then(|id| names.get(id)).map(str::to_owned);
    GroupMembershipRow { group_name, group_id, membership_id: membership.membership_id.clone() }
}

/// Why the user, or a group, is shown without its name.
pub(super) fn unnamed(user: Option<&Error>, groups: &Names) -> Option<String> {
    let user = user.map(|error| format!("The user is shown without its name. {error}"));
    let groups = groups.missing.as_ref().map(|error| format!("Not every group is shown with its name. {error}"));
    let both: Vec<_> = user.into_iter().chain(groups).collect();
    (!both.is_empty()).then(|| both.join(" "))
}

/// The members of a group.
pub(super) const MEMBER: [Column<MemberRow>; 3] = [
    ("UserName", |row| row.user_name.clone()),
    ("UserId", |row| row.user_id.clone()),
    ("MembershipId", |row| Some(row.membership_id.clone())),
];

pub(super) fn member_row(membership: &Membership, names: &Names) -> MemberRow {
    let user_id = membership.member_id.as_ref().map(|member| member.user_id.clone());
    let user_name = user_id.as_deref().and_then(|id| names.get(id)).map(str::to_owned);
    MemberRow { user_name, user_id, membership_id: membership.membership_id.clone() }
}
