//! How fast calls may follow each other: as fast as they like until AWS throttles an operation, then no faster than AWS
//! takes them (AWS: IAM Identity Center quotas, 20 a second for each operation of an identity store).
//!
//! It stands at the transport, so that repeated attempts keep the pace as well, and so do the commands of a long-lived
//! process with each other.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use tokio::time::{Instant, sleep_until};

/// A little less than AWS allows, in calls a second.
const FIRST_RATE: f64 = 19.0;
/// What a throttled call makes of the rate, once for each `SETTLING`.
const SLOWER: f64 = 0.8;
const SETTLING: Duration = Duration::from_secs(1);
/// What each second without a throttled call makes of the rate.
const FASTER: f64 = 1.02;
const SLOWEST: f64 = 1.0;
/// So long without a throttled call, and an operation is free again.
const FORGOTTEN: Duration = Duration::from_secs(120);

/// The pace of each operation that was ever throttled.
#[derive(Debug, Default)]
pub(super) struct Pace(Mutex<HashMap<String, Limit>>);

#[derive(Debug)]
struct Limit {
    rate: f64,
    /// When the next call may go.
    next: Instant,
    throttled_at: Instant,
}

impl Pace {
    /// When a call of this operation may go; the place is taken.
    pub(super) fn admit(&self, operation: &str) -> Option<Instant> {
        let mut limits = self.limits();
        let now = Instant::now();
        let limit = limits.get_mut(operation)?;
        let calm = now.saturating_duration_since(limit.throttled_at);
        if calm > FORGOTTEN {
            limits.remove(operation);
            return None;
        }
        let rate = (limit.rate * FASTER.powf(calm.as_secs_f64())).min(FIRST_RATE * 10.0);
        let at = limit.next.max(now);
        limit.next = at + Duration::from_secs_f64(1.0 / rate);
        Some(at)
    }

    /// AWS has throttled a call, and may have said how long to wait.
    pub(super) fn throttled(&self, operation: &str, wait: Option<Duration>) {
        let mut limits = self.limits();
        let now = Instant::now();
        let limit = limits.entry(operation.to_owned()).or_insert(Limit {
            rate: FIRST_RATE / SLOWER,
            next: now,
            throttled_at: now - SETTLING,
        });
        let calm = now.saturating_duration_since(limit.throttled_at);
        // Several calls that were under way together are one piece of news.
        if calm >= SETTLING {
            limit.rate = (limit.rate * FASTER.powf(calm.as_secs_f64()) * SLOWER).clamp(SLOWEST, FIRST_RATE * 10.0);
        }
        limit.throttled_at = now;
        limit.next = limit.next.max(now + wait.unwrap_or_default());
    }

    fn limits(&self) -> MutexGuard<'_, HashMap<String, Limit>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The operation that a request is for, from its `X-Amz-Target`. A response carries it to whoever looks at failures, who
/// has no request any more.
#[derive(Debug, Clone)]
pub(super) struct Operation {
    pub(super) name: String,
    /// The operations of sso-admin share one limit (AWS: IAM Identity Center quotas, 20 a second for all together).
    is_of_sso_admin: bool,
}

impl Operation {
    pub(super) fn of(request: &HttpRequest) -> Self {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let (service, name) = target.rsplit_once('.').unwrap_or_default();
        Self { name: name.to_owned(), is_of_sso_admin: service == "SWBExternalService" }
    }

    /// What its limit is kept under.
    pub(super) fn limited(&self) -> &str {
        if self.is_of_sso_admin { "sso-admin" } else { &self.name }
    }
}

/// A connector that keeps the pace.
#[derive(Debug)]
pub(super) struct Paced {
    pub(super) connector: SharedHttpConnector,
    pub(super) pace: Arc<Pace>,
}

impl HttpConnector for Paced {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let operation = Operation::of(&request);
        let turn = self.pace.admit(operation.limited());
        let connector = self.connector.clone();
        HttpConnectorFuture::new(async move {
            if let Some(turn) = turn {
                sleep_until(turn).await;
            }
            let mut response = connector.call(request).await?;
            response.add_extension(operation);
            Ok(response)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sends as fast as it may for this long to a server with a bucket of 5 that fills at 20 a second.
    fn run(seconds: u64) -> (u64, u64) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let (pace, begun) = (Pace::default(), Instant::now());
            let (mut tokens, mut filled_at) = (5.0_f64, begun);
            let (mut passed, mut throttled) = (0, 0);
            while begun.elapsed() < Duration::from_secs(seconds) {
                match pace.admit("Op") {
                    Some(at) => sleep_until(at).await,
                    None => tokio::time::sleep(Duration::from_millis(1)).await,
                }
                tokens = (tokens + filled_at.elapsed().as_secs_f64() * 20.0).min(5.0);
                filled_at = Instant::now();
                if tokens >= 1.0 {
                    tokens -= 1.0;
                    passed += 1;
                } else {
                    throttled += 1;
                    pace.throttled("Op", None);
                }
            }
            (passed, throttled)
        })
    }

    #[test]
    fn a_throttled_operation_settles_near_what_is_allowed() {
        let (passed, throttled) = run(60);
        assert!(passed >= 60 * 16, "{passed} passed in a minute that allows 1200");
        assert!(throttled * 20 <= passed, "{throttled} were throttled, {passed} passed");
    }

    #[test]
    fn other_operations_are_free_and_a_wait_is_kept() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let pace = Pace::default();
            assert_eq!(pace.admit("Op"), None);
            pace.throttled("Op", Some(Duration::from_secs(7)));
            assert_eq!(pace.admit("Op"), Some(Instant::now() + Duration::from_secs(7)));
            assert_eq!(pace.admit("Other"), None);
            tokio::time::sleep(FORGOTTEN + Duration::from_secs(10)).await;
            assert_eq!(pace.admit("Op"), None);
        });
    }

    /// How far apart two calls that follow each other may go now, in milliseconds.
    fn apart(pace: &Pace) -> f64 {
        let [first, second] = [(), ()].map(|()| pace.admit("Op").unwrap());
        (second - first).as_secs_f64() * 1000.0
    }

    #[test]
    fn a_throttled_call_slows_its_operation_down_and_calm_makes_it_faster() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let pace = Pace::default();
            let close_to = |apart: f64, calls_a_second: f64| {
                assert!((apart * calls_a_second / 1000.0 - 1.0).abs() < 0.001, "{apart} ms, not {calls_a_second}/s");
            };
            pace.throttled("Op", None);
            close_to(apart(&pace), 19.0 * 1.02);
            // Others were under way at the same time.
            tokio::time::sleep(Duration::from_millis(999)).await;
            pace.throttled("Op", None);
            close_to(apart(&pace), 19.0 * 1.02);
            tokio::time::sleep(Duration::from_secs(1)).await;
            pace.throttled("Op", None);
            let slower = 19.0 * 1.02 * 1.02 * 0.8;
            close_to(apart(&pace), slower);
            tokio::time::sleep(Duration::from_secs(60)).await;
            close_to(apart(&pace), slower * 1.02_f64.powi(60));
            for _ in 0..100 {
                tokio::time::sleep(Duration::from_secs(1)).await;
                pace.throttled("Op", None);
            }
            close_to(apart(&pace), 1.0);
            tokio::time::sleep(FORGOTTEN).await;
            assert!(pace.admit("Op").is_some());
            tokio::time::sleep(Duration::from_millis(1)).await;
            assert_eq!(pace.admit("Op"), None);
            // After long calm it is nearly free, and never faster than that.
            pace.throttled("Op", None);
            tokio::time::sleep(FORGOTTEN).await;
            pace.throttled("Op", None);
            close_to(apart(&pace), 19.0 * 1.02_f64.powi(121) * 0.8);
            tokio::time::sleep(FORGOTTEN).await;
            pace.throttled("Op", None);
            close_to(apart(&pace), 190.0);
        });
    }

    #[test]
    fn operations_have_limits_of_their_own_but_for_those_of_sso_admin() {
        let limited = |target: &'static str| {
            let mut request = HttpRequest::empty();
            request.headers_mut().insert("x-amz-target", target);
            let operation = Operation::of(&request);
            (operation.name.clone(), operation.limited().to_owned())
        };
        let own = |name: &str, limit: &str| (name.to_owned(), limit.to_owned());
        assert_eq!(limited("AWSIdentityStore.ListUsers"), own("ListUsers", "ListUsers"));
        assert_eq!(limited("SWBExternalService.ListInstances"), own("ListInstances", "sso-admin"));
        assert_eq!(limited("nonsense"), own("", ""));
    }
}
