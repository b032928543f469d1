//! Memberships of users in groups.

use aws_sdk_identitystore::types::MemberId;
use futures_util::future::{join, try_join};
use serde::Deserialize;

use super::Directory;
use super::call::send;
use super::listing::{Listing, Paging};
use super::lookup::{FoundGroup, FoundUser};
use super::protection::Changeable;
use crate::values::choice::{GroupChoice, UserChoice};
use crate::values::error::Error;
use crate::values::model::{Group, Membership, User};

/// What became of the wish that a user is in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Added {
    pub(crate) membership_id: String,
    /// Whether the user was a member before; not known if our own attempt may have made the membership.
    pub(crate) already: Option<bool>,
}

/// A user and the groups the user is in.
pub(crate) struct UserMemberships {
    pub(crate) user: FoundUser,
    /// Why the user's name is not known, if it is not.
    pub(crate) nameless: Option<Error>,
    pub(crate) listing: Listing<Membership>,
}

/// The answer to `CreateGroupMembership` and `GetGroupMembershipId`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct MembershipIdentity {
    membership_id: String,
}

/// A group and its members.
pub(crate) struct GroupMembers {
    pub(crate) group: FoundGroup,
    /// Why the group's name is not known, if it is not.
    pub(crate) nameless: Option<Error>,
    pub(crate) listing: Listing<Membership>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct MembershipsPage {
    group_memberships: Vec<Membership>,
    next_token: Option<String>,
}

impl Directory {
    /// A user's memberships, and the user's name if it can be had: the two are asked for at the same time. That there
    /// is no such user is an error even where AWS lists nothing for it.
    pub(crate) async fn memberships_of(
        &self,
        user: FoundUser,
        what: &str,
        paging: Paging,
    ) -> Result<UserMemberships, Error> {
        let id = user.id.clone();
        let (named, memberships) = join(self.named(user, what), self.list_memberships(&id, what, paging)).await;
        match named {
            Err(error @ Error::NotFound { .. }) => Err(error),
            // Not to be told the name is no reason not to tell the groups.
            Err(error) => {
                Ok(UserMemberships { user: FoundUser::new(id, None), nameless: Some(error), listing: memberships? })
            }
            Ok(user) => Ok(UserMemberships { user, nameless: None, listing: memberships? }),
        }
    }

    /// AWS: `ListGroupMembershipsForMember`.
    pub(super) async fn list_memberships(
        &self,
        id: &str,
        what: &str,
        paging: Paging,
    ) -> Result<Listing<Membership>, Error> {
        let doing = format!("list the groups of {what}");
        let listing = self.list(paging, &doing, async |token, most| {
            let request = self.client.list_group_memberships_for_member();
            let request = request.identity_store_id(&self.identity_store_id).member_id(member(id));
            let request = request.max_results(most).set_next_token(token);
            let page: MembershipsPage = send!(request, "ListGroupMembershipsForMember", || doing.clone())?;
            Ok((page.group_memberships, page.next_token))
        });
        listing.await.map_err(|error| if error.is_exactly_not_found("USER") { self.not_found(what, "") } else { error })
    }

    /// A group's members, and the group's name if it can be had: the two are asked for at the same time. That there is
    /// no such group is an error even where AWS lists nothing for it.
    pub(crate) async fn members_of(
        &self,
        group: FoundGroup,
        what: &str,
        paging: Paging,
    ) -> Result<GroupMembers, Error> {
        let id = group.id.clone();
        let (named, members) = join(self.named_group(group, what), self.list_members(&id, what, paging)).await;
        match named {
            Err(error @ Error::NotFound { .. }) => Err(error),
            // Not to be told the name is no reason not to tell the members.
            Err(error) => {
                Ok(GroupMembers { group: FoundGroup::new(id, None), nameless: Some(error), listing: members? })
            }
            Ok(group) => Ok(GroupMembers { group, nameless: None, listing: members? }),
        }
    }

    /// AWS: `ListGroupMemberships`.
    pub(super) async fn list_members(
        &self,
        id: &str,
        what: &str,
        paging: Paging,
    ) -> Result<Listing<Membership>, Error> {
        let doing = format!("list the members of {what}");
        let listing = self.list(paging, &doing, async |token, most| {
            let request = self.client.list_group_memberships().identity_store_id(&self.identity_store_id).group_id(id);
            let request = request.max_results(most).set_next_token(token);
            let page: MembershipsPage = send!(request, "ListGroupMemberships", || doing.clone())?;
            Ok((page.group_memberships, page.next_token))
        });
        listing
            .await
            .map_err(|error| if error.is_exactly_not_found("GROUP") { self.not_found(what, "") } else { error })
    }

    /// AWS: `CreateGroupMembership`. One that is there already is as good.
    pub(crate) async fn add_member(&self, group: &Changeable<Group>, user: &Changeable<User>) -> Result<Added, Error> {
        let doing = || format!("add user {} to group {}", user.shown(), group.shown());
        let request = self.client.create_group_membership().identity_store_id(&self.identity_store_id);
        let request = request.group_id(&group.id).member_id(member(&user.id));
        let created: Result<MembershipIdentity, Error> = send!(request, "CreateGroupMembership", doing);
        match created {
            Ok(created) => Ok(Added { membership_id: created.membership_id, already: Some(false) }),
            // A conflict alone does not say what is in conflict; only a membership that can be read is one.
            Err(conflict) if conflict.is_conflict() => {
                let Ok(membership_id) = self.membership_id(group, user).await else { return Err(conflict) };
                // That the user is in the group is known; whose work it is, perhaps not.
                let already = match conflict.lost_answer() {
                    Some(lost) => {
                        let there = self.describe_membership(&membership_id).await.ok();
                        there.map(|there| !lost.may_have_made(there.created_at.as_ref()))
                    }
                    None => Some(true),
                };
                Ok(Added { membership_id, already })
            }
            Err(error) if error.is_exactly_not_found("GROUP") => {
                Err(self.not_found(&format!("group {}", group.shown()), ""))
            }
            Err(error) if error.is_exactly_not_found("USER") => {
                Err(self.not_found(&format!("user {}", user.shown()), ""))
            }
            Err(error) => Err(error),
        }
    }

    /// AWS: `GetGroupMembershipId`.
    pub(super) async fn membership_id(&self, group: &FoundGroup, user: &FoundUser) -> Result<String, Error> {
        let doing = || format!("look for user {} in group {}", user.shown(), group.shown());
        let request = self.client.get_group_membership_id().identity_store_id(&self.identity_store_id);
        let request = request.group_id(&group.id).member_id(member(&user.id));
        let found: MembershipIdentity = send!(request, "GetGroupMembershipId", doing)?;
        Ok(found.membership_id)
    }

    /// AWS: `DescribeGroupMembership`.
    pub(super) async fn describe_membership(&self, id: &str) -> Result<Membership, Error> {
        let request = self.client.describe_group_membership().identity_store_id(&self.identity_store_id);
        send!(request.membership_id(id), "DescribeGroupMembership", || format!("get membership {id}"))
    }

    /// The user and the group that are meant, looked for at the same time, if neither is protected.
    pub(crate) async fn changeable_pair(
        &self,
        user: &UserChoice,
        group: &GroupChoice,
    ) -> Result<(Changeable<User>, Changeable<Group>), Error> {
        try_join(self.changeable_user(user), self.changeable_group(group)).await
    }
}

pub(super) fn member(user_id: &str) -> MemberId {
    MemberId::UserId(user_id.to_owned())
}
