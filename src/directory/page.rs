//! A page of a list as it came: where the list goes on is found without reading what is on it.

use serde::de::DeserializeOwned;

use super::call::Attempts;
use crate::values::error::Error;

/// What is on a page, and the token of the next.
pub(super) type Page<T> = (Vec<T>, Option<String>);

/// The same of a list that AWS's model does not require in an answer.
pub(super) type SparsePage<T> = (Option<Vec<T>>, Option<String>);

/// A page that may not be read yet.
pub(super) trait Sheet {
    type Item;

    /// The token of the next page, if it can be known before this one is read.
    fn next_token(&self) -> Option<String>;

    fn read(self) -> Result<Page<Self::Item>, Error>;
}

impl<T> Sheet for Page<T> {
    type Item = T;

    fn next_token(&self) -> Option<String> {
        None
    }

    fn read(self) -> Result<Self, Error> {
        Ok(self)
    }
}

/// A page of which is known where the list goes on.
pub(super) struct Leaf<'p, T> {
    pub(super) next: Option<String>,
    /// How many items are on it, if it was read for that.
    pub(super) items: Option<usize>,
    pub(super) read: Box<dyn FnOnce() -> Result<Page<T>, Error> + 'p>,
}

impl<'p, T: 'p> Leaf<'p, T> {
    /// Reads the page, unless that may wait and it is not the last one.
    pub(super) fn of<S: Sheet<Item = T> + 'p>(sheet: S, may_wait: bool) -> Self {
        let is_one = |token: &String| !token.is_empty();
        if let Some(next) = sheet.next_token().filter(is_one).filter(|_| may_wait) {
            return Self { next: Some(next), items: None, read: Box::new(|| sheet.read()) };
        }
        match sheet.read() {
            Ok((items, next)) => {
                let next = next.filter(is_one);
                Self { next: next.clone(), items: Some(items.len()), read: Box::new(|| Ok((items, next))) }
            }
            Err(error) => Self { next: None, items: None, read: Box::new(|| Err(error)) },
        }
    }
}

/// A page that was not read yet.
pub(super) struct Unread<T> {
    answer: Attempts,
    parse: fn(&Attempts) -> serde_json::Result<Page<T>>,
    operation: &'static str,
    doing: String,
}

impl<T> Unread<T> {
    /// A page of this form; `operation` answered it, and `doing` follows "Failed to".
    pub(super) fn of<P: DeserializeOwned + Into<Page<T>>>(
        answer: Attempts,
        operation: &'static str,
        doing: String,
    ) -> Self {
        Self { answer, parse: |answer| answer.read::<P>().map(Into::into), operation, doing }
    }
}

impl<T> Sheet for Unread<T> {
    type Item = T;

    fn next_token(&self) -> Option<String> {
        self.answer.with_body(|body| token_of(body).map(str::to_owned))
    }

    fn read(self) -> Result<Page<T>, Error> {
        (self.parse)(&self.answer).map_err(|error| self.answer.unreadable(&error, self.operation, self.doing))
    }
}

/// The `NextToken` of a page, if it is the first or the last member of this JSON object and nothing in it is escaped. Of
/// what is no JSON it may be anything.
fn token_of(page: &[u8]) -> Option<&str> {
    let members = page.trim_ascii().strip_prefix(b"{")?.strip_suffix(b"}")?.trim_ascii();
    let token = first(members).or_else(|| last(members)).filter(|token| !token.contains(&b'\\'))?;
    str::from_utf8(token).ok()
}

const NAME: &[u8] = b"\"NextToken\"";

fn first(members: &[u8]) -> Option<&[u8]> {
    let value = members.strip_prefix(NAME)?.trim_ascii_start().strip_prefix(b":")?;
    let value = value.trim_ascii_start().strip_prefix(b"\"")?;
    let end = value.iter().position(|byte| *byte == b'"')?;
    Some(&value[..end])
}

/// From the end: a string without escapes reaches back to the quotation mark before it, and one after a comma begins there.
fn last(members: &[u8]) -> Option<&[u8]> {
    let value = members.strip_suffix(b"\"")?;
    let begin = value.iter().rposition(|byte| *byte == b'"')?;
    let before = value[..begin].trim_ascii_end().strip_suffix(b":")?.trim_ascii_end();
    before.strip_suffix(NAME)?.trim_ascii_end().ends_with(b",").then_some(&value[begin + 1..])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;
    use serde_json::Value;

    use super::*;

    /// A page, read.
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Tokened {
        next_token: Option<String>,
    }

    #[test]
    fn a_token_is_found_at_either_end_of_a_page() {
        for page in [
            r#"{"NextToken":"abc/+=","Users":[]}"#,
            r#"{"Users":[{"UserId":"1","NextToken":"no"}],"NextToken":"abc/+="}"#,
            " { \"NextToken\" : \"abc/+=\" , \"Users\" : [ ] } ",
            "\r\n{ \"Users\" : [ ] ,\n\t\"NextToken\" : \"abc/+=\" } ",
            r#"{"NextToken":"abc/+="}"#,
        ] {
            assert_eq!(serde_json::from_str::<Tokened>(page).unwrap().next_token.as_deref(), Some("abc/+="));
            assert_eq!(token_of(page.as_bytes()), Some("abc/+="), "{page}");
        }
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        for page in [
            "",
            "{}",
            "[]",
            r#"{"Users":[{"UserId":"1","NextToken":"no"}]}"#,
            r#"{"Users":{"UserId":"1","NextToken":"no"}}"#,
            r#"{"Users":["\\","NextToken","no"]}"#,
            r#"{"Users":"a","b":",\"NextToken\":\"no"}"#,
            r#"{"Users":[],",\"NextToken":"no"}"#,
            r#"{"Users":[],"NextToken":"es\"caped"}"#,
            r#"{"Users":[],"NextToken":"escaped\\"}"#,
            r#"{"NextToken":"es\"caped","Users":[]}"#,
            r#"{"Users":[],"NextToken":null}"#,
            r#"{"NextToken":null,"Users":[]}"#,
            r#"{"Users":[],"nextToken":"no"}"#,
            r#"["NextToken":"no"]"#,
        ] {
            assert_eq!(token_of(page.as_bytes()), None, "{page}");
        }
    }

    /// Pieces of which hardly anything but pages can be made, right ones and wrong ones.
    fn pages() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            " ",
            "\"",
            "\\",
            "\"NextToken\"",
            "NextToken",
            "\"a\"",
            "\"\"",
            "null",
            "é",
        ]);
        let body = prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat());
        let strange = prop::sample::select(vec!["a", "\"", "\\", ",", ":", "}", "NextToken", " ", "\u{1}", "é"]);
        let string = prop::collection::vec(strange, 0..8).prop_map(|parts| Value::String(parts.concat()));
        let object = prop::collection::vec((prop::bool::weighted(0.3), string.clone(), string), 0..4);
        let object = object.prop_map(|members| {
            let name =
                |is_token: bool, name: Value| if is_token { "\"NextToken\"".to_owned() } else { name.to_string() };
            let members = members.into_iter().map(|(is_token, key, value)| format!("{}:{value}", name(is_token, key)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        });
        prop_oneof![1 => body, 3 => object]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 20_000, ..ProptestConfig::default() })]

        #[test]
        fn of_json_it_is_never_another_token_than_the_page_has(page in pages()) {
            let found = token_of(page.as_bytes());
            if let (Some(found), Ok(page)) = (found, serde_json::from_str::<Tokened>(&page)) {
                prop_assert_eq!(page.next_token.as_deref(), Some(found));
            }
        }
    }
}
