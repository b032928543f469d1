//! Searches by name and address, where letter case may or may not count. AWS does not document it.
//!
//! Usually it counts, and an index finds the object. With the setting `ignore-case`, the search looks at all objects.

use crate::{
    context::Call,
    records::{Duplicate, Group, User},
    store::Directory,
};

/// Returns the user of that name.
pub(super) fn user_named<'a>(directory: &'a Directory, name: &str, call: &Call) -> Option<&'a User> {
    let users = &directory.users;
    users.named(name).or_else(|| first_in_any_case(call, users.table.records(), |user| is_same(&user.user_name, name)))
}

/// Returns the user with that address.
pub(super) fn user_with_email<'a>(directory: &'a Directory, address: &str, call: &Call) -> Option<&'a User> {
    let users = &directory.users;
    let has =
        |user: &User| user.emails.iter().filter_map(|email| email.value.as_deref()).any(|own| is_same(own, address));
    users.with_email(address).or_else(|| first_in_any_case(call, users.table.records(), has))
}

/// Returns the group of that name.
pub(super) fn group_named<'a>(directory: &'a Directory, name: &str, call: &Call) -> Option<&'a Group> {
    let groups = &directory.groups;
    let has = |group: &Group| group.display_name.as_deref().is_some_and(|own| is_same(own, name));
    groups.named(name).or_else(|| first_in_any_case(call, groups.table.records(), has))
}

/// Fails if another user has the name or address in another letter case. The store compares them exactly.
pub(super) fn check_user(directory: &Directory, user: &User, call: &Call) -> Result<(), Duplicate> {
    let others = || directory.users.table.records().filter(|other| other.user_id != user.user_id);
    if first_in_any_case(call, others(), |other| is_same(&other.user_name, &user.user_name)).is_some() {
        return Err(Duplicate::UserName);
    }
    let Some(address) = user.primary_email() else { return Ok(()) };
    let has = |other: &User| other.primary_email().is_some_and(|own| is_same(own, address));
    if first_in_any_case(call, others(), has).is_some() { Err(Duplicate::Email) } else { Ok(()) }
}

/// Fails if another group has the name in another letter case.
pub(super) fn check_group(directory: &Directory, group: &Group, call: &Call) -> Result<(), Duplicate> {
    let Some(name) = group.display_name.as_deref() else { return Ok(()) };
    let others = directory.groups.table.records().filter(|other| other.group_id != group.group_id);
    let has = |other: &Group| other.display_name.as_deref().is_some_and(|own| is_same(own, name));
    if first_in_any_case(call, others, has).is_some() { Err(Duplicate::GroupDisplayName) } else { Ok(()) }
}

/// Returns the first record that matches, if letter case does not count.
fn first_in_any_case<'a, R>(
    call: &Call,
    mut records: impl Iterator<Item = &'a R>,
    matches: impl Fn(&R) -> bool,
) -> Option<&'a R> {
    if call.scenario.undocumented.ignore_case { records.find(|record| matches(record)) } else { None }
}

fn is_same(left: &str, right: &str) -> bool {
    left.to_lowercase() == right.to_lowercase()
}
