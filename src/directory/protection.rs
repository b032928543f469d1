//! What may be changed. Everything that changes a user or a group takes it as `Changeable`, which only this file makes,
//! after it was held against the protected ones: a command that forgets to ask does not compile.

use std::collections::HashSet;
use std::ops::Deref;

use futures_util::future::{join, join_all};

use super::Directory;
use super::lookup::Found;
use super::names::GroupNames;
use crate::values::choice::{GroupChoice, UserChoice};
use crate::values::error::Error;
use crate::values::ids::{GroupId, UserId};
use crate::values::model::{Group, Membership, User};
use crate::values::protected::{GROUPS, USERS};

/// A user or a group that is not protected.
#[derive(Debug)]
pub(crate) struct Changeable<T>(Found<T>);

impl<T> Deref for Changeable<T> {
    type Target = Found<T>;

    fn deref(&self) -> &Found<T> {
        &self.0
    }
}

impl<T> Changeable<T> {
    /// The same for reading.
    pub(crate) fn to_found(&self) -> Found<T> {
        Found::new(self.id.clone(), self.name.clone())
    }
}

/// Which groups are protected, as ids; and whether names have to be compared as well, because a protected name was not
/// found as it is written.
pub(super) struct ProtectedGroups {
    ids: HashSet<String>,
    pub(super) by_name: bool,
}

impl Directory {
    /// The user that is meant, if it is not protected. The name is asked for only where users are protected by name.
    pub(crate) async fn changeable_user(&self, choice: &UserChoice) -> Result<Changeable<User>, Error> {
        let mut user = self.find_user(choice).await?;
        if !self.protected.users.names.is_empty() {
            user = self.named(user, &choice.to_string()).await?;
        }
        self.protected.check_user(user.name.as_deref(), &user.id)?;
        Ok(Changeable(user))
    }

    /// The group that is meant, if it is not protected. The name is asked for only where groups are protected by name.
    pub(crate) async fn changeable_group(&self, choice: &GroupChoice) -> Result<Changeable<Group>, Error> {
        let mut group = self.find_group(choice).await?;
        if !self.protected.groups.names.is_empty() {
            group = self.named_group(group, &choice.to_string()).await?;
        }
        self.protected.check_group(group.name.as_deref(), &group.id)?;
        Ok(Changeable(group))
    }

    /// Looks the protected groups up, so that bulk work need not wait for the names of all others.
    pub(super) async fn protected_groups(&self) -> Result<ProtectedGroups, Error> {
        let list = &self.protected.groups;
        let mut found = ProtectedGroups { ids: list.ids.iter().map(|id| id.to_lowercase()).collect(), by_name: false };
        let looked_up =
            join_all(list.names.iter().map(async |name| self.find_group(&GroupChoice::Name(name.clone())).await));
        for group in looked_up.await {
            match group {
                Ok(group) => {
                    found.ids.insert(group.id.to_lowercase());
                }
                Err(Error::NotFound { .. }) => found.by_name = true,
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }

    /// Refuses to end a membership in a protected group.
    pub(super) fn check_membership(
        &self,
        membership: &Membership,
        groups: &ProtectedGroups,
        names: &GroupNames,
    ) -> Result<(), Error> {
        let id = membership.group_id.as_deref().unwrap_or_default();
        let name = names.get(id);
        if groups.ids.contains(&id.to_lowercase()) {
            let what = format!("group {}", name.unwrap_or(id));
            return Err(Error::Protected { what, parameter: GROUPS });
        }
        if groups.by_name { self.protected.check_group(name, id) } else { Ok(()) }
    }

    /// Tells of entries in the lists of protected users and groups that name nobody: whoever wrote them believes that
    /// something is protected, and it is not.
    pub(crate) async fn check_protection(&self) -> Result<(), Error> {
        let (users, groups) = (&self.protected.users, &self.protected.groups);
        // An id may also be a user name.
        let users = join_all(users.names.iter().map(async |name| {
            let choice = UserChoice::Name(name.clone());
            let error = match self.get_user(&choice).await {
                Err(Error::NotFound { .. }) if users.ids.contains(name) => {
                    self.get_user(&UserChoice::Id(UserId(name.clone()))).await.err()
                }
                user => user.err(),
            };
            (choice.to_string(), error)
        }));
        let names = groups.names.iter().cloned().map(GroupChoice::Name);
        let ids = groups.ids.iter().cloned().map(|id| GroupChoice::Id(GroupId(id)));
        let groups = join_all(names.chain(ids).map(async |choice| {
            let error = self.get_group(&choice).await.err();
            (choice.to_string(), error)
        }));
        let (users, groups) = join(users, groups).await;
        let mut nobody = Vec::new();
        for (what, error) in users.into_iter().chain(groups) {
            match error {
                None => {}
                Some(Error::NotFound { .. }) => nobody.push(what),
                Some(error) => return Err(error),
            }
        }
        if nobody.is_empty() {
            return Ok(());
        }
        Err(Error::Setup(format!(
            "The parameters {USERS} and {GROUPS} name what does not exist, so that it protects nothing: {}.",
            nobody.join(", ")
        )))
    }
}
