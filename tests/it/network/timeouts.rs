//! Whatever a server does not do, an attempt ends in time.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::aws::{ROLE_ARN, html, sts_error};
use super::certificates::{Authority, Flaw};
use super::client::{Answer, ask, params, params_for, with};
use super::closed_port::ClosedPort;
use super::commands::samples;
use super::fault::Fault;
use super::fault_server::Server;
use super::upstream::Upstream;

/// What a process takes to start on a busy machine.
const SLACK: Duration = Duration::from_secs(2);

/// It ended with an error, not before the timeout and not long after.
fn ended(answer: &Answer, timeout: Duration, what: &str) {
    let error = answer.error();
    assert!(error.contains("timeout") || error.contains("0.7 seconds"), "{what}: {error}");
    let (least, most) = (timeout.mul_f64(0.9), timeout + SLACK);
    assert!(answer.took >= least && answer.took < most, "{what}: {:?} of {timeout:?}", answer.took);
}

fn list_users(params: &Value, timeout: &str) -> Answer {
    ask("list-users", &json!({}), &with(params.clone(), json!({"timeout": timeout})))
}

/// The operating system completes the connection; nobody shakes hands.
#[test]
fn a_tls_handshake_that_is_never_answered_ends_with_the_connect_timeout() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    for insecure in [true, false] {
        let params = with(params_for(&url), json!({"insecure": insecure}));
        ended(&list_users(&params, "30,0.7"), Duration::from_millis(700), "handshake");
    }
}

#[test]
fn an_answer_that_never_comes_ends_with_the_read_timeout() {
    // Nobody even reads the request.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let params_of_nobody = params_for(&format!("http://{}", listener.local_addr().unwrap()));
    ended(&list_users(&params_of_nobody, "0.7,30"), Duration::from_millis(700), "unread");

    let upstream = Arc::new(Upstream::sample());
    for tls in [None, Some(Authority::new().server(Flaw::SelfSigned))] {
        for fault in [Fault::Stall, Fault::Drip, Fault::DripHead] {
            let name = format!("{fault:?}");
            let server = Server::start(&upstream, tls.clone(), move |_, _| Some(fault.clone()));
            let params = with(params(&server), json!({"insecure": true}));
            let answer = list_users(&params, "0.7,30");
            ended(&answer, Duration::from_millis(700), &name);
            answer.error_with(&[&format!("from {}", server.address)]);
            assert_eq!(server.seen().len(), 1, "{name}");
        }
    }
}

#[test]
fn each_attempt_has_the_whole_timeout() {
    let upstream = Arc::new(Upstream::sample());
    let server = Server::faulty(&upstream, |_, nth| (nth < 3).then_some(Fault::Drip));
    let params = with(params(&server), json!({"timeout": "0.7,30", "retries": "2"}));
    let answer = ask("list-users", &json!({}), &params);
    answer.success();
    assert_eq!(server.seen().len(), 3);
    assert!(answer.took >= Duration::from_millis(1400), "{answer:?}");
}

/// A command's own arguments override the instance's parameters.
#[test]
fn timeout_and_retries_of_a_command_override_those_of_the_instance() {
    let upstream = Arc::new(Upstream::sample());
    let server = Server::faulty(&upstream, |_, _| Some(Fault::Stall));
    let params = with(params(&server), json!({"timeout": "60,10", "retries": "9"}));
    let answer = ask("list-users", &json!({"timeout": "0.7", "retries": "0"}), &params);
    ended(&answer, Duration::from_millis(700), "arguments");
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn sts_is_bound_by_the_same_timeouts() {
    let upstream = Arc::new(Upstream::sample());
    for fault in [Fault::Stall, Fault::Drip] {
        let server = Server::faulty(&upstream, move |_, _| Some(fault.clone()));
        let params = with(params(&server), json!({"roleArn": ROLE_ARN}));
        let answer = list_users(&params, "0.7,30");
        ended(&answer, Duration::from_millis(700), "AssumeRole");
        answer.error_with(&[ROLE_ARN]);
        assert_eq!(server.seen_of("AssumeRole").len(), 1);
    }
}

/// The time that STS takes is no part of the attempt that waits for the role, which would begin again with its own.
#[test]
fn sts_is_tried_as_often_as_retries_allow_however_long_that_takes() {
    let upstream = Arc::new(Upstream::sample());
    let server = Server::faulty(&upstream, |_, _| Some(Fault::Say(html(503))));
    let params = with(params(&server), json!({"roleArn": ROLE_ARN, "retries": 3}));
    list_users(&params, "0.7,30").error_with(&[ROLE_ARN]);
    assert_eq!((server.seen_of("AssumeRole").len(), server.seen().len()), (4, 4));

    let throttled = Fault::Say(sts_error("ThrottlingException").header("retry-after", "1"));
    let server = Server::faulty(&upstream, move |request, nth| {
        (request.operation() == "AssumeRole" && nth <= 2).then(|| throttled.clone())
    });
    let params = with(params, json!({"endpoint_url": server.url(), "retries": 2}));
    list_users(&params, "0.7,30").success();
    assert_eq!((server.seen_of("AssumeRole").len(), server.seen_of("ListUsers").len()), (3, 1));
}

/// More than ten retries are ten.
#[test]
fn there_are_as_many_attempts_as_retries_allow() {
    let upstream = Arc::new(Upstream::sample());
    for (retries, attempts) in [(json!(0), 1), (json!("0"), 1), (json!(1), 2), (json!("2"), 3), (json!(2.0), 3)] {
        let server = Server::faulty(&upstream, |_, _| Some(Fault::Close));
        let answer = ask("list-users", &json!({}), &with(params(&server), json!({"retries": retries})));
        answer.error();
        assert_eq!(server.seen().len(), attempts, "{retries}");
    }
}

#[test]
fn a_port_that_nobody_listens_on_is_an_error_of_every_command() {
    let port = ClosedPort::new();
    let address = port.address().to_string();
    for (command, args) in samples() {
        for scheme in ["http", "https"] {
            let params = with(params_for(&format!("{scheme}://{address}")), json!({"retries": 1}));
            let answer = ask(&command, &args, &params);
            answer.error_with(&[&address]);
            assert!(answer.took < Duration::from_secs(5), "{command}: {answer:?}");
        }
    }
}
