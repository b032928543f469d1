//! Lists that are as long as they are: every page is read, and what was read is never lost.

use std::collections::HashSet;

use futures_util::future::join;
use tokio::task::yield_now;

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

/// How a list ended, whose items are elsewhere.
#[derive(Debug)]
pub(crate) struct End {
    pub(crate) next_token: Option<String>,
    pub(crate) ended_by: Option<Error>,
}

impl Directory {
    /// Reads pages until the list or the limit is reached. The last page is asked for no more than is wanted, so that
    /// AWS's own token says where to go on. `doing` follows "Failed to".
    pub(super) async fn list<T>(
        &self,
        paging: Paging,
        doing: &str,
        fetch: impl AsyncFn(Option<String>, i32) -> Result<Page<T>, Error>,
    ) -> Result<Listing<T>, Error> {
        let mut items = Vec::new();
        let End { next_token, ended_by } =
            self.list_into(&mut items, paging, doing, fetch, |item| Ok(Some(item))).await?;
        Ok(Listing { items, next_token, ended_by })
    }

    /// The same for a list that is long: what is read of each page, if it is wanted, goes where it is to be, while the
    /// next page is on its way.
    pub(super) async fn list_into<U, T>(
        &self,
        items: &mut impl Extend<T>,
        paging: Paging,
        doing: &str,
        fetch: impl AsyncFn(Option<String>, i32) -> Result<Page<U>, Error>,
        read: impl Fn(U) -> Result<Option<T>, Error>,
    ) -> Result<End, Error> {
        let wanted = paging.limit.map_or(usize::MAX, |limit| limit.0);
        let most = |count: usize| i32::try_from(wanted - count).map_or(PAGE, |left| left.min(PAGE));
        let first = paging.next_token;
        let mut token = first.clone();
        let mut seen = HashSet::from([first.clone()]);
        let (mut count, mut fetched) = (0, fetch(token.clone(), most(0)).await?);
        loop {
            let (page, next) = fetched;
            count += page.len();
            let next = next.filter(|next| !next.is_empty());
            let is_reached = next.is_none() || count >= wanted;
            let ended_by = if is_reached || seen.insert(next.clone()) {
                (!is_reached && self.stop.is_requested()).then_some(Error::Interrupted)
            } else {
                Some(Error::RepeatedToken { doing: doing.to_owned() })
            };
            let is_ended = is_reached || ended_by.is_some();
            let read_page = || {
                let read = page.into_iter().filter_map(|item| read(item).transpose()).collect::<Result<Vec<_>, _>>();
                read.map(|page| items.extend(page))
            };
            let (is_read, following) = if is_ended {
                (read_page(), None)
            } else {
                // The request is sent before the page is read.
                let reading = async {
                    yield_now().await;
                    read_page()
                };
                let (following, is_read) = join(fetch(next.clone(), most(count)), reading).await;
                (is_read, Some(following))
            };
            if let Err(error) = is_read {
                return if token == first { Err(error) } else { Ok(End { next_token: token, ended_by: Some(error) }) };
            }
            self.watch.at(doing, count, None);
            fetched = match following {
                None => return Ok(End { next_token: next, ended_by }),
                Some(Err(error)) => return Ok(End { next_token: next, ended_by: Some(error) }),
                Some(Ok(following)) => following,
            };
            token = next;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;
    use std::time::Duration;

    use serde_json::json;
    use tokio::sync::Notify;
    use tokio::time::timeout;

    use super::*;
    use crate::directory::Backend;
    use crate::values::params::Params;
    use crate::values::secret::Secrets;
    use crate::values::settings::Settings;

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
        let params = json!({
            "credentials": {"identifier": "AKIAEXAMPLE0000000", "password": "a-secret"},
            "defaultRegion": "eu-central-1", "IdentityStoreId": "d-1234567890"
        });
        let settings =
            Settings::new(Params::decode(params.as_object().unwrap()).unwrap(), serde_json::from_str("{}").unwrap());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let added = Rc::<Notify>::default();
        let mut found = Found(Vec::new(), Rc::clone(&added));
        let ended = runtime.block_on(async {
            let directory =
                Directory::connect(&settings.unwrap(), &Backend::default(), &Secrets::default()).await.unwrap();
            let fetch = async |token: Option<String>, _| match token.as_deref() {
                None => Ok((vec![1, 2], Some("second".to_owned()))),
                // It comes when the first is there, and never if nobody puts it there meanwhile.
                Some(_) => timeout(Duration::from_secs(10), added.notified())
                    .await
                    .map(|()| (vec![3], None))
                    .map_err(|_| Error::Setup("the first page was not there".to_owned())),
            };
            let read = |item| Ok((item != 2).then_some(item));
            directory.list_into(&mut found, Paging::default(), "list", fetch, read).await.unwrap()
        });
        assert!(ended.ended_by.is_none() && ended.next_token.is_none(), "{ended:?}");
        assert_eq!(found.0, [1, 3]);
    }
}
