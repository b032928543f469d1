//! Lists that are as long as they are: every page is read, and what was read is never lost.

use std::collections::HashSet;

use futures_util::future::join;
use tokio::task::yield_now;

use super::Directory;
use super::page::Page;
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

/// How a list ended, whose items are elsewhere.
#[derive(Debug)]
pub(crate) struct End {
    pub(crate) next_token: Option<String>,
    pub(crate) ended_by: Option<Error>,
}

impl Directory {
    /// Reads pages until the list or the limit is reached. The last page is asked for no more than is wanted, so that
    /// AWS's own token says where to go on; it holds no more than a page does. `doing` follows "Failed to".
    pub(super) async fn list<T>(
        &self,
        paging: Paging,
        doing: &str,
        fetch: impl AsyncFn(Option<String>, i32) -> Result<Page<T>, Error>,
    ) -> Result<Listing<T>, Error> {
        let mut items = Vec::new();
        let End { next_token, ended_by } = self.list_into(&mut items, paging, doing, fetch, |_| true).await?;
        Ok(Listing { items, next_token, ended_by })
    }

    /// Does the same for a long list: what is wanted of a page goes where it belongs while the next page is on its way.
    pub(super) async fn list_into<T>(
        &self,
        items: &mut impl Extend<T>,
        paging: Paging,
        doing: &str,
        fetch: impl AsyncFn(Option<String>, i32) -> Result<Page<T>, Error>,
        is_wanted: impl Fn(&T) -> bool,
    ) -> Result<End, Error> {
        let wanted = paging.limit.map_or(usize::MAX, |limit| limit.0);
        let most = |count: usize| i32::try_from(wanted.saturating_sub(count)).map_or(PAGE, |left| left.min(PAGE));
        let mut seen = HashSet::from([paging.next_token.clone()]);
        let (mut count, mut fetched) = (0, fetch(paging.next_token, most(0)).await?);
        loop {
            let (page, next_token) = fetched;
            let next_token = next_token.filter(|token| !token.is_empty());
            count += page.len();
            let is_reached = next_token.is_none() || count >= wanted;
            let ended_by = if is_reached || seen.insert(next_token.clone()) {
                (!is_reached && self.stop.is_requested()).then_some(Error::Interrupted)
            } else {
                Some(Error::RepeatedToken { doing: doing.to_owned() })
            };
            let keep = || items.extend(page.into_iter().filter(&is_wanted));
            if is_reached || ended_by.is_some() {
                keep();
                self.watch.at(doing, count, None);
                return Ok(End { next_token, ended_by });
            }
            let keeping = async {
                // The request is sent before.
                yield_now().await;
                keep();
                self.watch.at(doing, count, None);
            };
            fetched = match join(fetch(next_token.clone(), most(count)), keeping).await {
                (Ok(following), ()) => following,
                (Err(error), ()) => return Ok(End { next_token, ended_by: Some(error) }),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::rc::Rc;
    use std::time::Duration;

    use tokio::sync::Notify;
    use tokio::time::timeout;

    use super::*;
    use crate::directory::testing::in_directory;

    /// Tells when something was added.
    struct Found(Vec<u32>, Rc<Notify>);

    impl Extend<u32> for Found {
        fn extend<I: IntoIterator<Item = u32>>(&mut self, items: I) {
            self.0.extend(items);
            self.1.notify_one();
        }
    }

    #[test]
    fn a_page_is_where_it_is_to_be_before_the_next_has_come() {
        let added = Rc::<Notify>::default();
        let (ended, found) = in_directory(async |directory| {
            let mut found = Found(Vec::new(), Rc::clone(&added));
            let fetch = async |token: Option<String>, _| match token.as_deref() {
                None => Ok((vec![1, 2], Some("second".to_owned()))),
                // It comes when the first is there, and never if nobody puts it there meanwhile.
                Some(_) => timeout(Duration::from_secs(10), added.notified())
                    .await
                    .map(|()| (vec![3], None))
                    .map_err(|_| Error::Setup("the first page was not there".to_owned())),
            };
            let is_wanted = |item: &u32| *item != 2;
            let ended = directory.list_into(&mut found, Paging::default(), "list", fetch, is_wanted).await.unwrap();
            (ended, found.0)
        });
        assert!(ended.ended_by.is_none() && ended.next_token.is_none(), "{ended:?}");
        assert_eq!(found, [1, 3]);
    }

    /// Numbers from where the token says, on pages that hold no more than so many; what was asked for is noted.
    fn counting(
        holds: usize,
        asked: &RefCell<Vec<i32>>,
    ) -> impl AsyncFn(Option<String>, i32) -> Result<Page<usize>, Error> {
        async move |token: Option<String>, most| {
            asked.borrow_mut().push(most);
            let begin = token.map_or(0, |token| token.parse().unwrap());
            let end = 1000.min(begin + holds.min(usize::try_from(most).unwrap()));
            Ok(((begin..end).collect(), (end < 1000).then(|| end.to_string())))
        }
    }

    #[test]
    fn a_limit_is_reached_exactly_however_much_is_on_a_page() {
        for (limit, holds, expected) in [
            (1, 100, vec![1]),
            (99, 100, vec![99]),
            (100, 100, vec![100]),
            (101, 100, vec![100, 1]),
            (200, 100, vec![100, 100]),
            (201, 100, vec![100, 100, 1]),
            (250, 100, vec![100, 100, 50]),
            (250, 90, vec![100, 100, 70]),
            (250, 60, vec![100, 100, 100, 70, 10]),
            (300, 99, vec![100, 100, 100, 3]),
            (150, 60, vec![100, 90, 30]),
        ] {
            let asked = RefCell::default();
            let listing = in_directory(async |directory| {
                let paging = Paging { limit: Some(Limit(limit)), next_token: None };
                directory.list(paging, "list", counting(holds, &asked)).await.unwrap()
            });
            assert_eq!(listing.items, (0..limit).collect::<Vec<_>>(), "{limit} by {holds}");
            assert_eq!(
                (asked.into_inner(), listing.next_token),
                (expected, Some(limit.to_string())),
                "{limit} by {holds}"
            );
        }
    }

    #[test]
    fn a_page_that_holds_more_than_was_asked_for_ends_a_list_that_has_enough() {
        let calls = Cell::new(0);
        let listing = in_directory(async |directory| {
            let paging = Paging { limit: Some(Limit(250)), next_token: None };
            let fetch = async |_, _| {
                calls.set(calls.get() + 1);
                Ok((vec![calls.get(); 300], Some(calls.get().to_string())))
            };
            directory.list(paging, "list", fetch).await.unwrap()
        });
        assert_eq!((listing.items, listing.next_token.as_deref()), (vec![1; 300], Some("1")), "nothing is lost");
        assert!(listing.ended_by.is_none());
    }

    #[test]
    fn a_list_that_is_asked_to_end_says_where_it_goes_on_unless_it_has_enough() {
        for (limit, is_interrupted) in [(None, true), (Some(Limit(250)), true), (Some(Limit(100)), false)] {
            let asked = RefCell::default();
            let listing = in_directory(async |directory| {
                directory.stop.request();
                let paging = Paging { limit, next_token: None };
                directory.list(paging, "list", counting(100, &asked)).await.unwrap()
            });
            assert_eq!((listing.items.len(), listing.next_token.as_deref()), (100, Some("100")), "{limit:?}");
            assert_eq!(matches!(listing.ended_by, Some(Error::Interrupted)), is_interrupted, "{limit:?}");
            assert_eq!(asked.into_inner(), [100], "{limit:?}");
        }
    }
}
