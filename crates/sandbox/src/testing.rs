//! What the sandbox's tests share: a sandbox in a directory of its own, and one way to call it.

use std::{
    cell::Cell,
    path::PathBuf,
    time::{Duration, SystemTime},
};

use http::Request;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    ambient::Ambient,
    sample::{self, IDENTITY_STORE_ID, INSTANCE_ARN},
    sandbox::Sandbox,
};

thread_local! {
    /// How far this test's clock is ahead.
    static AHEAD: Cell<Duration> = const { Cell::new(Duration::ZERO) };
}

/// A sandbox that is gone after the test.
pub(super) struct Bench {
    pub(super) sandbox: Sandbox,
    directory: TempDir,
}

impl Bench {
    /// One with the sample directory.
    pub(super) fn new() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let file = directory.path().join("sandbox.json");
        AHEAD.set(Duration::ZERO);
        let ambient = Ambient { now: || SystemTime::now() + AHEAD.get(), ..Ambient::real() };
        let sandbox = Sandbox::open_in(&file, Vec::new(), ambient).expect("a new sandbox");
        Self { sandbox, directory }
    }

    /// Lets that many seconds pass, at once.
    #[expect(clippy::unused_self, reason = "the clock is the bench's")]
    pub(super) fn wait(&self, seconds: u64) {
        AHEAD.set(AHEAD.get() + Duration::from_secs(seconds));
    }

    /// A path in the sandbox's directory.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The file's text.
    pub(super) fn text(&self) -> String {
        std::fs::read_to_string(self.sandbox.path()).expect("the file")
    }

    /// Calls an operation of Identity Store, on the store of the sample directory unless the input names one.
    pub(super) fn call(&self, operation: &str, mut input: Value) -> (u16, Value) {
        if input.get("IdentityStoreId").is_none() {
            input["IdentityStoreId"] = IDENTITY_STORE_ID.into();
        }
        self.send(&format!("AWSIdentityStore.{operation}"), &input)
    }

    /// Sends a request to the operation that a target names.
    pub(super) fn send(&self, target: &str, input: &Value) -> (u16, Value) {
        let request = Request::post("/").header("x-amz-target", target);
        let request = request.body(input.to_string().into_bytes()).expect("a request");
        let response = self.sandbox.handle(&request).expect("a sound file").response;
        let body = serde_json::from_slice(response.body()).expect("JSON");
        (response.status().as_u16(), body)
    }

    /// Calls an operation of sso-admin that succeeds.
    pub(super) fn access(&self, operation: &str, input: Value) -> Value {
        let (status, body) = self.call_access(operation, input);
        assert_eq!(status, 200, "{operation}: {body}");
        body
    }

    /// Calls an operation of sso-admin that fails, and gives code, message and the whole error.
    pub(super) fn access_error(&self, operation: &str, input: Value) -> (String, String, Value) {
        told(operation, self.call_access(operation, input))
    }

    fn call_access(&self, operation: &str, mut input: Value) -> (u16, Value) {
        if input.get("InstanceArn").is_none() {
            input["InstanceArn"] = INSTANCE_ARN.into();
        }
        self.send(&format!("SWBExternalService.{operation}"), &input)
    }

    /// Calls an operation that succeeds.
    pub(super) fn ok(&self, operation: &str, input: Value) -> Value {
        let (status, body) = self.call(operation, input);
        assert_eq!(status, 200, "{operation}: {body}");
        body
    }

    /// Calls an operation that fails, and gives code, message and the whole error.
    pub(super) fn error(&self, operation: &str, input: Value) -> (String, String, Value) {
        told(operation, self.call(operation, input))
    }

    /// The id of a user of the sample directory.
    pub(super) fn user(&self, name: &str) -> Value {
        let attribute = json!({"AttributePath": "userName", "AttributeValue": name});
        let input = json!({"AlternateIdentifier": {"UniqueAttribute": attribute}});
        self.ok("GetUserId", input)["UserId"].clone()
    }

    /// The id of a group of the sample directory.
    pub(super) fn group(&self, name: &str) -> Value {
        let attribute = json!({"AttributePath": "displayName", "AttributeValue": name});
        let input = json!({"AlternateIdentifier": {"UniqueAttribute": attribute}});
        self.ok("GetGroupId", input)["GroupId"].clone()
    }
}

fn told(operation: &str, (status, body): (u16, Value)) -> (String, String, Value) {
    assert_eq!(status, 400, "{operation}: {body}");
    let text = |member: &str| body[member].as_str().unwrap_or_default().to_owned();
    (text("__type"), text("Message"), body)
}

/// The text of the sample directory's file, with a part of it replaced.
pub(super) fn sample_with(old: &str, new: &str) -> String {
    assert!(sample::TEXT.contains(old), "the sample has no {old}");
    sample::TEXT.replacen(old, new, 1)
}

/// Runs a future to its end, which has to come soon.
pub(super) fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().build().expect("a runtime");
    let soon = std::time::Duration::from_secs(30);
    let ended = runtime.block_on(async { tokio::time::timeout(soon, future).await });
    ended.expect("an end within 30 seconds")
}
