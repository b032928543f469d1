//! Credentials: an assumed role, and AWS's default chain, which is loaded only when it is needed.

use aws_config::BehaviorVersion;
use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::default_provider::region::DefaultRegionChain;
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::future::ProvideCredentials as Provided;
use aws_sdk_identitystore::config::{Credentials, ProvideCredentials, Region, SharedCredentialsProvider};
use aws_sdk_sts::config::StalledStreamProtectionConfig;

use super::{Common, identity_cache, retry_partition};
use crate::directory::failure::{self, ErrorBody};
use crate::values::error::Error;
use crate::values::secret::Secrets;
use crate::values::settings::{Role, Settings};

/// Environment, profile, web identity, container, instance metadata (AWS: SDKs reference, "Credential provider chain").
pub(super) async fn default_chain(common: &Common) -> SharedCredentialsProvider {
    let config = ProviderConfig::without_region()
        .with_region(Some(common.region.clone()))
        .with_http_client(common.http_client.clone());
    SharedCredentialsProvider::new(DefaultCredentialsChain::builder().configure(config).build().await)
}

/// The region of the environment or the profile.
pub(super) async fn default_region() -> Option<Region> {
    DefaultRegionChain::builder().build().region().await
}

/// The credentials of an assumed role, fetched when they are first needed and again before they expire.
pub(super) fn assumed_role(
    role: &Role,
    base: SharedCredentialsProvider,
    common: &Common,
    endpoint_url: Option<String>,
    settings: &Settings,
    secrets: Secrets,
) -> SharedCredentialsProvider {
    let _ = settings;
    let mut config = aws_sdk_sts::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(common.region.clone())
        .credentials_provider(base)
        .identity_cache(identity_cache())
        .http_client(common.http_client.clone())
        .timeout_config(common.timeouts.clone())
        .retry_config(common.retries.clone())
        .retry_partition(retry_partition())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    config.set_endpoint_url(endpoint_url);
    let client = aws_sdk_sts::Client::from_conf(config.build());
    SharedCredentialsProvider::new(AssumedRole { client, role: role.clone(), secrets })
}

/// AWS: STS `AssumeRole`.
#[derive(Debug)]
struct AssumedRole {
    client: aws_sdk_sts::Client,
    role: Role,
    secrets: Secrets,
}

impl AssumedRole {
    async fn assume(&self) -> Result<Credentials, Error> {
        let request = self
            .client
            .assume_role()
            .role_arn(&self.role.arn.0)
            .role_session_name(&self.role.session_name.0)
            .set_duration_seconds(self.role.duration.map(|duration| duration.0));
        let doing = || format!("assume the role {}", self.role.arn.0);
        let assumed = request.send().await.map_err(|error| {
            // STS answers in XML, which the SDK has read already.
            failure::failure(&error, ErrorBody::default(), "AssumeRole", doing())
        })?;
        let keys = assumed.credentials.ok_or_else(|| Error::Connection {
            doing: doing(),
            reason: "the answer of STS holds no credentials.".to_owned(),
        })?;
        for secret in [&keys.access_key_id, &keys.secret_access_key, &keys.session_token] {
            self.secrets.add(secret);
        }
        Ok(Credentials::new(
            keys.access_key_id,
            keys.secret_access_key,
            Some(keys.session_token),
            keys.expiration.try_into().ok(),
            "AssumeRole",
        ))
    }
}

impl ProvideCredentials for AssumedRole {
    fn provide_credentials<'a>(&'a self) -> Provided<'a>
    where
        Self: 'a,
    {
        Provided::new(async { self.assume().await.map_err(CredentialsError::provider_error) })
    }
}
