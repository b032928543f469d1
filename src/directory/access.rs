//! What a user or a group can reach: accounts, permission sets, and the way in.

use std::collections::{HashMap, HashSet};

use futures_util::future::join;

use super::Directory;
use super::listing::Paging;
use super::lookup::{FoundGroup, FoundUser};
use super::membership::UserMemberships;
use super::names::Names;
use crate::values::error::Error;

use crate::values::model::{AccountAssignment, PrincipalType};

/// Everything that was found, and what could not be seen.
pub(crate) struct Access<P> {
    pub(crate) principal: P,
    /// Each way in once, by account, permission set and way.
    pub(crate) ways: Vec<AccountAssignment>,
    /// The names of the groups that are ways in.
    pub(crate) groups: Names,
    /// The names of the permission sets, by their ARNs.
    pub(crate) permission_sets: HashMap<String, String>,
    /// The groups whose assignments could not be read, by id.
    pub(crate) unseen: Vec<(String, Error)>,
    /// Why nothing could be seen, not even what the principal has directly.
    pub(crate) refused: Option<Error>,
    /// Why something is shown without its name.
    pub(crate) nameless: Option<Error>,
}

impl Directory {
    /// Everything that a user can reach, directly and through each group.
    pub(crate) async fn access_of_user(&self, user: FoundUser, what: &str) -> Result<Access<FoundUser>, Error> {
        let id = user.id.clone();
        let own = self.assignments_of(PrincipalType::User, &id, what);
        let (own, memberships) = join(own, self.memberships_of(user, what, Paging::default())).await;
        let UserMemberships { user, nameless, listing } = memberships?;
        let memberships = listing.complete()?;
        let groups: Vec<String> = memberships.iter().filter_map(|membership| membership.group_id.clone()).collect();
        let mut ways = match own {
            Ok(ways) => ways,
            // What is refused for the user is refused for its groups. Which groups these are can be seen.
            Err(error) => {
                let reason = error.to_string();
                let unseen = groups.into_iter().map(|id| (id, Error::Setup(reason.clone()))).collect();
                let access = self.with_names(user, Vec::new(), unseen, nameless).await?;
                return Ok(Access { refused: Some(error), ..access });
            }
        };
        let of_group = async |id: &String| self.assignments_of(PrincipalType::Group, id, &format!("group {id}")).await;
        let mut unseen = Vec::new();
        for (group, assignments) in self.each(groups, of_group).await {
            match assignments {
                Ok(assignments) => ways.extend(assignments),
                Err(error) => unseen.push((group, error)),
            }
        }
        self.with_names(user, ways, unseen, nameless).await
    }

    /// Everything that the members of a group can reach through it.
    pub(crate) async fn access_of_group(&self, group: FoundGroup, what: &str) -> Result<Access<FoundGroup>, Error> {
        let id = group.id.clone();
        let (named, ways) =
            join(self.named_group(group, what), self.assignments_of(PrincipalType::Group, &id, what)).await;
        match named {
            Err(error @ Error::NotFound { .. }) => Err(error),
            Err(error) => self.with_names(FoundGroup::new(id, None), ways?, Vec::new(), Some(error)).await,
            Ok(group) => self.with_names(group, ways?, Vec::new(), None).await,
        }
    }

    async fn with_names<P>(
        &self,
        principal: P,
        mut ways: Vec<AccountAssignment>,
        unseen: Vec<(String, Error)>,
        mut nameless: Option<Error>,
    ) -> Result<Access<P>, Error> {
        let mut seen = HashSet::new();
        ways.retain(|way| seen.insert(way.clone()));
        let of_groups = ways.iter().filter(|way| way.principal_type == PrincipalType::Group);
        let groups = of_groups.map(|way| way.principal_id.clone()).chain(unseen.iter().map(|(id, _)| id.clone()));
        let sets: HashSet<String> = ways.iter().map(|way| way.permission_set_arn.clone()).collect();
        let (groups, (permission_sets, missing)) =
            join(self.names_of_groups(groups.collect()), self.names_of_permission_sets(sets)).await;
        nameless = nameless.or(missing);
        Ok(Access { principal, ways, groups, permission_sets, unseen, refused: None, nameless })
    }
}
