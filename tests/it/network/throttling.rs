//! Bulk work against a server that allows as many calls as AWS does. How long it takes is a benchmark's matter
//! (`cargo bench --bench comparison`).

use std::time::Duration;

use serde_json::json;

use super::throttle_server::{AWS, Limits, remove_all};

#[test]
fn a_bulk_removal_keeps_to_the_limit_of_aws() {
    let slow = Limits { latency: Duration::from_millis(300), ..AWS };
    for (limits, error) in [(AWS, json!({})), (slow, json!({})), (AWS, json!({"RetryAfterSeconds": 1}))] {
        let removal = remove_all(150, limits, &error);
        // Nobody is faster than the limit, or it was none.
        let least = Duration::from_secs_f64((150.0 - limits.burst) / limits.a_second);
        assert!(removal.took >= least, "{removal:?}: {limits:?} {error}");
        assert!(removal.throttled * 10 <= removal.passed, "{removal:?}: {limits:?} {error}");
    }
}
