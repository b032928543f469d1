//! Timestamps: ISO 8601 in the file, seconds since 1970 on the wire.

use std::time::{Duration, SystemTime};

use aws_smithy_types::{DateTime, date_time::Format};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A point in time, to the millisecond.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Timestamp(DateTime);

impl Timestamp {
    /// Returns the timestamp of awsJson1.1, a number.
    pub(crate) fn to_wire(self) -> Value {
        if self.0.subsec_nanos() == 0 { self.0.secs().into() } else { self.0.as_secs_f64().into() }
    }
}

impl std::ops::Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, later: Duration) -> Self {
        let nanos = self.0.as_nanos().saturating_add(i128::try_from(later.as_nanos()).unwrap_or(i128::MAX));
        DateTime::from_nanos(nanos).map_or(self, Self)
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        let time = DateTime::from(time);
        Self(DateTime::from_secs_and_nanos(time.secs(), time.subsec_nanos() / 1_000_000 * 1_000_000))
    }
}

impl TryFrom<String> for Timestamp {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        DateTime::from_str(&text, Format::DateTime)
            .map(Self)
            .map_err(|_| format!("{text:?} is not a time such as \"2026-03-02T09:15:00Z\""))
    }
}

impl From<Timestamp> for String {
    fn from(timestamp: Timestamp) -> Self {
        // Only a year after 9999 has no such form.
        timestamp.0.fmt(Format::DateTime).unwrap_or_else(|_| "9999-12-31T23:59:59Z".to_owned())
    }
}
