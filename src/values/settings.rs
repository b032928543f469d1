//! How AWS is reached: the parameters of the instance with the overrides of one call, checked together.

use std::fmt;

use schemars::JsonSchema;
use serde::Deserialize;
use zeroize::{Zeroize as _, Zeroizing};

use super::arguments::{ArgumentError, Problem};
use super::error::Error;
use super::ids::IdentityStoreId;
use super::kinds::{EndpointUrl, Region, Retries, RoleArn, SessionDuration, SessionName, Timeout};
use super::params::{Params, StsRegionalEndpoint};
use super::protected::Protected;
use super::snapshot::SnapshotKeys;

/// The arguments that every command takes: they override the instance's parameters for that call.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConnectionArguments {
    /// The AWS region to call, instead of the default region of the instance.
    region: Option<Region>,
    /// The ARN of the role to assume, instead of the role of the instance.
    role_arn: Option<RoleArn>,
    /// The name that AWS's logs show for the sessions of the role.
    role_session_name: Option<SessionName>,
    /// How long the assumed role lasts, in seconds: 900 to 43200.
    role_session_duration: Option<SessionDuration>,
    /// The identity store's id or ARN, instead of the instance's.
    #[serde(rename = "IdentityStoreId")]
    identity_store_id: Option<IdentityStoreId>,
    /// The seconds to wait for an answer (for example 60), or these and the seconds to wait for a connection (60,10).
    timeout: Option<Timeout>,
    /// How often a failed attempt is repeated: 0 to 10.
    retries: Option<Retries>,
}

/// How AWS is reached. Two requests with equal settings share a connection.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Settings {
    pub(crate) region: Option<Region>,
    pub(crate) identity_store_id: Option<IdentityStoreId>,
    pub(crate) keys: Option<Keys>,
    pub(crate) role: Option<Role>,
    pub(crate) timeout: Timeout,
    pub(crate) retries: Retries,
    pub(crate) insecure: bool,
    pub(crate) proxy: bool,
    pub(crate) endpoint_url: Option<EndpointUrl>,
    pub(crate) sts_endpoint_url: Option<EndpointUrl>,
    pub(crate) sts_regional_endpoint: Option<StsRegionalEndpoint>,
    pub(crate) protected: Protected,
    /// The keys that sign snapshots, as far as they are given.
    pub(crate) snapshot_keys: SnapshotKeys,
}

/// AWS access keys.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Keys {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
    pub(crate) session_token: Option<String>,
}

impl Drop for Keys {
    fn drop(&mut self) {
        self.access_key_id.zeroize();
        self.secret_access_key.zeroize();
        self.session_token.zeroize();
    }
}

/// Keys are never shown, not even while debugging.
impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(…)")
    }
}

/// A role to assume (AWS: STS `AssumeRole`).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Role {
    pub(crate) arn: RoleArn,
    pub(crate) session_name: SessionName,
    pub(crate) duration: Option<SessionDuration>,
}

impl Settings {
    /// Fits the parameters and the overrides together.
    pub(crate) fn new(mut params: Params, call: ConnectionArguments) -> Result<Self, Error> {
        let (keys, snapshot_keys, role) = (params.keys(), params.snapshot_keys(), params.role());
        params.wipe();
        let keys = keys.map_err(Error::Parameter)?.map(Keys::new).transpose().map_err(Error::Parameter)?;
        let snapshot_keys = snapshot_keys.map_err(Error::Parameter)?;
        let instance_role = role.map_err(Error::Parameter)?;
        let role = call.role_arn.or(instance_role).map(|arn| Role {
            arn,
            session_name: call.role_session_name.or(params.role_session_name).unwrap_or_else(default_session_name),
            duration: call.role_session_duration.or(params.session_duration),
        });
        Ok(Self {
            region: call.region.or(params.default_region),
            identity_store_id: call.identity_store_id.or(params.identity_store_id),
            keys,
            role,
            timeout: call.timeout.or(params.timeout).unwrap_or(Timeout::DEFAULT),
            retries: call.retries.or(params.retries).unwrap_or(Retries::DEFAULT),
            insecure: params.insecure,
            proxy: params.proxy,
            endpoint_url: params.endpoint_url,
            sts_endpoint_url: params.sts_endpoint_url,
            sts_regional_endpoint: params.sts_regional_endpoint,
            protected: Protected::new(&params.protected_users, params.protected_groups).map_err(Error::Parameter)?,
            snapshot_keys,
        })
    }
}

/// Who looks through CloudTrail sees where a session came from.
fn default_session_name() -> SessionName {
    SessionName("xsoar-aws-iam-identitycenter".to_owned())
}

impl Keys {
    /// What separates a session token from the secret key (XSOAR: AWS integrations, authentication).
    const TOKEN_SEPARATOR: &str = "@@@";

    /// What begins the id of a key that ends with its session (AWS: IAM, "Unique ID prefixes").
    const TEMPORARY: &str = "ASIA";

    /// The secret key, unless it ends with a session.
    pub(crate) fn long_term(&self) -> Option<&str> {
        let is_temporary = self.session_token.is_some() || self.access_key_id.starts_with(Self::TEMPORARY);
        (!is_temporary).then_some(&self.secret_access_key)
    }

    fn new((access_key_id, secret): (String, String)) -> Result<Self, ArgumentError> {
        let secret = Zeroizing::new(secret);
        let (secret_access_key, session_token) = match secret.split_once(Self::TOKEN_SEPARATOR) {
            Some((secret, token)) => (secret.to_owned(), Some(token.to_owned())),
            None => (secret.as_str().to_owned(), None),
        };
        if secret_access_key.is_empty() || session_token.as_deref() == Some("") {
            let rule =
                "The secret key of the instance must be SECRETKEY or SECRETKEY@@@SESSIONTOKEN, with neither empty";
            return Err(Problem::Custom(rule.to_owned()).into());
        }
        Ok(Self { access_key_id, secret_access_key, session_token })
    }
}
