//! Lists of users with filters that AWS does not have.

use std::collections::HashSet;

use super::Directory;
use super::listing::{End, PAGE, Paging};
use crate::values::error::Error;
use crate::values::model::User;
use crate::values::search::{UserFilter, is_ours};

/// How a search ended, and how many users had no status to be told by.
pub(crate) struct Searched {
    pub(crate) end: End,
    pub(crate) without_status: usize,
}

impl Directory {
    /// The users that the filter wants, each where it is to be. A limit counts them, and the pages are read until it is
    /// reached; the token of an unfinished list is ours, and says where in AWS's page to go on.
    pub(crate) async fn search_users(
        &self,
        found: &mut impl Extend<User>,
        filter: &UserFilter,
        paging: Paging,
    ) -> Result<Searched, Error> {
        if filter.is_empty() {
            if paging.next_token.as_deref().is_some_and(is_ours) {
                return Err(Error::Setup(
                    "The nextToken belongs to a list with status or search: give the same ones again.".to_owned(),
                ));
            }
            let doing = "list the users";
            return Ok(Searched {
                end: self.list_users_into(found, paging, doing, |_| true).await?,
                without_status: 0,
            });
        }
        let wanted = paging.limit.map_or(usize::MAX, |limit| limit.0);
        let (mut token, mut after) = match &paging.next_token {
            Some(token) => filter.resume(token)?,
            None => (None, None),
        };
        let mut end = End { next_token: None, ended_by: None };
        let (mut seen, mut count, mut without_status, mut is_first) = (HashSet::new(), 0, 0, true);
        loop {
            let doing = || "search the users".to_owned();
            let (page, next) = match self.users_page(token.clone(), PAGE, None, doing).await {
                Ok(page) => page,
                Err(error) if is_first => return Err(error),
                Err(error) => {
                    end = End { next_token: Some(filter.token(token, after)), ended_by: Some(error) };
                    break;
                }
            };
            is_first = false;
            // One who is gone may have been anywhere: to see some twice is better than to miss one.
            let place = page.iter().position(|user| Some(&user.user_id) == after.as_ref());
            for user in page.into_iter().skip(place.map_or(0, |place| place + 1)) {
                let wants = filter.wants(&user);
                if wants && count == wanted {
                    end.next_token = Some(filter.token(token, after));
                    return Ok(Searched { end, without_status });
                }
                without_status += usize::from(filter.cannot_tell(&user));
                after = Some(user.user_id.clone());
                count += usize::from(wants);
                found.extend(wants.then_some(user));
            }
            after = None;
            seen.insert(std::mem::replace(&mut token, next.filter(|next| !next.is_empty())));
            if token.is_none() {
                break;
            }
            if seen.contains(&token) {
                end.ended_by = Some(Error::RepeatedToken { doing: doing() });
            } else if self.stop.is_requested() {
                end.ended_by = Some(Error::Interrupted);
            }
            if count == wanted || end.ended_by.is_some() {
                end.next_token = Some(filter.token(token, None));
                break;
            }
        }
        Ok(Searched { end, without_status })
    }
}
