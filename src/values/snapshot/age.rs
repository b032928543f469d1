//! How old a snapshot is.

use std::time::{SystemTime, UNIX_EPOCH};

use super::signature::Unverified;
use crate::values::model::DateTime;

const MINUTE: i128 = 60;
const HOUR: i128 = 60 * MINUTE;
const DAY: i128 = 24 * HOUR;

/// What a user had longer ago is no reason to give it now.
const OLDEST: i128 = 30 * DAY;

/// How far the clocks of two hosts may differ (AWS: Signature Version 4, which allows as much).
const SKEW: i128 = 5 * MINUTE;

/// The seconds since 1970.
pub(super) fn now() -> i128 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs().into()
}

/// Fails if it is older than 30 days, or dated in the future.
pub(super) fn check(taken_at: &DateTime, now: i128) -> Result<(), Unverified> {
    match age(taken_at, now) {
        None => Err(Unverified::Altered),
        Some(age) if age > OLDEST => Err(Unverified::TooOld),
        Some(age) if age < -SKEW => Err(Unverified::InFuture),
        Some(_) => Ok(()),
    }
}

/// Says how long ago, such as "3 hours ago".
pub(super) fn ago(taken_at: &DateTime, now: i128) -> Option<String> {
    let age = age(taken_at, now)?;
    let counted = |count: i128, one: &str| format!("{count} {one}{} ago", if count == 1 { "" } else { "s" });
    Some(match age {
        ..0 if age < -SKEW => "in the future".to_owned(),
        ..MINUTE => "less than a minute ago".to_owned(),
        MINUTE..HOUR => counted(age / MINUTE, "minute"),
        HOUR..DAY => counted(age / HOUR, "hour"),
        _ => counted(age / DAY, "day"),
    })
}

/// In seconds.
fn age(taken_at: &DateTime, now: i128) -> Option<i128> {
    Some(now - taken_at.nanoseconds()?.div_euclid(1_000_000_000))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(seconds: i128) -> DateTime {
        DateTime::try_from(json!(i64::try_from(seconds).unwrap())).unwrap()
    }

    const NOW: i128 = 1_800_000_000;

    #[test]
    fn a_snapshot_is_told_by_its_age() {
        for (age, said) in [
            (-301, "in the future"),
            (-300, "less than a minute ago"),
            (59, "less than a minute ago"),
            (60, "1 minute ago"),
            (3599, "59 minutes ago"),
            (3600, "1 hour ago"),
            (3 * HOUR, "3 hours ago"),
            (DAY - 1, "23 hours ago"),
            (DAY, "1 day ago"),
            (31 * DAY, "31 days ago"),
        ] {
            assert_eq!(ago(&at(NOW - age), NOW).as_deref(), Some(said), "{age}");
        }
        assert_eq!(ago(&DateTime::try_from(json!("yesterday")).unwrap(), NOW), None);
    }

    #[test]
    fn a_snapshot_counts_for_thirty_days_and_not_before_it_is_taken() {
        let checked = |age| check(&at(NOW - age), NOW);
        assert_eq!([0, 30 * DAY, -300].map(checked), [Ok(()), Ok(()), Ok(())]);
        assert_eq!(checked(30 * DAY + 1), Err(Unverified::TooOld));
        assert_eq!(checked(-301), Err(Unverified::InFuture));
        assert_eq!(check(&DateTime::try_from(json!("x")).unwrap(), NOW), Err(Unverified::Altered));
    }
}
