//! Support for tests: a sandbox in a temporary directory, and functions to call it.

use std::{
    cell::Cell,
    path::PathBuf,
    time::{Duration, SystemTime},
};

use http::{Request, Response};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    clock_and_ids::ClockAndIds,
    router::Reply,
    sample::{self, IDENTITY_STORE_ID, INSTANCE_ARN},
    sandbox::Sandbox,
};

thread_local! {
    /// How far the clock of this test is ahead.
    static AHEAD: Cell<Duration> = const { Cell::new(Duration::ZERO) };
}

/// A sandbox that is deleted after the test.
pub(crate) struct TestSandbox {
    pub(crate) sandbox: Sandbox,
    directory: TempDir,
}

impl TestSandbox {
    /// Returns a sandbox with the sample directory.
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let file = directory.path().join("sandbox.json");
        AHEAD.set(Duration::ZERO);
        let clock = ClockAndIds { now: || SystemTime::now() + AHEAD.get(), ..ClockAndIds::of_the_system() };
        let sandbox = Sandbox::open_at(&file, Vec::new(), clock).expect("a new sandbox");
        Self { sandbox, directory }
    }

    /// Sets the clock forward.
    #[expect(clippy::unused_self, reason = "the clock belongs to the test")]
    pub(crate) fn wait(&self, seconds: u64) {
        AHEAD.set(AHEAD.get() + Duration::from_secs(seconds));
    }

    /// Returns a path in the sandbox's directory.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Returns the text of the file.
    pub(crate) fn text(&self) -> String {
        std::fs::read_to_string(self.sandbox.path()).expect("the file")
    }

    /// Calls an operation of Identity Store. The default store is that of the sample directory.
    pub(crate) fn call(&self, operation: &str, mut input: Value) -> (u16, Value) {
        if input.get("IdentityStoreId").is_none() {
            input["IdentityStoreId"] = IDENTITY_STORE_ID.into();
        }
        self.send(&format!("AWSIdentityStore.{operation}"), &input)
    }

    /// Sends a request to the operation that a target names.
    pub(crate) fn send(&self, target: &str, input: &Value) -> (u16, Value) {
        let response = self.reply(target, input).response;
        let body = serde_json::from_slice(response.body()).expect("JSON");
        (response.status().as_u16(), body)
    }

    /// Sends a request, and returns the response with what the scenario does to it.
    pub(crate) fn reply(&self, target: &str, input: &Value) -> Reply {
        let request = Request::post("/").header("x-amz-target", target);
        let request = request.body(input.to_string().into_bytes()).expect("a request");
        self.sandbox.handle(&request).expect("a sound file")
    }

    /// Sends a form of the query protocol.
    pub(crate) fn send_form(&self, form: &str) -> Response<Vec<u8>> {
        let request = Request::post("/").header("content-type", "application/x-www-form-urlencoded");
        let request = request.body(form.as_bytes().to_vec()).expect("a request");
        self.sandbox.handle(&request).expect("a sound file").response
    }

    /// Calls an operation of sso-admin, which has to succeed.
    pub(crate) fn access(&self, operation: &str, input: Value) -> Value {
        let (status, body) = self.call_access(operation, input);
        assert_eq!(status, 200, "{operation}: {body}");
        body
    }

    /// Calls an operation of sso-admin, which has to fail. Returns code, message and the whole error.
    pub(crate) fn access_error(&self, operation: &str, input: Value) -> (String, String, Value) {
        error_parts(operation, self.call_access(operation, input))
    }

    fn call_access(&self, operation: &str, mut input: Value) -> (u16, Value) {
        if input.get("InstanceArn").is_none() {
            input["InstanceArn"] = INSTANCE_ARN.into();
        }
        self.send(&format!("SWBExternalService.{operation}"), &input)
    }

    /// Calls an operation of Identity Store, which has to succeed.
    pub(crate) fn ok(&self, operation: &str, input: Value) -> Value {
        let (status, body) = self.call(operation, input);
        assert_eq!(status, 200, "{operation}: {body}");
        body
    }

    /// Calls an operation of Identity Store, which has to fail. Returns code, message and the whole error.
    pub(crate) fn error(&self, operation: &str, input: Value) -> (String, String, Value) {
        error_parts(operation, self.call(operation, input))
    }

    /// Returns the id of a user of the sample directory.
    pub(crate) fn user(&self, name: &str) -> Value {
        let attribute = json!({"AttributePath": "userName", "AttributeValue": name});
        let input = json!({"AlternateIdentifier": {"UniqueAttribute": attribute}});
        self.ok("GetUserId", input)["UserId"].clone()
    }

    /// Returns the id of a group of the sample directory.
    pub(crate) fn group(&self, name: &str) -> Value {
        let attribute = json!({"AttributePath": "displayName", "AttributeValue": name});
        let input = json!({"AlternateIdentifier": {"UniqueAttribute": attribute}});
        self.ok("GetGroupId", input)["GroupId"].clone()
    }
}

/// Returns code, message and the whole error.
fn error_parts(operation: &str, (status, body): (u16, Value)) -> (String, String, Value) {
    assert_eq!(status, 400, "{operation}: {body}");
    let text = |member: &str| body[member].as_str().unwrap_or_default().to_owned();
    (text("__type"), text("Message"), body)
}

/// Returns the text of the sample directory with a part of it replaced.
pub(crate) fn sample_with(old: &str, new: &str) -> String {
    assert!(sample::TEXT.contains(old), "the sample has no {old}");
    sample::TEXT.replacen(old, new, 1)
}

/// Runs a future, which has to end within 30 seconds.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().build().expect("a runtime");
    let limit = std::time::Duration::from_secs(30);
    let ended = runtime.block_on(async { tokio::time::timeout(limit, future).await });
    ended.expect("an end within 30 seconds")
}
