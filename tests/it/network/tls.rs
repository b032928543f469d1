//! Certificates: refused unless they are good, or the instance says that any is trusted.

use std::sync::Arc;

use serde_json::json;

use super::certificates::{Authority, Flaw};
use super::client::{Answer, ask, ask_in, params, with};
use super::fault::Fault;
use super::fault_server::Server;
use super::upstream::Upstream;
use super::{aws, request::Request};

fn server(authority: &Authority, flaw: Flaw) -> Server {
    Server::start(&Arc::new(Upstream::sample()), Some(authority.server(flaw)), |_, _| None)
}

const FLAWS: [Flaw; 5] = [Flaw::None, Flaw::Expired, Flaw::NotYetValid, Flaw::WrongHost, Flaw::SelfSigned];

/// A flaw, with the authority known or not. Only a good certificate of a known authority is trusted.
fn refused(environment: &[(&str, &str)], authority: &Authority, flaw: Flaw) {
    let server = server(authority, flaw);
    let params = with(params(&server), json!({"retries": 3, "timeout": "5,5"}));
    let answer = ask_in(environment, "list-users", &json!({}), &params);
    let error = answer.error();
    assert!(error.contains("certificate"), "{flaw:?}: {error}");
    assert!(error.contains("Trust any certificate") || error.contains("insecure"), "{flaw:?}: {error}");
    assert_eq!((server.connections(), server.seen().len()), (1, 0), "{flaw:?}: a bad certificate stays bad");

    for value in [json!(true), json!("true"), json!("yes")] {
        let trusting = ask_in(environment, "list-users", &json!({}), &with(params.clone(), json!({"insecure": value})));
        trusting.success();
    }
    for value in [json!(false), json!("false"), json!("")] {
        let wary = ask_in(environment, "list-users", &json!({}), &with(params.clone(), json!({"insecure": value})));
        assert!(!wary.succeeded(), "insecure is {value}");
    }
}

#[test]
fn a_certificate_of_an_unknown_authority_is_refused_unless_any_is_trusted() {
    let authority = Authority::new();
    for flaw in FLAWS {
        refused(&[], &authority, flaw);
    }
}

#[test]
fn a_flawed_certificate_of_a_known_authority_is_refused_unless_any_is_trusted() {
    let (authority, folder) = (Authority::new(), tempfile::tempdir().unwrap());
    let file = authority.write(folder.path());
    for flaw in FLAWS.into_iter().filter(|flaw| *flaw != Flaw::None) {
        refused(&[("SSL_CERT_FILE", file.to_str().unwrap())], &authority, flaw);
    }
}

#[test]
fn a_certificate_error_says_what_is_wrong_with_the_certificate() {
    let (authority, folder) = (Authority::new(), tempfile::tempdir().unwrap());
    let file = authority.write(folder.path());
    for (flaw, words) in [
        (Flaw::Expired, "expired"),
        (Flaw::WrongHost, "127.0.0.1"),
        (Flaw::NotYetValid, "valid"),
        (Flaw::SelfSigned, "certificate"),
    ] {
        let server = server(&authority, flaw);
        let environment = [("SSL_CERT_FILE", file.to_str().unwrap())];
        let error = ask_in(&environment, "list-users", &json!({}), &params(&server)).error();
        assert!(error.to_lowercase().contains(words), "{flaw:?}: {error}");
    }
}

/// XSOAR's images have some of these set to the bundle that the server hands to containers.
#[test]
fn a_private_authority_is_trusted_by_each_of_the_variables_that_may_name_it() {
    let (authority, folder) = (Authority::new(), tempfile::tempdir().unwrap());
    let server = server(&authority, Flaw::None);
    let file = authority.write(folder.path());
    let file = file.to_str().unwrap();
    for variable in ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"] {
        ask_in(&[(variable, file)], "list-users", &json!({}), &params(&server)).success();
        // The same for STS, and by another name of this host.
        let url = server.url().replace("127.0.0.1", "localhost");
        let more = json!({"roleArn": aws::ROLE_ARN, "endpoint_url": url});
        ask_in(&[(variable, file)], "list-users", &json!({}), &with(params(&server), more)).success();
    }
}

#[test]
fn a_bundle_that_cannot_be_read_is_named() {
    let (authority, folder) = (Authority::new(), tempfile::tempdir().unwrap());
    let server = server(&authority, Flaw::None);
    for variable in ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"] {
        let absent = folder.path().join("absent.pem");
        let answer = ask_in(&[(variable, absent.to_str().unwrap())], "list-users", &json!({}), &params(&server));
        assert!(!answer.succeeded(), "{variable}");
    }
}

fn ask_trusting(server: &Server, timeout: &str, retries: u32) -> Answer {
    let more = json!({"insecure": true, "timeout": timeout, "retries": retries});
    ask("list-users", &json!({}), &with(params(server), more))
}

#[test]
fn trusting_any_certificate_leaves_timeouts_and_retries_at_work() {
    let (authority, upstream) = (Authority::new(), Arc::new(Upstream::sample()));
    let start = |plan: fn(&Request, usize) -> Option<Fault>| {
        Server::start(&upstream, Some(authority.server(Flaw::SelfSigned)), plan)
    };
    let stalled = start(|_, _| Some(Fault::Stall));
    let answer = ask_trusting(&stalled, "0.5,5", 1);
    assert!(answer.error().contains("time"), "{answer:?}");
    assert_eq!(stalled.seen().len(), 2);
    assert!(answer.took.as_secs_f64() < 5.0, "{answer:?}");

    let failing_once = start(|_, nth| (nth == 1).then(|| Fault::Say(aws::html(503))));
    ask_trusting(&failing_once, "10,10", 1).success();
    assert_eq!(failing_once.seen().len(), 2);

    let reset = start(|_, nth| (nth <= 2).then_some(Fault::Reset));
    ask_trusting(&reset, "10,10", 2).success();
    assert_eq!(reset.seen().len(), 3);
}

/// One handshake serves the calls of a command that follow each other.
#[test]
fn connections_are_used_again() {
    let (authority, upstream) = (Authority::new(), Arc::new(Upstream::sample()));
    let server = Server::start(&upstream, Some(authority.server(Flaw::SelfSigned)), |_, _| None);
    let params = with(params(&server), json!({"insecure": true}));
    ask("get-user", &json!({"userName": "alice"}), &params).success();
    let connections: Vec<_> = server.seen().iter().map(|seen| seen.connection).collect();
    assert_eq!((connections.as_slice(), server.connections()), (&[1, 1][..], 1));
}
