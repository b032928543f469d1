//! What must never be written: the secrets of a request.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use serde_json::Value;
use zeroize::{Zeroize as _, Zeroizing};

use super::arguments::Arguments;
#[cfg(test)]
use super::masker::Masker;
use super::snapshot::keys;

/// Nothing shorter is masked: AWS's keys have 16 characters at least (AWS: `AccessKeyId`), and masking a short word
/// such as "test" would damage the data that contains it.
const SHORTEST: usize = 8;

/// A parameter whose name contains one of these holds a secret (XSOAR: `CommonServerPython`, `add_sensitive_log_strs`).
const SECRET_NAMES: [&str; 7] = ["key", "private", "password", "secret", "token", "credentials", "service_account"];

/// The most that the secrets of one request may hold together, in bytes. Finding them costs time and memory for each
/// byte; keys, tokens and certificates of an instance are a tenth of it.
const MOST: usize = 32 * 1024;

/// Secrets that must not be shown. Clones share them, so that credentials fetched later are masked as well. Memory that
/// held one is overwritten when it goes.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Arc<RwLock<Vec<Secret>>>);

/// One secret.
pub(crate) type Secret = Zeroizing<String>;

/// The parameters hold more secrets than could be kept out of an answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooMany;

impl Secrets {
    /// Adds the secrets among raw parameters, before anything else can go wrong with these.
    pub(crate) fn add_all(&self, params: &Arguments) -> Result<(), TooMany> {
        let is_secret = |name: &str| {
            let name = name.to_lowercase();
            SECRET_NAMES.iter().any(|secret| name.contains(secret))
        };
        let secret = || params.iter().filter(|(name, _)| is_secret(name)).map(|(_, value)| value);
        if secret().map(size).sum::<usize>() > MOST {
            return Err(TooMany);
        }
        secret().for_each(|value| self.collect(value));
        // Each of several keys is a secret by itself.
        let keys = params.get(keys::PARAMETER).and_then(keys::texts);
        keys.into_iter().flatten().for_each(|key| self.add(&key));
        Ok(())
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
            if !secrets.iter().any(|known| known.as_str() == secret) {
                secrets.push(secret.to_owned().into());
            }
        }
    }

    /// Lets go of a secret that is used no more, so that a long-lived process does not collect them for ever.
    pub(crate) fn forget(&self, secret: &str) {
        let secret = secret.trim();
        self.0.write().unwrap_or_else(PoisonError::into_inner).retain(|known| known.as_str() != secret);
    }

    /// The secrets that are known now.
    pub(crate) fn all(&self) -> Vec<Secret> {
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

/// How much text is in a value, in bytes; each value counts a few, so that many short ones are much as well.
fn size(value: &Value) -> usize {
    8 + match value {
        Value::String(text) => text.len(),
        Value::Array(values) => values.iter().map(size).sum(),
        Value::Object(members) => members.values().map(size).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

/// Overwrites the texts of parameters that are used no more.
pub(crate) fn wipe(params: &mut Arguments) {
    params.values_mut().for_each(wipe_value);
}

pub(crate) fn wipe_value(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(values) => values.iter_mut().for_each(wipe_value),
        Value::Object(members) => wipe(members),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn text<'a>(members: &'a Arguments, name: &str) -> Option<&'a str> {
    members.get(name).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::values::masker::MASK;

    #[test]
    fn what_parameters_hold_is_found_by_their_names() {
        let params = json!({
            "credentials": {"identifier": "AKIAEXAMPLE123456789", "password": "a/secret+key with\"quote@@@session/token=="},
            "access_key": "AKIAHIDDEN9876543210",
            "defaultRegion": "eu-central-1",
        });
        let secrets = Secrets::default();
        secrets.add_all(params.as_object().unwrap()).unwrap();
        secrets.add("assumed-role-token");
        let masker = secrets.masker();
        for secret in ["a/secret+key with\"quote", "session/token==", "AKIAEXAMPLE123456789", "assumed-role-token"] {
            assert_eq!(masker.mask(&format!("x {secret} y")), format!("x {MASK} y"));
        }
        assert_eq!(masker.mask("eu-central-1 is no secret"), "eu-central-1 is no secret");
        assert_eq!(format!("{secrets:?}"), "Secrets(…)");
    }

    #[test]
    fn a_name_and_its_password_are_one_secret_as_well() {
        let params =
            json!({"credentials": {"identifier": "identifier", "password": "password"}, "other": {"identifier": 5}});
        let secrets = Secrets::default();
        secrets.add_all(params.as_object().unwrap()).unwrap();
        let known: Vec<_> = secrets.all().iter().map(|secret| secret.as_str().to_owned()).collect();
        assert!(known.contains(&"identifier:password".to_owned()), "{known:?}");
        // base64 of the two with the colon, as an HTTP header has it.
        assert_eq!(secrets.masker().mask("Basic aWRlbnRpZmllcjpwYXNzd29yZA=="), format!("Basic {MASK}"));
    }

    #[test]
    fn each_snapshot_key_is_a_secret_by_itself() {
        let (one, two) = ("the first key of an instance 0123456789", "the second key of an instance 012345678");
        for params in [
            json!({"snapshotKey": format!("{one}, {two}")}),
            json!({"snapshotKey": {"identifier": "", "password": format!("{one},{two}")}}),
        ] {
            let secrets = Secrets::default();
            secrets.add_all(params.as_object().unwrap()).unwrap();
            for secret in [one, two] {
                assert_eq!(secrets.masker().mask(&format!("x {secret} y")), format!("x {MASK} y"), "{params}");
            }
        }
    }

    #[test]
    fn what_is_forgotten_is_a_secret_no_more_and_the_others_are() {
        let secrets = Secrets::default();
        secrets.add("the first secret");
        secrets.add("the second secret");
        secrets.add(" the second secret ");
        secrets.forget(" the first secret");
        let known: Vec<_> = secrets.all().iter().map(|secret| secret.as_str().to_owned()).collect();
        assert_eq!(known, ["the second secret"]);
    }

    #[test]
    fn a_short_word_is_left_alone() {
        let params = json!({"secret_key": "test", "access_key": "test"});
        let secrets = Secrets::default();
        secrets.add_all(params.as_object().unwrap()).unwrap();
        let masker = secrets.masker();
        assert_eq!(masker.mask("test-module"), "test-module");
    }

    #[test]
    fn more_secrets_than_can_be_kept_are_refused() {
        for secret in [json!("x".repeat(MOST)), vec!["x"; MOST / 8].into()] {
            let params = json!({"secret_key": secret});
            assert_eq!(Secrets::default().add_all(params.as_object().unwrap()), Err(TooMany));
        }
        let certificate = json!({"certificate_key": "x".repeat(MOST - 8), "other": "x".repeat(MOST)});
        assert_eq!(Secrets::default().add_all(certificate.as_object().unwrap()), Ok(()));
    }

    #[test]
    fn parameters_that_were_used_are_overwritten() {
        let mut params = json!({"a": "secret", "b": [{"c": "secret"}], "d": 5});
        wipe(params.as_object_mut().unwrap());
        assert_eq!(params, json!({"a": "", "b": [{"c": ""}], "d": 5}));
    }
}
