//! A directory in memory.

use std::{collections::HashSet, sync::Arc};

use super::{
    assignments::Assignments,
    groups::Groups,
    inconsistency::Inconsistency,
    memberships::Memberships,
    requests::Requests,
    table::{Record, Table},
    users::Users,
};
use crate::{
    records::{Account, Document, Group, IdentityStore, Membership, PermissionSet, User, is_resource_id},
    scenario::Scenario,
};

/// A directory.
#[derive(Debug)]
pub(crate) struct Directory {
    pub(crate) identity_store: IdentityStore,
    pub(crate) scenario: Arc<Scenario>,
    pub(crate) users: Users,
    pub(crate) groups: Groups,
    pub(crate) memberships: Memberships,
    pub(crate) permission_sets: Table<PermissionSet>,
    pub(crate) accounts: Vec<Account>,
    pub(crate) assignments: Assignments,
    pub(crate) requests: Requests,
    pub(super) is_store_changed: bool,
}

impl Directory {
    /// Indexes the contents of a file. Fails if they contradict each other.
    pub(crate) fn load<S: Into<Scenario>>(document: Document<S>) -> Result<Self, Inconsistency> {
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
            directory.check_member_and_group(&membership)?;
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
    pub(crate) fn configure(&mut self, change: impl FnOnce(&mut IdentityStore)) {
        change(&mut self.identity_store);
        self.is_store_changed = true;
    }

    /// Removes a user and its memberships.
    ///
    /// AWS's documentation implies that the memberships are removed at once, and does not state it.
    pub(crate) fn remove_user(&mut self, user_id: &str) -> Option<User> {
        let user = self.users.remove(user_id)?;
        if !self.scenario.undocumented.keep_memberships {
            self.memberships.remove_member(user_id);
        }
        Some(user)
    }

    /// Removes a group and its memberships.
    pub(crate) fn remove_group(&mut self, group_id: &str) -> Option<Group> {
        let group = self.groups.remove(group_id)?;
        if !self.scenario.undocumented.keep_memberships {
            self.memberships.remove_group(group_id);
        }
        Some(group)
    }

    pub(super) fn check_identity_store(&self) -> Result<(), Inconsistency> {
        let store = &self.identity_store;
        let id = &store.identity_store_id;
        let digits = id.strip_prefix("d-").unwrap_or_default();
        let short = digits.len() == 10 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if !short && (id.len() != 36 || !is_resource_id(id)) {
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

    pub(super) fn check_member_and_group(&self, membership: &Membership) -> Result<(), Inconsistency> {
        if self.scenario.undocumented.keep_memberships {
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
                return Err(Inconsistency::at_second("AccountId", id, reason));
            }
        }
        Ok(())
    }
}
