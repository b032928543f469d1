//! Lists that are as long as they are: every page is read, and what was read is never lost.

use std::collections::HashSet;

use super::Directory;
use crate::values::error::Error;
use crate::values::kinds::Limit;

/// The most that one page may hold (AWS: Identity Store API, `MaxResults`).
pub(super) const PAGE: i32 = 100;

/// Which part of a list is wanted.
#[derive(Debug, Default)]
pub(crate) struct Paging {
    /// How many items; all without it.
    pub(crate) limit: Option<Limit>,
    /// Where an earlier answer ended.
    pub(crate) next_token: Option<String>,
}

/// What was read of a list.
#[derive(Debug)]
pub(crate) struct Listing<T> {
    pub(crate) items: Vec<T>,
    /// What continues the list; nothing when it is finished.
    pub(crate) next_token: Option<String>,
    /// Why it is not finished, if not for the limit. The token continues where it broke off.
    pub(crate) ended_by: Option<Error>,
}

impl<T> Listing<T> {
    /// All items, where a part of them would be no answer.
    pub(crate) fn complete(self) -> Result<Vec<T>, Error> {
        self.ended_by.map_or(Ok(self.items), Err)
    }
}

/// One page: its items and the token of the next.
pub(super) type Page<T> = (Vec<T>, Option<String>);

impl Directory {
    /// Reads pages until the list or the limit is reached. The last page is asked for no more than is wanted, so that
    /// AWS's own token says where to go on. `doing` follows "Failed to".
    pub(super) async fn list<T>(
        &self,
        paging: Paging,
        doing: &str,
        fetch: impl AsyncFn(Option<String>, i32) -> Result<Page<T>, Error>,
    ) -> Result<Listing<T>, Error> {
        let wanted = paging.limit.map_or(usize::MAX, |limit| limit.0);
        let mut items = Vec::new();
        let first = paging.next_token;
        let mut token = first.clone();
        let mut seen = HashSet::from([first.clone()]);
        loop {
            let most = i32::try_from(wanted - items.len()).map_or(PAGE, |left| left.min(PAGE));
            match fetch(token.clone(), most).await {
                Err(error) if token == first => return Err(error),
                Err(error) => return Ok(Listing { items, next_token: token, ended_by: Some(error) }),
                Ok((page, next)) => {
                    items.extend(page);
                    token = next.filter(|next| !next.is_empty());
                    self.watch.at(doing, items.len(), None);
                }
            }
            if token.is_none() || items.len() >= wanted {
                return Ok(Listing { items, next_token: token, ended_by: None });
            }
            let ended_by = if seen.insert(token.clone()) {
                self.stop.is_requested().then_some(Error::Interrupted)
            } else {
                Some(Error::RepeatedToken { doing: doing.to_owned() })
            };
            if ended_by.is_some() {
                return Ok(Listing { items, next_token: token, ended_by });
            }
        }
    }
}
