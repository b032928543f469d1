//! Look-ups in a legacy Active Directory source, which has neither `GetUserId` nor `GetGroupId`. It lists with a filter
//! that AWS has deprecated since. A server may ignore the filter or refuse it, so every listed name is compared.

use std::collections::HashSet;

use super::Directory;
use super::listing::PAGE;
use super::lookup::{Found, FoundGroup, FoundUser};
use super::page::Page;
use crate::values::error::Error;
use crate::values::names::composed;

/// AWS's code for an operation that a legacy directory does not have.
const UNKNOWN_OPERATION: &str = "UnknownOperationException";

/// Returns whether the directory lacks the operation that looks up a name.
pub(super) fn lacks_look_up(error: &Error) -> bool {
    matches!(error, Error::Service(error) if error.is(UNKNOWN_OPERATION))
}

impl Directory {
    /// Returns the user with this name from `ListUsers`.
    pub(super) async fn listed_user(&self, name: &str, what: &str) -> Result<Option<FoundUser>, Error> {
        let page = async |token, is_filtered: bool| {
            let filter = is_filtered.then_some(name);
            let (users, next) = self.users_page(token, PAGE, filter, || format!("look for {what}")).await?;
            Ok((users.into_iter().map(FoundUser::from).collect(), next))
        };
        self.listed(name, what, page).await
    }

    /// Returns the group with this name from `ListGroups`.
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

    /// Reads pages until one has exactly this name. Otherwise returns the only one whose name is the same text in Unicode
    /// (NFC). Letter case counts.
    async fn swept<T>(
        &self,
        name: &str,
        what: &str,
        page: impl AsyncFn(Option<String>) -> Result<Page<Found<T>>, Error>,
    ) -> Result<Option<Found<T>>, Error> {
        let wanted = composed(name);
        let (mut token, mut seen, mut alike) = (None, HashSet::new(), Vec::new());
        loop {
            let (found, next) = page(token).await?;
            let has_it = |found: &Found<T>| found.name.as_deref() == Some(name);
            let (same, others): (Vec<_>, Vec<_>) = found.into_iter().partition(has_it);
            if !same.is_empty() {
                return only(same, what);
            }
            alike.extend(
                others.into_iter().filter(|found| found.name.as_deref().is_some_and(|name| composed(name) == wanted)),
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

/// Returns the only one, if there is any. It may be listed twice. Fails if there are several.
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
