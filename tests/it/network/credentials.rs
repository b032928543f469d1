//! Keys and roles, as the requests show them.

use std::fs;
use std::sync::Arc;

use serde_json::{Value, json};

use super::aws::{KEY, ROLE_ARN, ROLE_KEY, ROLE_SECRET, ROLE_TOKEN, SECRET, TOKEN, assumed_role};
use super::client::{ask, ask_in, params, params_for, with};
use super::closed_port::ClosedPort;
use super::fault::Fault;
use super::fault_server::{Seen, Server};
use super::odd_answers::say;
use super::request::Request;
use super::response::Response;
use super::traces::{first_trace, traces};
use super::upstream::Upstream;

fn server() -> Server {
    Server::sound(&Arc::new(Upstream::sample()))
}

/// The access key that a request was signed with, the region and the service.
fn signed(seen: &Seen) -> (String, String, String) {
    let authorization = seen.request.header("authorization").unwrap();
    let scope = authorization.split_once("Credential=").unwrap().1.split(',').next().unwrap();
    let parts: Vec<_> = scope.split('/').map(str::to_owned).collect();
    (parts[0].clone(), parts[2].clone(), parts[3].clone())
}

fn token(seen: &Seen) -> Option<&str> {
    seen.request.header("x-amz-security-token")
}

#[test]
fn keys_sign_and_a_session_token_after_the_secret_goes_along() {
    let with_token = format!("{SECRET}@@@{TOKEN}");
    for (keys, session) in [
        (json!({"credentials": {"identifier": KEY, "password": with_token}}), Some(TOKEN)),
        (json!({"credentials": {"identifier": KEY, "password": SECRET}}), None),
        (json!({"credentials": null, "access_key": KEY, "secret_key": SECRET}), None),
        (json!({"credentials": null, "access_key": KEY, "secret_key": with_token}), Some(TOKEN)),
        (json!({"credentials": {}, "access_key": KEY, "secret_key": with_token}), Some(TOKEN)),
    ] {
        let server = server();
        ask("list-users", &json!({}), &with(params(&server), keys.clone())).success();
        let seen = server.seen();
        assert_eq!(signed(&seen[0]), (KEY.to_owned(), "us-east-1".to_owned(), "identitystore".to_owned()));
        assert_eq!((token(&seen[0]), seen.len()), (session, 1), "{keys}");
    }
}

/// The one request for a role that these parameters and arguments make, and the request after it.
fn assumed(args: &Value, more: Value) -> (Seen, Seen) {
    let server = server();
    ask("list-users", args, &with(params(&server), more)).success();
    let seen = server.seen();
    assert_eq!(seen.iter().map(|seen| seen.operation.as_str()).collect::<Vec<_>>(), ["AssumeRole", "ListUsers"]);
    (seen[0].clone(), seen[1].clone())
}

/// Role, session name and duration; empty is what was not sent.
fn fields(seen: &Seen) -> [String; 3] {
    ["RoleArn", "RoleSessionName", "DurationSeconds"].map(|name| seen.request.field(name).unwrap_or_default())
}

#[test]
fn a_role_of_the_instance_is_assumed_and_its_keys_are_used() {
    let more = json!({"roleArn": ROLE_ARN, "roleSessionName": "soar@net.test", "sessionDuration": "1800"});
    let (assume, list) = assumed(&json!({}), more);
    assert_eq!(fields(&assume), [ROLE_ARN, "soar@net.test", "1800"]);
    assert_eq!((signed(&assume).0.as_str(), signed(&assume).2.as_str(), token(&assume)), (KEY, "sts", Some(TOKEN)));
    assert_eq!((signed(&list).0.as_str(), token(&list)), (ROLE_KEY, Some(ROLE_TOKEN)));

    let credentials = json!({"roleArnCredentials": {"identifier": "", "password": ROLE_ARN}});
    let (assume, _) = assumed(&json!({}), credentials);
    assert_eq!(fields(&assume)[0], ROLE_ARN);
}

#[test]
fn a_role_without_a_session_name_gets_a_sensible_one() {
    let (assume, _) = assumed(&json!({}), json!({"roleArn": ROLE_ARN}));
    let [role, session, duration] = fields(&assume);
    assert_eq!(role, ROLE_ARN);
    assert!(session.contains("xsoar") || session.contains("identitycenter"), "{session}");
    // AWS's own default holds where nothing is said.
    assert_eq!(duration, "");
}

#[test]
fn a_command_may_name_its_own_role() {
    let own = "arn:aws:iam::444455556666:role/path/Own";
    let args = json!({"roleArn": own, "roleSessionName": "own", "roleSessionDuration": 900});
    let instance = json!({"roleArn": ROLE_ARN, "roleSessionName": "instance", "sessionDuration": 3600});
    for more in [json!({}), instance.clone()] {
        let (assume, _) = assumed(&args, more);
        assert_eq!(fields(&assume), [own, "own", "900"]);
    }
    // Each for itself.
    let (assume, _) = assumed(&json!({"roleSessionName": "own"}), instance.clone());
    assert_eq!(fields(&assume), [ROLE_ARN, "own", "3600"]);
    let (assume, _) = assumed(&json!({"roleSessionDuration": "1200"}), instance);
    assert_eq!(fields(&assume), [ROLE_ARN, "instance", "1200"]);
}

#[test]
fn the_sts_endpoint_overrides_the_endpoint_for_sts_only() {
    let (store, sts) = (server(), server());
    let more = json!({"roleArn": ROLE_ARN, "sts_endpoint_url": sts.url()});
    ask("list-users", &json!({}), &with(params(&store), more)).success();
    assert_eq!((store.seen().len(), store.seen_of("ListUsers").len()), (1, 1));
    assert_eq!((sts.seen().len(), sts.seen_of("AssumeRole").len()), (1, 1));
}

#[test]
fn the_region_of_a_command_is_the_region_of_its_calls() {
    let server = server();
    let params = with(params(&server), json!({"roleArn": ROLE_ARN}));
    ask("list-users", &json!({"region": "eu-central-1"}), &params).success();
    for seen in server.seen() {
        assert_eq!(signed(&seen).1, "eu-central-1", "{}", seen.operation);
    }
}

#[test]
fn what_cannot_be_right_is_refused_before_any_call() {
    for (args, more) in [
        (json!({}), json!({"credentials": {"identifier": KEY}})),
        (json!({}), json!({"credentials": {"identifier": KEY, "password": ""}})),
        (json!({}), json!({"credentials": {"password": SECRET}})),
        (json!({}), json!({"roleArn": ROLE_ARN, "sessionDuration": "899"})),
        (json!({}), json!({"roleArn": ROLE_ARN, "sessionDuration": "soon"})),
        (json!({}), json!({"roleArn": "NetTest"})),
        (json!({"roleSessionDuration": 43201, "roleArn": ROLE_ARN}), json!({})),
        (json!({"roleSessionName": "a b", "roleArn": ROLE_ARN}), json!({})),
        (json!({}), json!({"retries": -1})),
        (json!({}), json!({"retries": "many"})),
        (json!({}), json!({"timeout": "60,10,5"})),
        (json!({}), json!({"timeout": "0"})),
    ] {
        let server = server();
        ask("list-users", &args, &with(params(&server), more)).error();
        assert_eq!(server.connections(), 0, "{args}");
    }
}

/// A token of the host, which holds what programs escape.
const HOST_TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.token/of+the=host&pod\"1.c2lnbmF0dXJl";

/// Answers with every trace of the token of the host that there is in the request.
fn echo(request: &Request) -> Option<String> {
    let sent = [request.header("authorization").map(str::to_owned), request.field("WebIdentityToken")];
    sent.into_iter().flatten().any(|sent| sent.contains(HOST_TOKEN)).then(|| traces(HOST_TOKEN).join(" "))
}

/// The tokens of the host are in files and variables, and are exchanged for keys.
#[test]
fn tokens_of_the_host_are_masked_in_every_answer() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let token = file("token", HOST_TOKEN);
    let profile = file("config", &format!("[default]\nrole_arn = {ROLE_ARN}\nweb_identity_token_file = {token}\n"));
    for granted in [true, false] {
        let server = Server::faulty(&Arc::new(Upstream::sample()), move |request, _| {
            let refused = |echo: &str| {
                let body = json!({"__type": "AccessDeniedException", "code": "AccessDenied", "message": echo});
                Some(Fault::Say(Response::new(403, "application/x-amz-json-1.1", body.to_string())))
            };
            match (request.operation().as_str(), echo(request)) {
                ("", Some(_)) if granted => Some(say(&json!({
                    "AccessKeyId": ROLE_KEY, "SecretAccessKey": ROLE_SECRET, "Token": ROLE_TOKEN,
                    "Expiration": "2099-01-01T00:00:00Z",
                }))),
                ("AssumeRoleWithWebIdentity", Some(_)) if granted => {
                    let role = assumed_role();
                    let xml = String::from_utf8(role.body).unwrap().replace("AssumeRole", "AssumeRoleWithWebIdentity");
                    Some(Fault::Say(Response::new(200, "text/xml", xml)))
                }
                ("AssumeRoleWithWebIdentity", Some(echo)) => {
                    let echo = echo.replace('&', "&amp;").replace('<', "&lt;");
                    let error = format!("<Error><Code>InvalidIdentityToken</Code><Message>{echo}</Message></Error>");
                    Some(Fault::Say(Response::new(400, "text/xml", format!("<ErrorResponse>{error}</ErrorResponse>"))))
                }
                ("", Some(echo)) => refused(&echo),
                _ => refused(&traces(HOST_TOKEN).join(" ")),
            }
        });
        let (url, metadata) = (server.url(), format!("{}/credentials", server.url()));
        for environment in [
            &[
                ("AWS_CONTAINER_CREDENTIALS_FULL_URI", metadata.as_str()),
                ("AWS_CONTAINER_AUTHORIZATION_TOKEN", HOST_TOKEN),
            ][..],
            &[("AWS_CONTAINER_CREDENTIALS_FULL_URI", &metadata), ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", &token)],
            &[("AWS_WEB_IDENTITY_TOKEN_FILE", &token), ("AWS_ROLE_ARN", ROLE_ARN), ("AWS_ENDPOINT_URL_STS", &url)],
            &[("AWS_CONFIG_FILE", &profile), ("AWS_ENDPOINT_URL_STS", &url)],
        ] {
            let params = with(params(&server), json!({"credentials": null}));
            let answer = ask_in(environment, "list-users", &json!({"debug-mode": "true"}), &params);
            let sent = server.seen().iter().filter(|seen| echo(&seen.request).is_some()).count();
            assert!(sent > 0, "{environment:?}: {answer:?}");
            for text in [&answer.output.stdout, &answer.output.stderr] {
                assert_eq!(first_trace(text, [HOST_TOKEN]), None, "{environment:?}: {text}");
            }
            assert!(!granted || answer.error().contains("<XX_REPLACED>"), "{environment:?}: {answer:?}");
        }
    }
}

/// A password may stand in an address that is not ours to check.
#[test]
fn no_password_of_an_address_is_shown() {
    let (port, folder) = (ClosedPort::new(), tempfile::tempdir().unwrap());
    let url = format!("http://user:an-address-s3cret@{}/", port.address());
    let token = folder.path().join("token");
    fs::write(&token, "a token").unwrap();
    for environment in [
        &[("AWS_CONTAINER_CREDENTIALS_FULL_URI", url.as_str())][..],
        &[
            ("AWS_ENDPOINT_URL_STS", &url),
            ("AWS_WEB_IDENTITY_TOKEN_FILE", token.to_str().unwrap()),
            ("AWS_ROLE_ARN", ROLE_ARN),
        ],
    ] {
        let params = with(params_for(&format!("http://{}", port.address())), json!({"credentials": null}));
        let answer = ask_in(environment, "list-users", &json!({"debug-mode": "true"}), &params);
        let told = format!("{}{}", answer.output.stdout, answer.output.stderr);
        assert!(!told.contains("s3cret"), "{told}");
        answer.error_with(&["get credentials", &port.address().to_string()]);
    }
}
