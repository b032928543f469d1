//! The system's proxy is used when the instance says so, and only then.

use std::sync::Arc;

use serde_json::{Value, json};

use super::aws::{self, ROLE_ARN, Spelling};
use super::certificates::{Authority, Flaw};
use super::client::{ask_in, params, params_for, with};
use super::closed_port::ClosedPort;
use super::fault::Fault;
use super::fault_server::Server;
use super::proxy_server::{Policy, Proxy};
use super::response::Response;
use super::traces::traces;
use super::upstream::Upstream;

/// A server for http and one for https, and parameters that ask for a proxy.
struct Site {
    plain: Server,
    tls: Server,
}

impl Site {
    fn new() -> Self {
        let upstream = Arc::new(Upstream::sample());
        let config = Authority::new().server(Flaw::SelfSigned);
        Self { plain: Server::sound(&upstream), tls: Server::start(&upstream, Some(config), |_, _| None) }
    }

    /// The address of each, and how a proxy is asked for it.
    fn ways(&self) -> [(&Server, &'static str); 2] {
        [(&self.plain, "POST"), (&self.tls, "CONNECT")]
    }
}

fn proxied(server: &Server) -> Value {
    with(params(server), json!({"proxy": true, "insecure": true, "timeout": "5,5"}))
}

/// The variable that names the proxy of this server.
fn variable(method: &str) -> &'static str {
    if method == "CONNECT" { "HTTPS_PROXY" } else { "HTTP_PROXY" }
}

#[test]
fn with_the_parameter_the_environments_proxy_is_used_in_either_case_and_with_or_without_a_scheme() {
    let site = Site::new();
    for (server, method) in site.ways() {
        for name in [variable(method).to_owned(), variable(method).to_lowercase()] {
            for scheme in ["http://", ""] {
                let proxy = Proxy::start(Policy::Open, server.address);
                let url = format!("{scheme}{}", proxy.address);
                ask_in(&[(&name, &url)], "get-user", &json!({"userName": "alice"}), &proxied(server)).success();
                assert_eq!(proxy.methods(), [method], "{name}={url}");
                let target = if method == "CONNECT" { server.address.to_string() } else { server.url() + "/" };
                assert!(proxy.seen().iter().all(|request| request.target() == target), "{:?}", proxy.seen());
                // What belongs to one of the two has no business with the other.
                assert!(proxy.seen().iter().all(|request| request.header("proxy-authorization").is_none()));
            }
        }
    }
}

#[test]
fn the_proxy_of_one_scheme_is_not_used_for_the_other() {
    let site = Site::new();
    for (server, method) in site.ways() {
        let proxy = Proxy::start(Policy::Open, server.address);
        let other = if method == "CONNECT" { "HTTP_PROXY" } else { "HTTPS_PROXY" };
        ask_in(&[(other, &proxy.url())], "list-users", &json!({}), &proxied(server)).success();
        assert_eq!(proxy.seen().len(), 0, "{other}");
    }
}

#[test]
fn without_the_parameter_no_proxy_is_used_whatever_the_environment_says() {
    let site = Site::new();
    for (server, _) in site.ways() {
        let proxy = Proxy::start(Policy::Open, server.address);
        let names = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];
        let url = proxy.url();
        let environment = names.map(|name| (name, url.as_str()));
        for value in [json!(false), json!("false"), Value::Null] {
            let more = json!({"proxy": value, "roleArn": ROLE_ARN});
            ask_in(&environment, "list-users", &json!({}), &with(proxied(server), more)).success();
        }
        assert_eq!(proxy.seen().len(), 0);
    }
}

#[test]
fn only_no_proxy_exempts_an_address_loopback_included() {
    let site = Site::new();
    for (server, method) in site.ways() {
        let host = server.address.ip().to_string();
        for (name, value, exempt) in [
            ("NO_PROXY", host.as_str(), true),
            ("no_proxy", host.as_str(), true),
            ("NO_PROXY", "other.example, 127.0.0.1", true),
            ("NO_PROXY", "*", true),
            ("NO_PROXY", "other.example,10.0.0.1", false),
            ("NO_PROXY", "", false),
        ] {
            let proxy = Proxy::start(Policy::Open, server.address);
            let url = proxy.url();
            let environment = [(variable(method), url.as_str()), (name, value)];
            ask_in(&environment, "list-users", &json!({}), &proxied(server)).success();
            assert_eq!(proxy.seen().is_empty(), exempt, "{method} {name}={value}");
        }
    }
}

/// Behind a proxy a host may be unable to look a name up: that is the proxy's part.
#[test]
fn names_are_the_proxys_to_look_up_and_suffixes_of_no_proxy_are_known() {
    let site = Site::new();
    for (server, method) in site.ways() {
        let proxy = Proxy::start(Policy::Open, server.address);
        let (url, scheme) = (proxy.url(), if method == "CONNECT" { "https" } else { "http" });
        let endpoint = format!("{scheme}://identitystore.network-test.invalid");
        let params = with(params_for(&endpoint), json!({"proxy": true, "insecure": true, "timeout": "5,5"}));
        ask_in(&[(variable(method), &url)], "list-users", &json!({}), &params).success();
        assert!(proxy.seen()[0].target().contains("identitystore.network-test.invalid"), "{:?}", proxy.seen());
        let before = proxy.seen().len();
        let environment = [(variable(method), url.as_str()), ("NO_PROXY", ".network-test.invalid")];
        assert!(!ask_in(&environment, "list-users", &json!({}), &params).succeeded());
        assert_eq!(proxy.seen().len(), before);
    }
}

/// Characters that have a meaning in a URL are percent-encoded there.
const PASSWORD: &str = "p@ss:w/rd%1";
const USERINFO: &str = "netuser:p%40ss%3Aw%2Frd%251";

#[test]
fn user_and_password_of_the_proxys_url_are_given_to_the_proxy_and_to_nobody_else() {
    let site = Site::new();
    for (server, method) in site.ways() {
        let proxy = Proxy::start(Policy::Basic("netuser", PASSWORD), server.address);
        for url in [proxy.url_of(USERINFO), proxy.url_of(USERINFO).replace("http://", "")] {
            ask_in(&[(variable(method), &url)], "list-users", &json!({}), &proxied(server)).success();
        }
        assert_eq!(proxy.methods(), [method]);
        // A form of the header that the client sends may differ; the proxy itself hands none of them on.
        if method == "CONNECT" {
            assert!(server.seen().iter().all(|seen| seen.request.header("proxy-authorization").is_none()));
        }
    }
}

#[test]
fn sts_goes_the_same_way() {
    let site = Site::new();
    for (server, method) in site.ways() {
        let proxy = Proxy::start(Policy::Open, server.address);
        let params = with(proxied(server), json!({"roleArn": ROLE_ARN}));
        ask_in(&[(variable(method), &proxy.url())], "list-users", &json!({}), &params).success();
        assert_eq!(server.seen_of("AssumeRole").len(), 1);
        if method == "POST" {
            let operations: Vec<_> = proxy.seen().iter().map(super::request::Request::operation).collect();
            assert_eq!(operations, ["AssumeRole", "ListUsers"]);
        }
    }
}

#[test]
fn a_proxy_that_does_not_let_pass_is_named_and_its_password_is_not() {
    let site = Site::new();
    for (server, method) in site.ways() {
        for (policy, words) in [
            (Some(Policy::Forbid), &["403"][..]),
            (Some(Policy::Basic("netuser", "another")), &["407"]),
            (Some(Policy::Stall), &[]),
            (None, &[]),
        ] {
            let (closed, proxy) = (ClosedPort::new(), policy.map(|policy| Proxy::start(policy, server.address)));
            let address = proxy.as_ref().map_or_else(|| closed.address(), |proxy| proxy.address);
            let url = format!("http://{USERINFO}@{address}");
            // A proxy that says nothing to a plain request cannot be told from a server that does.
            if matches!((policy, method), (Some(Policy::Stall), "POST")) {
                continue;
            }
            // A connection has less time than an attempt, or it would be chance which of the two runs out.
            let params = with(proxied(server), json!({"timeout": "5,1"}));
            let answer = ask_in(&[(variable(method), &url)], "list-users", &json!({}), &params);
            let error = answer.error();
            assert!(error.to_lowercase().contains("proxy"), "{method} {policy:?}: {error}");
            assert!(error.contains(&address.to_string()), "{method} {policy:?}: {error}");
            for word in words {
                assert!(error.contains(word), "{method} {policy:?}: {error}");
            }
            let text = format!("{}{}", answer.output.stdout, answer.output.stderr);
            for trace in traces(PASSWORD).iter().chain([&"p%40ss%3Aw%2Frd%251".to_owned()]) {
                assert!(!text.contains(trace), "{text}");
            }
            assert!(server.seen().is_empty(), "{method} {policy:?}");
        }
    }
}

/// Over plain HTTP what a proxy says and what AWS says come the same way.
#[test]
fn what_a_proxy_says_itself_is_told_from_what_it_passes_on() {
    let upstream = Arc::new(Upstream::sample());
    let denied = |status| {
        let answer = aws::error("AccessDeniedException", Spelling::ALL[0], &json!({}));
        Response { status, ..answer }
    };
    let role = json!({"roleArn": ROLE_ARN});
    for (answer, more, words, attempts) in [
        (aws::html(403), json!({}), "refuses to connect (HTTP status 403)", 1),
        (aws::html(502), json!({}), "did not reach AWS (HTTP status 502)", 2),
        (aws::html(504), json!({}), "did not reach AWS (HTTP status 504)", 2),
        (denied(403), json!({}), "AWS answered AccessDeniedException", 1),
        (denied(502), json!({}), "AWS answered AccessDeniedException", 2),
        (aws::sts_error("AccessDeniedException"), role, "AWS answered AccessDenied", 1),
    ] {
        let server = Server::faulty(&upstream, move |_, _| Some(Fault::Say(answer.clone())));
        let proxy = Proxy::start(Policy::Open, server.address);
        let params = with(with(proxied(&server), json!({"retries": 1})), more);
        let error = ask_in(&[("HTTP_PROXY", &proxy.url())], "list-users", &json!({}), &params).error_with(&[words]);
        assert_eq!((server.seen().len(), proxy.seen().len()), (attempts, attempts), "{error}");
    }
}

#[test]
fn an_address_that_cannot_be_understood_is_neither_shown_nor_gone_around() {
    let server = Server::sound(&Arc::new(Upstream::sample()));
    let proxy = Proxy::start(Policy::Open, server.address);
    for address in [
        format!("http://netuser:secret@word@{}", proxy.address),
        format!("http://netuser:secret/word@{}", proxy.address),
        format!("http://netuser:secret#word@{}", proxy.address),
        "http://netuser:secretnetuser".to_owned(),
        format!("htps://{}", proxy.address),
        format!("ftp://{}", proxy.address),
        format!("http://:{}", proxy.address.port()),
        "http://".to_owned(),
        "a proxy".to_owned(),
    ] {
        for name in ["HTTP_PROXY", "https_proxy", "ALL_PROXY"] {
            let answer = ask_in(&[(name, &address)], "list-users", &json!({}), &proxied(&server));
            let error = answer.error_with(&[&format!("{name} is no address of a proxy")]);
            assert!(!error.contains("secret"), "{error}");
        }
    }
    assert_eq!((proxy.seen().len(), server.seen().len()), (0, 0));
}
