//! The keys that sign snapshots: those of the parameter `snapshotKey`, else the instance's own secret key. A key that
//! lasts no longer than a session would refuse tomorrow what it signs today, so such a key signs nothing.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use serde_json::Value;
use zeroize::{Zeroize as _, Zeroizing};

use super::signature::Purpose;
use crate::values::arguments::{ArgumentError, Problem};

/// The parameter.
pub(crate) const PARAMETER: &str = "snapshotKey";

/// The fewest characters of a key. What is signed is public, so that a shorter key could be guessed.
const SHORTEST: usize = 32;

/// How many bytes of the hash name a key.
const ID_LENGTH: usize = 9;

/// Keys that verify snapshots, of which the first signs; there may be none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct SnapshotKeys(Vec<SnapshotKey>);

/// One key.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct SnapshotKey(String);

impl SnapshotKeys {
    /// Reads the parameter. Fails, without showing it, if a key is too short.
    pub(crate) fn parse(value: &Value) -> Result<Self, ArgumentError> {
        let texts = texts(value).ok_or_else(|| refused("must hold a text"))?;
        if texts.iter().any(|key| key.chars().count() < SHORTEST) {
            return Err(refused("must be one key or several separated by commas, each of 32 characters or more"));
        }
        Ok(Self(texts.iter().map(|key| SnapshotKey(key.to_string())).collect()))
    }

    /// The same keys, or if there are none, this one.
    pub(crate) fn or(&self, secret: Option<&str>) -> Self {
        if self.0.is_empty() {
            Self(secret.map(|key| SnapshotKey(key.to_owned())).into_iter().collect())
        } else {
            self.clone()
        }
    }

    pub(super) fn first(&self) -> Option<&SnapshotKey> {
        self.0.first()
    }

    /// Whether no key lasts.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The key that has this id.
    pub(super) fn called(&self, id: &str) -> Option<&SnapshotKey> {
        self.0.iter().find(|key| key.id() == id)
    }
}

impl SnapshotKey {
    /// A name that tells nothing of the key, and tells it from others.
    pub(super) fn id(&self) -> String {
        let hash = self.derived("key id");
        URL_SAFE_NO_PAD.encode(hash.as_ref().get(..ID_LENGTH).unwrap_or_default())
    }

    /// The key for one purpose: what is signed for another one proves nothing.
    pub(super) fn of(&self, purpose: Purpose) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, self.derived(purpose.word()).as_ref())
    }

    fn derived(&self, label: &str) -> hmac::Tag {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.0.as_bytes());
        hmac::sign(&key, format!("aws-iam-identitycenter snapshot v1 {label}").as_bytes())
    }
}

impl Drop for SnapshotKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// Keys are never shown, not even while debugging.
impl fmt::Debug for SnapshotKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

fn refused(rule: &str) -> ArgumentError {
    ArgumentError::from(Problem::Custom(rule.to_owned())).at(PARAMETER)
}

/// Returns each key in the parameter as it came: a text, a list, or XSOAR's object with the text as its `password`.
pub(crate) fn texts(value: &Value) -> Option<Vec<Zeroizing<String>>> {
    match value {
        Value::Null => Some(Vec::new()),
        Value::String(text) if text.trim().is_empty() => Some(Vec::new()),
        Value::String(text) => Some(text.split(',').map(|key| Zeroizing::new(key.trim().to_owned())).collect()),
        Value::Number(number) => Some(vec![Zeroizing::new(number.to_string())]),
        Value::Array(values) => {
            let all: Option<Vec<_>> = values.iter().map(texts).collect();
            all.map(|all| all.into_iter().flatten().collect())
        }
        Value::Object(members) => texts(members.get("password").unwrap_or(&Value::Null)),
        Value::Bool(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ONE: &str = "the first key of an instance 0123456789";
    const TWO: &str = "the second key of an instance 012345678";

    fn ids(keys: &SnapshotKeys) -> Vec<String> {
        keys.0.iter().map(SnapshotKey::id).collect()
    }

    #[test]
    fn keys_are_read_wherever_xsoar_puts_them() {
        let both = SnapshotKeys::parse(&json!(format!("{ONE} , {TWO}"))).unwrap();
        assert_eq!(both.0.len(), 2);
        let object = json!({"identifier": "", "password": format!("{ONE},{TWO}"), "passwordChanged": false});
        for same in [json!([ONE, TWO]), object] {
            assert_eq!(SnapshotKeys::parse(&same).unwrap(), both, "{same}");
        }
        for none in [json!(null), json!(" "), json!({"identifier": "", "password": ""}), json!({})] {
            assert!(SnapshotKeys::parse(&none).unwrap().is_empty(), "{none}");
        }
    }

    #[test]
    fn a_key_that_is_too_short_is_refused_and_not_shown() {
        let short = &ONE[..SHORTEST - 1];
        for wrong in
            [json!(short), json!(format!("{ONE},{short}")), json!(format!("{ONE},")), json!(true), json!(12345)]
        {
            let error = SnapshotKeys::parse(&wrong).unwrap_err().of_parameter().to_string();
            assert!(error.contains(PARAMETER) && !error.contains(short) && !error.contains("12345"), "{error}");
        }
        assert!(SnapshotKeys::parse(&json!(&ONE[..SHORTEST])).is_ok());
    }

    #[test]
    fn a_key_is_named_and_never_shown() {
        let keys = SnapshotKeys::parse(&json!([ONE, TWO])).unwrap();
        let names = ids(&keys);
        assert!(names[0] != names[1] && names.iter().all(|id| id.len() == 12), "{names:?}");
        assert_eq!(names, ids(&keys));
        assert_eq!(format!("{keys:?}"), "SnapshotKeys([…, …])");
    }

    #[test]
    fn the_secret_key_serves_only_where_no_snapshot_key_is_given() {
        let given = SnapshotKeys::parse(&json!(ONE)).unwrap();
        assert_eq!(given.or(Some(TWO)), given);
        assert_eq!(ids(&SnapshotKeys::default().or(Some(TWO))), ids(&SnapshotKeys::parse(&json!(TWO)).unwrap()));
        assert!(SnapshotKeys::default().or(None).is_empty());
    }
}
