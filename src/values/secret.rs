//! What must never be written: the secrets of a request, in any encoding, and the masks that stand in their place.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use serde_json::Value;

use super::arguments::Arguments;

/// What stands where a secret stood (the same as in XSOAR's own masking).
pub(crate) const MASK: &str = "<XX_REPLACED>";

/// Nothing shorter is masked: AWS's keys have 16 characters at least (AWS: `AccessKeyId`), and masking a short word
/// such as "test" would damage the data that contains it.
const SHORTEST: usize = 8;

/// A parameter whose name contains one of these holds a secret (XSOAR: `CommonServerPython`, `add_sensitive_log_strs`).
const SECRET_NAMES: [&str; 7] = ["key", "private", "password", "secret", "token", "credentials", "service_account"];

/// Secrets that must not be shown. Clones share them, so that credentials fetched later are masked as well.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Arc<RwLock<Vec<String>>>);

impl Secrets {
    /// Adds the secrets among raw parameters, before anything else can go wrong with these.
    pub(crate) fn add_all(&self, params: &Arguments) {
        for (name, value) in params {
            let name = name.to_lowercase();
            if SECRET_NAMES.iter().any(|secret| name.contains(secret)) {
                self.collect(value);
            }
        }
    }

    fn collect(&self, value: &Value) {
        match value {
            Value::String(text) => {
                self.add(text);
                text.split("@@@").for_each(|part| self.add(part));
                if let Ok(inner @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(text) {
                    self.collect(&inner);
                }
            }
            Value::Number(number) => self.add(&number.to_string()),
            Value::Array(values) => values.iter().for_each(|value| self.collect(value)),
            Value::Object(members) => {
                members.values().for_each(|value| self.collect(value));
                if let (Some(id), Some(password)) = (text(members, "identifier"), text(members, "password")) {
                    self.add(&format!("{id}:{password}"));
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
    }

    /// Adds one secret.
    pub(crate) fn add(&self, secret: &str) {
        let secret = secret.trim();
        if secret.len() >= SHORTEST {
            let mut secrets = self.0.write().unwrap_or_else(PoisonError::into_inner);
            if !secrets.iter().any(|known| known == secret) {
                secrets.push(secret.to_owned());
            }
        }
    }

    /// Lets go of a secret that is used no more, so that a long-lived process does not collect them for ever.
    pub(crate) fn forget(&self, secret: &str) {
        let secret = secret.trim();
        self.0.write().unwrap_or_else(PoisonError::into_inner).retain(|known| known != secret);
    }

    /// The secrets that are known now.
    pub(crate) fn all(&self) -> Vec<String> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What finds these secrets in a text.
    #[cfg(test)]
    pub(crate) fn masker(&self) -> Masker {
        Masker::of(&self.all())
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(…)")
    }
}

fn text<'a>(members: &'a Arguments, name: &str) -> Option<&'a str> {
    members.get(name).and_then(Value::as_str)
}

/// The secret as it is and as programs encode it: base64, hex, percent, JSON, with doubled or undone backslashes.
fn encodings(secret: &str) -> Vec<String> {
    let hex: String = secret.bytes().map(|b| format!("{b:02x}")).collect();
    let percent = |space: &str, safe: &[u8], upper: bool| {
        let quote = |b: u8| match b {
            b' ' => space.to_owned(),
            b if b.is_ascii_alphanumeric() || b"-_.~".contains(&b) || safe.contains(&b) => char::from(b).to_string(),
            b if upper => format!("%{b:02X}"),
            b => format!("%{b:02x}"),
        };
        secret.bytes().map(quote).collect::<String>()
    };
    let json = Value::from(secret).to_string();
    let json = &json[1..json.len() - 1];
    let mut all = vec![
        secret.to_owned(),
        secret.replace('\\', r"\\"),
        secret.replace(r"\n", "\n"),
        json.to_owned(),
        json.replace('/', r"\/"),
        percent("+", b"", true),
        percent("+", b"", false),
        percent("%20", b"", true),
        percent("%20", b"", false),
        percent("%20", b"/", true),
        percent("%20", b"/", false),
        hex.to_uppercase(),
        hex,
    ];
    for engine in [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD] {
        all.push(engine.encode(secret));
    }
    all
}

/// Finds secrets in texts.
#[derive(Debug)]
pub(crate) struct Masker {
    finder: Option<AhoCorasick>,
    shortest: usize,
}

impl Masker {
    /// Finds these secrets.
    pub(crate) fn of(secrets: &[String]) -> Self {
        let mut patterns: Vec<String> = secrets.iter().flat_map(|secret| encodings(secret)).collect();
        patterns.sort_unstable();
        patterns.dedup();
        let shortest = patterns.iter().map(String::len).min().unwrap_or(usize::MAX);
        // The fastest kind takes longer to make than a whole command.
        let finder = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .match_kind(MatchKind::LeftmostLongest)
            .build(&patterns)
            .ok();
        Self { finder: finder.filter(|_| !patterns.is_empty()), shortest }
    }

    /// The text with every secret masked.
    pub(crate) fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match &self.finder {
            Some(finder) if text.len() >= self.shortest && finder.is_match(text) => {
                let masks = vec![MASK; finder.patterns_len()];
                finder.replace_all(text, &masks).into()
            }
            _ => text.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_encoding_of_every_secret_is_masked() {
        let params = json!({
            "credentials": {"identifier": "AKIAEXAMPLE123456789", "password": "a/secret+key with\"quote@@@session/token=="},
            "access_key": "AKIAHIDDEN9876543210",
            "defaultRegion": "eu-central-1",
        });
        let secrets = Secrets::default();
        secrets.add_all(params.as_object().unwrap());
        secrets.add("assumed-role-token");
        let masker = secrets.masker();
        // As Python's urllib, base64, json and binascii write them, and as PHP's json does.
        for encoded in [
            "a%2Fsecret%2Bkey%20with%22quote",
            "a%2fsecret%2bkey+with%22quote",
            "session%2Ftoken%3D%3D",
            "c2Vzc2lvbi90b2tlbj09",
            r"session\/token==",
            "73657373696f6e2f746f6b656e3d3d",
        ] {
            assert_eq!(masker.mask(&format!("x {encoded} y")), format!("x {MASK} y"));
        }
        for secret in ["a/secret+key with\"quote", "session/token==", "AKIAEXAMPLE123456789", "assumed-role-token"] {
            for encoded in encodings(secret) {
                let shown = masker.mask(&format!("before {encoded} after")).into_owned();
                assert_eq!(shown, format!("before {MASK} after"), "{encoded}");
            }
        }
        assert_eq!(masker.mask("eu-central-1 is no secret"), "eu-central-1 is no secret");
        assert_eq!(format!("{secrets:?}"), "Secrets(…)");
    }

    #[test]
    fn a_short_word_is_left_alone() {
        let params = json!({"secret_key": "test", "access_key": "test"});
        let secrets = Secrets::default();
        secrets.add_all(params.as_object().unwrap());
        let masker = secrets.masker();
        assert_eq!(masker.mask("test-module"), "test-module");
    }
}
