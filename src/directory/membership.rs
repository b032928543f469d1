//! Memberships of users in groups.

use std::collections::HashMap;

use aws_sdk_identitystore::types::MemberId;
use futures_util::future::{join, try_join};
use serde::Deserialize;

use super::Directory;
use super::call::send;
use super::listing::{Listing, Paging};
use super::lookup::{FoundGroup, FoundUser};
use super::names::Names;
use super::protection::Changeable;
use crate::values::choice::{GroupChoice, UserChoice};
use crate::values::error::Error;
use crate::values::model::{Group, Membership, User};

/// What became of the wish that a user is in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Added {
    pub(crate) membership_id: String,
    /// Whether the user was a member before.
    pub(crate) already: bool,
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

/// Which of the groups that were named a user is in, and which groups could not be asked for, with the reason.
pub(crate) struct Checked {
    pub(crate) groups: Vec<(FoundGroup, bool)>,
    /// The names of the groups that were not named by name.
    pub(crate) names: Names,
    pub(crate) failed: Vec<(String, Error)>,
}

/// The answer to `IsMemberInGroups`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Existences {
    results: Vec<Existence>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Existence {
    group_id: Option<String>,
    membership_exists: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct MembershipsPage {
    group_memberships: Vec<Membership>,
    next_token: Option<String>,
}

/// How many groups one call may ask about (AWS: `IsMemberInGroups`, `GroupIds`).
const MOST: usize = 100;

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

    /// Which of these groups the user is in, each group once, in their order.
    pub(crate) async fn check_memberships(
        &self,
        user: &FoundUser,
        what: &str,
        groups: &[GroupChoice],
    ) -> Result<Checked, Error> {
        let mut failed = Vec::new();
        let mut named: Vec<FoundGroup> = Vec::new();
        for (choice, group) in self.each(groups, async |choice| self.find_group(choice).await).await {
            match group {
                Ok(group) if named.iter().any(|known| known.id == group.id) => {}
                Ok(group) => named.push(group),
                Err(error) => failed.push((choice.to_string(), error)),
            }
        }
        let nameless = named.iter().filter(|group| group.name.is_none()).map(|group| group.id.clone()).collect();
        let ask = self.each(named.chunks(MOST), async |chunk| self.are_member(user, what, chunk).await);
        let (answers, names) = join(ask, self.names_of_groups(nameless)).await;
        let mut is_member = HashMap::new();
        for (chunk, answer) in answers {
            match answer {
                Ok(existing) => is_member.extend(existing),
                Err(error @ Error::NotFound { .. }) => return Err(error),
                // One group that is gone is no reason to know nothing of the others.
                Err(error) if error.is_exactly_not_found("GROUP") => {
                    let alone =
                        async |group: &&FoundGroup| self.are_member(user, what, std::slice::from_ref(*group)).await;
                    for (group, answer) in self.each(chunk, alone).await {
                        match answer {
                            Ok(existing) => is_member.extend(existing),
                            Err(error) if error.is_exactly_not_found("GROUP") => {
                                let what = format!("group {}", group.shown());
                                failed.push((what.clone(), self.not_found(&what, "")));
                            }
                            Err(error) => failed.push((format!("group {}", group.shown()), error)),
                        }
                    }
                }
                Err(error) if chunk.len() == named.len() => return Err(error),
                Err(error) => {
                    let reason = error.to_string();
                    let each = |group: &FoundGroup| (format!("group {}", group.shown()), Error::Setup(reason.clone()));
                    failed.extend(chunk.iter().map(each));
                }
            }
        }
        let known = |group: FoundGroup| Some((is_member.get(&group.id.to_lowercase()).copied()?, group));
        let groups = named.into_iter().filter_map(known).map(|(is_member, group)| (group, is_member)).collect();
        Ok(Checked { groups, names, failed })
    }

    /// AWS: `IsMemberInGroups`, for 100 groups at most: whether the user is in each, by its id in small letters.
    async fn are_member(
        &self,
        user: &FoundUser,
        what: &str,
        groups: &[FoundGroup],
    ) -> Result<HashMap<String, bool>, Error> {
        let request = self.client.is_member_in_groups().identity_store_id(&self.identity_store_id);
        let request = request.member_id(member(&user.id));
        let request = request.set_group_ids(Some(groups.iter().map(|group| group.id.clone()).collect()));
        let doing = || format!("look whether {what} is in {} groups", groups.len());
        let existences: Result<Existences, Error> = send!(request, "IsMemberInGroups", doing);
        let existences = existences
            .map_err(|error| if error.is_exactly_not_found("USER") { self.not_found(what, "") } else { error })?;
        let exists = |row: Existence| Some((row.group_id?.to_lowercase(), row.membership_exists.unwrap_or_default()));
        Ok(existences.results.into_iter().filter_map(exists).collect())
    }

    /// AWS: `CreateGroupMembership`. One that is there already is as good.
    pub(crate) async fn add_member(&self, group: &Changeable<Group>, user: &Changeable<User>) -> Result<Added, Error> {
        let doing = || format!("add user {} to group {}", user.shown(), group.shown());
        let request = self.client.create_group_membership().identity_store_id(&self.identity_store_id);
        let request = request.group_id(&group.id).member_id(member(&user.id));
        let created: Result<MembershipIdentity, Error> = send!(request, "CreateGroupMembership", doing);
        match created {
            Ok(created) => Ok(Added { membership_id: created.membership_id, already: false }),
            // A conflict alone does not say what is in conflict; only a membership that can be read is one.
            Err(conflict) if conflict.is_conflict() => {
                let Ok(membership_id) = self.membership_id(group, user).await else { return Err(conflict) };
                let ours = match conflict.lost_answer() {
                    Some(lost) => {
                        lost.may_have_made(self.describe_membership(&membership_id).await?.created_at.as_ref())
                    }
                    None => false,
                };
                Ok(Added { membership_id, already: !ours })
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

fn member(user_id: &str) -> MemberId {
    MemberId::UserId(user_id.to_owned())
}
