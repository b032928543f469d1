//! Who is in which group, from both sides.

use std::collections::{BTreeSet, HashMap};

use super::{Inconsistency, Ordinal, Record, Table, Taken};
use crate::sandbox::document::Membership;

impl Record for Membership {
    const ID: &'static str = "MembershipId";

    fn id(&self) -> &str {
        &self.membership_id
    }
}

/// The memberships.
#[derive(Debug)]
pub(in crate::sandbox) struct Memberships {
    pub(in crate::sandbox) table: Table<Membership>,
    by_group: HashMap<String, BTreeSet<Ordinal>>,
    by_member: HashMap<String, BTreeSet<Ordinal>>,
    by_pair: HashMap<(String, String), Ordinal>,
}

impl Memberships {
    pub(super) fn new() -> Self {
        Self { table: Table::new(), by_group: HashMap::new(), by_member: HashMap::new(), by_pair: HashMap::new() }
    }

    pub(super) fn load(&mut self, membership: Membership) -> Result<(), Inconsistency> {
        let id = &membership.membership_id;
        let (group, user) = pair(&membership);
        if let Some(other) = self.between(&group, &user) {
            let reason =
                format!("the memberships {:?} and {id:?} are the same user's in the same group", other.membership_id);
            let inconsistency = if other.membership_id == *id {
                Inconsistency::again(Membership::ID, id, reason)
            } else {
                Inconsistency::at(Membership::ID, id, reason)
            };
            return Err(inconsistency);
        }
        let ordinal = self.table.load(membership)?;
        self.index(ordinal, group, user);
        Ok(())
    }

    /// The membership of that user in that group.
    pub(in crate::sandbox) fn between(&self, group_id: &str, user_id: &str) -> Option<&Membership> {
        let pair = (group_id.to_owned(), user_id.to_owned());
        self.table.at(*self.by_pair.get(&pair)?)
    }

    /// The ordinals of a group's memberships, from `start` on.
    pub(in crate::sandbox) fn of_group(&self, group_id: &str, start: Ordinal) -> impl Iterator<Item = Ordinal> + '_ {
        from(self.by_group.get(group_id), start)
    }

    /// The ordinals of a user's memberships, from `start` on.
    pub(in crate::sandbox) fn of_member(&self, user_id: &str, start: Ordinal) -> impl Iterator<Item = Ordinal> + '_ {
        from(self.by_member.get(user_id), start)
    }

    /// Adds a membership.
    pub(in crate::sandbox) fn insert(&mut self, membership: Membership) -> Result<(), Taken> {
        let (group, user) = pair(&membership);
        if self.between(&group, &user).is_some() {
            return Err(Taken::Membership);
        }
        let ordinal = self.table.push(membership);
        self.index(ordinal, group, user);
        Ok(())
    }

    /// Removes a membership.
    pub(in crate::sandbox) fn remove(&mut self, membership_id: &str) -> Option<Membership> {
        let (ordinal, membership) = self.table.remove(membership_id)?;
        let pair = pair(&membership);
        discard(&mut self.by_group, &pair.0, ordinal);
        discard(&mut self.by_member, &pair.1, ordinal);
        self.by_pair.remove(&pair);
        Some(membership)
    }

    pub(super) fn remove_group(&mut self, group_id: &str) {
        self.remove_all(self.by_group.get(group_id).cloned());
    }

    pub(super) fn remove_member(&mut self, user_id: &str) {
        self.remove_all(self.by_member.get(user_id).cloned());
    }

    fn remove_all(&mut self, ordinals: Option<BTreeSet<Ordinal>>) {
        for ordinal in ordinals.into_iter().flatten() {
            if let Some(membership) = self.table.at(ordinal) {
                let id = membership.membership_id.clone();
                self.remove(&id);
            }
        }
    }

    fn index(&mut self, ordinal: Ordinal, group: String, user: String) {
        self.by_group.entry(group.clone()).or_default().insert(ordinal);
        self.by_member.entry(user.clone()).or_default().insert(ordinal);
        self.by_pair.insert((group, user), ordinal);
    }
}

fn pair(membership: &Membership) -> (String, String) {
    (membership.group_id.clone(), membership.member_id.user_id.clone())
}

fn from(ordinals: Option<&BTreeSet<Ordinal>>, start: Ordinal) -> impl Iterator<Item = Ordinal> {
    ordinals.into_iter().flat_map(move |set| set.range(start..).copied())
}

fn discard(index: &mut HashMap<String, BTreeSet<Ordinal>>, key: &str, ordinal: Ordinal) {
    if let Some(ordinals) = index.get_mut(key) {
        ordinals.remove(&ordinal);
        if ordinals.is_empty() {
            index.remove(key);
        }
    }
}
