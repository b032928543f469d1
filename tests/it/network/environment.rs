//! AWS's own defaults: used where the parameters are silent, and not even looked at where they are not.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};

use super::aws::{KEY, ROLE_ARN, ROLE_KEY, SECRET, TOKEN};
use super::client::{ask_in, params, with};
use super::fault_server::Server;
use super::upstream::Upstream;

fn server() -> Server {
    Server::sound(&Arc::new(Upstream::sample()))
}

/// Parameters that hold no keys.
fn without_keys(server: &Server) -> Value {
    with(params(server), json!({"credentials": null}))
}

fn signed_with(server: &Server, key: &str) -> bool {
    let seen = server.seen();
    let authorization = seen.last().unwrap().request.header("authorization").unwrap();
    authorization.contains(&format!("Credential={key}/"))
}

#[test]
fn the_environments_keys_serve_where_none_are_given() {
    let environment = [("AWS_ACCESS_KEY_ID", KEY), ("AWS_SECRET_ACCESS_KEY", SECRET), ("AWS_SESSION_TOKEN", TOKEN)];
    for credentials in [Value::Null, json!({}), json!({"identifier": "", "password": ""})] {
        let server = server();
        let params = with(params(&server), json!({"credentials": credentials}));
        ask_in(&environment, "list-users", &json!({}), &params).success();
        assert!(signed_with(&server, KEY));
        assert_eq!(server.seen()[0].request.header("x-amz-security-token"), Some(TOKEN));
    }
    let server = server();
    let params = with(without_keys(&server), json!({"roleArn": ROLE_ARN}));
    ask_in(&environment, "list-users", &json!({}), &params).success();
    assert!(signed_with(&server, ROLE_KEY));
}

#[test]
fn the_environments_region_serves_where_none_is_given() {
    for name in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
        let server = server();
        let params = with(params(&server), json!({"defaultRegion": null}));
        ask_in(&[(name, "eu-west-3")], "list-users", &json!({}), &params).success();
        assert!(server.seen()[0].request.header("authorization").unwrap().contains("/eu-west-3/"), "{name}");
    }
    let server = server();
    let params = with(params(&server), json!({"defaultRegion": null}));
    ask_in(&[], "list-users", &json!({}), &params).error_with(&["region"]);
    assert_eq!(server.connections(), 0);
}

/// A profile with keys and a region, in files that the environment names.
fn profile(folder: &Path) -> [(&'static str, String); 2] {
    let (config, credentials) = (folder.join("config"), folder.join("credentials"));
    fs::write(&config, "[default]\nregion = ap-south-1\n[profile other]\nregion = sa-east-1\n").unwrap();
    let keys = format!("aws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\n");
    fs::write(&credentials, format!("[default]\n{keys}[other]\n{keys}")).unwrap();
    [("AWS_CONFIG_FILE", config), ("AWS_SHARED_CREDENTIALS_FILE", credentials)]
        .map(|(name, path)| (name, path.display().to_string()))
}

#[test]
fn a_profile_serves_where_nothing_else_does() {
    let folder = tempfile::tempdir().unwrap();
    let files = profile(folder.path());
    for (name, region) in [("default", "ap-south-1"), ("other", "sa-east-1")] {
        let mut environment: Vec<_> = files.iter().map(|(name, path)| (*name, path.as_str())).collect();
        environment.push(("AWS_PROFILE", name));
        let server = server();
        let params = with(without_keys(&server), json!({"defaultRegion": null}));
        ask_in(&environment, "list-users", &json!({}), &params).success();
        assert!(signed_with(&server, KEY));
        assert!(server.seen()[0].request.header("authorization").unwrap().contains(&format!("/{region}/")));
    }
}

/// Reading it would fail the command, send it elsewhere, or start a process.
#[test]
fn with_keys_given_no_profile_is_read_and_no_environment_counts() {
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), server());
    let traces = folder.path().join("was-run");
    let poison = format!(
        "[default]\nregion = nowhere\nendpoint_url = {}\nuse_fips_endpoint = true\nuse_dualstack_endpoint = true\n\
         max_attempts = 7\ncredential_process = touch {}\nretry_mode = nonsense\n[profile broken\n= \u{0}\n",
        elsewhere.url(),
        traces.display()
    );
    let file = folder.path().join("poisoned");
    fs::write(&file, poison).unwrap();
    let (path, other) = (file.to_str().unwrap(), elsewhere.url());
    let environment = [
        ("AWS_CONFIG_FILE", path),
        ("AWS_SHARED_CREDENTIALS_FILE", path),
        ("AWS_PROFILE", "absent"),
        ("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT00001"),
        ("AWS_SECRET_ACCESS_KEY", "environment"),
        ("AWS_SESSION_TOKEN", "environment"),
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", &other),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", path),
        ("AWS_ROLE_ARN", ROLE_ARN),
    ];
    for more in [json!({}), json!({"roleArn": ROLE_ARN})] {
        let server = server();
        ask_in(&environment, "list-users", &json!({}), &with(params(&server), more.clone())).success();
        let last = if more == json!({}) { KEY } else { ROLE_KEY };
        assert!(signed_with(&server, last));
        assert!(server.seen()[0].request.header("authorization").unwrap().contains(KEY));
    }
    assert_eq!(elsewhere.connections(), 0);
    assert!(!traces.exists(), "the credential process was run");
}

#[test]
fn no_keys_anywhere_is_an_error_that_says_where_they_may_be() {
    let server = server();
    let answer = ask_in(&[], "list-users", &json!({}), &without_keys(&server));
    let error = answer.error();
    assert!(error.to_lowercase().contains("credentials") && error.contains("ccess"), "{error}");
    assert_eq!(server.connections(), 0);
}
