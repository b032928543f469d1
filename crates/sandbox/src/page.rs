//! Pages of a list, and the tokens that lead from one to the next.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{
    api_error::ApiError,
    context::Call,
    document::Timestamp,
    seal,
    store::{Ordinal, Record, Table},
};

/// What a page holds when the request does not say: what AWS was seen to do, and does not document.
const DEFAULT_LIMIT: usize = 100;
/// How many records after a page its token names.
const AHEAD: usize = 8;
/// What no id holds.
const SEPARATOR: &str = "\n";

/// Which part of a list is wanted.
#[derive(Debug)]
pub(super) struct Page {
    limit: usize,
    /// What a token of this list is good for: the operation, the store, and the rest of the request.
    purpose: String,
    /// The ids in the request's token: the last record before the page, then some that follow it.
    anchors: Vec<String>,
    /// Until when its tokens are good, if not for ever.
    expires: Option<Timestamp>,
}

impl Page {
    /// Takes `MaxResults` and `NextToken` out of a request; the rest of it is what a token is
    /// bound to, together with the operation and the store.
    pub(super) fn of(call: &Call, store: &str, input: &mut Map<String, Value>) -> Result<Self, ApiError> {
        let Call { operation, scenario, .. } = call;
        let limit = input.shift_remove("MaxResults").as_ref().and_then(Value::as_u64);
        let token = input.shift_remove("NextToken");
        // However the store was named, it is one store.
        input.shift_remove("IdentityStoreId");
        // Admitting a request put its members in the model's order, so that its text is its own.
        let purpose = format!("{operation} {store} {}", Value::from(input.clone()));
        let expires = scenario.unknown.token_lifetime.map(|lifetime| call.now() + lifetime);
        let anchors = match token.as_ref().and_then(Value::as_str) {
            None | Some("") => Vec::new(),
            Some(token) => anchors(&purpose, token, call.now())?,
        };
        let limit = limit.and_then(|limit| limit.try_into().ok());
        let limit = limit.or(scenario.unknown.page_size).unwrap_or(DEFAULT_LIMIT);
        let limit = limit.min(scenario.short_pages.unwrap_or(limit));
        Ok(Self { limit, purpose, anchors, expires })
    }

    /// The wanted part of a list, which `ordinals` gives from any ordinal on, and the token of
    /// the next part.
    pub(super) fn cut<'a, R: Record, I: Iterator<Item = Ordinal>>(
        &self,
        table: &'a Table<R>,
        ordinals: impl Fn(Ordinal) -> I,
    ) -> Result<(Vec<&'a R>, Option<String>), ApiError> {
        let start = self.start(table)?;
        let mut records = ordinals(start).filter_map(|ordinal| table.at(ordinal));
        let page: Vec<_> = records.by_ref().take(self.limit).collect();
        let ahead: Vec<_> = records.take(AHEAD).map(R::id).collect();
        let token = match (page.last(), ahead.is_empty()) {
            (Some(last), false) => self.token(last.id(), ahead),
            _ => None,
        };
        Ok((page, token))
    }

    /// The same of names in their own order, each once.
    pub(super) fn cut_names(&self, names: impl Iterator<Item = String>) -> (Vec<String>, Option<String>) {
        let last = self.anchors.first();
        let mut names = names.filter(|name| last.is_none_or(|last| name > last));
        let page: Vec<_> = names.by_ref().take(self.limit).collect();
        let token = match (page.last(), names.next()) {
            (Some(last), Some(_)) => self.token(last.into(), Vec::new()),
            _ => None,
        };
        (page, token)
    }

    /// A token names the last record of its page and some that follow. An offset would skip
    /// records when earlier ones are deleted between two pages, and the last one alone would be
    /// lost when a caller deletes each page as it comes.
    fn token(&self, last: Cow<str>, ahead: Vec<Cow<str>>) -> Option<String> {
        let expires = self.expires.map(String::from).unwrap_or_default();
        let parts: Vec<_> = [expires.into(), last].into_iter().chain(ahead).collect();
        seal::seal(&self.purpose, &parts.join(SEPARATOR))
    }

    fn start<R: Record>(&self, table: &Table<R>) -> Result<Ordinal, ApiError> {
        let Some((last, ahead)) = self.anchors.split_first() else {
            return Ok(0);
        };
        let after_last = table.ordinal(last).map(|ordinal| ordinal + 1);
        after_last
            .or_else(|| ahead.iter().find_map(|id| table.ordinal(id)))
            .ok_or_else(|| ApiError::validation("The NextToken has expired: the records it leads to are gone"))
    }
}

/// The ids in a token, if it is one of ours for this purpose and still good.
fn anchors(purpose: &str, token: &str, now: Timestamp) -> Result<Vec<String>, ApiError> {
    let invalid = || ApiError::validation("The NextToken is not valid for this request");
    let text = seal::open(purpose, token).ok_or_else(invalid)?;
    let (expires, anchors) = text.split_once(SEPARATOR).ok_or_else(invalid)?;
    let expires = Timestamp::try_from(expires.to_owned()).ok();
    if expires.is_some_and(|expires| expires <= now) {
        return Err(ApiError::validation("The NextToken has expired"));
    }
    Ok(anchors.split(SEPARATOR).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::Bench;

    fn names(list: &Value) -> Vec<&str> {
        let users = list["Users"].as_array().into_iter().flatten();
        users.filter_map(|user| user["UserName"].as_str()).collect()
    }

    #[test]
    fn pages_follow_the_file_and_end() {
        let bench = Bench::new();
        let whole = bench.ok("ListUsers", json!({}));
        let mut found = Vec::new();
        let mut request = json!({"MaxResults": 4});
        loop {
            let page = bench.ok("ListUsers", request.clone());
            found.extend(names(&page).into_iter().map(str::to_owned));
            match page.get("NextToken") {
                Some(token) => request["NextToken"] = token.clone(),
                None => break,
            }
        }
        assert_eq!(found, names(&whole));
        assert_eq!(found.len(), 9);
    }

    #[test]
    fn tokens_belong_to_their_request() {
        let bench = Bench::new();
        let token = bench.ok("ListUsers", json!({"MaxResults": 2}))["NextToken"].clone();
        let text = token.as_str().unwrap_or_default();
        let last = if text.ends_with('A') { "B" } else { "A" };
        let altered = format!("{}{last}", &text[..text.len() - 1]);
        let extensions = ["aws:identitystore:enterprise"];
        for (operation, request) in [
            ("ListGroups", json!({"NextToken": token})),
            ("ListUsers", json!({"NextToken": altered})),
            ("ListUsers", json!({"NextToken": "b2Zmc2V0PTI"})),
            ("ListUsers", json!({"NextToken": token, "Extensions": extensions})),
        ] {
            assert_eq!(bench.error(operation, request).0, "ValidationException");
        }
        // The size of a page may change on the way.
        bench.ok("ListUsers", json!({"NextToken": token, "MaxResults": 1}));
    }

    #[test]
    fn deleting_between_pages_skips_nobody() {
        let bench = Bench::new();
        let everyone = bench.ok("ListUsers", json!({}));
        let everyone = names(&everyone);
        let page = bench.ok("ListUsers", json!({"MaxResults": 3}));
        // The page itself, and the first of the next one.
        for name in &everyone[..4] {
            bench.ok("DeleteUser", json!({"UserId": bench.user(name)}));
        }
        let request = json!({"NextToken": page["NextToken"]});
        assert_eq!(names(&bench.ok("ListUsers", request)), everyone[4..]);
    }
}
