//! How a duration is written.

use std::time::Duration;

/// Reads `250ms` or `2s`, an hour at most.
pub(super) fn parse_duration(text: &str) -> Option<Duration> {
    let time = match text.strip_suffix("ms") {
        Some(number) => Duration::from_millis(number.parse().ok()?),
        None => Duration::from_secs(text.strip_suffix('s')?.parse().ok()?),
    };
    (time <= Duration::from_secs(3600)).then_some(time)
}
