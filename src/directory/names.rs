//! The names of groups and users of whom only the ids are known.

use std::collections::HashMap;

use super::Directory;
use super::listing::PAGE;
use super::page::Page;
use crate::values::error::Error;
use crate::values::model::Membership;

/// Names by ids, as far as they could be found.
#[derive(Debug, Default)]
pub(crate) struct Names {
    names: HashMap<String, String>,
    /// Why a name is missing, if one is.
    pub(crate) missing: Option<Error>,
}

impl Names {
    pub(crate) fn get(&self, id: &str) -> Option<&str> {
        self.names.get(id).map(String::as_str)
    }
}

/// An id, and the name if there is one.
type Named = (String, Option<String>);

impl Directory {
    /// The names of the groups of these memberships.
    pub(crate) async fn group_names(&self, memberships: &[Membership]) -> Names {
        let ids = memberships.iter().filter_map(|row| row.group_id.clone());
        self.names_of_groups(ids.collect()).await
    }

    pub(super) async fn names_of_groups(&self, ids: Vec<String>) -> Names {
        let page = async |token| {
            let doing = || "list the groups for their names".to_owned();
            let (page, next) = self.groups_page(token, PAGE, doing).await?;
            Ok((page.into_iter().map(|group| (group.group_id, group.display_name)).collect(), next))
        };
        let one = async |id: &String| Ok(self.describe_group(id, &format!("group {id}")).await?.display_name);
        self.names(ids, page, one).await
    }

    /// The names of the members of these memberships.
    pub(crate) async fn member_names(&self, memberships: &[Membership]) -> Names {
        let ids = memberships.iter().filter_map(|row| row.member_id.as_ref()).map(|member| member.user_id.clone());
        self.names_of_users(ids.collect()).await
    }

    pub(super) async fn names_of_users(&self, ids: Vec<String>) -> Names {
        let page = async |token| {
            let doing = || "list the users for their names".to_owned();
            let (page, next) = self.users_page(token, PAGE, None, doing).await?;
            Ok((page.into_iter().map(|user| (user.user_id, user.user_name)).collect(), next))
        };
        let one = async |id: &String| Ok(self.describe_user(id, &format!("user {id}")).await?.user_name);
        self.names(ids, page, one).await
    }

    /// One call for each name, or the pages of the list, whichever is fewer: nobody says beforehand how many pages
    /// there are, so pages are read as long as fewer were read than half the names that are still unknown, and the
    /// rest is asked for one by one. That is never more than half again as many calls as there are names.
    async fn names(
        &self,
        mut unknown: Vec<String>,
        page: impl AsyncFn(Option<String>) -> Result<Page<Named>, Error>,
        one: impl AsyncFn(&String) -> Result<Option<String>, Error>,
    ) -> Names {
        let mut found = Names::default();
        unknown.sort_unstable();
        unknown.dedup();
        let (mut token, mut pages) = (None, 0);
        while unknown.len() > 1 && pages * 2 < unknown.len() && !self.stop.is_requested() {
            // A list that is denied does not mean that what is in it is.
            let Ok((listed, next)) = page(token).await else { break };
            pages += 1;
            let listed = listed.into_iter().filter_map(|(id, name)| Some((id, name?)));
            found.names.extend(listed.filter(|(id, _)| unknown.binary_search(id).is_ok()));
            unknown.retain(|id| !found.names.contains_key(id));
            token = next.filter(|next| !next.is_empty());
            if token.is_none() {
                return found;
            }
        }
        for (id, name) in self.each(unknown, one).await {
            match name {
                Ok(name) => found.names.extend(name.map(|name| (id, name))),
                // What is gone has no name to find, and that the work was interrupted is said of the work.
                Err(Error::NotFound { .. } | Error::Interrupted) => {}
                Err(error) => found.missing = found.missing.or(Some(error)),
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::directory::testing::in_directory;

    fn named(number: usize) -> Named {
        (number.to_string(), Some(format!("name {number}")))
    }

    /// How many pages are read, and how many names are asked for one by one, where the names of these are wanted: there
    /// are a thousand, and a page has a hundred of them.
    fn calls(wanted: impl Iterator<Item = usize>) -> (usize, usize) {
        let (pages, alone) = (Cell::new(0), Cell::new(0));
        let wanted: Vec<Named> = wanted.map(named).collect();
        let found = in_directory(async |directory| {
            let page = async |token: Option<String>| {
                pages.set(pages.get() + 1);
                let begin: usize = token.map_or(0, |token| token.parse().unwrap());
                Ok(((begin..begin + 100).map(named).collect(), (begin < 900).then(|| (begin + 100).to_string())))
            };
            let one = async |id: &String| {
                alone.set(alone.get() + 1);
                Ok(Some(format!("name {id}")))
            };
            directory.names(wanted.iter().map(|(id, _)| id.clone()).collect(), page, one).await
        });
        assert!(found.missing.is_none());
        for (id, name) in &wanted {
            assert_eq!(found.get(id), name.as_deref());
        }
        (pages.get(), alone.get())
    }

    #[test]
    fn pages_are_read_as_long_as_they_are_fewer_than_half_the_names_that_are_unknown() {
        assert_eq!(calls(0..0), (0, 0));
        assert_eq!(calls(5..6), (0, 1));
        assert_eq!(calls(5..7), (1, 0));
        assert_eq!(calls(998..1000), (1, 2));
        assert_eq!(calls([5, 998, 999].into_iter()), (1, 2));
        assert_eq!(calls(996..1000), (2, 4));
        assert_eq!(calls(0..1000), (10, 0));
    }
}
