//! Sessions of assumed roles. Nothing is kept: a session token holds its session, so that it is understood by another
//! process, and by this one after a restart.

use base64::{Engine, engine::general_purpose::STANDARD};
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use super::{document::Timestamp, sample::ACCOUNT_ID, seal};

/// The header with the session token of temporary credentials.
pub(super) const SESSION_TOKEN: &str = "x-amz-security-token";
const PURPOSE: &str = "session";
/// A secret access key is that many bytes, in base64.
const SECRET_LENGTH: usize = 30;

/// Who calls.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Caller {
    pub(super) user_id: String,
    pub(super) account: String,
    pub(super) arn: String,
}

/// A session of an assumed role.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Session {
    pub(super) caller: Caller,
    pub(super) access_key_id: String,
    pub(super) expires: Timestamp,
}

impl Caller {
    /// The caller with that session token; without one, or with one from elsewhere, the sandbox's only user.
    pub(super) fn of(session_token: Option<&str>) -> Self {
        session_token.and_then(Session::of).map_or_else(Self::user, |session| session.caller)
    }

    fn user() -> Self {
        Self {
            user_id: "AIDASANDBOX0000000000".to_owned(),
            account: ACCOUNT_ID.to_owned(),
            arn: format!("arn:aws:iam::{ACCOUNT_ID}:user/sandbox"),
        }
    }
}

impl Session {
    /// The session that a token holds, if it is one of ours.
    pub(super) fn of(token: &str) -> Option<Self> {
        serde_json::from_str(&seal::open(PURPOSE, token)?).ok()
    }

    pub(super) fn token(&self) -> Option<String> {
        seal::seal(PURPOSE, &serde_json::to_string(self).ok()?)
    }

    /// The secret access key that goes with a token.
    pub(super) fn secret(token: &str) -> String {
        let bytes = digest(&SHA256, format!("the secret of {token}").as_bytes());
        STANDARD.encode(&bytes.as_ref()[..SECRET_LENGTH])
    }
}
