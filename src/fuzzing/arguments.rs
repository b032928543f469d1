//! Arguments: every spelling of a value means the same, and what is refused is named.

use std::sync::LazyLock;

use arbitrary::Unstructured;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::draw::{any, below, object, one};
use super::settings::spelt_otherwise;
use crate::commands::COMMANDS;
use crate::edges::argument_names;
use crate::values::arguments::decode;
use crate::values::kinds::{EmailAddress, Limit, Region, Retries, Revision, Timeout};
use crate::values::request::Request;
use crate::values::search::UserFilter;

/// The longest sentence about an argument, in bytes: a value that is shown has 400 characters, and a command that does
/// not know an argument names those that it has.
const LONGEST: usize = 3000;

/// Arguments of every kind.
#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Sample {
    text: Option<String>,
    limit: Option<Limit>,
    flag: bool,
    list: Vec<String>,
    address: Option<EmailAddress>,
    revision: Option<Revision>,
    retries: Option<Retries>,
    timeout: Option<Timeout>,
    region: Option<Region>,
    filter: UserFilter,
}

const SAMPLE: [&str; 11] =
    ["text", "limit", "flag", "list", "address", "revision", "retries", "timeout", "region", "status", "search"];

pub(super) fn check(input: &[u8]) {
    let bytes = &mut Unstructured::new(input);
    if any(bytes) {
        of_a_command(bytes);
    } else {
        of_the_sample(&object(bytes, &SAMPLE));
    }
}

/// The names of the arguments of each command, in the order of the commands.
static NAMES: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| COMMANDS.iter().map(argument_names).collect());

fn of_a_command(bytes: &mut Unstructured<'_>) {
    let number = below(bytes, COMMANDS.len());
    let (route, names) = (&COMMANDS[number], &NAMES[number]);
    let mut given = object(bytes, names);
    for name in ["userName", "groupName", "emailAddress"] {
        if names.iter().any(|known| known == name) && any(bytes) {
            given.insert(name.to_owned(), (*one(bytes, &["alice", "a@b.c", "Domain Admins"])).into());
        }
    }
    let request = Request { args: given, ..Request::default() };
    if let Err(error) = (route.prepare)(&request) {
        let said = error.to_string();
        assert!(said.len() <= LONGEST, "{} bytes: {said}", said.len());
        let is_told = names.iter().chain(request.args.keys()).any(|name| said.contains(name.as_str()));
        assert!(is_told || said.contains("a text of "), "{}: {said} names no argument", route.name);
    }
}

fn of_the_sample(given: &Map<String, Value>) {
    let loose = spelt_otherwise(given);
    match (decode::<Sample>(given), decode::<Sample>(&loose)) {
        (Ok(sample), other) => assert_eq!(Some(sample), other.ok(), "{given:?} spelt {loose:?}"),
        (Err(error), _) => {
            let said = error.to_string();
            assert!(said.len() <= LONGEST, "{} bytes: {said}", said.len());
            assert!(given.keys().any(|name| said.contains(name)) || said.contains("a text of "), "{said}");
        }
    }
}
