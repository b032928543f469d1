//! Lines of the War Room: what was read can be written again and is read as the same.

use arbitrary::Unstructured;
use serde_json::{Map, Value};

use super::draw::{any, below, text};
use crate::edges::war_room::parse;

/// The longest sentence about a line that is none, in bytes.
const LONGEST: usize = 300;

pub(super) fn check(input: &[u8]) {
    if let Ok(line) = std::str::from_utf8(input) {
        of_line(line);
    }
    of_arguments(&mut Unstructured::new(input));
}

fn of_line(line: &str) {
    match parse(line) {
        Ok(request) => {
            let command = &request.command;
            assert!(!command.is_empty() && !command.contains(char::is_whitespace) && line.contains(command.as_str()));
            let size: usize = request.args.iter().map(|(key, value)| key.len() + text_of(value).len()).sum();
            // A value without a key has the name of an argument of ours for it.
            assert!(size <= line.len() + 20, "{size} bytes of {line:?}");
            let again = parse(&write(command, &request.args)).expect("the same line");
            assert_eq!((again.command, again.args, again.doubled_argument), (request.command, request.args, None));
        }
        Err(said) => assert!(said.len() <= LONGEST && said.ends_with('.'), "{said}"),
    }
}

/// Whatever the values are, they come through.
fn of_arguments(bytes: &mut Unstructured<'_>) {
    let args: Map<String, Value> = (0..below(bytes, 5))
        .map(|number| (format!("argument{number}"), Value::from(if any(bytes) { text(bytes) } else { any(bytes) })))
        .collect();
    let read = parse(&write("command", &args)).expect("a line");
    assert_eq!(read.args, args);
}

fn write(command: &str, args: &Map<String, Value>) -> String {
    let escaped = |value: &Value| text_of(value).replace('\\', r"\\").replace('"', "\\\"");
    let args: String = args.iter().map(|(key, value)| format!(" {key}=\"{}\"", escaped(value))).collect();
    format!("!{command}{args}")
}

fn text_of(value: &Value) -> &str {
    value.as_str().expect("a line has texts only")
}
