//! Memberships of users in groups.

use std::collections::HashMap;

use aws_sdk_identitystore::types::MemberId;
use futures_util::future::{join, try_join};
use serde::Deserialize;
use serde_json::Value;

use super::Directory;
use super::call::send;
use super::group::FoundGroup;
use super::listing::{Listing, Paging};
use super::user::FoundUser;
use crate::values::choice::{GroupChoice, UserChoice};
use crate::values::error::Error;
use crate::values::model::Membership;

/// What became of a wish for a membership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Joined {
    pub(crate) membership_id: String,
    /// Whether the user was a member before.
    pub(crate) already: bool,
}

/// What became of a wish for no membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Left {
    Removed,
    WasGone,
    WouldBeRemoved,
}

/// The answer to `CreateGroupMembership` and `GetGroupMembershipId`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct MembershipIdentity {
    membership_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct MembershipsPage {
    group_memberships: Vec<Membership>,
    next_token: Option<String>,
}

impl Directory {
    /// The user that is meant, with its name, and the memberships: the two are asked for at the same time.
    pub(crate) async fn user_with_memberships(
        &self,
        choice: &UserChoice,
        paging: Paging,
    ) -> Result<(FoundUser, Listing<Membership>), Error> {
        let user = self.find_user(choice).await?;
        let (named, memberships) = join(self.named(&user, choice), self.memberships_of(&user, paging)).await;
        Ok((named?, memberships?))
    }

    /// The user and the group that are meant, looked for at the same time, if neither is protected. Names are asked
    /// for only where something is protected by name.
    pub(crate) async fn find_unprotected(
        &self,
        user: &UserChoice,
        group: &GroupChoice,
    ) -> Result<(FoundUser, FoundGroup), Error> {
        let user = async {
            let found = self.find_user(user).await?;
            if self.protected.users.is_empty() { Ok(found) } else { self.named(&found, user).await }
        };
        let group = async {
            let found = self.find_group(group).await?;
            if self.protected.groups.is_empty() { Ok(found) } else { self.named_group(&found, group).await }
        };
        let (user, group) = try_join(user, group).await?;
        self.check_user(&user)?;
        self.protected.check_group(group.name.as_deref(), &group.id)?;
        Ok((user, group))
    }

    /// Refuses a change to a protected user.
    pub(crate) fn check_user(&self, user: &FoundUser) -> Result<(), Error> {
        self.protected.check_user(user.name.as_deref(), &user.id)
    }

    /// Ends all these memberships, or says what would be done; the names of the groups come with the outcomes, and are
    /// looked up meanwhile, unless a group may be protected by its name.
    pub(crate) async fn leave_all(
        &self,
        memberships: &[Membership],
        dry_run: bool,
    ) -> (Vec<Result<Left, Error>>, HashMap<String, String>) {
        let leave_one = async |membership: &&Membership, names: &HashMap<String, String>| {
            let id = membership.group_id.as_deref().unwrap_or_default();
            self.protected.check_group(names.get(id).map(String::as_str), id)?;
            if dry_run { Ok(Left::WouldBeRemoved) } else { self.leave(&membership.membership_id).await }
        };
        let leave = async |names: &HashMap<String, String>| {
            self.change_each(memberships, async |membership| leave_one(membership, names).await).await
        };
        let (outcomes, names) = if self.protected.groups.is_empty() {
            join(leave(&HashMap::new()), self.group_names(memberships)).await
        } else {
            let names = self.group_names(memberships).await;
            (leave(&names).await, names)
        };
        (outcomes.into_iter().map(|(_, outcome)| outcome).collect(), names)
    }

    /// AWS: `ListGroupMembershipsForMember`.
    async fn memberships_of(&self, user: &FoundUser, paging: Paging) -> Result<Listing<Membership>, Error> {
        let doing = format!("list the groups of user {}", user.shown());
        let listing = self.list(paging, &doing, async |token, most| {
            let request = self.client.list_group_memberships_for_member();
            let request = request.identity_store_id(&self.identity_store_id).member_id(member(user));
            let request = request.max_results(most).set_next_token(token);
            let page: MembershipsPage = send!(request, "ListGroupMembershipsForMember", || doing.clone())?;
            Ok((page.group_memberships, page.next_token))
        });
        listing.await.map_err(|error| self.missing(error, user, None))
    }

    /// AWS: `CreateGroupMembership`. One that is there already is as good.
    pub(crate) async fn join(&self, user: &FoundUser, group: &FoundGroup) -> Result<Joined, Error> {
        let doing = || format!("add user {} to group {}", user.shown(), group.shown());
        let request = self.client.create_group_membership().identity_store_id(&self.identity_store_id);
        let request = request.group_id(&group.id).member_id(member(user));
        let created: Result<MembershipIdentity, Error> = send!(request, "CreateGroupMembership", doing);
        match created {
            Ok(created) => Ok(Joined { membership_id: created.membership_id, already: false }),
            // A conflict alone does not say what is in conflict; only a membership that can be read is one.
            Err(conflict) if conflict.is_conflict() => match self.membership_id(user, group).await {
                Ok(membership_id) => Ok(Joined { membership_id, already: true }),
                Err(_) => Err(conflict),
            },
            Err(error) => Err(self.missing(error, user, Some(group))),
        }
    }

    /// AWS: `GetGroupMembershipId`.
    async fn membership_id(&self, user: &FoundUser, group: &FoundGroup) -> Result<String, Error> {
        let request = self.client.get_group_membership_id().identity_store_id(&self.identity_store_id);
        let request = request.group_id(&group.id).member_id(member(user));
        let found: MembershipIdentity = send!(request, "GetGroupMembershipId", || {
            format!("look for the membership of user {} in group {}", user.shown(), group.shown())
        })?;
        Ok(found.membership_id)
    }

    /// AWS: `DeleteGroupMembership`. One that is gone already is as good.
    async fn leave(&self, membership_id: &str) -> Result<Left, Error> {
        let request = self.client.delete_group_membership().identity_store_id(&self.identity_store_id);
        let deleted: Result<Value, Error> =
            send!(request.membership_id(membership_id), "DeleteGroupMembership", || {
                format!("delete membership {membership_id}")
            });
        match deleted {
            Ok(_) => Ok(Left::Removed),
            Err(error) if error.is_not_found("GROUP_MEMBERSHIP") => Ok(Left::WasGone),
            Err(error) => Err(error),
        }
    }

    /// Names the user or the group where AWS says that one of them does not exist.
    fn missing(&self, error: Error, user: &FoundUser, group: Option<&FoundGroup>) -> Error {
        match (&error, group) {
            (_, Some(group)) if error.is_about("GROUP") => self.not_found(&format!("Group {}", group.shown()), ""),
            _ if error.is_about("USER") => self.not_found(&format!("User {}", user.shown()), ""),
            _ => error,
        }
    }
}

fn member(user: &FoundUser) -> MemberId {
    MemberId::UserId(user.id.clone())
}
