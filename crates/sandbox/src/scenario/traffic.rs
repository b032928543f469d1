//! The calls since the process began: how many there were, and how many the rate limit still allows.
//!
//! AWS limits each operation of Identity Store by itself, and those of sso-admin together.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use super::{
    definition::{Scenario, Throttling},
    fault::CallEffects,
};
use crate::api_error::{ApiError, ErrorCode};

/// The calls of a process.
#[derive(Debug, Default)]
pub(crate) struct Traffic(Mutex<Calls>);

/// Where a call is counted. The names are the sandbox's own, so callers cannot make many counters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallCounter {
    pub(crate) service: &'static str,
    /// The operation, which a fault may name.
    pub(crate) operation: &'static str,
    /// Whether the operations of the service have one rate limit together.
    pub(crate) shares_limit: bool,
}

#[derive(Debug, Default)]
struct Calls {
    counts: HashMap<(&'static str, &'static str), u64>,
    buckets: HashMap<(&'static str, Option<&'static str>), Bucket>,
}

/// A token bucket.
#[derive(Debug)]
struct Bucket {
    /// The calls that may come at once. A call takes a whole one.
    allowed: f64,
    /// When `allowed` was calculated.
    at: SystemTime,
}

impl CallCounter {
    /// Counts the calls of all operations that do not exist.
    pub(crate) const UNKNOWN: Self = Self { service: "", operation: "unknown operations", shares_limit: false };
}

impl Traffic {
    /// Counts a call, and returns what the scenario does to it.
    pub(crate) fn count(&self, counter: CallCounter, scenario: &Scenario, now: SystemTime) -> CallEffects {
        // A panic cannot leave the counts inconsistent.
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let CallCounter { service, operation, shares_limit } = counter;
        let count = calls.counts.entry((service, operation)).or_default();
        *count += 1;
        let mut effects = scenario.effects_on(operation, *count);
        let limited = (service, (!shares_limit).then_some(operation));
        let bucket = calls.buckets.entry(limited).or_insert(Bucket { allowed: f64::INFINITY, at: now });
        if let Some(throttling) = scenario.throttling
            && !bucket.take(throttling, now)
        {
            effects.refusal.get_or_insert_with(|| refusal(throttling));
        }
        effects
    }
}

impl Bucket {
    /// Takes a call, and returns whether it was allowed.
    fn take(&mut self, throttling: Throttling, now: SystemTime) -> bool {
        let passed = now.duration_since(self.at).unwrap_or(Duration::ZERO);
        let rate = f64::from(throttling.calls_per_second);
        self.allowed = (self.allowed + passed.as_secs_f64() * rate).min(rate);
        self.at = now;
        let is_allowed = self.allowed >= 1.0;
        if is_allowed {
            self.allowed -= 1.0;
        }
        is_allowed
    }
}

fn refusal(throttling: Throttling) -> ApiError {
    let error = ApiError::new(ErrorCode::Throttling, ErrorCode::Throttling.default_message());
    if throttling.says_when { error.with("RetryAfterSeconds", 1) } else { error }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CallCounter;
    use crate::testing::TestSandbox;

    #[test]
    fn operations_that_do_not_exist_have_one_counter() {
        let fixture = TestSandbox::new();
        for number in 0..50 {
            fixture.send(&format!("AWSIdentityStore.MadeUp{number}"), &json!({}));
            fixture.send(&format!("MadeUp{number}.ListUsers"), &json!({}));
            fixture.send(&format!("MadeUp{number}"), &json!({}));
            fixture.send_form(&format!("Action=MadeUp{number}&Version=2011-06-15"));
        }
        fixture.ok("ListUsers", json!({}));
        let calls = fixture.sandbox.traffic().0.lock().expect("no panic");
        assert_eq!((calls.counts.len(), calls.buckets.len()), (2, 2));
        let CallCounter { service, operation, .. } = CallCounter::UNKNOWN;
        assert_eq!(calls.counts[&(service, operation)], 200);
    }
}
