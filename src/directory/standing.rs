//! What a user has at the moment that can be taken away: memberships in groups, and assignments of its own.

use std::collections::HashSet;
use std::time::Duration;

use futures_util::future::join;

use super::Directory;
use super::assignment_changes::{Change, UnderWay};
use super::listing::Paging;
use super::lookup::FoundUser;
use crate::values::error::Error;
use crate::values::kinds::Scope;
use crate::values::model::{AccountAssignment, Membership, PrincipalType};
use crate::values::output::{AssignmentStep, GroupStep};

/// What a user has.
pub(super) struct Standing {
    pub(super) memberships: Vec<Membership>,
    pub(super) assignments: Vec<AccountAssignment>,
    /// Why the assignments could not be read. There may be some.
    pub(super) unseen: Option<Error>,
    /// Why it could not be read what AWS is about to change. It stops nothing: the lists tell of it later.
    pub(super) under_way_unseen: Option<Error>,
}

impl Standing {
    pub(super) fn has_membership(&self, step: &GroupStep) -> bool {
        self.memberships.iter().any(|row| step.is_about(row))
    }

    pub(super) fn has_assignment(&self, step: &AssignmentStep) -> bool {
        self.assignments.iter().any(|row| step.is_about(row))
    }
}

/// How often it is read back what AWS says it has done, and the time in between: reads may lag behind (AWS documents
/// nothing of it).
const LOOKS: u32 = 3;
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

impl Directory {
    /// Reads what the user has, as far as the scope goes. Before something is taken, what AWS is about to give counts as
    /// given; before something is given, what AWS is about to take counts as taken.
    pub(super) async fn standing(
        &self,
        user: &FoundUser,
        what: &str,
        scope: Scope,
        before: Change,
    ) -> Result<Standing, Error> {
        let memberships = async {
            if !scope.has_groups() {
                return Ok(Vec::new());
            }
            self.list_memberships(&user.id, what, Paging::default()).await?.complete()
        };
        let assignments = async {
            if !scope.has_assignments() {
                return Ok::<_, Error>((Vec::new(), None));
            }
            let opposite = if before == Change::Delete { Change::Create } else { Change::Delete };
            // First: what is finished in between is in the list.
            let UnderWay { rows: under_way, unseen } = self.under_way(opposite, &user.id).await;
            let mut all = self.assignments_of(PrincipalType::User, &user.id, what).await?;
            if before == Change::Delete {
                all.extend(under_way);
                let mut seen = HashSet::new();
                all.retain(|row| seen.insert(row.clone()));
            } else {
                all.retain(|row| !under_way.contains(row));
            }
            // Rows of the user's groups may be among them.
            all.retain(|row| row.principal_type == PrincipalType::User && row.principal_id == user.id);
            Ok((all, unseen))
        };
        let (memberships, assignments) = join(memberships, assignments).await;
        let (assignments, unseen, under_way_unseen) = match assignments {
            Ok((assignments, under_way_unseen)) => (assignments, None, under_way_unseen),
            Err(error) if !scope.has_groups() => return Err(error),
            Err(error) => (Vec::new(), Some(error), None),
        };
        Ok(Standing { memberships: memberships?, assignments, unseen, under_way_unseen })
    }

    /// Reads it back until it is as it was wanted, or it is clear that it is not.
    pub(super) async fn read_back(
        &self,
        user: &FoundUser,
        what: &str,
        scope: Scope,
        after: Change,
        is_as_wanted: impl Fn(&Standing) -> bool,
    ) -> Result<Standing, Error> {
        let mut looks = 1;
        loop {
            let standing = self.standing(user, what, scope, after).await?;
            if looks == LOOKS || is_as_wanted(&standing) || self.stop.is_requested() {
                return Ok(standing);
            }
            looks += 1;
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    }
}
