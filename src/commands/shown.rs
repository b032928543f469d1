//! How users and groups are shown to people.

use crate::values::markdown::{Column, Table};
use crate::values::model::{Email, Group, User};

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
pub(super) fn list<T>(title: impl Into<String>, columns: &[Column<T>], rows: &[T], next_token: Option<&str>) -> String {
    let table = Table::first_of(title, columns, rows, "context").markdown();
    match next_token {
        Some(token) => format!("{table}\nThere is more. To go on, give nextToken={token}\n"),
        None => table,
    }
}
