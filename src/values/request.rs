//! One request: a command, its arguments and the parameters of the instance, as XSOAR's calling context has them.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::arguments::Arguments;
use super::error::Error;

/// A request as it came. Nothing in it is checked yet but that it is a request.
#[derive(Debug, Default)]
pub(crate) struct Request {
    /// The full name, such as `aws-iam-identitycenter-get-user`.
    pub(crate) command: String,
    pub(crate) args: Arguments,
    /// An argument that was given more than once.
    pub(crate) doubled_argument: Option<String>,
    pub(crate) params: Arguments,
    /// A parameter that was given more than once.
    pub(crate) doubled_parameter: Option<String>,
    /// Whether it shall be told step by step what is done (XSOAR: `debug-mode=true`, or `IsDebug` of the context).
    pub(crate) debug: bool,
    /// Whether XSOAR asks, which can call a command again later.
    pub(crate) integration: bool,
    /// Whether the process that speaks XSOAR's container protocol ends after this.
    pub(crate) native: bool,
}

#[derive(Deserialize)]
struct Wire<'a> {
    command: Option<Value>,
    args: Option<Object>,
    params: Option<Object>,
    #[serde(borrow)]
    context: Option<&'a RawValue>,
    integration: Option<Value>,
    native: Option<Value>,
}

/// What is of use to us in the calling context, which may hold a whole incident.
#[derive(Default, Deserialize)]
struct Context {
    #[serde(rename = "IsDebug")]
    is_debug: Option<Value>,
}

impl Request {
    /// Reads a request from JSON. Members that are not ours are ignored.
    pub(crate) fn parse(json: &[u8]) -> Result<Self, Error> {
        let first = json.iter().find(|b| !b.is_ascii_whitespace());
        if first.is_none() {
            return Err(Error::EmptyRequest);
        }
        if first != Some(&b'{') {
            serde_json::from_slice::<IgnoredAny>(json).map_err(Error::NotJson)?;
            return Err(Error::NotAnObject);
        }
        let wire: Wire = serde_json::from_slice(json).map_err(|error| match error.classify() {
            Category::Data => Error::NotARequest { line: error.line(), column: error.column() },
            _ => Error::NotJson(error),
        })?;
        let command = match wire.command {
            Some(Value::String(command)) if !command.trim().is_empty() => command.trim().to_owned(),
            None | Some(Value::Null | Value::String(_)) => return Err(Error::NoCommand),
            Some(_) => return Err(Error::CommandIsNoText),
        };
        let (args, params) = (wire.args.unwrap_or_default(), wire.params.unwrap_or_default());
        let context: Context =
            wire.context.and_then(|context| serde_json::from_str(context.get()).ok()).unwrap_or_default();
        let debug = context.is_debug.as_ref().is_some_and(is_true) || asks_for_debugging(&args.members);
        Ok(Self {
            debug,
            integration: wire.integration.as_ref().is_some_and(is_true),
            native: wire.native.as_ref().is_some_and(is_true),
            command,
            args: args.members,
            doubled_argument: args.doubled,
            params: params.members,
            doubled_parameter: params.doubled,
        })
    }
}

/// Whether these arguments ask to be told step by step what is done.
pub(crate) fn asks_for_debugging(args: &Arguments) -> bool {
    args.get("debug-mode").is_some_and(is_true)
}

fn is_true(value: &Value) -> bool {
    match value {
        Value::Bool(value) => *value,
        Value::String(text) => text.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

/// A JSON object that remembers whether a name came twice, which `serde_json::Map` does not.
#[derive(Default)]
pub(crate) struct Object {
    pub(crate) members: Arguments,
    pub(crate) doubled: Option<String>,
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Self::default())
    }
}

impl<'de> Visitor<'de> for Object {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Self, A::Error> {
        while let Some((name, value)) = map.next_entry::<String, Value>()? {
            if self.members.insert(name.clone(), value).is_some() {
                self.doubled.get_or_insert(name);
            }
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(json: &str) -> String {
        Request::parse(json.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn what_is_no_request_is_said_to_be_none() {
        assert!(error(" \n").contains("empty"));
        assert!(error("{").contains("not JSON"));
        assert!(error("[1]").contains("JSON object"));
        assert!(error("\"text\"").contains("JSON object"));
        assert!(error("nonsense").contains("not JSON"));
        assert!(error("{}").contains("names no command"));
        assert!(error(r#"{"command": null}"#).contains("names no command"));
        assert!(error(r#"{"command": " \n"}"#).contains("names no command"));
        assert!(error(r#"{"command": 5}"#).contains("text"));
        assert!(error(r#"{"command": "x", "args": 5}"#).contains("JSON objects"));
    }

    #[test]
    fn null_everywhere_is_absence_everywhere() {
        let request = Request::parse(br#"{"command":"x","args":null,"params":null,"context":null,"other":1}"#).unwrap();
        assert_eq!((request.command.as_str(), request.args.len(), request.params.len()), ("x", 0, 0));
    }

    #[test]
    fn debugging_is_asked_for_in_two_ways() {
        for (more, debug) in [
            (r#""args":{"debug-mode":"true"}"#, true),
            (r#""args":{"debug-mode":false}"#, false),
            (r#""context":{"Incidents":[{"a":{}}],"IsDebug":true}"#, true),
            (r#""context":{"IsDebug":null}"#, false),
            (r#""context":"nothing that we know""#, false),
        ] {
            let request = Request::parse(format!("{{\"command\":\"x\",{more}}}").as_bytes()).unwrap();
            assert_eq!(request.debug, debug, "{more}");
        }
    }

    #[test]
    fn an_argument_given_twice_is_remembered() {
        let request = Request::parse(br#"{"command":"x","args":{"a":1,"b":2,"a":3}}"#).unwrap();
        assert_eq!(request.doubled_argument.as_deref(), Some("a"));
    }
}
