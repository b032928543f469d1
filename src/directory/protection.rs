//! What may be changed. Everything that changes a user or a group takes it as `Changeable`, which only this file makes,
//! after it was held against the protected ones: a command that forgets to ask does not compile.

use std::collections::HashMap;
use std::ops::Deref;

use futures_util::future::{join, join_all};

use super::Directory;
use super::listing::Paging;
use super::lookup::Found;
use super::names::Names;
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

/// A user or a group that may even be deleted: that ends memberships, and none of them is protected.
#[derive(Debug)]
pub(crate) struct Deletable<T>(Changeable<T>);

impl<T> Deletable<T> {
    /// Whoever may be deleted may be changed.
    pub(crate) fn changeable(&self) -> &Changeable<T> {
        &self.0
    }
}

impl Deletable<User> {
    pub(crate) fn to_id(&self) -> UserId {
        UserId(self.id.clone())
    }
}

impl Deletable<Group> {
    pub(crate) fn to_id(&self) -> GroupId {
        GroupId(self.id.clone())
    }
}

impl<T> Deref for Deletable<T> {
    type Target = Found<T>;

    fn deref(&self) -> &Found<T> {
        &self.0
    }
}

/// A membership of an unprotected user in an unprotected group.
pub(super) struct Endable(String);

impl Endable {
    pub(super) fn of_pair(_: &Changeable<User>, _: &Changeable<Group>, id: String) -> Self {
        Self(id)
    }

    pub(super) fn id(&self) -> &str {
        &self.0
    }
}

/// Who is protected, by ids in small letters, with the names as far as they are known.
pub(super) struct ProtectedIds {
    ids: HashMap<String, Option<String>>,
    /// Whether any is protected by name: then others with the same name in another letter case are as well.
    pub(super) has_names: bool,
    /// Whether a protected name was not found as it is written, so that whoever has no known name may be meant by it.
    by_name: bool,
}

impl ProtectedIds {
    pub(super) fn is_empty(&self) -> bool {
        self.ids.is_empty() && !self.by_name
    }

    /// The name or else the id of who is protected, if it is this one.
    fn named<'p>(&'p self, id: &'p str) -> Option<&'p str> {
        let name = self.ids.get(&id.to_lowercase())?;
        Some(name.as_deref().unwrap_or(id))
    }
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

    /// The same, and that there is such a user is certain. Not to be told its name is no reason to let it be; why it is
    /// not told comes with it.
    pub(crate) async fn changeable_known_user(
        &self,
        choice: &UserChoice,
    ) -> Result<(Changeable<User>, Option<Error>), Error> {
        let Changeable(user) = self.changeable_user(choice).await?;
        match self.named(user.to_found(), &choice.to_string()).await {
            Ok(named) => Ok((Changeable(named), None)),
            Err(error @ Error::NotFound { .. }) => Err(error),
            Err(error) => Ok((Changeable(user), Some(error))),
        }
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

    /// The user that is meant, if it is neither protected nor in a protected group.
    pub(crate) async fn deletable_user(&self, choice: &UserChoice) -> Result<Deletable<User>, Error> {
        let Changeable(user) = self.changeable_user(choice).await?;
        // AWS may answer that it deleted what never was (AWS: `DeleteUser` is idempotent), so it is looked at before.
        let user = Changeable(self.named(user, &choice.to_string()).await?);
        let groups = self.protected_groups().await?;
        if !groups.is_empty() {
            let what = choice.to_string();
            let memberships = self.list_memberships(&user.id, &what, Paging::default()).await?.complete()?;
            let names = if groups.has_names { self.group_names(&memberships).await } else { Names::default() };
            for membership in &memberships {
                self.endable(&user, membership, &groups, &names).map_err(|error| error.for_deleting(&what))?;
            }
        }
        Ok(Deletable(user))
    }

    /// The group that is meant, if it is not protected and no protected user is in it.
    pub(crate) async fn deletable_group(&self, choice: &GroupChoice) -> Result<Deletable<Group>, Error> {
        let Changeable(group) = self.changeable_group(choice).await?;
        let group = Changeable(self.named_group(group, &choice.to_string()).await?);
        let users = self.protected_users().await?;
        if !users.is_empty() {
            let what = choice.to_string();
            let members = self.list_members(&group.id, &what, Paging::default()).await?.complete()?;
            let names = if users.has_names { self.member_names(&members).await } else { Names::default() };
            for membership in &members {
                let checked = member_of(membership).and_then(|id| self.check_member(id, names.get(id), &users));
                checked.map_err(|error| error.for_deleting(&what))?;
            }
        }
        Ok(Deletable(group))
    }

    /// Looks the protected groups up by their names.
    pub(super) async fn protected_groups(&self) -> Result<ProtectedIds, Error> {
        let list = &self.protected.groups;
        let find = async |name: &String| self.find_group(&GroupChoice::Name(name.clone())).await;
        protected_ids(&list.ids, join_all(list.names.iter().map(find)).await)
    }

    /// Looks the protected users up by their names.
    pub(super) async fn protected_users(&self) -> Result<ProtectedIds, Error> {
        let list = &self.protected.users;
        let find = async |name: &String| match self.find_user(&UserChoice::Name(name.clone())).await {
            // An id may also be a user name, which nobody need have.
            Err(Error::NotFound { .. }) if list.ids.contains(name) => None,
            found => Some(found),
        };
        let found = join_all(list.names.iter().map(find)).await.into_iter().flatten().collect();
        protected_ids(&list.ids, found)
    }

    /// The membership of a user who may be changed, unless the group is protected.
    pub(super) fn endable(
        &self,
        _: &Changeable<User>,
        membership: &Membership,
        groups: &ProtectedIds,
        names: &Names,
    ) -> Result<Endable, Error> {
        if !groups.is_empty() {
            let id = group_of(membership)?;
            self.check_group(id, names.get(id), groups)?;
        }
        Ok(Endable(membership.membership_id.clone()))
    }

    /// A membership of whomever, unless the user or the group is protected. Names are asked for only where they count.
    pub(super) async fn endable_of_anybody(
        &self,
        membership: &Membership,
        users: &ProtectedIds,
        groups: &ProtectedIds,
    ) -> Result<Endable, Error> {
        if !groups.is_empty() {
            let id = group_of(membership)?;
            let name = if groups.has_names {
                self.describe_group(id, &format!("group {id}")).await.ok().and_then(|group| group.display_name)
            } else {
                None
            };
            self.check_group(id, name.as_deref(), groups)?;
        }
        if !users.is_empty() {
            let id = member_of(membership)?;
            let name = if users.has_names {
                self.describe_user(id, &format!("user {id}")).await.ok().and_then(|user| user.user_name)
            } else {
                None
            };
            self.check_member(id, name.as_deref(), users)?;
        }
        Ok(Endable(membership.membership_id.clone()))
    }

    fn check_group(&self, id: &str, name: Option<&str>, groups: &ProtectedIds) -> Result<(), Error> {
        if let Some(known) = groups.named(id) {
            return Err(Error::Protected { what: format!("group {}", name.unwrap_or(known)), parameter: GROUPS });
        }
        if groups.by_name || name.is_some() { self.protected.check_group(name, id) } else { Ok(()) }
    }

    fn check_member(&self, id: &str, name: Option<&str>, users: &ProtectedIds) -> Result<(), Error> {
        if let Some(known) = users.named(id) {
            return Err(Error::Protected { what: format!("user {}", name.unwrap_or(known)), parameter: USERS });
        }
        if users.by_name || name.is_some() { self.protected.check_user(name, id) } else { Ok(()) }
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

/// The group of a membership. One that AWS does not tell may be any of the protected ones.
fn group_of(membership: &Membership) -> Result<&str, Error> {
    membership.group_id.as_deref().ok_or_else(|| {
        let what = format!("the group of membership {}", membership.membership_id);
        Error::PerhapsProtected { what, parameter: GROUPS }
    })
}

/// The user of a membership. One that AWS does not tell may be any of the protected ones.
fn member_of(membership: &Membership) -> Result<&str, Error> {
    membership.member_id.as_ref().map(|member| member.user_id.as_str()).ok_or_else(|| {
        let what = format!("the user of membership {}", membership.membership_id);
        Error::PerhapsProtected { what, parameter: USERS }
    })
}

/// The ids of a list, and those of its names that were found.
fn protected_ids<T>(ids: &[String], found: Vec<Result<Found<T>, Error>>) -> Result<ProtectedIds, Error> {
    let has_names = !found.is_empty();
    let ids = ids.iter().map(|id| (id.to_lowercase(), None)).collect();
    let mut protected = ProtectedIds { ids, has_names, by_name: false };
    for found in found {
        match found {
            Ok(found) => drop(protected.ids.insert(found.id.to_lowercase(), found.name)),
            Err(Error::NotFound { .. }) => protected.by_name = true,
            Err(error) => return Err(error),
        }
    }
    Ok(protected)
}
