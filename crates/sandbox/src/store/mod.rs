//! The directory in memory: what the file holds, indexed, and the changes that may be made to it.
//!
//! Invariant: a change either happens as a whole or is refused before anything is touched.

mod access;
mod assignments;
mod groups;
mod index;
mod memberships;
mod replay;
mod requests;
mod table;
mod users;

use std::{collections::HashSet, sync::Arc};

pub(super) use assignments::Assignments;
pub(super) use groups::Groups;
pub(super) use memberships::Memberships;
pub(super) use requests::Requests;
pub(super) use table::{Ordinal, Record, Table};
pub(super) use users::Users;

use super::document::{Account, Document, Group, IdentityStore, Membership, PermissionSet, Taken, User};
use super::scenario::Scenario;

/// A directory.
#[derive(Debug)]
pub(super) struct Directory {
    pub(super) identity_store: IdentityStore,
    pub(super) scenario: Arc<Scenario>,
    pub(super) users: Users,
    pub(super) groups: Groups,
    pub(super) memberships: Memberships,
    pub(super) permission_sets: Table<PermissionSet>,
    pub(super) accounts: Vec<Account>,
    pub(super) assignments: Assignments,
    pub(super) requests: Requests,
    is_store_changed: bool,
}

/// Two parts of a file contradict each other.
#[derive(Debug)]
pub(super) struct Inconsistency {
    /// A text that stands in the line to blame.
    pub(super) text: String,
    /// Whether the second line with that text is to blame and not the first.
    pub(super) second: bool,
    /// What is wrong, for a person.
    pub(super) reason: String,
}

impl Inconsistency {
    /// The record whose `member` is `value` is to blame.
    fn at(member: &str, value: &str, reason: String) -> Self {
        Self { text: format!("\"{member}\": {}", serde_json::Value::from(value)), second: false, reason }
    }

    /// A change gives somebody what another one has.
    fn taken(taken: Taken) -> Self {
        let reason = format!("it gives an object the {taken} of another one");
        Self { text: String::new(), second: false, reason }
    }

    /// The second record whose `member` is `value` is to blame.
    fn again(member: &str, value: &str, reason: String) -> Self {
        Self { second: true, ..Self::at(member, value, reason) }
    }
}

impl Directory {
    /// Indexes what a file holds, and refuses what contradicts itself.
    pub(super) fn load<S: Into<Scenario>>(document: Document<S>) -> Result<Self, Inconsistency> {
        let mut directory = Self {
            identity_store: document.identity_store,
            scenario: Arc::new(document.scenario.into()),
            users: Users::new(),
            groups: Groups::new(),
            memberships: Memberships::new(),
            permission_sets: Table::new(),
            accounts: document.accounts,
            assignments: Assignments::new(),
            requests: Requests::new(),
            is_store_changed: false,
        };
        directory.check_identity_store()?;
        for user in document.users {
            directory.users.load(user)?;
        }
        for group in document.groups {
            directory.groups.load(group)?;
        }
        for membership in document.memberships {
            directory.check_ends(&membership)?;
            directory.memberships.load(membership)?;
        }
        for set in document.permission_sets {
            directory.permission_sets.load(set)?;
        }
        directory.check_accounts()?;
        for assignment in document.assignments {
            directory.check_references(&assignment)?;
            directory.assignments.load(assignment)?;
        }
        for request in document.assignment_requests {
            directory.requests.load(request)?;
        }
        directory.take_change();
        Ok(directory)
    }

    /// Changes the identity store itself.
    pub(super) fn configure(&mut self, change: impl FnOnce(&mut IdentityStore)) {
        change(&mut self.identity_store);
        self.is_store_changed = true;
    }

    /// Removes a user and, with it, its memberships.
    ///
    /// Whether AWS removes the memberships at once is implied by its documentation, not stated.
    pub(super) fn remove_user(&mut self, user_id: &str) -> Option<User> {
        let user = self.users.remove(user_id)?;
        if !self.scenario.unknown.keep_memberships {
            self.memberships.remove_member(user_id);
        }
        Some(user)
    }

    /// Removes a group and, with it, its memberships.
    pub(super) fn remove_group(&mut self, group_id: &str) -> Option<Group> {
        let group = self.groups.remove(group_id)?;
        if !self.scenario.unknown.keep_memberships {
            self.memberships.remove_group(group_id);
        }
        Some(group)
    }

    fn check_identity_store(&self) -> Result<(), Inconsistency> {
        let store = &self.identity_store;
        let id = &store.identity_store_id;
        let digits = id.strip_prefix("d-").unwrap_or_default();
        let short = digits.len() == 10 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if !short && (id.len() != 36 || !super::document::is_resource_id(id)) {
            let reason = format!("the IdentityStoreId {id:?} is neither \"d-\" with ten hexadecimal digits nor a UUID");
            return Err(Inconsistency::at("IdentityStoreId", id, reason));
        }
        let accounts = self.accounts.iter();
        let accounts = accounts.map(|account| ("AccountId", &account.account_id));
        for (member, id) in accounts.chain([("OwnerAccountId", &store.owner_account_id)]) {
            if id.len() != 12 || !id.bytes().all(|byte| byte.is_ascii_digit()) {
                let reason = format!("the {member} {id:?} is not twelve digits");
                return Err(Inconsistency::at(member, id, reason));
            }
        }
        Ok(())
    }

    fn check_ends(&self, membership: &Membership) -> Result<(), Inconsistency> {
        if self.scenario.unknown.keep_memberships {
            return Ok(());
        }
        let id = &membership.membership_id;
        let named = |what: &str, end: &str| {
            let reason = format!("the membership {id:?} names the {what} {end:?}, which does not exist");
            Err(Inconsistency::at(Membership::ID, id, reason))
        };
        if self.groups.table.get(&membership.group_id).is_none() {
            return named("group", &membership.group_id);
        }
        let user_id = &membership.member_id.user_id;
        if self.users.table.get(user_id).is_none() {
            return named("user", user_id);
        }
        Ok(())
    }

    fn check_accounts(&self) -> Result<(), Inconsistency> {
        let mut accounts = HashSet::new();
        for account in &self.accounts {
            let id = account.account_id.as_str();
            if !accounts.insert(id) {
                let reason = format!("the AccountId {id:?} occurs twice");
                return Err(Inconsistency::again("AccountId", id, reason));
            }
        }
        Ok(())
    }
}
