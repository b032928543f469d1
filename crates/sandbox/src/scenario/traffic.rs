//! How often each operation was called since the process began, and how often it still may be.
//!
//! AWS limits each operation of Identity Store by itself, and those of sso-admin together.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use super::{Course, Scenario, Throttling};
use crate::api_error::{ApiError, Code};

/// The calls of a process.
#[derive(Debug, Default)]
pub(crate) struct Traffic(Mutex<Calls>);

/// As what a call is counted. Its names are the sandbox's own, so that there are few, whatever callers ask for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Account {
    /// The operation that a fault may name.
    pub(crate) operation: &'static str,
    /// What has one limit together: the operation, or its service.
    pub(crate) limited: &'static str,
}

#[derive(Debug, Default)]
struct Calls {
    counts: HashMap<&'static str, u64>,
    buckets: HashMap<&'static str, Bucket>,
}

#[derive(Debug)]
struct Bucket {
    /// How many calls may come at once now; whole calls are taken.
    allowed: f64,
    /// When that was worked out.
    at: SystemTime,
}

impl Account {
    /// Calls of operations that do not exist, all together.
    pub(crate) const UNKNOWN: Self = Self::of("unknown operations");

    /// An operation that has a limit of its own.
    pub(crate) const fn of(operation: &'static str) -> Self {
        Self { operation, limited: operation }
    }
}

impl Traffic {
    /// Counts a call, and says what is to become of it.
    pub(crate) fn admit(&self, account: Account, scenario: &Scenario, now: SystemTime) -> Course {
        // A count is right whatever panicked.
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = calls.counts.entry(account.operation).or_default();
        *count += 1;
        let mut course = scenario.course(account.operation, *count);
        let bucket = calls.buckets.entry(account.limited).or_insert(Bucket { allowed: f64::INFINITY, at: now });
        if let Some(throttling) = scenario.throttling
            && !bucket.take(throttling, now)
        {
            course.refusal.get_or_insert_with(|| throttling.refusal());
        }
        course
    }
}

impl Bucket {
    fn take(&mut self, throttling: Throttling, now: SystemTime) -> bool {
        let passed = now.duration_since(self.at).unwrap_or(Duration::ZERO);
        let rate = f64::from(throttling.a_second);
        self.allowed = (self.allowed + passed.as_secs_f64() * rate).min(rate);
        self.at = now;
        let is_allowed = self.allowed >= 1.0;
        if is_allowed {
            self.allowed -= 1.0;
        }
        is_allowed
    }
}

impl Throttling {
    fn refusal(self) -> ApiError {
        let error = ApiError::new(Code::Throttling, Code::Throttling.sentence());
        if self.says_when { error.with("RetryAfterSeconds", 1) } else { error }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::Bench;

    #[test]
    fn operations_that_do_not_exist_are_counted_as_one() {
        let bench = Bench::new();
        for number in 0..50 {
            bench.send(&format!("AWSIdentityStore.MadeUp{number}"), &json!({}));
            bench.send(&format!("MadeUp{number}.ListUsers"), &json!({}));
            bench.send(&format!("MadeUp{number}"), &json!({}));
            let form = format!("Action=MadeUp{number}&Version=2011-06-15").into_bytes();
            let request = http::Request::post("/").header("content-type", "application/x-www-form-urlencoded");
            bench.sandbox.handle(&request.body(form).expect("a request")).expect("a sound file");
        }
        bench.ok("ListUsers", json!({}));
        let calls = bench.sandbox.inner.traffic.0.lock().expect("no panic");
        assert_eq!((calls.counts.len(), calls.buckets.len()), (2, 2));
        assert_eq!(calls.counts[super::Account::UNKNOWN.operation], 200);
    }
}
