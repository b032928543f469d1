//! The end of memberships, one or many.

use std::collections::HashSet;

use futures_util::future::join;
use serde_json::Value;

use super::Directory;
use super::call::send;
use super::listing::Paging;
use super::names::Names;
use super::protection::{Changeable, Endable, ProtectedIds};
use super::read_back::gone;
use crate::values::error::Error;
use crate::values::ids::MembershipId;
use crate::values::long_work::Patience;
use crate::values::model::{Group, Membership, User};

/// What became of the wish that a membership ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Removed {
    Now,
    Before,
    /// It is gone, an answer of AWS was lost, and nobody saw it before.
    Perhaps,
    /// A dry run.
    NotYet,
}

/// What became of the wish that several memberships end, in their order.
pub(crate) struct Removals {
    pub(crate) outcomes: Vec<Result<Removed, Error>>,
    pub(crate) names: Names,
}

impl Removed {
    /// The same, of a membership that was there when the command began: then it was our lost attempt that removed it.
    fn of_seen(self) -> Self {
        if self == Self::Perhaps { Self::Now } else { self }
    }
}

impl Directory {
    /// Ends all these memberships of a user, or says what would be done. The names of the groups are looked up
    /// meanwhile, unless groups are protected by name: then they come first.
    pub(crate) async fn remove_members(
        &self,
        user: &Changeable<User>,
        memberships: &[Membership],
        dry_run: bool,
    ) -> Result<Removals, Error> {
        let groups = self.protected_groups().await?;
        Ok(self.remove_unprotected(user, memberships, &groups, dry_run, None).await)
    }

    /// The same where the protected groups are known. What the patience does not reach is interrupted.
    pub(super) async fn remove_unprotected(
        &self,
        user: &Changeable<User>,
        memberships: &[Membership],
        groups: &ProtectedIds,
        dry_run: bool,
        patience: Option<&Patience>,
    ) -> Removals {
        let remove = async |names: &Names| {
            let outcomes = self.each(memberships, async |membership| {
                if patience.is_some_and(Patience::is_over) {
                    return Err(Error::Interrupted);
                }
                let membership = self.endable(user, membership, groups, names)?;
                if dry_run { Ok(Removed::NotYet) } else { self.remove_member(&membership).await.map(Removed::of_seen) }
            });
            outcomes.await.into_iter().map(|(_, outcome)| outcome).collect()
        };
        let (outcomes, names) = if groups.has_names {
            let names = self.group_names(memberships).await;
            (remove(&names).await, names)
        } else {
            join(remove(&Names::default()), self.group_names(memberships)).await
        };
        Removals { outcomes, names }
    }

    /// Ends memberships of anybody, each once, or says what would be done: the membership as far as it is known, and
    /// what became of it. Whose they are is asked only where something is protected, or nothing shall be changed.
    pub(crate) async fn remove_memberships(
        &self,
        ids: Vec<MembershipId>,
        dry_run: bool,
    ) -> Result<Vec<(Membership, Result<Removed, Error>)>, Error> {
        let (users, groups) = (self.protected_users().await?, self.protected_groups().await?);
        let anything_protected = !users.is_empty() || !groups.is_empty();
        let mut seen = HashSet::new();
        let ids = ids.into_iter().filter(|id| seen.insert(id.0.clone()));
        let outcomes = self.each(ids, async |id| {
            let unknown = Membership { membership_id: id.0.clone(), ..Membership::default() };
            let is_seen = anything_protected || dry_run;
            let membership = if is_seen {
                match self.describe_membership(&id.0).await {
                    Err(error) if error.is_not_found("GROUP_MEMBERSHIP") => return Ok((unknown, Ok(Removed::Before))),
                    Err(error) => return Ok((unknown, Err(error))),
                    Ok(membership) => membership,
                }
            } else {
                unknown
            };
            let outcome = match self.endable_of_anybody(&membership, &users, &groups).await {
                Err(error) => Err(error),
                Ok(_) if dry_run => Ok(Removed::NotYet),
                Ok(endable) if is_seen => self.remove_member(&endable).await.map(Removed::of_seen),
                Ok(endable) => self.remove_member(&endable).await,
            };
            Ok((membership, outcome))
        });
        let whole = |(id, outcome): (MembershipId, Result<_, Error>)| {
            let unknown = Membership { membership_id: id.0, ..Membership::default() };
            outcome.unwrap_or_else(|error| (unknown, Err(error)))
        };
        Ok(outcomes.await.into_iter().map(whole).collect())
    }

    /// Ends one user's membership in one group; none is as good. Gives the membership's id if there was one.
    pub(crate) async fn remove_from_group(
        &self,
        user: &Changeable<User>,
        group: &Changeable<Group>,
        dry_run: bool,
    ) -> Result<(Option<String>, Removed), Error> {
        let id = match self.membership_id(group, user).await {
            Ok(id) => id,
            Err(error) if error.is_exactly_not_found("USER") => {
                return Err(self.not_found(&format!("user {}", user.shown()), ""));
            }
            Err(error) if error.is_exactly_not_found("GROUP") => {
                return Err(self.not_found(&format!("group {}", group.shown()), ""));
            }
            Err(error) if error.is_exactly_not_found("GROUP_MEMBERSHIP") => return Ok((None, Removed::Before)),
            Err(error) if error.is_not_found_without_a_type() => {
                match self.listed_membership(user, group, error).await? {
                    Some(id) => id,
                    None => return Ok((None, Removed::Before)),
                }
            }
            Err(error) => return Err(error),
        };
        if dry_run {
            return Ok((Some(id), Removed::NotYet));
        }
        let removed = self.remove_member(&Endable::of_pair(user, group, id.clone())).await?;
        Ok((Some(id), removed.of_seen()))
    }

    /// AWS: `DeleteGroupMembership`. One that is gone already is as good.
    async fn remove_member(&self, membership: &Endable) -> Result<Removed, Error> {
        let id = membership.id();
        let request = self.client.delete_group_membership().identity_store_id(&self.identity_store_id);
        let doing = || format!("delete membership {id}");
        let deleted: Result<Value, Error> = send!(request.membership_id(id), "DeleteGroupMembership", doing);
        let error = match deleted {
            Ok(_) => return Ok(Removed::Now),
            Err(error) if error.is_not_found("GROUP_MEMBERSHIP") => error,
            Err(error) => return Err(error),
        };
        // It is gone, and perhaps an earlier attempt of ours was never answered.
        let removed = if error.lost_answer().is_some() { Removed::Perhaps } else { Removed::Before };
        if error.is_not_found_without_a_type() {
            let there = self.describe_membership(id).await.map_err(|error| {
                if error.is_not_found("GROUP_MEMBERSHIP") {
                    self.not_found(&format!("membership {id}"), "")
                } else {
                    error
                }
            });
            gone(error, there)?;
        }
        Ok(removed)
    }

    /// The user's membership in the group as it is listed, where AWS does not say what it did not find.
    async fn listed_membership(
        &self,
        user: &Changeable<User>,
        group: &Changeable<Group>,
        error: Error,
    ) -> Result<Option<String>, Error> {
        let what = format!("user {}", user.shown());
        let listed = self.list_memberships(&user.id, &what, Paging::default()).await?.complete()?;
        match listed.iter().find(|row| row.group_id.as_ref() == Some(&group.id)) {
            Some(there) => Ok(Some(there.membership_id.clone())),
            // One that does not say which group it is in may be this one.
            None if listed.iter().any(|row| row.group_id.is_none()) => Err(error),
            None => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::testing::in_directory;

    #[test]
    fn what_an_interruption_leaves_is_told_by_its_id() {
        let ids = ["0f0f0f0f-1111-4222-8333-444444444444", "0f0f0f0f-1111-4222-8333-555555555555"];
        let left = in_directory(async |directory| {
            directory.stop.request();
            directory.remove_memberships(ids.map(|id| MembershipId(id.to_owned())).into(), false).await.unwrap()
        });
        assert_eq!(left.iter().map(|(membership, _)| membership.membership_id.as_str()).collect::<Vec<_>>(), ids);
        assert!(left.iter().all(|(_, outcome)| matches!(outcome, Err(Error::Interrupted))));
    }
}
