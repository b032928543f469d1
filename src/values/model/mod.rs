//! Users, groups and memberships under the names of AWS's API (AWS: Identity Store API, `User`, `Group`,
//! `GroupMembership`). What AWS did not send is absent here and stays absent in the answer.

mod access;
mod group;
mod identity_store;
mod user;

use std::borrow::Cow;
use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

pub(crate) use access::{AccountAssignment, PrincipalType};
pub(crate) use group::{Group, MemberId, Membership};
pub(crate) use identity_store::IdentityStore;
pub(crate) use user::{Address, Email, Name, PhoneNumber, User};

/// The extension of attributes that an enterprise has (AWS: Identity Store API, `Extensions`). Extensions come only
/// when they are asked for.
pub(crate) const ENTERPRISE: &str = "aws:identitystore:enterprise";

/// Members of an answer that this version does not know, kept as they came.
pub(crate) type Other = Map<String, Value>;

/// A time: AWS sends the seconds since 1970, people and XSOAR get ISO 8601, such as `2026-11-23T03:00:00.123Z`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "String")]
pub(crate) struct DateTime {
    text: String,
    seconds: Option<f64>,
}

impl DateTime {
    /// This moment, to the millisecond.
    pub(crate) fn now() -> Self {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        Self { text: iso_8601(seconds).unwrap_or_default(), seconds: Some(seconds) }
    }

    /// The nanoseconds since 1970, if it is a time.
    pub(crate) fn nanoseconds(&self) -> Option<i128> {
        let time = match self.seconds {
            Some(seconds) => OffsetDateTime::from_unix_timestamp_nanos(nanoseconds(seconds)?).ok()?,
            None => OffsetDateTime::parse(&self.text, &Rfc3339).ok()?,
        };
        Some(time.unix_timestamp_nanos())
    }

    /// Seconds since 1970, if that is what AWS sent.
    pub(crate) fn seconds(&self) -> Option<f64> {
        self.seconds
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<DateTime> for String {
    fn from(time: DateTime) -> Self {
        time.text
    }
}

impl TryFrom<Value> for DateTime {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        let seconds = value.as_f64();
        let text = match &value {
            Value::String(text) => Some(text.clone()),
            _ => seconds.and_then(iso_8601),
        };
        text.map(|text| Self { text, seconds }).ok_or_else(|| format!("{value} is no time"))
    }
}

impl JsonSchema for DateTime {
    fn schema_name() -> Cow<'static, str> {
        "DateTime".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date-time"})
    }
}

fn iso_8601(seconds: f64) -> Option<String> {
    OffsetDateTime::from_unix_timestamp_nanos(nanoseconds(seconds)?).ok()?.format(&Rfc3339).ok()
}

/// AWS's times are exact to the millisecond; what a floating point number holds beyond is noise.
fn nanoseconds(seconds: f64) -> Option<i128> {
    #[expect(clippy::cast_possible_truncation, reason = "a float that is too large saturates, and is then refused")]
    let milliseconds = (seconds * 1000.0).round() as i128;
    milliseconds.checked_mul(1_000_000)
}

/// An id that an external identity provider gave.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ExternalId {
    /// The issuer of the external id.
    pub(crate) issuer: String,
    /// The external id.
    pub(crate) id: String,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{DateTime, User};

    #[test]
    fn what_aws_sends_is_kept_and_what_it_does_not_send_stays_absent() {
        let sent = json!({
            "UserId": "u", "Emails": [{"Value": "a@example.com"}, {"Value": "b@example.com", "Primary": true}],
            "Extensions": {"aws:identitystore:enterprise": {"department": "IT"}}, "NewMember": {"of": "2027"}
        });
        let user: User = serde_json::from_value(sent.clone()).unwrap();
        assert_eq!(serde_json::to_value(&user).unwrap(), sent);
        assert_eq!(user.email(), Some("b@example.com"));
        assert!(user.has_email("A@Example.COM") && !user.has_email("c@example.com"));
    }

    #[test]
    fn times_become_iso_8601() {
        let user = |created: serde_json::Value| -> Result<User, _> {
            serde_json::from_value(json!({"UserId": "u", "CreatedAt": created}))
        };
        let shown = |created| user(created).unwrap().created_at.unwrap().to_string();
        assert_eq!(shown(json!(1_700_000_000)), "2023-11-14T22:13:20Z");
        assert_eq!(shown(json!(1_700_000_000.123_456)), "2023-11-14T22:13:20.123Z");
        assert_eq!(shown(json!("2023-11-14T22:13:20Z")), "2023-11-14T22:13:20Z");
        assert!(user(json!(1e300)).is_err());
        assert!(user(json!({})).is_err());
    }

    #[test]
    fn a_time_is_the_same_however_it_is_written() {
        let nanoseconds = |written: serde_json::Value| DateTime::try_from(written).unwrap().nanoseconds();
        let expected = Some(1_700_000_000_123_000_000);
        for same in
            [json!(1_700_000_000.123), json!("2023-11-14T22:13:20.123Z"), json!("2023-11-14T23:13:20.123+01:00")]
        {
            assert_eq!(nanoseconds(same), expected);
        }
        let now = DateTime::now();
        assert_eq!(nanoseconds(json!(now.to_string())), now.nanoseconds());
        assert_eq!(nanoseconds(json!("yesterday")), None);
    }
}
