//! Requests: what is read is what stands there, and what is refused shows nothing of it.

use serde_json::{Map, Value, json};

use crate::values::error::Error;
use crate::values::request::Request;

/// The longest sentence about a request that is none, in bytes.
const LONGEST: usize = 300;

pub(super) fn check(input: &[u8]) {
    // What another reader makes of it. Where that one gives up there is nothing to compare: within the calling context
    // this one is the more patient.
    let other = serde_json::from_slice::<Map<String, Value>>(input).ok();
    match Request::parse(input) {
        Ok(request) => {
            assert!(!request.command.is_empty() && request.command.trim() == request.command);
            if let Some(other) = &other {
                assert_eq!(other["command"].as_str().map(str::trim), Some(request.command.as_str()));
                assert_eq!(request.args, object(other, "args"));
                assert_eq!(request.params, object(other, "params"));
            }
            for (doubled, members) in
                [(&request.doubled_argument, &request.args), (&request.doubled_parameter, &request.params)]
            {
                assert!(doubled.as_ref().is_none_or(|name| members.contains_key(name)));
            }
            let again = json!({"command": request.command, "args": request.args, "params": request.params}).to_string();
            let again = Request::parse(again.as_bytes()).expect("the same request");
            assert!((again.doubled_argument, again.doubled_parameter) == (None, None));
            assert!(again.args.keys().eq(request.args.keys()) && again.params.keys().eq(request.params.keys()));
        }
        Err(error) => {
            let said = error.to_string();
            assert!(said.len() <= LONGEST && !said.contains('\n'), "{said}");
            if let Some(other) = other.filter(is_sound) {
                assert!(matches!(error, Error::NotARequest { .. }), "{said}");
                // A member came twice, which the other reader overlooks: once each, they are a request.
                let once = Value::from(other).to_string();
                assert!(Request::parse(once.as_bytes()).is_ok(), "{said}: {once}");
            }
        }
    }
}

fn object(of: &Map<String, Value>, name: &str) -> Map<String, Value> {
    of.get(name).and_then(Value::as_object).cloned().unwrap_or_default()
}

fn is_sound(request: &Map<String, Value>) -> bool {
    let command = request.get("command").and_then(Value::as_str).unwrap_or_default();
    let is_object = |name| request.get(name).is_none_or(|value| value.is_object() || value.is_null());
    !command.trim().is_empty() && is_object("args") && is_object("params")
}
