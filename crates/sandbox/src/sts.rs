//! STS: assuming a role, and telling a caller who it is.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    ambient::Ambient,
    document::Timestamp,
    model::{Shape, sts as model},
    query_protocol::{Form, QueryError},
    session::{Caller, Session},
};

const VERSION: &str = "2011-06-15";
const DEFAULT_DURATION: u64 = 3600;

type Run = fn(Value, &Caller, &Ambient) -> Result<Value, QueryError>;

/// An action: its name, its input, what it does.
static ACTIONS: [(&str, &Shape, Run); 2] = [
    ("AssumeRole", &model::ASSUME_ROLE, assume_role),
    ("GetCallerIdentity", &model::GET_CALLER_IDENTITY, |_, caller, _| Ok(json!(caller))),
];

/// The names of the actions.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    ACTIONS.iter().map(|(name, ..)| *name)
}

/// The action of that name, if there is one, by the sandbox's own copy of the name.
pub(super) fn named(action: &str) -> Option<&'static str> {
    names().find(|name| *name == action)
}

/// Carries out the action that a form asks for.
pub(super) fn run(form: &Form, caller: &Caller, ambient: &Ambient) -> Result<Value, QueryError> {
    let Some(action) = form.get("Action") else {
        return Err(QueryError::new("MissingAction", "The request has no Action"));
    };
    let found = ACTIONS.iter().find(|(name, ..)| *name == action);
    match (found, form.get("Version").unwrap_or(VERSION)) {
        (Some((_, shape, run)), VERSION) => run(form.input(shape)?, caller, ambient),
        (_, version) => {
            Err(QueryError::new("InvalidAction", format!("Could not find operation {action} for version {version}")))
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AssumeRole {
    role_arn: String,
    role_session_name: String,
    duration_seconds: Option<u64>,
    policy: Option<String>,
    source_identity: Option<String>,
}

/// Any role of any account may be assumed.
fn assume_role(input: Value, _: &Caller, ambient: &Ambient) -> Result<Value, QueryError> {
    let invalid = |message: String| QueryError::new("ValidationError", message);
    let input: AssumeRole = serde_json::from_value(input).map_err(|error| invalid(error.to_string()))?;
    let (account, role) = role(&input.role_arn).ok_or_else(|| invalid(format!("{} is invalid", input.role_arn)))?;
    let session = &input.role_session_name;
    let role_id = format!("AROA{}", letters(ambient, 16));
    let caller = Caller {
        user_id: format!("{role_id}:{session}"),
        account: account.to_owned(),
        arn: format!("arn:aws:sts::{account}:assumed-role/{role}/{session}"),
    };
    let duration = Duration::from_secs(input.duration_seconds.unwrap_or(DEFAULT_DURATION));
    let expiration = Timestamp::from((ambient.now)() + duration);
    let access_key_id = format!("ASIA{}", letters(ambient, 16));
    let session = Session { caller, access_key_id, expires: expiration };
    let token = session.token().ok_or_else(|| QueryError::new("InternalFailure", "The session cannot be sealed"))?;
    let Session { caller, access_key_id, .. } = session;
    let mut answer = json!({
        "Credentials": {
            "AccessKeyId": access_key_id,
            "SecretAccessKey": Session::secret(&token),
            "SessionToken": token,
            "Expiration": expiration,
        },
        "AssumedRoleUser": {"AssumedRoleId": caller.user_id, "Arn": caller.arn},
    });
    if input.policy.is_some() {
        answer["PackedPolicySize"] = 1.into();
    }
    if let Some(source_identity) = input.source_identity {
        answer["SourceIdentity"] = source_identity.into();
    }
    Ok(answer)
}

/// The account and the name in the ARN of a role, which may have a path before the name.
fn role(arn: &str) -> Option<(&str, &str)> {
    let parts: Vec<_> = arn.splitn(6, ':').collect();
    let ["arn", partition, "iam", "", account, resource] = parts[..] else {
        return None;
    };
    let name = resource.strip_prefix("role/")?.rsplit('/').next()?;
    let twelve_digits = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    (partition.starts_with("aws") && twelve_digits && !name.is_empty()).then_some((account, name))
}

/// Random capital letters and digits, as keys have them.
fn letters(ambient: &Ambient, count: usize) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut bits = 0;
    (0..count)
        .map(|index| {
            // A number has 128 bits, a letter takes five.
            if index % 25 == 0 {
                bits = (ambient.random)();
            }
            let letter = LETTERS[usize::try_from(bits & 31).unwrap_or_default()];
            bits >>= 5;
            char::from(letter)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::role;

    #[test]
    fn role_arns() {
        for (arn, expected) in [
            ("arn:aws:iam::123456789012:role/reader", Some(("123456789012", "reader"))),
            ("arn:aws-cn:iam::123456789012:role/a/b/reader", Some(("123456789012", "reader"))),
            ("arn:aws:iam::123456789012:user/reader", None),
            ("arn:aws:iam::12345678901:role/reader", None),
            ("arn:aws:iam::123456789012:role/", None),
            ("nonsense", None),
        ] {
            assert_eq!(role(arn), expected, "{arn}");
        }
    }
}
