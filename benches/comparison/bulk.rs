//! A thousand memberships are removed: against a client that removes one after the other, and against AWS's limit.

use std::fmt::Write as _;
use std::net::TcpStream;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::bare;
use super::network::aws::STORE;
use super::network::throttle_server::{AWS, Limits, Removal, remove_all, throttled};
use super::network::upstream::Upstream;
use super::plot::{Bars, Group};
use super::run::{digits, number};

const MEMBERSHIPS: usize = 1000;
/// Where a call takes long, the sequential client removes so many, and its time is multiplied.
const PART: usize = 100;
const LATENCIES: [u64; 3] = [0, 50, 300];
/// No limit that a thousand calls could reach.
const UNLIMITED: Limits = Limits { a_second: 0.0, burst: 1e9, latency: Duration::ZERO };

pub fn measure() -> String {
    // These wait for the limit nearly all the time, and so do not disturb each other.
    let limited = LATENCIES.map(|latency| thread::spawn(move || removal(AWS, latency)));
    let limited = limited.map(|limited| limited.join().unwrap());
    let free = LATENCIES.map(|latency| (removal(UNLIMITED, latency), one_after_the_other(latency)));
    draw(&free);
    let mut rows = String::new();
    for (latency, (removal, sequential)) in LATENCIES.iter().zip(&free) {
        let (took, sequential) = (removal.took.as_secs_f64(), sequential.as_secs_f64());
        let [own, other, faster] = [took, sequential, sequential / took].map(digits);
        let _ = writeln!(rows, "| {latency} ms | {own} s | {other} s | {faster} |");
    }
    let (mut limits, least) = (String::new(), (number(MEMBERSHIPS as u64) - AWS.burst) / AWS.a_second);
    for (latency, Removal { took, passed, throttled, .. }) in LATENCIES.iter().zip(&limited) {
        let took = took.as_secs_f64();
        let [own, alone, ratio] = [took, least, took / least].map(digits);
        let _ = writeln!(limits, "| {latency} ms | {own} s | {alone} s | {ratio} | {throttled} / {passed} |");
    }
    format!(
        "\
### Bulk: 1,000 memberships removed

`remove-user-from-all-groups` against the sandbox behind a server with this latency; the names of the groups are looked up in
the same time. The sequential client removes one membership after the other over one connection and looks up no names; from
50 ms on it removes {PART}, and the time is multiplied. One run each.

| latency of a call | this program | sequential client | times faster |
| --- | --- | --- | --- |
{rows}
![A thousand removals](performance/bulk.svg)

The same where the server allows 20 calls a second for each operation, as AWS does, with a burst of 5, and throttles what is
beyond. The aim is at most 1.3 times what the limit itself costs, and at most one throttled call for each ten that pass.

| latency of a call | took | the limit alone | ratio | throttled for those that passed |
| --- | --- | --- | --- | --- |
{limits}"
    )
}

fn removal(limits: Limits, latency: u64) -> Removal {
    remove_all(MEMBERSHIPS, Limits { latency: Duration::from_millis(latency), ..limits }, &json!({}))
}

/// How long a client takes that waits for each answer.
fn one_after_the_other(latency: u64) -> Duration {
    let upstream = Arc::new(Upstream::user_in_groups(MEMBERSHIPS));
    let limits = Limits { latency: Duration::from_millis(latency), ..UNLIMITED };
    let (server, _) = throttled(&upstream, limits, &json!({}));
    let state = upstream.state();
    let removed = if latency == 0 { MEMBERSHIPS } else { PART };
    let memberships = state["memberships"].as_array().unwrap().iter().take(removed);
    let call = |it: &Value| call(&json!({"IdentityStoreId": STORE, "MembershipId": it["MembershipId"]}).to_string());
    let calls: Vec<_> = memberships.map(call).collect();

    let mut connection = TcpStream::connect(server.address).unwrap();
    connection.set_nodelay(true).unwrap();
    let (begun, mut answer) = (Instant::now(), Vec::new());
    for call in &calls {
        bare::ask(&mut connection, call, &mut answer).unwrap();
        assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
    }
    let took = begun.elapsed();
    assert_eq!(upstream.memberships(), MEMBERSHIPS - removed);
    took * u32::try_from(MEMBERSHIPS / removed).unwrap()
}

fn call(body: &str) -> Vec<u8> {
    let length = body.len();
    let head = "POST / HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/x-amz-json-1.1\r\n\
                x-amz-target: AWSIdentityStore.DeleteGroupMembership\r\ncontent-length: ";
    format!("{head}{length}\r\n\r\n{body}").into_bytes()
}

fn draw(free: &[(Removal, Duration)]) {
    let names: Vec<_> = LATENCIES.iter().map(|latency| format!("{latency} ms")).collect();
    let values = free.iter().map(|(removal, sequential)| [removal.took, *sequential].map(|time| time.as_secs_f64()));
    let groups: Vec<_> =
        names.iter().zip(values).map(|(name, values)| Group { name, values: values.to_vec() }).collect();
    Bars {
        file: "bulk.svg",
        title: "1,000 memberships removed",
        axis: "s, logarithmic",
        names: &["this program", "sequential client"],
        groups: &groups,
    }
    .draw();
}
