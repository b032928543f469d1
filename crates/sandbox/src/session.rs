//! Sessions of assumed roles. The sandbox keeps none: a session token holds its session, so another process reads it, and
//! so does this one after a restart.

use base64::{Engine, engine::general_purpose::STANDARD};
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use crate::{records::Timestamp, sample::ACCOUNT_ID, signed_token};

/// The header with the session token of temporary credentials.
pub(crate) const SESSION_TOKEN: &str = "x-amz-security-token";
const PURPOSE: &str = "session";
/// The length of a secret access key in bytes, before base64.
const SECRET_LENGTH: usize = 30;

/// The identity of a caller.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Caller {
    pub(crate) user_id: String,
    pub(crate) account: String,
    pub(crate) arn: String,
}

/// The session of an assumed role.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct RoleSession {
    pub(crate) caller: Caller,
    pub(crate) access_key_id: String,
    pub(crate) expires: Timestamp,
}

impl Caller {
    /// Returns the caller with that session token. Without a token of the sandbox it is the sandbox's only user.
    pub(crate) fn from_session_token(token: Option<&str>) -> Self {
        token.and_then(RoleSession::from_token).map_or_else(Self::user, |session| session.caller)
    }

    fn user() -> Self {
        Self {
            user_id: "AIDASANDBOX0000000000".to_owned(),
            account: ACCOUNT_ID.to_owned(),
            arn: format!("arn:aws:iam::{ACCOUNT_ID}:user/sandbox"),
        }
    }
}

impl RoleSession {
    /// Returns the session that a token holds, if the sandbox issued it.
    pub(crate) fn from_token(token: &str) -> Option<Self> {
        serde_json::from_str(&signed_token::read(PURPOSE, token)?).ok()
    }

    /// Returns the token that holds this session.
    pub(crate) fn token(&self) -> Option<String> {
        signed_token::issue(PURPOSE, &serde_json::to_string(self).ok()?)
    }

    /// Returns the secret access key that belongs to a token.
    pub(crate) fn secret_access_key(token: &str) -> String {
        let bytes = digest(&SHA256, format!("the secret of {token}").as_bytes());
        STANDARD.encode(&bytes.as_ref()[..SECRET_LENGTH])
    }
}
