//! A line of the War Room (XSOAR: "War Room CLI"): `!command key=value key="a b"`, or a value in backticks. One value without a key is
//! the command's default argument.

use std::iter::Peekable;
use std::str::Chars;

use serde_json::Value;

use super::manifest::default_argument;
use crate::commands::COMMANDS;
use crate::values::request::Request;

/// Reads a line as a request without parameters. Errors are sentences.
pub(crate) fn parse(line: &str) -> Result<Request, String> {
    let mut chars = line.trim().trim_start_matches('!').chars().peekable();
    let command = word(&mut chars, char::is_whitespace);
    if command.is_empty() {
        return Err("The line names no command. Give one such as '!aws-iam-identitycenter-list-users'.".to_owned());
    }
    let mut request = Request { command, ..Request::default() };
    loop {
        while chars.next_if(|c| c.is_whitespace()).is_some() {}
        let Some(&first) = chars.peek() else { return Ok(request) };
        let quoted = matches!(first, '"' | '`');
        let key = if quoted { String::new() } else { word(&mut chars, |c| c.is_whitespace() || c == '=') };
        let keyed = !quoted && chars.next_if_eq(&'=').is_some();
        let (key, value) = if quoted {
            (default_key(&request.command)?, value(&mut chars)?)
        } else if keyed {
            (key, value(&mut chars)?)
        } else {
            (default_key(&request.command)?, key)
        };
        let before = request.args.insert(key.clone(), Value::from(value));
        if key.is_empty() || before.is_some() && !keyed {
            return Err(
                "Of several values each needs its key: write key=value, without spaces around the =, and with \
                        quotes around a value that has spaces."
                    .to_owned(),
            );
        }
        if before.is_some() {
            request.doubled_argument.get_or_insert(key);
        }
    }
}

/// An unknown command has no default argument, and what is wrong with it is the dispatcher's to say.
fn default_key(command: &str) -> Result<String, String> {
    match COMMANDS.iter().find(|route| route.name == command) {
        None => Ok("value".to_owned()),
        Some(route) => default_argument(route).ok_or_else(|| {
            format!("{command} has no default argument: write each argument as key=value, with quotes around spaces.")
        }),
    }
}

fn word(chars: &mut Peekable<Chars<'_>>, ends: impl Fn(char) -> bool) -> String {
    let mut word = String::new();
    while let Some(c) = chars.next_if(|c| !ends(*c)) {
        word.push(c);
    }
    word
}

/// A bare value ends at a space; in double quotes a backslash escapes a quote or a backslash; backticks escape nothing.
fn value(chars: &mut Peekable<Chars<'_>>) -> Result<String, String> {
    let Some(quote) = chars.next_if(|c| matches!(c, '"' | '`')) else {
        return Ok(word(chars, char::is_whitespace));
    };
    let mut value = String::new();
    while let Some(c) = chars.next() {
        match c {
            c if c == quote => return Ok(value),
            '\\' if quote == '"' => match chars.next_if(|c| matches!(c, '"' | '\\')) {
                Some(escaped) => value.push(escaped),
                None => value.push('\\'),
            },
            c => value.push(c),
        }
    }
    Err(format!("A value begins with {quote} and does not end with it."))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::parse;

    fn args(line: &str) -> serde_json::Value {
        parse(line).unwrap().args.into()
    }

    #[test]
    fn values_come_bare_quoted_and_raw() {
        let line =
            r#"!aws-iam-identitycenter-get-user userName=alice limit="a b" next=`{"a": "b\c\\"}` q="say \"hi\" \\ \n""#;
        assert_eq!(parse(line).unwrap().command, "aws-iam-identitycenter-get-user");
        assert_eq!(
            args(line),
            json!({"userName": "alice", "limit": "a b", "next": r#"{"a": "b\c\\"}"#, "q": r#"say "hi" \ \n"#})
        );
        assert_eq!(args("x token=abc== empty= e=\"\""), json!({"token": "abc==", "empty": "", "e": ""}));
    }

    #[test]
    fn a_value_without_a_key_is_the_default_argument() {
        assert_eq!(args("!aws-iam-identitycenter-get-user alice"), json!({"userName": "alice"}));
        assert_eq!(args("!aws-iam-identitycenter-get-user \"a b\""), json!({"userName": "a b"}));
        assert_eq!(args("!aws-iam-identitycenter-get-user-by-email a@b.c"), json!({"emailAddress": "a@b.c"}));
        assert_eq!(args("!aws-iam-identitycenter-get-group Auditors"), json!({"groupName": "Auditors"}));
        assert!(parse("!aws-iam-identitycenter-list-users 5").unwrap_err().contains("no default argument"));
        for slip in ["get-user a b", "get-user userName = alice", "get-group Domain Admins", "get-user \"userName\"=a"]
        {
            let error = parse(&format!("!aws-iam-identitycenter-{slip}")).unwrap_err();
            assert!(error.contains("each needs its key"), "{slip}: {error}");
        }
        assert!(parse("!aws-iam-identitycenter-get-user userName=a userName=b").unwrap().doubled_argument.is_some());
    }

    #[test]
    fn a_line_that_is_none_is_said_to_be_none() {
        assert!(parse("  ! ").unwrap_err().contains("names no command"));
        assert!(parse("!x a=\"b").unwrap_err().contains("does not end"));
    }
}
