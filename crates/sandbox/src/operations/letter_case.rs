//! Names and addresses, and whether letter case counts in them: what AWS makes of it is not documented.
//!
//! Usually it counts, and an index finds what is looked for. When the scenario says that it does not, everybody is
//! looked at.

use crate::{
    context::Call,
    document::{Group, Taken, User},
    store::Directory,
};

/// The user of that name.
pub(super) fn user_named<'a>(directory: &'a Directory, name: &str, call: &Call) -> Option<&'a User> {
    let users = &directory.users;
    users.named(name).or_else(|| call.any_case(users.table.records(), |user| is_same(&user.user_name, name)))
}

/// The user with that address.
pub(super) fn user_with_email<'a>(directory: &'a Directory, address: &str, call: &Call) -> Option<&'a User> {
    let users = &directory.users;
    let has =
        |user: &User| user.emails.iter().filter_map(|email| email.value.as_deref()).any(|own| is_same(own, address));
    users.with_email(address).or_else(|| call.any_case(users.table.records(), has))
}

/// The group of that name.
pub(super) fn group_named<'a>(directory: &'a Directory, name: &str, call: &Call) -> Option<&'a Group> {
    let groups = &directory.groups;
    let has = |group: &Group| group.display_name.as_deref().is_some_and(|own| is_same(own, name));
    groups.named(name).or_else(|| call.any_case(groups.table.records(), has))
}

/// Refuses what another user has in another letter case; the store itself refuses what one has exactly.
pub(super) fn check_user(directory: &Directory, user: &User, call: &Call) -> Result<(), Taken> {
    let others = || directory.users.table.records().filter(|other| other.user_id != user.user_id);
    if call.any_case(others(), |other| is_same(&other.user_name, &user.user_name)).is_some() {
        return Err(Taken::UserName);
    }
    let Some(address) = user.primary_email() else { return Ok(()) };
    let has = |other: &User| other.primary_email().is_some_and(|own| is_same(own, address));
    if call.any_case(others(), has).is_some() { Err(Taken::Email) } else { Ok(()) }
}

/// Refuses what another group has in another letter case.
pub(super) fn check_group(directory: &Directory, group: &Group, call: &Call) -> Result<(), Taken> {
    let Some(name) = group.display_name.as_deref() else { return Ok(()) };
    let others = directory.groups.table.records().filter(|other| other.group_id != group.group_id);
    let has = |other: &Group| other.display_name.as_deref().is_some_and(|own| is_same(own, name));
    if call.any_case(others, has).is_some() { Err(Taken::GroupDisplayName) } else { Ok(()) }
}

impl Call {
    /// The first record that matches, if letter case does not count.
    fn any_case<'a, R>(&self, records: impl Iterator<Item = &'a R>, matches: impl Fn(&R) -> bool) -> Option<&'a R> {
        let mut records = records.filter(|record| matches(record));
        if self.scenario.unknown.ignore_case { records.next() } else { None }
    }
}

fn is_same(left: &str, right: &str) -> bool {
    left.to_lowercase() == right.to_lowercase()
}
