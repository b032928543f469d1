//! The kinds of argument: each checks itself when it is decoded, so that a command only ever sees sound values.
//! Messages follow "The argument "x" …".

#[cfg(test)]
mod tests;

use std::ops::Deref;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How many items a list returns, 1 at least. There is no maximum: a list reads as many pages as it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "i64")]
pub(crate) struct Limit(pub(crate) usize);

impl TryFrom<i64> for Limit {
    type Error = String;

    fn try_from(number: i64) -> Result<Self, String> {
        match usize::try_from(number) {
            Ok(limit) if limit > 0 => Ok(Self(limit)),
            _ => Err("must be a whole number, 1 or more".to_owned()),
        }
    }
}

/// The number of an AWS account: twelve digits.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
pub(crate) struct AccountId(pub(crate) String);

impl TryFrom<String> for AccountId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let digits = text.trim();
        // Whoever makes a number of it loses the zeros that it begins with.
        if (1..=12).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(format!("{digits:0>12}")))
        } else {
            Err("must be the number of an AWS account, such as 123456789012".to_owned())
        }
    }
}

/// What a containment takes from a user.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Scope {
    Groups,
    Assignments,
    #[default]
    Both,
}

impl Scope {
    pub(crate) fn has_groups(self) -> bool {
        self != Self::Assignments
    }

    pub(crate) fn has_assignments(self) -> bool {
        self != Self::Groups
    }
}

/// Any JSON, or text that holds JSON: what the context has may come either way.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(try_from = "Value")]
#[schemars(with = "String")]
pub(crate) struct Json(pub(crate) Value);

impl TryFrom<Value> for Json {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        match value {
            Value::Null => Err("is required and is missing or empty".to_owned()),
            Value::String(text) => serde_json::from_str(&text).map(Self).map_err(|error| {
                format!("must be JSON, and what was given is not (line {}, column {})", error.line(), error.column())
            }),
            other => Ok(Self(other)),
        }
    }
}

/// An e-mail address as it was pasted, without the spaces around it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(from = "String")]
pub(crate) struct EmailAddress(pub(crate) String);

impl From<String> for EmailAddress {
    fn from(text: String) -> Self {
        Self(text.trim().to_owned())
    }
}

impl From<EmailAddress> for serde_json::Value {
    fn from(address: EmailAddress) -> Self {
        address.0.into()
    }
}

/// The revision of a user or a group (AWS: `ResourceRevision`), digits that mean nothing by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
pub(crate) struct Revision(String);

impl Deref for Revision {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Revision {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        // Some playbooks make a floating point number of every number.
        let digits = text.trim().strip_suffix(".0").unwrap_or(text.trim());
        if (1..=64).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(digits.to_owned()))
        } else {
            Err("must be a Revision as an earlier answer had it, such as 3".to_owned())
        }
    }
}

/// How often a failed attempt is repeated: 0 to 10, more is 10.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(try_from = "i64")]
pub(crate) struct Retries(pub(crate) u32);

impl Retries {
    pub(crate) const DEFAULT: Self = Self(5);
    const MOST: i64 = 10;
}

impl TryFrom<i64> for Retries {
    type Error = String;

    fn try_from(number: i64) -> Result<Self, String> {
        u32::try_from(number.min(Self::MOST)).map(Self).map_err(|_| "must be 0 (one attempt only) or more".to_owned())
    }
}

/// `read[,connect]` in seconds. The read seconds bound one attempt, its body included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
pub(crate) struct Timeout {
    pub(crate) read: Duration,
    pub(crate) connect: Duration,
}

impl Timeout {
    pub(crate) const DEFAULT: Self = Self { read: Duration::from_secs(60), connect: Duration::from_secs(10) };
}

impl TryFrom<String> for Timeout {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let seconds = |part: &str| {
            let seconds = part.trim().parse().ok().filter(|seconds: &f64| *seconds >= 0.001)?;
            Duration::try_from_secs_f64(seconds).ok()
        };
        let mut parts = text.split(',');
        let read = parts.next().and_then(seconds);
        let connect = parts.next().map_or(Some(Self::DEFAULT.connect), seconds);
        match (read, connect, parts.next()) {
            (Some(read), Some(connect), None) => Ok(Self { read, connect }),
            _ => Err("must be the seconds to wait for an answer, or these and the seconds to wait for a connection, such as \
                      60 or 60,10"
                .to_owned()),
        }
    }
}

/// How long an assumed role lasts, in seconds (AWS: `AssumeRole`, 900 to 43,200).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(try_from = "i64")]
pub(crate) struct SessionDuration(pub(crate) i32);

impl TryFrom<i64> for SessionDuration {
    type Error = String;

    fn try_from(number: i64) -> Result<Self, String> {
        match i32::try_from(number) {
            Ok(seconds @ 900..=43_200) => Ok(Self(seconds)),
            _ => Err("must be 900 to 43200 seconds (15 minutes to 12 hours)".to_owned()),
        }
    }
}

/// A session name that STS accepts (AWS: `AssumeRole`, 2 to 64 of letters, digits and `_+=,.@-`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
pub(crate) struct SessionName(pub(crate) String);

impl TryFrom<String> for SessionName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let sound = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
        if (2..=64).contains(&text.len()) && text.chars().all(sound) {
            Ok(Self(text))
        } else {
            Err("must be 2 to 64 letters, digits or characters of _+=,.@-".to_owned())
        }
    }
}

/// The ARN of an IAM role, `arn:aws:iam::123456789012:role/Name`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
pub(crate) struct RoleArn(pub(crate) String);

impl TryFrom<String> for RoleArn {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let text = text.trim().to_owned();
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        match parts.as_slice() {
            ["arn", partition, "iam", "", account, resource]
                if partition.starts_with("aws")
                    && account.len() == 12
                    && account.bytes().all(|b| b.is_ascii_digit())
                    && resource.strip_prefix("role/").is_some_and(|name| !name.is_empty()) =>
            {
                Ok(Self(text))
            }
            _ => Err("must be the ARN of an IAM role, such as arn:aws:iam::123456789012:role/Name".to_owned()),
        }
    }
}

/// An AWS region, such as `eu-central-1` or `us-gov-west-1`. Whether it exists is AWS's to say.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
pub(crate) struct Region(pub(crate) String);

impl TryFrom<String> for Region {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let text = text.trim();
        let parts: Vec<&str> = text.split('-').collect();
        let word = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
        let number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        match parts.split_last() {
            Some((last, words)) if words.len() >= 2 && words.iter().all(word) && number(last) => {
                Ok(Self(text.to_owned()))
            }
            _ => Err("must be an AWS region, such as eu-central-1".to_owned()),
        }
    }
}

/// An http or https address that is called instead of AWS's own.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
pub(crate) struct EndpointUrl(pub(crate) String);

impl TryFrom<String> for EndpointUrl {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let text = text.trim();
        match text.parse::<http::Uri>() {
            Ok(uri) if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) => {
                Err("must be an address without a user name and a password".to_owned())
            }
            Ok(uri) if matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some() => {
                Ok(Self(text.to_owned()))
            }
            _ => Err("must be an address such as https://identitystore.example.com".to_owned()),
        }
    }
}
