//! A server that allows as many calls as AWS does, and a bulk removal against it: for a test, and for the benchmark.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::aws::{self, Spelling};
use super::client::{ask_within, params, with};
use super::fault::Fault;
use super::fault_server::Server;
use super::request::Request;
use super::upstream::Upstream;

/// AWS: 20 calls a second for each operation and store (IAM Identity Center quotas). How many may come at once is not
/// documented.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub a_second: f64,
    pub burst: f64,
    pub latency: Duration,
}

/// A token bucket for each operation, and what became of the calls.
#[derive(Default)]
pub struct Throttle {
    buckets: Mutex<HashMap<String, Bucket>>,
}

struct Bucket {
    tokens: f64,
    filled: Instant,
    begun: Instant,
    /// How many calls passed and how many were throttled, in each second.
    seconds: Vec<(usize, usize)>,
}

impl Throttle {
    fn admits(&self, operation: String, limits: Limits) -> bool {
        let (mut buckets, now) = (self.buckets.lock().unwrap(), Instant::now());
        let full = || Bucket { tokens: limits.burst, filled: now, begun: now, seconds: Vec::new() };
        let bucket = buckets.entry(operation).or_insert_with(full);
        let gained = (now - bucket.filled).as_secs_f64() * limits.a_second;
        (bucket.tokens, bucket.filled) = ((bucket.tokens + gained).min(limits.burst), now);
        let admitted = bucket.tokens >= 1.0;
        let second = usize::try_from((now - bucket.begun).as_secs()).unwrap();
        bucket.seconds.resize(bucket.seconds.len().max(second + 1), (0, 0));
        let (passed, throttled) = &mut bucket.seconds[second];
        if admitted {
            bucket.tokens -= 1.0;
            *passed += 1;
        } else {
            *throttled += 1;
        }
        admitted
    }

    /// How many calls of the operation passed, and how many were throttled, in each second.
    fn calls(&self, operation: &str) -> Vec<(usize, usize)> {
        self.buckets.lock().unwrap()[operation].seconds.clone()
    }
}

/// A server in front of the upstream, with these limits.
pub fn throttled(upstream: &Arc<Upstream>, limits: Limits, error: &Value) -> (Server, Arc<Throttle>) {
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
#[derive(Debug)]
pub struct Removal {
    pub took: Duration,
    pub passed: usize,
    pub throttled: usize,
    #[expect(dead_code, reason = "it is printed")]
    seconds: Vec<(usize, usize)>,
}

/// All memberships of a user are removed: all gone, each reported once and by name.
pub fn remove_all(count: usize, limits: Limits, error: &Value) -> Removal {
    let upstream = Arc::new(Upstream::user_in_groups(count));
    let (server, throttle) = throttled(&upstream, limits, error);
    let state = upstream.state();
    let user = state["users"][0]["UserName"].clone();
    let params = with(params(&server), json!({"retries": 5, "timeout": "60,10"}));
    let limit = Duration::from_secs(180);
    let answer = ask_within(limit, &[], "remove-user-from-all-groups", &json!({"userName": user}), &params);

    assert_eq!(upstream.memberships(), 0, "{answer:?}");
    let entries = answer.success();
    let rows = entries[0]["Contents"].as_array().unwrap();
    let ids: std::collections::BTreeSet<_> = rows.iter().map(|row| row["MembershipId"].to_string()).collect();
    assert_eq!((entries.len(), rows.len(), ids.len()), (1, count, count));
    for row in rows {
        assert_eq!(row["Outcome"], "removed", "{row}");
        assert!(row["GroupName"].is_string(), "{row}");
    }
    let seconds = throttle.calls("DeleteGroupMembership");
    let (passed, throttled) = seconds.iter().fold((0, 0), |sum, second| (sum.0 + second.0, sum.1 + second.1));
    assert_eq!(passed, count, "each was deleted once");
    Removal { took: answer.took, passed, throttled, seconds }
}

/// What AWS documents; the burst is a guess at the little that it does not.
pub const AWS: Limits = Limits { a_second: 20.0, burst: 5.0, latency: Duration::ZERO };
