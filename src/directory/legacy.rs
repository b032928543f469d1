//! A directory that looks nobody up by name: a legacy Active Directory source knows neither `GetUserId` nor `GetGroupId`,
//! but lists with a filter that AWS has deprecated since. What comes back is held against what was asked for, because a
//! server may ignore the filter, or refuse it.

use std::collections::HashSet;

use icu_normalizer::ComposingNormalizerBorrowed;

use super::Directory;
use super::listing::PAGE;
use super::lookup::{Found, FoundGroup, FoundUser};
use super::page::Page;
use crate::values::error::Error;

/// AWS's word for an operation that a legacy directory does not have.
const UNKNOWN_OPERATION: &str = "UnknownOperationException";

/// Whether the directory does not know the operation that looks somebody up.
pub(super) fn looks_nobody_up(error: &Error) -> bool {
    matches!(error, Error::Service(error) if error.is(UNKNOWN_OPERATION))
}

impl Directory {
    /// The user with this name, from the pages of `ListUsers`.
    pub(super) async fn listed_user(&self, name: &str, what: &str) -> Result<Option<FoundUser>, Error> {
        let page = async |token, is_filtered: bool| {
            let filter = is_filtered.then_some(name);
            let (users, next) = self.users_page(token, PAGE, filter, || format!("look for {what}")).await?;
            Ok((users.into_iter().map(FoundUser::from).collect(), next))
        };
        self.listed(name, what, page).await
    }

    /// The group with this name, from the pages of `ListGroups`.
    pub(super) async fn listed_group(&self, name: &str, what: &str) -> Result<Option<FoundGroup>, Error> {
        let page = async |token, is_filtered: bool| {
            let filter = is_filtered.then_some(name);
            let (groups, next) = self.groups_page_of(token, PAGE, filter, || format!("look for {what}")).await?;
            Ok((groups.into_iter().map(FoundGroup::from).collect(), next))
        };
        self.listed(name, what, page).await
    }

    async fn listed<T>(
        &self,
        name: &str,
        what: &str,
        page: impl AsyncFn(Option<String>, bool) -> Result<Page<Found<T>>, Error>,
    ) -> Result<Option<Found<T>>, Error> {
        match self.swept(name, what, async |token| page(token, true).await).await {
            Err(error) if error.is_about_a_deprecated_filter() => {
                self.swept(name, what, async |token| page(token, false).await).await
            }
            found => found,
        }
    }

    /// Reads pages until one has the name, letter by letter. Where none has, the only one that Unicode takes for the same
    /// text serves (NFC); letter case counts.
    async fn swept<T>(
        &self,
        name: &str,
        what: &str,
        page: impl AsyncFn(Option<String>) -> Result<Page<Found<T>>, Error>,
    ) -> Result<Option<Found<T>>, Error> {
        let nfc = ComposingNormalizerBorrowed::new_nfc();
        let wanted = nfc.normalize(name);
        let (mut token, mut seen, mut alike) = (None, HashSet::new(), Vec::new());
        loop {
            let (found, next) = page(token).await?;
            let has_it = |found: &Found<T>| found.name.as_deref() == Some(name);
            let (same, others): (Vec<_>, Vec<_>) = found.into_iter().partition(has_it);
            if !same.is_empty() {
                return only(same, what);
            }
            alike.extend(
                others
                    .into_iter()
                    .filter(|found| found.name.as_deref().is_some_and(|name| nfc.normalize(name) == wanted)),
            );
            token = next.filter(|next| !next.is_empty());
            if token.is_none() {
                return only(alike, what);
            }
            if !seen.insert(token.clone()) {
                return Err(Error::RepeatedToken { doing: format!("look for {what}") });
            }
            if self.stop.is_requested() {
                return Err(Error::Interrupted);
            }
        }
    }
}

/// The only one, if there is any; it may be listed twice.
fn only<T>(mut found: Vec<Found<T>>, what: &str) -> Result<Option<Found<T>>, Error> {
    let mut seen = HashSet::new();
    found.retain(|found| seen.insert(found.id.to_lowercase()));
    match found.as_slice() {
        [] | [_] => Ok(found.pop()),
        several => {
            let names = several.iter().map(|found| format!("{} ({})", found.shown(), found.id));
            let names = names.collect::<Vec<_>>().join(", ");
            Err(Error::Ambiguous { what: what.to_owned(), count: several.len(), names })
        }
    }
}
