//! AWS's errors: told apart by their type, said with what to do, repeated when AWS says.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::aws::{self, BODY_REQUEST_ID, ERRORS, Spelling};
use super::client::{Answer, ask, params, with};
use super::fault::Fault;
use super::fault_server::Server;
use super::request::Request;
use super::response::{REQUEST_ID, Response};
use super::upstream::Upstream;

fn failing(response: Response) -> Server {
    Server::faulty(&Arc::new(Upstream::sample()), move |_, _| Some(Fault::Say(response.clone())))
}

fn list_users(server: &Server, retries: u32) -> Answer {
    ask("list-users", &json!({}), &with(params(server), json!({"retries": retries})))
}

#[test]
fn an_error_is_the_same_however_it_is_spelt_and_whatever_its_status_is() {
    for (code, _) in ERRORS {
        let mut said: Vec<String> = Vec::new();
        for spelling in Spelling::ALL {
            for status in [400, 403, 409, 500] {
                let mut response = aws::error(code, spelling, &json!({}));
                response.status = status;
                let error =
                    list_users(&failing(response), 0).error_with(&[code, BODY_REQUEST_ID, &format!("{code} for ")]);
                assert!(!error.contains("com.amazonaws"), "{error}");
                said.push(error);
            }
        }
        said.dedup();
        assert_eq!(said.len(), 1, "{said:#?}");
    }
}

/// Only the header has it.
#[test]
fn a_request_id_of_the_header_is_shown_where_the_body_has_none() {
    let body = json!({"__type": "ValidationException", "Message": "no"}).to_string();
    let response = Response::new(400, "application/x-amz-json-1.1", body);
    list_users(&failing(response), 0).error_with(&[REQUEST_ID]);
}

#[test]
fn what_to_do_is_said() {
    for (code, words) in [
        ("AccessDeniedException", &["Access denied", "identitystore:ListUsers"][..]),
        ("ExpiredTokenException", &["expired", "credentials"]),
        ("InvalidSignatureException", &["secret key", "clock"]),
        ("UnrecognizedClientException", &["access key"]),
        ("ThrottlingException", &["later"]),
        ("ServiceQuotaExceededException", &["quota"]),
    ] {
        list_users(&failing(aws::error(code, Spelling::ALL[1], &json!({}))), 0).error_with(words);
    }
}

/// As AWS words it; both ARNs have to be granted.
#[test]
fn a_denied_call_says_which_action_and_which_resources() {
    let resources =
        ["arn:aws:identitystore::111122223333:identitystore/d-9067f2a1b3", "arn:aws:identitystore:::user/*"];
    let text = format!(
        "User: arn:aws:sts::111122223333:assumed-role/NetTest/net is not authorized to perform: \
         identitystore:ListUsers on resource: {} because no identity-based policy allows the identitystore:ListUsers action",
        resources.join(", ")
    );
    let body = json!({"__type": "AccessDeniedException", "Message": text}).to_string();
    let response = Response::new(400, "application/x-amz-json-1.1", body);
    list_users(&failing(response), 0).error_with(&[
        "identitystore:ListUsers",
        resources[0],
        resources[1],
        "Access denied",
    ]);
}

#[test]
fn errors_of_sts_say_that_they_are_of_the_role() {
    for code in ["AccessDeniedException", "ExpiredTokenException", "UnrecognizedClientException"] {
        let server = failing(aws::sts_error(code));
        let params = with(params(&server), json!({"roleArn": aws::ROLE_ARN, "retries": 2}));
        let answer = ask("list-users", &json!({}), &params);
        let error = answer.error_with(&["assume the role", aws::ROLE_ARN, REQUEST_ID]);
        assert!(error.contains("Error:\nFailed to assume the role"), "it stands first: {error}");
        assert!(!error.contains("may need all of"), "the role's policy was never asked: {error}");
        assert_eq!(server.seen().len(), 1, "{code}");
    }
}

/// What is not AWS is said to be not AWS.
#[test]
fn html_is_named_as_what_it_is() {
    for status in [200, 403, 503] {
        let error = list_users(&failing(aws::html(status)), 0).error_with(&["not AWS"]);
        assert!(error.contains("text/html") || error.contains("HTML"), "{error}");
    }
}

/// The pauses between the attempts.
fn pauses(server: &Server) -> Vec<Duration> {
    let seen = server.seen();
    seen.windows(2).map(|pair| pair[1].at - pair[0].at).collect()
}

/// Failing `times` times, in this way.
fn failing_first(times: usize, response: Response) -> Server {
    let plan = move |_: &Request, nth| (nth <= times).then(|| Fault::Say(response.clone()));
    Server::faulty(&Arc::new(Upstream::sample()), plan)
}

#[test]
fn the_pause_that_aws_asks_for_is_made() {
    let throttled = |more: &Value| aws::error("ThrottlingException", Spelling::ALL[0], more);
    let internal = aws::error("InternalServerException", Spelling::ALL[0], &json!({"RetryAfterSeconds": 2}));
    for (response, what) in [
        (throttled(&json!({"RetryAfterSeconds": 2})), "RetryAfterSeconds"),
        (internal, "RetryAfterSeconds of an internal error"),
        (throttled(&json!({})).header("retry-after", "2"), "Retry-After"),
        (throttled(&json!({})).header("x-amz-retry-after", "2000"), "x-amz-retry-after"),
        (aws::html(503).header("retry-after", "2"), "Retry-After of a load balancer"),
    ] {
        let server = failing_first(1, response);
        list_users(&server, 1).success();
        let pauses = pauses(&server);
        assert_eq!(pauses.len(), 1, "{what}");
        assert!(pauses[0] >= Duration::from_secs(2) && pauses[0] < Duration::from_secs(4), "{what}: {pauses:?}");
    }
}

/// A pause of an hour is nothing that a playbook can wait for; it is an error that says so, or bounded.
#[test]
fn a_pause_without_reason_is_not_made() {
    for seconds in [json!(3600), json!(-1), json!(null), json!(1e18)] {
        let response = aws::error("ThrottlingException", Spelling::ALL[0], &json!({"RetryAfterSeconds": seconds}));
        let server = failing_first(1, response);
        let answer = ask("list-users", &json!({}), &with(params(&server), json!({"retries": 1})));
        assert!(answer.took < Duration::from_secs(25), "{seconds}: {answer:?}");
    }
}

/// What it is matters, and not what else is wrong with it.
#[test]
fn a_pause_that_is_no_number_of_seconds_is_no_reason_not_to_repeat() {
    for seconds in [json!(-1), json!(null), json!(0), json!("soon"), json!({})] {
        let response = aws::error("ThrottlingException", Spelling::ALL[0], &json!({"RetryAfterSeconds": seconds}));
        let server = failing_first(1, response);
        let answer = list_users(&server, 1);
        assert!(answer.succeeded(), "{seconds}: {answer:?}");
        let pauses = pauses(&server);
        assert!(pauses.len() == 1 && pauses[0] < Duration::from_secs(2), "{seconds}: {pauses:?}");
    }
}

#[test]
fn throttling_without_a_message_is_throttling() {
    for body in [json!({"__type": "ThrottlingException"}), json!({"__type": "ThrottlingException", "Message": null})] {
        let server = failing_first(1, Response::new(400, "application/x-amz-json-1.1", body.to_string()));
        list_users(&server, 1).success();
        assert_eq!(server.seen().len(), 2);
        let server = failing_first(9, Response::new(400, "application/x-amz-json-1.1", body.to_string()));
        list_users(&server, 0).error_with(&["ThrottlingException", "later"]);
    }
}
