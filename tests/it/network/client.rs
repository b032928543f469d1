//! The binary as XSOAR starts it, within bounded time, and what has to be true of every answer.

use std::process::{Child, Command};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::aws::{KEY, REGION, SECRET, SECRETS, SNAPSHOT_KEY, STORE, TOKEN};
use super::fault_server::Server;
use super::traces::first_trace;
use crate::process::{self, Output};

/// No request takes longer, however bad its server is.
pub const LIMIT: Duration = Duration::from_secs(30);

/// Parameters that reach a server, with one attempt a call.
pub fn params(server: &Server) -> Value {
    params_for(&server.url())
}

pub fn params_for(url: &str) -> Value {
    json!({
        "credentials": {"identifier": KEY, "password": format!("{SECRET}@@@{TOKEN}")},
        "defaultRegion": REGION, "IdentityStoreId": STORE, "endpoint_url": url, "timeout": "10,10", "retries": 0,
        "snapshotKey": SNAPSHOT_KEY,
    })
}

/// The same parameters with others.
pub fn with(mut params: Value, more: Value) -> Value {
    let Value::Object(more) = more else { panic!("{more}") };
    params.as_object_mut().unwrap().extend(more);
    params
}

/// An answer and how long it took.
#[derive(Debug)]
pub struct Answer {
    pub output: Output,
    pub took: Duration,
}

pub fn ask(command: &str, args: &Value, params: &Value) -> Answer {
    ask_in(&[], command, args, params)
}

/// With these environment variables, and none else.
pub fn ask_in(environment: &[(&str, &str)], command: &str, args: &Value, params: &Value) -> Answer {
    ask_within(LIMIT, environment, command, args, params)
}

/// However long this may take.
pub fn ask_within(
    limit: Duration,
    environment: &[(&str, &str)],
    command: &str,
    args: &Value,
    params: &Value,
) -> Answer {
    let answer = ask_unchecked(limit, environment, command, args, params).unwrap();
    if let Err(wrong) = answer.sound() {
        panic!("{wrong}\n{command} {args} {params}\n{answer:?}");
    }
    answer
}

/// For whoever goes on when an answer is not sound.
pub fn ask_unchecked(
    limit: Duration,
    environment: &[(&str, &str)],
    command: &str,
    args: &Value,
    params: &Value,
) -> Result<Answer, String> {
    let mut process = process::command();
    process.envs(environment.iter().copied());
    let name = if command == "test-module" || command.starts_with("aws-") {
        command.to_owned()
    } else {
        format!("aws-iam-identitycenter-{command}")
    };
    let request = json!({"command": name, "args": args, "params": params});
    let begun = Instant::now();
    let output = finish_within(process::start(&mut process, request.to_string().as_bytes()), limit)?;
    Ok(Answer { output, took: begun.elapsed() })
}

fn finish_within(child: Child, limit: Duration) -> Result<Output, String> {
    let (id, (sender, receiver)) = (child.id(), mpsc::channel());
    thread::spawn(move || sender.send(process::finish(child)));
    receiver.recv_timeout(limit).map_err(|_| {
        let _ = Command::new("kill").arg("-KILL").arg(id.to_string()).status();
        format!("no answer within {limit:?}")
    })
}

impl Answer {
    /// One JSON array of entries whatever happens, the exit code that belongs to it, no panic, no secret.
    pub fn sound(&self) -> Result<(), String> {
        let Output { stdout, stderr, code } = &self.output;
        let entries: Vec<Value> =
            serde_json::from_str(stdout).map_err(|error| format!("not one JSON array: {error}"))?;
        if entries.is_empty()
            || !entries.iter().all(|entry| entry["Type"].is_number() && entry["Contents"] != Value::Null)
        {
            return Err("not entries".to_owned());
        }
        let errors = entries.iter().any(|entry| entry["Type"] == 4);
        if *code != i32::from(errors) {
            return Err(format!("exit code {code}, and {} error entry", if errors { "an" } else { "no" }));
        }
        for text in [stdout, stderr] {
            if text.contains("panicked") || text.contains("internal error") || text.contains("Internal error") {
                return Err("a panic".to_owned());
            }
            if let Some(trace) = first_trace(text, SECRETS) {
                return Err(format!("the trace {trace} of a secret is in the output"));
            }
        }
        Ok(())
    }

    pub fn succeeded(&self) -> bool {
        self.output.code == 0
    }

    /// The entries of a request that had to succeed.
    pub fn success(&self) -> Vec<Value> {
        assert_eq!(self.output.code, 0, "{self:?}");
        self.output.entries()
    }

    /// The text of the error entry of a request that had to fail.
    pub fn error(&self) -> String {
        let entries = self.output.entries();
        let errors: Vec<_> = entries.iter().filter(|entry| entry["Type"] == 4).collect();
        assert_eq!((self.output.code, errors.len()), (1, 1), "{self:?}");
        errors[0]["Contents"].as_str().unwrap().to_owned()
    }

    /// The error, which has to have all of these in it.
    pub fn error_with(&self, wanted: &[&str]) -> String {
        let error = self.error();
        for wanted in wanted {
            assert!(error.contains(wanted), "\"{wanted}\" is not in: {error}");
        }
        error
    }
}
