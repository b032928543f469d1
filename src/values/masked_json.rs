//! JSON in which no string holds a secret. Each string is looked at whole and unescaped, so that escapes hide nothing.

use std::borrow::Cow;

use serde_json::value::RawValue;
use serde_json::{Deserializer, Error};

use super::masker::Masker;
use super::structure::is_structure;

/// Masks JSON.
#[derive(Clone, Copy)]
pub(crate) struct JsonMasker<'m> {
    pub(crate) masker: &'m Masker,
    /// Whether a member has its name from this program. Such names are never masked; those that AWS adds may be anything.
    pub(crate) is_own_name: fn(&str) -> bool,
}

impl JsonMasker<'_> {
    /// The name of a member.
    pub(super) fn name<'n>(&self, name: &'n str) -> Cow<'n, str> {
        match self.masker.mask(name) {
            Cow::Owned(_) if (self.is_own_name)(name) => name.into(),
            masked => masked,
        }
    }

    /// The JSON with masks in its strings; nothing if it is as it was.
    pub(super) fn json(&self, json: &str) -> Result<Option<String>, Error> {
        if self.masker.is_clean(json) {
            return Ok(None);
        }
        // The name of the member whose value, or a part of whose list, a string is.
        let mut member = None;
        let (mut masked, mut rest) = (String::with_capacity(json.len()), json);
        while let Some(begin) = rest.find('"') {
            masked.push_str(&rest[..begin]);
            if rest[..begin].contains(['{', '}']) {
                member = None;
            }
            let mut strings = Deserializer::from_str(&rest[begin..]).into_iter::<&RawValue>();
            let Some(string) = strings.next().transpose()? else { break };
            rest = &rest[begin + strings.byte_offset()..];
            let is_name = rest.trim_start().starts_with(':');
            if is_name {
                member = Some(read(string.get())?);
            }
            if self.masker.is_clean(string.get()) {
                masked.push_str(string.get());
                continue;
            }
            let text = read(string.get())?;
            let shown = match &member {
                Some(name) if is_name => self.name(name),
                Some(name) if is_structure(name, &text) => text.as_ref().into(),
                _ => self.masker.mask(&text),
            };
            masked.push_str(&serde_json::to_string(&shown)?);
        }
        masked.push_str(rest);
        Ok((masked != json).then_some(masked))
    }
}

/// What a string of JSON says.
fn read(string: &str) -> Result<Cow<'_, str>, Error> {
    match string.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        Some(text) if !text.contains('\\') => Ok(text.into()),
        _ => serde_json::from_str(string).map(Cow::Owned),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::values::masker::MASK;

    fn masked(secrets: &[&str], value: &Value) -> Value {
        let finder = Masker::of(secrets);
        let masker = JsonMasker { masker: &finder, is_own_name: |name| name == "ourOwnName" };
        let json = value.to_string();
        let shown = masker.json(&json).unwrap();
        serde_json::from_str(shown.as_deref().unwrap_or(&json)).unwrap()
    }

    #[test]
    fn strings_are_masked_and_all_else_is_unchanged() {
        let secret = "line1\nline2\"quoted";
        for text in ["clean", secret, "a \\ \" b", "é\u{1}\t\u{1F600}", r"line1\u000aline2\u0022quoted"] {
            let value = json!({text: [text, {"b": format!("({text})")}, 1.5, true, null, "", []], "other": "clean"});
            let shown = Masker::of(&[secret]).mask(text).into_owned();
            let expected =
                json!({&shown: [shown, {"b": format!("({shown})")}, 1.5, true, null, "", []], "other": "clean"});
            assert_eq!(masked(&[secret], &value), expected);
        }
        assert_eq!(masked(&[], &json!({secret: secret})), json!({secret: secret}));
    }

    #[test]
    fn own_names_are_never_masked_and_names_of_others_are() {
        let value = json!({"ourOwnName": "ourOwnName", "ourOwnNameOfAws": [{"ourOwnName": 1}]});
        let expected = json!({"ourOwnName": MASK, format!("{MASK}OfAws"): [{"ourOwnName": 1}]});
        assert_eq!(masked(&["ourOwnName"], &value), expected);
    }

    #[test]
    fn ids_of_aws_are_kept_where_they_stand_and_masked_elsewhere() {
        let id = "111122223333";
        let value = json!({"AccountId": id, "Accounts": [id], "Pairs": [[id, "x"], [{"x": id}, id]], "Reason": id});
        let expected =
            json!({"AccountId": id, "Accounts": [MASK], "Pairs": [[id, "x"], [{"x": MASK}, MASK]], "Reason": MASK});
        assert_eq!(masked(&[id], &value), expected);
        let spaced = r#"{ "AccountId" : "111122223333" , "Reason" : "111122223333" }"#;
        let finder = Masker::of(&[id]);
        let masker = JsonMasker { masker: &finder, is_own_name: |_| true };
        assert_eq!(
            masker.json(spaced).unwrap().unwrap(),
            spaced.replace("\"Reason\" : \"111122223333", &format!("\"Reason\" : \"{MASK}"))
        );
    }
}
