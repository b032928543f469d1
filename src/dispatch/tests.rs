use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::Dispatcher;
use crate::commands::{Command, Route};
use crate::directory::{Backend, Directory};
use crate::values::error::Error;
use crate::values::report::Report;
use crate::values::request::Request;

/// Panics with the secret that it was given.
#[derive(Deserialize, JsonSchema)]
struct Panics {
    secret: String,
}

impl Command for Panics {
    const NAME: &'static str = "panics";
    const CALLS: &'static [&'static str] = &[];
    type Output = ();

    async fn run(self, _: &Directory) -> Result<Report<()>, Error> {
        panic!("{}", self.secret)
    }
}

#[derive(Deserialize, JsonSchema)]
struct Answers {}

impl Command for Answers {
    const NAME: &'static str = "answers";
    const CALLS: &'static [&'static str] = &[];
    type Output = ();

    async fn run(self, _: &Directory) -> Result<Report<()>, Error> {
        Ok(Report::text("ok"))
    }
}

const ROUTES: &[Route] = &[Route::of::<Panics>(), Route::of::<Answers>()];

fn answer(dispatcher: &mut Dispatcher, command: &str, args: &serde_json::Value) -> (String, u8) {
    let params = json!({
        "credentials": {"identifier": "AKIAEXAMPLE0000000", "password": "a-secret-of-the-instance"},
        "defaultRegion": "eu-central-1", "IdentityStoreId": "d-1234567890"
    });
    let request = json!({"command": command, "args": args, "params": params});
    let answer = dispatcher.answer(Request::parse(request.to_string().as_bytes()));
    let mut text = Vec::new();
    answer.write(&mut text).unwrap();
    (String::from_utf8(text).unwrap(), answer.exit_code())
}

#[test]
fn a_panic_is_an_answer_that_tells_no_secret_and_the_next_command_works() {
    let dispatcher = &mut Dispatcher::with_commands(Backend::default(), ROUTES);
    let (text, code) = answer(dispatcher, "panics", &json!({"secret": "what-the-panic-says"}));
    assert!(text.contains("internal error") && text.contains("src/dispatch/tests.rs"), "{text}");
    assert!(!text.contains("what-the-panic-says"), "{text}");
    assert_eq!(code, 1);
    let (text, code) = answer(dispatcher, "answers", &json!({}));
    assert_eq!((text.as_str(), code), ("[{\"Type\":1,\"Contents\":\"ok\",\"ContentsFormat\":\"text\"}]\n", 0));
}

#[test]
fn a_secret_is_masked_in_whatever_is_answered() {
    let dispatcher = &mut Dispatcher::with_commands(Backend::default(), ROUTES);
    let (text, code) = answer(dispatcher, "a-secret-of-the-instance", &json!({}));
    assert!(text.contains("Unknown command \\\"<XX_REPLACED>\\\""), "{text}");
    assert_eq!(code, 1);
}
