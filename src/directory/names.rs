//! The names of groups.

use std::collections::HashMap;

use super::Directory;
use crate::values::error::Error;
use crate::values::model::Membership;

/// Names by the groups' ids, as far as they could be found.
#[derive(Debug, Default)]
pub(crate) struct GroupNames {
    names: HashMap<String, String>,
    /// Why a name is missing, if one is.
    pub(crate) missing: Option<Error>,
}

impl GroupNames {
    pub(crate) fn get(&self, id: &str) -> Option<&str> {
        self.names.get(id).map(String::as_str)
    }
}

impl Directory {
    /// The names of the groups of these memberships.
    ///
    /// One call for each name, or the pages of `ListGroups`, whichever is fewer: nobody says beforehand how many
    /// pages there are, so pages are read as long as fewer were read than half the names that are still unknown, and
    /// the rest is asked for one by one. That is never more than half again as many calls as there are groups.
    pub(crate) async fn group_names(&self, memberships: &[Membership]) -> GroupNames {
        let mut found = GroupNames::default();
        let mut unknown: Vec<String> = memberships.iter().filter_map(|row| row.group_id.clone()).collect();
        unknown.sort_unstable();
        unknown.dedup();
        let (mut token, mut pages) = (None, 0);
        while unknown.len() > 1 && pages * 2 < unknown.len() && !self.stop.is_requested() {
            let page = self.groups_page(token, 100, || "list the groups for their names".to_owned()).await;
            // A list that is denied does not mean that the groups are.
            let Ok((page, next)) = page else { break };
            pages += 1;
            let listed = page.into_iter().filter_map(|group| Some((group.group_id, group.display_name?)));
            found.names.extend(listed.filter(|(id, _)| unknown.binary_search(id).is_ok()));
            unknown.retain(|id| !found.names.contains_key(id));
            token = next;
            if token.is_none() {
                return found;
            }
        }
        let described = self.each(unknown, async |id| self.describe_group(id, &format!("group {id}")).await).await;
        for (id, group) in described {
            match group {
                Ok(group) => found.names.extend(group.display_name.map(|name| (id, name))),
                // A group that is gone has no name to find, and that the work was interrupted is said of the work.
                Err(Error::NotFound { .. } | Error::Interrupted) => {}
                Err(error) => found.missing = found.missing.or(Some(error)),
            }
        }
        found
    }
}
