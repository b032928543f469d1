//! The users, found by id, name, e-mail address and external id.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap},
};

use super::{
    inconsistency::Inconsistency,
    table::{Ordinal, Record, Table},
};
use crate::records::{Duplicate, ExternalId, User};

impl Record for User {
    const ID: &'static str = "UserId";
    const LIST: &'static str = "users";

    fn id(&self) -> Cow<'_, str> {
        self.user_id.as_str().into()
    }
}

/// The users. Names and addresses are compared exactly: AWS does not document what letter case means to it.
#[derive(Debug)]
pub(crate) struct Users {
    pub(crate) table: Table<User>,
    by_name: HashMap<String, Ordinal>,
    /// A file may give one address to several users.
    by_email: HashMap<String, BTreeSet<Ordinal>>,
    by_external_id: HashMap<ExternalId, Ordinal>,
}

impl Users {
    pub(super) fn new() -> Self {
        Self { table: Table::new(), by_name: HashMap::new(), by_email: HashMap::new(), by_external_id: HashMap::new() }
    }

    pub(super) fn load(&mut self, user: User) -> Result<(), Inconsistency> {
        let name = &user.user_name;
        if self.by_name.contains_key(name) {
            let reason = format!("the UserName {name:?} occurs twice");
            return Err(Inconsistency::at_second("UserName", name, reason));
        }
        let mut external_ids = user.external_ids.iter();
        if let Some(id) = external_ids.find(|id| self.by_external_id.contains_key(id)) {
            let reason = format!("the ExternalId {:?} occurs twice", id.id);
            return Err(Inconsistency::at(User::ID, &user.user_id, reason));
        }
        let ordinal = self.table.load(user)?;
        self.index(ordinal);
        Ok(())
    }

    /// Returns the user of that name.
    pub(crate) fn named(&self, name: &str) -> Option<&User> {
        self.table.at(*self.by_name.get(name)?)
    }

    /// Returns the user whose primary address this is, because only that one is unique; else the first user with it.
    pub(crate) fn with_email(&self, address: &str) -> Option<&User> {
        let is_primary = |user: &&User| user.primary_email() == Some(address);
        self.holders(address).find(is_primary).or_else(|| self.holders(address).next())
    }

    /// The users who have that address, as their primary one or another.
    fn holders<'s>(&'s self, address: &str) -> impl Iterator<Item = &'s User> + use<'s> {
        self.by_email.get(address).into_iter().flatten().filter_map(|ordinal| self.table.at(*ordinal))
    }

    /// Returns the user with that external id.
    pub(crate) fn with_external_id(&self, id: &ExternalId) -> Option<&User> {
        self.table.at(*self.by_external_id.get(id)?)
    }

    /// Adds a user.
    pub(crate) fn insert(&mut self, user: User) -> Result<(), Duplicate> {
        self.check_unique(&user)?;
        let ordinal = self.table.push(user);
        self.index(ordinal);
        Ok(())
    }

    /// Replaces the user with the same id, if there is one.
    pub(crate) fn replace(&mut self, user: User) -> Result<(), Duplicate> {
        let Some(ordinal) = self.table.ordinal(&user.user_id) else {
            return Ok(());
        };
        self.check_unique(&user)?;
        self.forget(ordinal);
        self.table.put(ordinal, user);
        self.index(ordinal);
        Ok(())
    }

    pub(super) fn remove(&mut self, user_id: &str) -> Option<User> {
        self.forget(self.table.ordinal(user_id)?);
        self.table.remove(user_id).map(|(_, user)| user)
    }

    fn check_unique(&self, user: &User) -> Result<(), Duplicate> {
        let other = |found: &User| found.user_id != user.user_id;
        if self.named(&user.user_name).is_some_and(other) {
            return Err(Duplicate::UserName);
        }
        let Some(address) = user.primary_email() else {
            return Ok(());
        };
        if self.holders(address).any(|found| other(found) && found.primary_email() == Some(address)) {
            return Err(Duplicate::Email);
        }
        Ok(())
    }

    fn index(&mut self, ordinal: Ordinal) {
        let Some(user) = self.table.at(ordinal) else {
            return;
        };
        self.by_name.insert(user.user_name.clone(), ordinal);
        for address in user.emails.iter().filter_map(|email| email.value.as_ref()) {
            let holders = self.by_email.entry(address.clone()).or_default();
            holders.insert(ordinal);
        }
        for id in &user.external_ids {
            self.by_external_id.insert(id.clone(), ordinal);
        }
    }

    fn forget(&mut self, ordinal: Ordinal) {
        let Some(user) = self.table.at(ordinal) else {
            return;
        };
        self.by_name.remove(&user.user_name);
        for address in user.emails.iter().filter_map(|email| email.value.as_ref()) {
            if let Some(holders) = self.by_email.get_mut(address) {
                holders.remove(&ordinal);
                if holders.is_empty() {
                    self.by_email.remove(address);
                }
            }
        }
        for id in &user.external_ids {
            self.by_external_id.remove(id);
        }
    }
}
