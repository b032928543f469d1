//! Parameters of the instance: what is refused is named, and nothing of what they hold is shown.

use std::sync::LazyLock;

use arbitrary::Unstructured;
use schemars::JsonSchema as _;
use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

use super::draw::{any, below, object, one, text};
use crate::values::arguments::decode_lenient;
use crate::values::context::Layout;
use crate::values::error::Error;
use crate::values::params::Params;
use crate::values::settings::{ConnectionArguments, Settings};

/// Stands in every text of the parameters, and in no sentence of ours.
const MARK: &str = "~mark~";

/// The longest sentence about a parameter, in bytes.
const LONGEST: usize = 400;

pub(super) fn check(input: &[u8]) {
    let bytes = &mut Unstructured::new(input);
    let names = &*NAMES;
    let mut given = object(bytes, names);
    sound(bytes, &mut given);
    let marked = any::<bool>(bytes);
    if marked {
        given.values_mut().for_each(mark);
    }
    match settings(&given) {
        Ok(settings) => {
            assert_eq!(Some(&settings), self::settings(&given).ok().as_ref());
            // Nor does who debugs see them.
            assert_eq!(settings.keys.is_some(), format!("{settings:?}").contains("Some(Keys(…))"));
            let loose = spelt_otherwise(&given);
            assert_eq!(Some(settings), self::settings(&loose).ok(), "{given:?} spelt {loose:?}");
        }
        Err(error) => {
            let said = error.to_string();
            assert!(said.len() <= LONGEST, "{} bytes: {said}", said.len());
            assert!(!marked || !said.contains(MARK), "{said}");
            let is_told =
                said.contains("The secret key of the instance") || names.iter().any(|name| said.contains(name));
            assert!(is_told, "{said} names no parameter");
        }
    }
}

fn settings(given: &Map<String, Value>) -> Result<Settings, Error> {
    let none = decode_lenient::<ConnectionArguments>(&Map::new()).map_err(Error::Argument)?;
    Settings::new(Params::decode(given).map_err(Error::Parameter)?, none)
}

/// The names of the parameters.
static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let schema = Params::json_schema(&mut SchemaGenerator::default());
    schema.as_value()["properties"].as_object().expect("parameters").keys().cloned().collect()
});

/// Makes some of the parameters what they should be, so that it is not always the first that is refused.
fn sound(bytes: &mut Unstructured<'_>, given: &mut Map<String, Value>) {
    let choices = [
        ("roleArn", json!("arn:aws:iam::111122223333:role/Example")),
        ("roleSessionName", json!("session")),
        ("defaultRegion", json!("eu-central-1")),
        ("sessionDuration", json!(3600)),
        ("IdentityStoreId", json!("d-9067f2a1b3")),
        ("credentials", json!({"identifier": text(bytes), "password": text(bytes)})),
        ("access_key", json!("AKIAEXAMPLE000000000")),
        ("secret_key", json!(format!("{}@@@{}", text(bytes), text(bytes)))),
        ("timeout", json!(*one(bytes, &["60,10", "60", " 1.5 , 2", "0.001", "1e3"]))),
        ("retries", json!(any::<u8>(bytes))),
        ("sts_regional_endpoint", json!("Regional")),
        ("endpoint_url", json!("http://127.0.0.1:1")),
        ("contextPaths", json!(Layout::Marketplace.root().path())),
        ("protectedUsers", json!(["alice", "bob"])),
        ("protectedGroups", json!("Domain Admins, OnCall")),
        ("insecure", json!(any::<bool>(bytes))),
        ("proxy", json!("yes")),
        ("snapshotKey", json!("a key of an instance that is long enough")),
        ("roleArnCredentials", Value::Null),
    ];
    for (name, value) in choices {
        if below(bytes, 3) > 0 {
            given.insert(name.to_owned(), value);
        }
    }
}

fn mark(value: &mut Value) {
    match value {
        Value::String(text) => {
            let middle = (text.len() / 2..=text.len()).find(|place| text.is_char_boundary(*place)).unwrap_or_default();
            text.insert_str(middle, MARK);
        }
        Value::Array(values) => values.iter_mut().for_each(mark),
        Value::Object(members) => members.values_mut().for_each(mark),
        _ => {}
    }
}

/// The arguments and parameters that are true or false.
const FLAGS: [&str; 3] = ["flag", "insecure", "proxy"];

/// The same values in other spellings that XSOAR's servers and people use.
pub(super) fn spelt_otherwise(given: &Map<String, Value>) -> Map<String, Value> {
    let otherwise = |name: &str, value: &Value| match value {
        Value::Bool(flag) if FLAGS.contains(&name) => (if *flag { "Yes" } else { "NO" }).into(),
        Value::Bool(flag) => flag.to_string().into(),
        Value::Number(number) if number.is_i64() => number.to_string().into(),
        Value::String(text) if text.trim().is_empty() => Value::Null,
        Value::Array(values) => {
            let texts: Option<Vec<_>> = values.iter().map(Value::as_str).collect();
            // What has commas has no other spelling, and what begins like a JSON list is read as one.
            let texts = texts.map(|texts| texts.join(",")).filter(|text| text.matches(',').count() < values.len());
            texts.filter(|text| !text.trim().starts_with('[')).map_or_else(|| value.clone(), Value::from)
        }
        other => other.clone(),
    };
    given.iter().map(|(name, value)| (name.clone(), otherwise(name, value))).collect()
}
