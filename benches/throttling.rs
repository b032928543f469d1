//! `cargo bench --bench throttling`: a thousand memberships are removed from a server that allows 20 calls a second for
//! each operation, as AWS does. What counts is the ratio to what the limit itself costs; the aim is at most 1.3, with at
//! most one throttled call for each ten that pass.

#![allow(dead_code, unused_imports, reason = "the servers of the tests are used here, and not their tests")]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a benchmark that fails says so by a panic")]
#![allow(clippy::print_stdout, reason = "its numbers are what it is for")]

use std::time::Duration;

#[path = "../tests/it/network/mod.rs"]
mod network;
#[path = "../tests/it/process.rs"]
mod process;
#[path = "../tests/it/test_data.rs"]
mod test_data;

use network::throttle_server::{AWS, Limits, remove_all};

const MEMBERSHIPS: u32 = 1000;

fn main() {
    println!("| latency of a call | took | the limit alone | ratio | throttled for each that passed |");
    println!("| --- | --- | --- | --- | --- |");
    for latency in [0, 300] {
        let limits = Limits { latency: Duration::from_millis(latency), ..AWS };
        let removal = remove_all(MEMBERSHIPS as usize, limits, &serde_json::json!({}));
        let (took, least) = (removal.took.as_secs_f64(), (f64::from(MEMBERSHIPS) - limits.burst) / limits.a_second);
        let (passed, throttled) = (removal.passed, removal.throttled);
        println!("| {latency} ms | {took:.1} s | {least:.1} s | {:.2} | {throttled} / {passed} |", took / least);
    }
}
