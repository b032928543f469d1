//! Pages of a list, and the tokens that lead from one page to the next.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::{
    api_error::ApiError,
    context::Call,
    records::Timestamp,
    signed_token,
    store::{Ordinal, Record, Table},
};

/// The size of a page if the request names none. AWS was seen to use it, and does not document it.
const DEFAULT_LIMIT: usize = 100;
/// The number of records after a page that its token names.
const ANCHORS_AHEAD: usize = 8;
/// A character that no id contains.
const SEPARATOR: &str = "\n";

/// The page of a list that a request asks for.
#[derive(Debug)]
pub(crate) struct PageRequest {
    limit: usize,
    /// What a token of this list is bound to: the operation, the store, and the rest of the request.
    purpose: String,
    /// The ids in the request's token: the last record before the page, then some that follow it.
    anchors: Vec<String>,
    /// When its tokens expire, if they do.
    expires: Option<Timestamp>,
}

impl PageRequest {
    /// Takes `MaxResults` and `NextToken` out of the members of a request. A token is bound to the rest of them, the
    /// operation and the store.
    pub(crate) fn take_from(input: &mut Map<String, Value>, store: &str, call: &Call) -> Result<Self, ApiError> {
        let Call { operation, scenario, .. } = call;
        let limit = input.shift_remove("MaxResults").as_ref().and_then(Value::as_u64);
        let token = input.shift_remove("NextToken");
        // Id and ARN name the same store.
        input.shift_remove("IdentityStoreId");
        // Validation put the members in the model's order, so equal requests have equal texts.
        let purpose = format!("{operation} {store} {}", Value::from(input.clone()));
        let expires = scenario.undocumented.token_lifetime.map(|lifetime| call.now() + lifetime);
        let anchors = match token.as_ref().and_then(Value::as_str) {
            None | Some("") => Vec::new(),
            Some(token) => read_token(&purpose, token, call.now())?,
        };
        let limit = limit.and_then(|limit| limit.try_into().ok());
        let limit = limit.or(scenario.undocumented.page_size).unwrap_or(DEFAULT_LIMIT);
        let limit = limit.min(scenario.short_pages.unwrap_or(limit));
        Ok(Self { limit, purpose, anchors, expires })
    }

    /// Returns the page of a list, and the token of the next page. `ordinals` lists the records from an ordinal on.
    pub(crate) fn select<'a, R: Record, I: Iterator<Item = Ordinal>>(
        &self,
        table: &'a Table<R>,
        ordinals: impl Fn(Ordinal) -> I,
    ) -> Result<(Vec<&'a R>, Option<String>), ApiError> {
        let start = self.first_ordinal(table)?;
        let mut records = ordinals(start).filter_map(|ordinal| table.at(ordinal));
        let page: Vec<_> = records.by_ref().take(self.limit).collect();
        let ahead: Vec<_> = records.take(ANCHORS_AHEAD).map(R::id).collect();
        let token = match (page.last(), ahead.is_empty()) {
            (Some(last), false) => self.next_token(last.id(), ahead),
            _ => None,
        };
        Ok((page, token))
    }

    /// Returns the page of a sorted list of distinct names, and the token of the next page.
    pub(crate) fn select_names(&self, names: impl Iterator<Item = String>) -> (Vec<String>, Option<String>) {
        let last = self.anchors.first();
        let mut names = names.filter(|name| last.is_none_or(|last| name > last));
        let page: Vec<_> = names.by_ref().take(self.limit).collect();
        let token = match (page.last(), names.next()) {
            (Some(last), Some(_)) => self.next_token(last.into(), Vec::new()),
            _ => None,
        };
        (page, token)
    }

    /// Returns the token of the next page, which names the last record of this page and some that follow.
    ///
    /// With an offset, the next page would skip records after earlier ones are deleted. With the last record alone, it
    /// could not start after the caller deletes this page.
    fn next_token(&self, last: Cow<str>, ahead: Vec<Cow<str>>) -> Option<String> {
        let expires = self.expires.map(String::from).unwrap_or_default();
        let parts: Vec<_> = [expires.into(), last].into_iter().chain(ahead).collect();
        signed_token::issue(&self.purpose, &parts.join(SEPARATOR))
    }

    fn first_ordinal<R: Record>(&self, table: &Table<R>) -> Result<Ordinal, ApiError> {
        let Some((last, ahead)) = self.anchors.split_first() else {
            return Ok(0);
        };
        let after_last = table.ordinal(last).map(|ordinal| ordinal + 1);
        after_last
            .or_else(|| ahead.iter().find_map(|id| table.ordinal(id)))
            .ok_or_else(|| ApiError::validation("The NextToken has expired: the records it leads to are gone"))
    }
}

/// Returns the ids in a token. Fails if the token is not for this purpose or has expired.
fn read_token(purpose: &str, token: &str, now: Timestamp) -> Result<Vec<String>, ApiError> {
    let invalid = || ApiError::validation("The NextToken is not valid for this request");
    let text = signed_token::read(purpose, token).ok_or_else(invalid)?;
    let (expires, anchors) = text.split_once(SEPARATOR).ok_or_else(invalid)?;
    let expires = Timestamp::try_from(expires.to_owned()).ok();
    if expires.is_some_and(|expires| expires <= now) {
        return Err(ApiError::validation("The NextToken has expired"));
    }
    Ok(anchors.split(SEPARATOR).map(str::to_owned).collect())
}

/// Returns the response of a list operation.
pub(crate) fn list_response(name: &str, values: Vec<Value>, next_token: Option<String>) -> Value {
    let mut response = Map::new();
    response.insert(name.to_owned(), Value::Array(values));
    if let Some(token) = next_token {
        response.insert("NextToken".to_owned(), token.into());
    }
    Value::Object(response)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::TestSandbox;

    fn names(list: &Value) -> Vec<&str> {
        let users = list["Users"].as_array().into_iter().flatten();
        users.filter_map(|user| user["UserName"].as_str()).collect()
    }

    #[test]
    fn pages_together_hold_the_list_in_order() {
        let fixture = TestSandbox::new();
        let whole = fixture.ok("ListUsers", json!({}));
        let mut found = Vec::new();
        let mut request = json!({"MaxResults": 4});
        loop {
            let page = fixture.ok("ListUsers", request.clone());
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
    fn token_for_another_request_is_refused() {
        let fixture = TestSandbox::new();
        let token = fixture.ok("ListUsers", json!({"MaxResults": 2}))["NextToken"].clone();
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
            assert_eq!(fixture.error(operation, request).0, "ValidationException");
        }
        // The size of a page may change on the way.
        fixture.ok("ListUsers", json!({"NextToken": token, "MaxResults": 1}));
    }

    #[test]
    fn page_after_deletions_skips_no_record() {
        let fixture = TestSandbox::new();
        let everyone = fixture.ok("ListUsers", json!({}));
        let everyone = names(&everyone);
        let page = fixture.ok("ListUsers", json!({"MaxResults": 3}));
        // The page itself, and the first of the next one.
        for name in &everyone[..4] {
            fixture.ok("DeleteUser", json!({"UserId": fixture.user(name)}));
        }
        let request = json!({"NextToken": page["NextToken"]});
        assert_eq!(names(&fixture.ok("ListUsers", request)), everyone[4..]);
    }
}
