//! What AWS says: errors in the form of each protocol, and the answer of STS. Every message has a place where the
//! caller's secrets are echoed, as AWS does with tokens and proxies do with anything.

use serde_json::{Value, json};

use super::request::Request;
use super::response::{REQUEST_ID, Response};
use super::traces::traces;

/// The keys of the instance.
pub const KEY: &str = "AKIANETWORKTEST00001";
pub const SECRET: &str = "netTest/Secret+Key/abcdefghijklmnopqrstu";
pub const TOKEN: &str = "IQoJnetTestSessionToken//abc+def==";
/// The keys that STS gives out.
pub const ROLE_KEY: &str = "ASIANETWORKTEST00002";
pub const ROLE_SECRET: &str = "netTest/RoleSecret+Key/vwxyzabcdefghijkl";
pub const ROLE_TOKEN: &str = "FwoGnetTestRoleToken//ghi+jkl==";
/// Signs the snapshots of the instance, because its own keys are those of a session.
pub const SNAPSHOT_KEY: &str = "netTest/SnapshotKey+0123456789/abcdefghij";
pub const SECRETS: [&str; 7] = [KEY, SECRET, TOKEN, SNAPSHOT_KEY, ROLE_KEY, ROLE_SECRET, ROLE_TOKEN];

pub const STORE: &str = "d-9067f2a1b3";
pub const REGION: &str = "us-east-1";
/// In the body of an error; awsJson's may differ from the header's, because proxies make their own.
pub const BODY_REQUEST_ID: &str = "99999999-8888-4777-8666-555555555555";
pub const ROLE_ARN: &str = "arn:aws:iam::111122223333:role/NetTest";

/// How an error is spelt: `__type` with its namespace or without, `Message` or `message`.
#[derive(Debug, Clone, Copy)]
pub struct Spelling {
    pub namespace: bool,
    pub capital: bool,
}

impl Spelling {
    pub const ALL: [Self; 4] = [
        Self { namespace: false, capital: true },
        Self { namespace: true, capital: true },
        Self { namespace: false, capital: false },
        Self { namespace: true, capital: false },
    ];
}

/// The errors that AWS answers with, and whether another attempt may help.
pub const ERRORS: [(&str, bool); 11] = [
    ("AccessDeniedException", false),
    ("ConflictException", false),
    ("InternalServerException", true),
    ("ResourceNotFoundException", false),
    ("ServiceQuotaExceededException", false),
    ("ThrottlingException", true),
    ("ValidationException", false),
    ("UnknownOperationException", false),
    ("UnrecognizedClientException", false),
    ("ExpiredTokenException", false),
    ("InvalidSignatureException", false),
];

/// Status 400 for all but one (AWS: Identity Store API, "Common Errors").
fn status(code: &str) -> u16 {
    if code == "InternalServerException" { 500 } else { 400 }
}

fn message(code: &str) -> String {
    format!("{code} for {ECHO}")
}

/// Stands where the secrets of who asks are echoed.
const ECHO: &str = "<secrets>";

/// Echoes the secrets that the client of this request knows, having been given them.
pub fn echo(response: &Response, request: &Request) -> Response {
    let role =
        if request.header("x-amz-security-token") == Some(ROLE_TOKEN) { SECRETS[4..].join(" ") } else { String::new() };
    let known: Vec<_> = SECRETS[..4].iter().copied().chain(role.split_whitespace()).collect();
    // Whoever stands in between logs and quotes requests in forms of its own.
    let quoted = known.iter().flat_map(|secret| traces(secret));
    let secrets = known.iter().map(ToString::to_string).chain(quoted).collect::<Vec<_>>().join(" ");
    let body = String::from_utf8_lossy(&response.body);
    let in_json = Value::from(secrets.as_str()).to_string();
    let secrets = if body.starts_with('{') { in_json.trim_matches('"') } else { &secrets };
    let body = body.replace(ECHO, secrets);
    Response { body: body.into_bytes(), ..response.clone() }
}

pub fn error(code: &str, spelling: Spelling, more: &Value) -> Response {
    let namespace = if spelling.namespace { "com.amazonaws.identitystore#" } else { "" };
    let mut body = json!({"__type": format!("{namespace}{code}")});
    body[if spelling.capital { "Message" } else { "message" }] = message(code).into();
    body["RequestId"] = BODY_REQUEST_ID.into();
    body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    Response::new(status(code), "application/x-amz-json-1.1", body.to_string())
}

/// The same in the XML of STS, which has its own names for some.
pub fn sts_error(code: &str) -> Response {
    let code = match code {
        "AccessDeniedException" => "AccessDenied",
        "ThrottlingException" => "Throttling",
        "InternalServerException" => "InternalFailure",
        "UnrecognizedClientException" => "InvalidClientTokenId",
        "ExpiredTokenException" => "ExpiredToken",
        "InvalidSignatureException" => "SignatureDoesNotMatch",
        other => other,
    };
    let status = if code == "InternalFailure" { 500 } else { 403 };
    let (message, request_id) = (message(code), REQUEST_ID);
    let xml = format!(
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>\
         <Code>{code}</Code><Message>{message}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>"
    );
    Response::new(status, "text/xml", xml)
}

/// The answer to `AssumeRole`.
pub fn assumed_role() -> Response {
    let xml = format!(
        "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><Credentials>\
         <AccessKeyId>{ROLE_KEY}</AccessKeyId><SecretAccessKey>{ROLE_SECRET}</SecretAccessKey>\
         <SessionToken>{ROLE_TOKEN}</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>\
         <AssumedRoleUser><AssumedRoleId>AROANET:net</AssumedRoleId>\
         <Arn>arn:aws:sts::111122223333:assumed-role/NetTest/net</Arn></AssumedRoleUser></AssumeRoleResult>\
         <ResponseMetadata><RequestId>{REQUEST_ID}</RequestId></ResponseMetadata>\
         </AssumeRoleResponse>"
    );
    Response::new(200, "text/xml", xml)
}

/// What a captive portal or a load balancer says.
pub fn html(status: u16) -> Response {
    let body = format!("<html><body>Please sign in, {ECHO}</body></html>");
    Response::new(status, "text/html; charset=utf-8", body)
}
