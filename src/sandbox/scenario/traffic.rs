//! How often each operation was called since the process began, and how often it still may be.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use super::{Course, Scenario, Throttling};
use crate::sandbox::api_error::{ApiError, Code};

/// The calls of a process.
#[derive(Debug, Default)]
pub(in crate::sandbox) struct Traffic(Mutex<HashMap<String, Calls>>);

#[derive(Debug)]
struct Calls {
    count: u64,
    /// How many may come at once now; whole calls are taken.
    allowed: f64,
    /// When that was worked out.
    at: SystemTime,
}

impl Traffic {
    /// Counts a call of an operation, and says what is to become of it.
    pub(in crate::sandbox) fn admit(&self, operation: &str, scenario: &Scenario, now: SystemTime) -> Course {
        // A count is right whatever panicked.
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let calls = calls.entry(operation.to_owned()).or_insert(Calls { count: 0, allowed: f64::INFINITY, at: now });
        calls.count += 1;
        let mut course = scenario.course(operation, calls.count);
        if let Some(throttling) = scenario.throttling
            && !calls.take(throttling, now)
        {
            course.refusal.get_or_insert_with(|| throttling.refusal());
        }
        course
    }
}

impl Calls {
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
