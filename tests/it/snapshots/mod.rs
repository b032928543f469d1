//! Snapshots come back from outside: what a script of the case, another tool or an attacker may make of them, and of the
//! progress of the commands that take and give back access. Nothing of it gives anybody what the user did not have, and
//! nothing of it hides what is there.

mod names;
mod outcomes;
mod rounds;
mod signer;
mod verified;

use serde_json::{Value, json};

use crate::containment::{CONTAIN, CONTEXT, RESTORE, access, sample};
use crate::process::{Output, Sandbox};

/// A key that is long enough.
const KEY: &str = "tests/snapshots/Key+0123456789abcdefghijk";
const OTHER_KEY: &str = "tests/snapshots/Other+0123456789abcdefghij";

/// A request with parameters of an instance.
fn ask(sandbox: &Sandbox, command: &str, args: &Value, params: &Value) -> Output {
    let request = json!({"command": command, "args": args, "params": params});
    sandbox.run(&[], request.to_string().as_bytes())
}

/// The sample directory, from which alice was taken what she had, and the snapshot.
fn contained(params: &Value) -> (Sandbox, Value) {
    let sandbox = sample(&["assignment-time=0s"]);
    let output = ask(&sandbox, CONTAIN, &json!({"userName": "alice"}), params);
    assert_eq!(output.code, 0, "{output:?}");
    let snapshot = output.entries()[0]["EntryContext"][CONTEXT].clone();
    (sandbox, snapshot)
}

/// Restores alice from a snapshot.
fn restore(sandbox: &Sandbox, snapshot: &Value, more: &Value, params: &Value) -> Output {
    let mut args = json!({"userName": "alice", "snapshot": snapshot});
    args.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    ask(sandbox, RESTORE, &args, params)
}

/// Asserts that a restoration was refused for this reason, in a dry run as well, and that nothing was given.
#[track_caller]
fn refused(sandbox: &Sandbox, snapshot: &Value, params: &Value, reason: &str) {
    let before = access(sandbox);
    for dry_run in [true, false] {
        let output = restore(sandbox, snapshot, &json!({"dryRun": dry_run}), params);
        let entries = output.entries();
        assert_eq!((output.code, entries.len(), &entries[0]["Type"]), (1, 1, &json!(4)), "{output:?}");
        let error = entries[0]["Contents"].as_str().unwrap();
        assert!(error.contains("The snapshot of user alice was refused. ") && error.contains(reason), "{error}");
        assert!(error.contains("No changes were made."), "{error}");
    }
    assert_eq!(access(sandbox), before);
}
