//! STS: assuming a role, and the identity of a caller.

mod model;

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::definition::{Protocol, Service, stateless};
use crate::{
    api_error::{ApiError, ErrorCode},
    clock_and_ids::ClockAndIds,
    context::Call,
    records::Timestamp,
    sample::REGION,
    session::{Caller, RoleSession},
};

const DEFAULT_DURATION: u64 = 3600;

pub(super) static SERVICE: Service = Service {
    signing_name: "sts",
    action_prefix: "sts",
    protocol: Protocol::AwsQuery { version: "2011-06-15", namespace: "https://sts.amazonaws.com/doc/2011-06-15/" },
    global_region: Some(REGION),
    shares_rate_limit: false,
    manages_account_access: false,
    has_classic_form: false,
    operations: &[
        stateless("AssumeRole", &model::ASSUME_ROLE, assume_role),
        stateless("GetCallerIdentity", &model::GET_CALLER_IDENTITY, get_caller_identity),
    ],
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AssumeRole {
    role_arn: String,
    role_session_name: String,
    duration_seconds: Option<u64>,
    policy: Option<String>,
    source_identity: Option<String>,
}

/// Opens a session. Any role of any account may be assumed.
fn assume_role(input: Value, call: &Call) -> Result<Value, ApiError> {
    let input: AssumeRole = serde_json::from_value(input).map_err(|error| ApiError::validation(error.to_string()))?;
    let (account, role) = account_and_role(&input.role_arn)
        .ok_or_else(|| ApiError::validation(format!("{} is invalid", input.role_arn)))?;
    let session_name = &input.role_session_name;
    let role_id = format!("AROA{}", random_letters(call.clock_and_ids, 16));
    let caller = Caller {
        user_id: format!("{role_id}:{session_name}"),
        account: account.to_owned(),
        arn: format!("arn:aws:sts::{account}:assumed-role/{role}/{session_name}"),
    };
    let duration = Duration::from_secs(input.duration_seconds.unwrap_or(DEFAULT_DURATION));
    let expires = Timestamp::from((call.clock_and_ids.now)() + duration);
    let access_key_id = format!("ASIA{}", random_letters(call.clock_and_ids, 16));
    let session = RoleSession { caller, access_key_id, expires };
    let token = session
        .token()
        .ok_or_else(|| ApiError::new(ErrorCode::InternalServer, "The session token cannot be issued"))?;
    let RoleSession { caller, access_key_id, .. } = session;
    let mut response = json!({
        "Credentials": {
            "AccessKeyId": access_key_id,
            "SecretAccessKey": RoleSession::secret_access_key(&token),
            "SessionToken": token,
            "Expiration": expires,
        },
        "AssumedRoleUser": {"AssumedRoleId": caller.user_id, "Arn": caller.arn},
    });
    if input.policy.is_some() {
        response["PackedPolicySize"] = 1.into();
    }
    if let Some(source_identity) = input.source_identity {
        response["SourceIdentity"] = source_identity.into();
    }
    Ok(response)
}

#[expect(clippy::unnecessary_wraps, reason = "a handler may fail")]
fn get_caller_identity(_: Value, call: &Call) -> Result<Value, ApiError> {
    Ok(json!(call.caller))
}

/// Returns the account and the name in the ARN of a role. A path may precede the name.
fn account_and_role(arn: &str) -> Option<(&str, &str)> {
    let parts: Vec<_> = arn.splitn(6, ':').collect();
    let ["arn", partition, "iam", "", account, resource] = parts[..] else {
        return None;
    };
    let name = resource.strip_prefix("role/")?.rsplit('/').next()?;
    let twelve_digits = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    (partition.starts_with("aws") && twelve_digits && !name.is_empty()).then_some((account, name))
}

/// Returns random capital letters and digits, as AWS's keys have them.
fn random_letters(ids: ClockAndIds, count: usize) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut bits = 0;
    (0..count)
        .map(|index| {
            // A number has 128 bits, and a letter takes five.
            if index % 25 == 0 {
                bits = (ids.random)();
            }
            let letter = LETTERS[usize::try_from(bits & 31).unwrap_or_default()];
            bits >>= 5;
            char::from(letter)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::account_and_role;

    #[test]
    fn role_arn_is_split_or_refused() {
        for (arn, expected) in [
            ("arn:aws:iam::123456789012:role/reader", Some(("123456789012", "reader"))),
            ("arn:aws-cn:iam::123456789012:role/a/b/reader", Some(("123456789012", "reader"))),
            ("arn:aws:iam::123456789012:user/reader", None),
            ("arn:aws:iam::12345678901:role/reader", None),
            ("arn:aws:iam::123456789012:role/", None),
            ("nonsense", None),
        ] {
            assert_eq!(account_and_role(arn), expected, "{arn}");
        }
    }
}
