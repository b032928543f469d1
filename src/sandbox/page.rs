//! Pages of a list, and the tokens that lead from one to the next.

use std::hash::{DefaultHasher, Hash, Hasher};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use super::{
    api_error::ApiError,
    store::{Ordinal, Record, Table},
};

/// What a page holds when the request does not say.
const DEFAULT_LIMIT: usize = 100;
/// How many records after a page its token names.
const AHEAD: usize = 8;

/// Which part of a list is wanted.
#[derive(Debug)]
pub(super) struct Page {
    limit: usize,
    binding: u64,
    resume: Option<Vec<String>>,
}

impl Page {
    /// Takes `MaxResults` and `NextToken` out of a request; the rest of it is what a token is
    /// bound to, together with the operation and the store.
    pub(super) fn of(operation: &str, store: &str, input: &mut Map<String, Value>) -> Result<Self, ApiError> {
        let limit = input.shift_remove("MaxResults").as_ref().and_then(Value::as_u64);
        let token = input.shift_remove("NextToken");
        // However the store was named, it is one store.
        input.shift_remove("IdentityStoreId");
        // Admitting a request put its members in the model's order, so that its text is its own.
        let request = Value::from(input.clone()).to_string();
        let binding = hash(&(operation, store, request));
        let resume = match token.as_ref().and_then(Value::as_str) {
            Some(token) => Some(
                decode(token, binding)
                    .ok_or_else(|| ApiError::validation("The NextToken is not valid for this request"))?,
            ),
            None => None,
        };
        Ok(Self { limit: limit.and_then(|limit| limit.try_into().ok()).unwrap_or(DEFAULT_LIMIT), binding, resume })
    }

    /// The wanted part of a list, which `ordinals` gives from any ordinal on, and the token of
    /// the next part.
    pub(super) fn cut<'a, R: Record, I: Iterator<Item = Ordinal>>(
        &self,
        table: &'a Table<R>,
        ordinals: impl Fn(Ordinal) -> I,
    ) -> Result<(Vec<&'a R>, Option<String>), ApiError> {
        let start = match &self.resume {
            Some(anchors) => resume(table, anchors)?,
            None => 0,
        };
        let mut records = ordinals(start).filter_map(|ordinal| table.at(ordinal));
        let page: Vec<_> = records.by_ref().take(self.limit).collect();
        let ahead: Vec<_> = records.take(AHEAD).map(R::id).collect();
        let token = match (page.last(), ahead.is_empty()) {
            (Some(last), false) => Some(self.token(last.id(), &ahead)),
            _ => None,
        };
        Ok((page, token))
    }

    /// A token names the last record of its page and some that follow. An offset would skip
    /// records when earlier ones are deleted between two pages, and the last one alone would be
    /// lost when a caller deletes each page as it comes.
    fn token(&self, last: &str, ahead: &[&str]) -> String {
        let anchors = format!("{last} {}", ahead.join(" "));
        let seal = hash(&(self.binding, &anchors));
        URL_SAFE_NO_PAD.encode(format!("{seal:016x} {anchors}"))
    }
}

/// The names in a token, if it is one of ours for the same request.
fn decode(token: &str, binding: u64) -> Option<Vec<String>> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let (seal, anchors) = text.split_once(' ')?;
    let expected = format!("{:016x}", hash(&(binding, anchors)));
    (seal == expected).then(|| anchors.split(' ').map(str::to_owned).collect())
}

fn resume<R: Record>(table: &Table<R>, anchors: &[String]) -> Result<Ordinal, ApiError> {
    let last = anchors.first().and_then(|id| table.ordinal(id));
    let after_last = last.map(|ordinal| ordinal + 1);
    let ahead = || anchors.iter().skip(1).find_map(|id| table.ordinal(id));
    after_last
        .or_else(ahead)
        .ok_or_else(|| ApiError::validation("The NextToken has expired: the records it leads to are gone"))
}

/// Stable as long as the program is: after an upgrade a token may be refused, which is as well.
fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::sandbox::testing::Bench;

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
