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

/// Members of a credentials object that hold no secret: what XSOAR calls the credential, and what it keeps about it
/// (XSOAR: the parameter type `credentials`, with the stored credential in its member `credentials`). All other members
/// count as secret, those that a later XSOAR may add included: a name that is masked is seen and told, a secret that is
/// shown is not.
const NOT_SECRET: [&str; 25] = [
    "credential",
    "id",
    "name",
    "type",
    "owner",
    "vaultinstanceid",
    "workgroup",
    "created",
    "modified",
    "version",
    "cacheversn",
    "sizeinbytes",
    "primaryterm",
    "sequencenumber",
    "sortvalues",
    "indexname",
    "locked",
    "passwordchanged",
    "hasrole",
    "roles",
    "previousroles",
    "allread",
    "allreadwrite",
    "definitionid",
    "dbotcreatedby",
];

/// The members that hold the user name, which is the access key where keys are asked for.
const USER_NAMES: [&str; 2] = ["identifier", "user"];

/// The parameters whose dialogue has no user name (`hiddenusername`): a credential that is chosen there may have one all
/// the same, and it means nothing.
const WITHOUT_USER_NAME: [&str; 2] = ["roleArnCredentials", "snapshotKey"];

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
        let secret = || params.iter().filter(|(name, _)| is_secret(name));
        if secret().map(|(_, value)| size(value)).sum::<usize>() > MOST {
            return Err(TooMany);
        }
        secret().for_each(|(name, value)| self.collect(name, value));
        // Each of several keys is a secret by itself.
        let keys = params.get(keys::PARAMETER).and_then(keys::texts);
        keys.into_iter().flatten().for_each(|key| self.add(&key));
        Ok(())
    }

    fn collect(&self, parameter: &str, value: &Value) {
        match value {
            Value::String(text) => {
                self.add(text);
                text.split("@@@").for_each(|part| self.add(part));
                if let Ok(inner @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(text) {
                    self.collect(parameter, &inner);
                }
            }
            Value::Number(number) => self.add(&number.to_string()),
            Value::Array(values) => values.iter().for_each(|value| self.collect(parameter, value)),
            Value::Object(members) => {
                let is_secret = |member: &str| {
                    let member = member.to_lowercase();
                    let is_user_name = USER_NAMES.contains(&member.as_str());
                    let is_no_secret = is_user_name && WITHOUT_USER_NAME.contains(&parameter);
                    !is_no_secret && !NOT_SECRET.contains(&member.as_str())
                };
                let secret = members.iter().filter(|(member, _)| is_secret(member));
                secret.for_each(|(_, value)| self.collect(parameter, value));
                for user in USER_NAMES {
                    if let (Some(user), Some(password)) = (text(members, user), text(members, "password")) {
                        self.add(&format!("{user}:{password}"));
                    }
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

    fn known(params: &Value) -> Vec<String> {
        let secrets = Secrets::default();
        secrets.add_all(params.as_object().unwrap()).unwrap();
        secrets.all().iter().map(|secret| secret.as_str().to_owned()).collect()
    }

    #[test]
    fn credential_names_and_bookkeeping_are_not_secrets() {
        let stored = json!({
            "id": "the id of it", "name": "IdentityCenter", "user": "AKIAEXAMPLE123456789", "password": "the password",
            "sshkey": "the ssh key", "sshkeyPass": "the passphrase", "sshkeyCA": "the certificate",
            "vaultInstanceId": "the vault of it", "cacheVersn": 12_345_678, "modified": "2026-11-28T10:00:00Z",
            "sizeInBytes": 23_456_789, "version": 34_567_890, "primaryTerm": 45_678_901, "sequenceNumber": 56_789_012,
            "locked": false, "workgroup": "WORKGROUP", "owner": "the owner of it",
        });
        let params = json!({"credentials": {
            "credential": "IdentityCenter", "credentials": stored, "identifier": "AKIAEXAMPLE123456789",
            "password": "the password", "passwordChanged": false,
        }});
        let secret = [
            "AKIAEXAMPLE123456789",
            "the password",
            "the ssh key",
            "the passphrase",
            "the certificate",
            "AKIAEXAMPLE123456789:the password",
        ];
        assert_eq!(known(&params), secret);
        let as_text = json!({"credentials": params["credentials"].to_string()});
        assert_eq!(known(&as_text)[1..], secret, "the first is the text as a whole");
    }

    #[test]
    fn members_that_are_not_known_are_secrets() {
        assert_eq!(known(&json!({"credentials": {"pinOfTheVault": "12345678"}})), ["12345678"]);
    }

    #[test]
    fn user_names_of_credentials_without_one_are_not_secrets() {
        let credential = json!({"identifier": "IdentityCenter", "password": "the password"});
        assert!(known(&json!({"credentials": credential})).contains(&"IdentityCenter".to_owned()));
        let known = known(&json!({"roleArnCredentials": credential}));
        assert_eq!(known, ["the password", "IdentityCenter:the password"]);
    }

    #[test]
    fn parameters_without_user_names_are_those_of_the_dialogue() {
        let schema = schemars::schema_for!(crate::values::params::Params);
        let properties = schema.as_value()["properties"].as_object().unwrap();
        let hidden = properties.iter().filter(|(_, property)| property["xsoar"]["hiddenusername"] == true);
        assert_eq!(hidden.map(|(name, _)| name).collect::<Vec<_>>(), WITHOUT_USER_NAME);
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
