//! A server that allows as many calls as AWS does, and bulk work against it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::aws::{self, Spelling};
use super::client::{ask, params, with};
use super::fault::Fault;
use super::fault_server::Server;
use super::request::Request;
use super::upstream::Upstream;

/// AWS: 20 calls a second for each operation and store (IAM Identity Center quotas). How many may come at once is not
/// documented.
#[derive(Debug, Clone, Copy)]
struct Limits {
    a_second: f64,
    burst: f64,
    latency: Duration,
}

/// A token bucket for each operation, and what became of the calls.
#[derive(Default)]
struct Throttle {
    buckets: Mutex<HashMap<String, Bucket>>,
}

struct Bucket {
    tokens: f64,
    filled: Instant,
    passed: usize,
    throttled: usize,
}

impl Throttle {
    fn admits(&self, operation: String, limits: Limits) -> bool {
        let (mut buckets, now) = (self.buckets.lock().unwrap(), Instant::now());
        let full = || Bucket { tokens: limits.burst, filled: now, passed: 0, throttled: 0 };
        let bucket = buckets.entry(operation).or_insert_with(full);
        let gained = (now - bucket.filled).as_secs_f64() * limits.a_second;
        (bucket.tokens, bucket.filled) = ((bucket.tokens + gained).min(limits.burst), now);
        let admitted = bucket.tokens >= 1.0;
        if admitted {
            bucket.tokens -= 1.0;
            bucket.passed += 1;
        } else {
            bucket.throttled += 1;
        }
        admitted
    }

    /// How many calls of the operation passed, and how many did not.
    fn calls(&self, operation: &str) -> (usize, usize) {
        self.buckets.lock().unwrap().get(operation).map_or((0, 0), |bucket| (bucket.passed, bucket.throttled))
    }
}

fn throttled(upstream: &Arc<Upstream>, limits: Limits, error: &Value) -> (Server, Arc<Throttle>) {
    let throttle = Arc::new(Throttle::default());
    let (inside, error) = (Arc::clone(&throttle), error.clone());
    let server = Server::faulty(upstream, move |request: &Request, _| {
        let admitted = inside.admits(request.operation(), limits);
        thread::sleep(limits.latency);
        (!admitted).then(|| Fault::Say(aws::error("ThrottlingException", Spelling::ALL[0], &error)))
    });
    (server, throttle)
}

/// What a removal came to.
struct Removal {
    took: Duration,
    passed: usize,
    throttled: usize,
}

/// All memberships of a user are removed: all gone, each reported once and by name.
fn remove_all(count: usize, limits: Limits, error: &Value) -> Removal {
    let upstream = Arc::new(Upstream::user_in_groups(count));
    let (server, throttle) = throttled(&upstream, limits, error);
    let state = upstream.state();
    let user = state["users"][0]["UserName"].clone();
    let params = with(params(&server), json!({"retries": 5, "timeout": "60,10"}));
    let answer = ask("remove-user-from-all-groups", &json!({"userName": user}), &params);

    assert_eq!(upstream.memberships(), 0, "{answer:?}");
    let entries = answer.success();
    let rows = entries[0]["Contents"].as_array().unwrap();
    let ids: std::collections::BTreeSet<_> = rows.iter().map(|row| row["MembershipId"].to_string()).collect();
    assert_eq!((entries.len(), rows.len(), ids.len()), (1, count, count));
    for row in rows {
        assert_eq!(row["Outcome"], "removed", "{row}");
        assert!(row["GroupName"].is_string(), "{row}");
    }
    let (passed, throttled) = throttle.calls("DeleteGroupMembership");
    assert_eq!(passed, count, "each was deleted once");
    Removal { took: answer.took, passed, throttled }
}

const AWS: Limits = Limits { a_second: 20.0, burst: 5.0, latency: Duration::ZERO };

#[test]
fn a_bulk_removal_keeps_to_the_limit_of_aws() {
    let slow = Limits { latency: Duration::from_millis(300), ..AWS };
    for (limits, error) in [(AWS, json!({})), (slow, json!({})), (AWS, json!({"RetryAfterSeconds": 1}))] {
        let Removal { took, passed, throttled } = remove_all(150, limits, &error);
        assert!(throttled * 10 <= passed, "{throttled} calls were throttled, and {passed} passed: {limits:?} {error}");
        let least = (150.0 - limits.burst) / limits.a_second;
        // The names and the list cost their own calls; a machine that compiles has other things to do.
        assert!(took.as_secs_f64() < least * 1.3 + 3.0, "{took:?}: {limits:?} {error}");
    }
}

/// The number that is promised: 1,000 memberships in 1.3 times the 50 seconds that the limit itself costs.
/// `cargo test --release --test it -- --ignored --nocapture a_thousand`
#[test]
#[ignore = "a benchmark of two minutes"]
#[expect(clippy::print_stderr, reason = "its numbers are what it is for")]
fn a_thousand_memberships_are_removed_as_fast_as_the_limit_allows() {
    for latency in [0, 300] {
        let limits = Limits { latency: Duration::from_millis(latency), ..AWS };
        let Removal { took, passed, throttled } = remove_all(1000, limits, &json!({}));
        eprintln!("1000 memberships, {latency} ms: {took:?}, {passed} passed, {throttled} throttled");
        assert!(took.as_secs_f64() < 65.0 && throttled * 10 <= passed, "{took:?}, {throttled} throttled");
    }
}
