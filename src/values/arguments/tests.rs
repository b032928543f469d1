use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{decode, decode_lenient};

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Sample {
    user_name: String,
    limit: Option<i64>,
    dry_run: bool,
    ids: Vec<String>,
    scope: Option<Scope>,
    shared: Shared,
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Scope {
    Groups,
    Both,
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
struct Shared {
    region: Option<String>,
}

fn sample(arguments: &Value) -> Result<Sample, String> {
    decode(arguments.as_object().unwrap()).map_err(|error| error.to_string())
}

fn error(arguments: &Value) -> String {
    sample(arguments).unwrap_err()
}

#[test]
fn what_xsoar_writes_loosely_is_read() {
    let strict = sample(&json!({
        "userName": "5", "limit": 7, "dryRun": true, "ids": ["a", "b"], "scope": "both", "region": "r"
    }));
    for loose in [
        json!({"userName": 5, "limit": "7", "dryRun": "Yes", "ids": "a,b", "scope": "BOTH", "region": "r"}),
        json!({"userName": "5", "limit": " 7.0 ", "dryRun": "TRUE", "ids": "[\"a\", \"b\"]", "scope": "Both", "region": "r"}),
        json!({"userName": "5", "limit": 7.0, "dryRun": "true", "ids": " a , b ,", "scope": "both", "region": "r",
               "debug-mode": "true", "using-brand": "x", "retry-count": 2, "raw-response": true}),
    ] {
        assert_eq!(sample(&loose), strict);
    }
}

#[test]
fn null_and_empty_are_absent() {
    let absent = sample(&json!({"userName": "a"})).unwrap();
    assert_eq!((absent.limit, absent.dry_run, absent.ids.len(), absent.scope.is_none()), (None, false, 0, true));
    let empty = json!({"userName": "a", "limit": "", "dryRun": null, "ids": "", "scope": null, "region": ""});
    assert_eq!(sample(&empty).unwrap(), absent);
    for missing in [json!({}), json!({"userName": null}), json!({"userName": ""})] {
        assert_eq!(error(&missing), "The argument \"userName\" is required and is missing or empty.");
    }
}

#[test]
fn errors_name_the_argument_and_what_is_accepted() {
    let with = |name: &str, value: Value| {
        let mut arguments = json!({"userName": "a"});
        arguments[name] = value;
        error(&arguments)
    };
    assert_eq!(with("limit", json!("ten")), "The argument \"limit\" must be a whole number, and is \"ten\".");
    assert_eq!(with("limit", json!(1.5)), "The argument \"limit\" must be a whole number, and is 1.5.");
    assert_eq!(with("limit", json!(true)), "The argument \"limit\" must be a whole number, and is true.");
    assert_eq!(
        with("dryRun", json!("maybe")),
        "The argument \"dryRun\" must be true or false (or yes or no), and is \"maybe\"."
    );
    assert_eq!(with("ids", json!({"a": 1})), "The argument \"ids\" must be a list, and is {\"a\":1}.");
    assert_eq!(with("userName", json!(["a"])), "The argument \"userName\" must be a single value, and is [\"a\"].");
    // It has lost digits already, and an id must not be another's.
    assert!(with("userName", json!(123_456_789_012_345_680_000.0)).contains("in quotes, because it is a long number"));
    assert_eq!(with("scope", json!("all")), "The argument \"scope\" must be one of groups, both, and is \"all\".");
    let long = with("limit", json!("x".repeat(5000)));
    assert!(long.len() < 250 && long.contains("and is a text of 5002 characters."), "{long}");
}

#[test]
fn an_unknown_argument_is_named_with_the_nearest() {
    assert_eq!(error(&json!({"userNmae": "a"})), "Unknown argument \"userNmae\". Did you mean \"userName\"?");
    // A nested struct's field is no argument.
    assert_eq!(
        error(&json!({"userName": "a", "shared": "b"})),
        "Unknown argument \"shared\". This command takes: userName, limit, dryRun, ids, scope, region."
    );
    // What is wrong elsewhere neither hides an unknown argument nor makes a known one unknown.
    assert!(error(&json!({"limit": "ten", "nonsense": 1})).contains("Unknown argument \"nonsense\""));
    assert!(error(&json!({"limit": "ten", "userName": "a", "region": "r"})).contains("\"limit\" must be"));
    let parameters = json!({"userName": "a", "added by a server": 1});
    assert!(decode_lenient::<Sample>(parameters.as_object().unwrap()).is_ok());
}
