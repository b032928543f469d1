//! The memberships, found by id, group and member.

use std::borrow::Cow;

use super::{
    inconsistency::Inconsistency,
    index::Index,
    table::{Ordinal, Record, Table},
};
use crate::records::{Duplicate, Membership};

impl Record for Membership {
    const ID: &'static str = "MembershipId";
    const LIST: &'static str = "memberships";

    fn id(&self) -> Cow<'_, str> {
        self.membership_id.as_str().into()
    }
}

/// The memberships.
#[derive(Debug)]
pub(crate) struct Memberships {
    pub(crate) table: Table<Membership>,
    by_group: Index<String>,
    by_member: Index<String>,
}

impl Memberships {
    pub(super) fn new() -> Self {
        Self { table: Table::new(), by_group: Index::new(), by_member: Index::new() }
    }

    pub(super) fn load(&mut self, membership: Membership) -> Result<(), Inconsistency> {
        let id = &membership.membership_id;
        if let Some(other) = self.between(&membership.group_id, &membership.member_id.user_id) {
            let reason =
                format!("the memberships {:?} and {id:?} are the same user's in the same group", other.membership_id);
            let inconsistency = if other.membership_id == *id {
                Inconsistency::at_second(Membership::ID, id, reason)
            } else {
                Inconsistency::at(Membership::ID, id, reason)
            };
            return Err(inconsistency);
        }
        let ordinal = self.table.load(membership)?;
        self.index(ordinal);
        Ok(())
    }

    /// Returns the membership of a user in a group. It searches the memberships of the user: a group may have very many.
    pub(crate) fn between(&self, group_id: &str, user_id: &str) -> Option<&Membership> {
        let mut memberships = self.by_member.from(user_id, 0).filter_map(|ordinal| self.table.at(ordinal));
        memberships.find(|membership| membership.group_id == group_id)
    }

    /// Returns the ordinals of a group's memberships, from `start` on.
    pub(crate) fn of_group(&self, group_id: &str, start: Ordinal) -> impl Iterator<Item = Ordinal> + '_ {
        self.by_group.from(group_id, start)
    }

    /// Returns the ordinals of a user's memberships, from `start` on.
    pub(crate) fn of_member(&self, user_id: &str, start: Ordinal) -> impl Iterator<Item = Ordinal> + '_ {
        self.by_member.from(user_id, start)
    }

    /// Adds a membership.
    pub(crate) fn insert(&mut self, membership: Membership) -> Result<(), Duplicate> {
        if self.between(&membership.group_id, &membership.member_id.user_id).is_some() {
            return Err(Duplicate::Membership);
        }
        let ordinal = self.table.push(membership);
        self.index(ordinal);
        Ok(())
    }

    /// Removes a membership.
    pub(crate) fn remove(&mut self, membership_id: &str) -> Option<Membership> {
        let (ordinal, membership) = self.table.remove(membership_id)?;
        self.by_group.remove(membership.group_id.as_str(), ordinal);
        self.by_member.remove(membership.member_id.user_id.as_str(), ordinal);
        Some(membership)
    }

    pub(super) fn remove_group(&mut self, group_id: &str) {
        self.remove_all(self.of_group(group_id, 0).collect());
    }

    pub(super) fn remove_member(&mut self, user_id: &str) {
        self.remove_all(self.of_member(user_id, 0).collect());
    }

    fn remove_all(&mut self, ordinals: Vec<Ordinal>) {
        for ordinal in ordinals {
            if let Some(membership) = self.table.at(ordinal) {
                let id = membership.membership_id.clone();
                self.remove(&id);
            }
        }
    }

    fn index(&mut self, ordinal: Ordinal) {
        if let Some(membership) = self.table.at(ordinal) {
            self.by_group.insert(membership.group_id.clone(), ordinal);
            self.by_member.insert(membership.member_id.user_id.clone(), ordinal);
        }
    }
}
