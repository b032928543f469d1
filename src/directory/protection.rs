//! What may be changed. Everything that changes a user or a group takes it as `Changeable`, which only this file makes,
//! after it was held against the protected ones: a command that forgets to ask does not compile.

use std::collections::HashMap;
use std::ops::Deref;

use futures_util::future::{join, join_all, try_join};

use super::Directory;
use super::listing::Paging;
use super::lookup::{Found, FoundGroup, FoundUser};
use super::names::Names;
use crate::values::choice::{GroupChoice, UserChoice};
use crate::values::error::Error;
use crate::values::ids::{GroupId, UserId};
use crate::values::model::{Group, Membership, User};
use crate::values::names::may_be_taken_for;
use crate::values::protected::{GROUPS, List, USERS};

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
    /// Whether any is protected by name: then others whose names may be taken for it are as well.
    pub(super) has_names: bool,
    /// The protected names that no user or group has as they are written: they may mean one whose name is not known.
    unknown: Vec<String>,
}

impl ProtectedIds {
    pub(super) fn is_empty(&self) -> bool {
        self.ids.is_empty() && self.unknown.is_empty()
    }

    /// The name or else the id of who is protected, if it is this one.
    fn named<'p>(&'p self, id: &'p str) -> Option<&'p str> {
        let name = self.ids.get(&id.to_lowercase())?;
        Some(name.as_deref().unwrap_or(id))
    }
}

impl Directory {
    /// The user that is meant, if it is not protected. Where users are protected by name, AWS is asked for its name: the
    /// argument may differ from it in what AWS does not tell apart.
    pub(crate) async fn changeable_user(&self, choice: &UserChoice) -> Result<Changeable<User>, Error> {
        let (user, users) = try_join(self.find_user(choice), self.protected_users()).await?;
        let user = if users.has_names {
            let known = self.describe_user(&user.id, &choice.to_string()).await?;
            FoundUser::new(known.user_id, known.user_name.or(user.name))
        } else {
            user
        };
        self.check_member(&user.id, user.name.as_deref(), &users)?;
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

    /// The group that is meant, if it is not protected.
    pub(crate) async fn changeable_group(&self, choice: &GroupChoice) -> Result<Changeable<Group>, Error> {
        let (group, groups) = try_join(self.find_group(choice), self.protected_groups()).await?;
        self.changeable_found(group, &choice.to_string(), &groups).await
    }

    /// The same of a group that is found, where the protected ones are known. Its name is asked for as that of a user is.
    pub(super) async fn changeable_found(
        &self,
        group: FoundGroup,
        what: &str,
        groups: &ProtectedIds,
    ) -> Result<Changeable<Group>, Error> {
        let group = if groups.has_names {
            let known = self.describe_group(&group.id, what).await?;
            FoundGroup::new(known.group_id, known.display_name.or(group.name))
        } else {
            group
        };
        self.check_group(&group.id, group.name.as_deref(), groups)?;
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
        protected_ids(list, join_all(list.names.iter().map(find)).await)
    }

    /// Looks the protected users up by their names.
    pub(super) async fn protected_users(&self) -> Result<ProtectedIds, Error> {
        let list = &self.protected.users;
        let find = async |name: &String| self.find_user(&UserChoice::Name(name.clone())).await;
        protected_ids(list, join_all(list.names.iter().map(find)).await)
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
        if !groups.unknown.is_empty() || name.is_some() { self.protected.check_group(name, id) } else { Ok(()) }
    }

    fn check_member(&self, id: &str, name: Option<&str>, users: &ProtectedIds) -> Result<(), Error> {
        if let Some(known) = users.named(id) {
            return Err(Error::Protected { what: format!("user {}", name.unwrap_or(known)), parameter: USERS });
        }
        if !users.unknown.is_empty() || name.is_some() { self.protected.check_user(name, id) } else { Ok(()) }
    }

    /// Tells of entries in the lists of protected users and groups that name no user or group: who wrote them believes that
    /// something is protected, and it is not. A name that no user or group has as it is written may be taken for another,
    /// which is then protected; for that all names are read.
    pub(crate) async fn check_protection(&self) -> Result<(), Error> {
        let (users, groups) = join(self.protecting_no_user(), self.protecting_no_group()).await;
        let unfound = [users?, groups?].concat();
        if unfound.is_empty() {
            return Ok(());
        }
        Err(Error::Setup(format!(
            "The parameters {USERS} and {GROUPS} name what does not exist, so that it protects nothing: {}.",
            unfound.join(", ")
        )))
    }

    async fn protecting_no_user(&self) -> Result<Vec<String>, Error> {
        let ProtectedIds { ids, mut unknown, .. } = self.protected_users().await?;
        if !unknown.is_empty() {
            let (mut alike, doing) = (Vec::new(), "look for the protected users");
            let is_alike =
                |user: &User| user.user_name.as_ref().is_some_and(|name| self.protected.users.has_name(name));
            let end = self.list_users_into(&mut alike, Paging::default(), doing, is_alike).await?;
            end.ended_by.map_or(Ok(()), Err)?;
            let names: Vec<_> = alike.iter().filter_map(|user: &User| user.user_name.as_deref()).collect();
            unknown.retain(|unknown| !names.iter().any(|name| may_be_taken_for(unknown, name)));
        }
        // An id may be a user name, too.
        let is_name = |id: &String| ids.values().any(|name| name.as_ref() == Some(id));
        let choices =
            self.protected.users.ids.iter().filter(|id| !is_name(id)).cloned().map(UserId).map(UserChoice::Id);
        let found = join_all(choices.map(async |choice| {
            let user = self.get_user(&choice).await;
            (choice.to_string(), user.map(drop))
        }));
        let unknown = unknown.into_iter().map(|name| UserChoice::Name(name).to_string());
        unfound(unknown.collect(), found.await)
    }

    async fn protecting_no_group(&self) -> Result<Vec<String>, Error> {
        let ProtectedIds { mut unknown, .. } = self.protected_groups().await?;
        if !unknown.is_empty() {
            let (mut alike, doing) = (Vec::new(), || "look for the protected groups".to_owned());
            let page = async |token, most| self.groups_page(token, most, doing).await;
            let is_alike =
                |group: &Group| group.display_name.as_ref().is_some_and(|name| self.protected.groups.has_name(name));
            let end = self.list_into(&mut alike, Paging::default(), &doing(), page, is_alike).await?;
            end.ended_by.map_or(Ok(()), Err)?;
            let names: Vec<_> = alike.iter().filter_map(|group: &Group| group.display_name.as_deref()).collect();
            unknown.retain(|unknown| !names.iter().any(|name| may_be_taken_for(unknown, name)));
        }
        let choices = self.protected.groups.ids.iter().cloned().map(GroupId).map(GroupChoice::Id);
        let found = join_all(choices.map(async |choice| {
            let group = self.get_group(&choice).await;
            (choice.to_string(), group.map(drop))
        }));
        let unknown = unknown.into_iter().map(|name| GroupChoice::Name(name).to_string());
        unfound(unknown.collect(), found.await)
    }
}

/// Those of whom nothing is known, and those that were not found.
fn unfound(mut unfound: Vec<String>, found: Vec<(String, Result<(), Error>)>) -> Result<Vec<String>, Error> {
    for (what, found) in found {
        match found {
            Ok(()) => {}
            Err(Error::NotFound { .. }) => unfound.push(what),
            Err(error) => return Err(error),
        }
    }
    Ok(unfound)
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
fn protected_ids<T>(list: &List, found: Vec<Result<Found<T>, Error>>) -> Result<ProtectedIds, Error> {
    let has_names = !list.names.is_empty();
    let ids = list.ids.iter().map(|id| (id.to_lowercase(), None)).collect();
    let mut protected = ProtectedIds { ids, has_names, unknown: Vec::new() };
    for (name, found) in list.names.iter().zip(found) {
        match found {
            Ok(found) => drop(protected.ids.insert(found.id.to_lowercase(), found.name)),
            // An id may also be a user name, which no user need have.
            Err(Error::NotFound { .. }) if list.ids.contains(name) => {}
            Err(Error::NotFound { .. }) => protected.unknown.push(name.clone()),
            Err(error) => return Err(error),
        }
    }
    Ok(protected)
}
