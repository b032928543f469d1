use std::rc::Rc;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{Answer, Dispatcher};
use crate::commands::{Command, Route};
use crate::directory::{Backend, Directory};
use crate::values::error::Error;
use crate::values::params::Params;
use crate::values::report::Report;
use crate::values::request::Request;
use crate::values::settings::Settings;

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

/// Each request's own secrets are masked, those of the one before are not looked for any more.
#[test]
fn the_secrets_of_another_instance_are_masked_as_well() {
    let dispatcher = &mut Dispatcher::with_commands(Backend::default(), ROUTES);
    let secrets = ["first-secret-of-one", "second-secret-of-two"];
    for (own, other) in [(0, 1), (1, 0), (1, 0), (0, 1)] {
        for (shown, is_masked) in [(secrets[own], true), (secrets[other], false)] {
            let credentials = json!({"identifier": "AKIAEXAMPLE0000000", "password": secrets[own]});
            let request = json!({"command": shown, "params": {"credentials": credentials}});
            let answer = dispatcher.answer(Request::parse(request.to_string().as_bytes()));
            let mut text = Vec::new();
            answer.write(&mut text).unwrap();
            let text = String::from_utf8(text).unwrap();
            assert_eq!((text.contains("<XX_REPLACED>"), text.contains(shown)), (is_masked, !is_masked), "{text}");
        }
    }
}

#[test]
fn the_nearest_command_is_named_and_what_they_have_in_common_does_not_count() {
    let dispatcher = &mut Dispatcher::with_commands(Backend::default(), ROUTES);
    for name in ["answer", "aws-iam-identitycenter-answer"] {
        let (text, code) = answer(dispatcher, name, &json!({}));
        assert!(text.contains("Did you mean \\\"answers\\\"?"), "{text}");
        assert_eq!(code, 1);
    }
    let (text, _) = answer(dispatcher, "something-else-altogether", &json!({}));
    assert!(!text.contains("Did you mean"), "{text}");
}

#[test]
fn what_is_no_request_is_not_dispatched() {
    for (error, code) in [(Error::EmptyRequest, 2), (Error::Interrupted, 1)] {
        assert_eq!(Answer::refused(&error).exit_code(), code, "{error}");
        let answer = Dispatcher::with_commands(Backend::default(), ROUTES).answer(Err(error));
        assert_eq!((answer.exit_code(), answer.entries.len()), (code, 1));
    }
}

/// The parameters of an instance with this store.
fn instance(store: usize) -> serde_json::Value {
    json!({"defaultRegion": "eu-central-1", "IdentityStoreId": format!("d-{store:010}"),
           "credentials": {"identifier": "AKIAEXAMPLE0000000", "password": "a-secret-of-the-instance"}})
}

fn settings(store: usize) -> Settings {
    let request = json!({"command": "answers", "params": instance(store)});
    let request = Request::parse(request.to_string().as_bytes()).unwrap();
    let prepared = (ROUTES[1].prepare)(&request).unwrap();
    Settings::new(Params::decode(&request.params).unwrap(), prepared.connection).unwrap()
}

#[test]
fn connections_are_kept_by_their_settings_until_a_panic() {
    let dispatcher = &mut Dispatcher::with_commands(Backend::default(), ROUTES);
    let run = |dispatcher: &mut Dispatcher, command: &str, store: usize| {
        let args = if command == "panics" { json!({"secret": "x"}) } else { json!({}) };
        let request = json!({"command": command, "args": args, "params": instance(store)});
        dispatcher.answer(Request::parse(request.to_string().as_bytes()))
    };
    let kept = |dispatcher: &mut Dispatcher, store: usize| {
        dispatcher.connections.find(&settings(store)).map(|connection| connection.directory)
    };
    run(dispatcher, "answers", 1);
    let first = kept(dispatcher, 1).unwrap();
    assert!(kept(dispatcher, 2).is_none());
    run(dispatcher, "answers", 2);
    run(dispatcher, "answers", 1);
    assert!(Rc::ptr_eq(&kept(dispatcher, 1).unwrap(), &first), "it is connected once");
    assert!(!Rc::ptr_eq(&kept(dispatcher, 2).unwrap(), &first), "nobody gets another's");

    dispatcher.connections.forget(&settings(2));
    assert!(kept(dispatcher, 2).is_none() && kept(dispatcher, 1).is_some());
    for store in 2..=17 {
        run(dispatcher, "answers", store);
    }
    assert!(kept(dispatcher, 1).is_none(), "what was used last is kept");
    assert!((2..=17).all(|store| kept(dispatcher, store).is_some()));

    run(dispatcher, "panics", 17);
    assert!((1..=17).all(|store| kept(dispatcher, store).is_none()), "what a panic left behind is met by nobody");
}
