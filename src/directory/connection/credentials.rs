//! Credentials: given keys, an assumed role, and AWS's default chain, which is loaded only when it is needed.
//! docs/adr/0003-one-credentials-cache.md says why the SDK's cache is off.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_config::SdkConfig;
use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::environment::region::EnvironmentVariableRegionProvider;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::region::ProfileFileRegionProvider;
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::future::ProvideCredentials as Provided;
use aws_sdk_identitystore::config::{
    Credentials, ProvideCredentials, Region, SharedCredentialsProvider, SharedHttpClient,
};

use tokio::sync::Mutex;

use super::Retries;
use crate::directory::call::attempt;
use crate::values::error::Error;
use crate::values::secret::Secrets;
use crate::values::settings::{Keys, Role};

/// The keys of the parameters. Nothing else is looked at. They are among the secrets already.
pub(super) fn fixed(keys: &Keys) -> CredentialsCache {
    let token = keys.session_token.clone();
    let (id, secret) = (&keys.access_key_id, &keys.secret_access_key);
    CredentialsCache::new(Credentials::new(id, secret, token, None, "parameters"), Secrets::default())
}

/// Environment, profile, web identity, container, instance metadata (AWS: SDKs reference, "Credential provider chain").
pub(super) async fn default_chain(region: Region, http_client: SharedHttpClient, secrets: Secrets) -> CredentialsCache {
    let config = ProviderConfig::without_region().with_region(Some(region)).with_http_client(http_client);
    let chain = DefaultCredentialsChain::builder().configure(config).build().await;
    CredentialsCache::new(chain, secrets)
}

/// The region of the environment or the profile. No metadata service is asked.
pub(super) async fn default_region() -> Option<Region> {
    let environment = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new());
    environment.or_else(ProfileFileRegionProvider::new()).region().await
}

/// The credentials of an assumed role.
pub(super) fn assumed_role(role: &Role, config: &SdkConfig, retries: &Retries, secrets: Secrets) -> CredentialsCache {
    let config = aws_sdk_sts::config::Builder::from(config)
        .retry_partition(Retries::partition())
        .retry_classifier(retries.classifier());
    let client = aws_sdk_sts::Client::from_conf(config.build());
    CredentialsCache::new(AssumedRole { client, role: role.clone() }, secrets)
}

/// Fetches credentials when they are first needed and again before they expire. Adds them to the secrets, because they
/// are as secret as those of the parameters. Clones share what was fetched.
#[derive(Debug, Clone)]
pub(in crate::directory) struct CredentialsCache(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    provider: SharedCredentialsProvider,
    secrets: Secrets,
    fetched: Mutex<Generations>,
}

/// Calls that were signed with the previous credentials may still be under way.
#[derive(Debug, Default)]
struct Generations {
    current: Option<Credentials>,
    previous: Option<Credentials>,
}

/// A command renews credentials that expire sooner than this, before its first call.
const RENEWED_BEFORE: Duration = Duration::from_secs(300);

/// A call still uses credentials that last this long.
const USED_UNTIL: Duration = Duration::from_secs(10);

impl CredentialsCache {
    fn new(provider: impl ProvideCredentials + 'static, secrets: Secrets) -> Self {
        let provider = SharedCredentialsProvider::new(provider);
        Self(Arc::new(Shared { provider, secrets, fetched: Mutex::default() }))
    }

    /// Fetches credentials if there are none yet, or if they expire soon.
    pub(in crate::directory) async fn renew(&self) -> Result<(), CredentialsError> {
        self.lasting(RENEWED_BEFORE).await.map(drop)
    }

    /// Returns credentials, new ones if those at hand expire sooner than this.
    async fn lasting(&self, least: Duration) -> Result<Credentials, CredentialsError> {
        let Shared { provider, secrets, fetched } = &*self.0;
        let mut fetched = fetched.lock().await;
        let lasts =
            |credentials: &Credentials| credentials.expiry().is_none_or(|expiry| expiry > SystemTime::now() + least);
        if let Some(credentials) = fetched.current.clone().filter(lasts) {
            return Ok(credentials);
        }
        let credentials = provider.provide_credentials().await?;
        let previous = fetched.current.replace(credentials.clone());
        let forgotten = std::mem::replace(&mut fetched.previous, previous);
        forgotten.iter().flat_map(parts).for_each(|secret| secrets.forget(secret));
        // The generations that are kept may share parts with the one that was just forgotten.
        let kept = fetched.previous.iter().chain(&fetched.current);
        kept.flat_map(parts).for_each(|secret| secrets.add(secret));
        Ok(credentials)
    }
}

fn parts(credentials: &Credentials) -> [&str; 3] {
    let token = credentials.session_token().unwrap_or_default();
    [credentials.access_key_id(), credentials.secret_access_key(), token]
}

impl ProvideCredentials for CredentialsCache {
    fn provide_credentials<'a>(&'a self) -> Provided<'a>
    where
        Self: 'a,
    {
        Provided::new(self.lasting(USED_UNTIL))
    }
}

/// AWS: STS `AssumeRole`.
#[derive(Debug)]
struct AssumedRole {
    client: aws_sdk_sts::Client,
    role: Role,
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
        // STS answers in XML, which the SDK has read already.
        let (_, assumed) = attempt!(request, "AssumeRole", doing);
        let (assumed, doing) = assumed?;
        let keys = assumed.credentials.ok_or_else(|| Error::Connection {
            doing: doing(),
            reason: "the answer of STS holds no credentials.".to_owned(),
        })?;
        let expiration = keys.expiration.try_into().ok();
        let (id, secret, token) = (keys.access_key_id, keys.secret_access_key, Some(keys.session_token));
        Ok(Credentials::new(id, secret, token, expiration, "AssumeRole"))
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    /// Provides other credentials each time, which last this long.
    #[derive(Debug)]
    struct Numbered(Arc<AtomicU64>, Duration);

    impl ProvideCredentials for Numbered {
        fn provide_credentials<'a>(&'a self) -> Provided<'a>
        where
            Self: 'a,
        {
            let number = self.0.fetch_add(1, Ordering::Relaxed) + 1;
            let token = Some(format!("the token of generation {number}"));
            let expiry = Some(SystemTime::now() + self.1);
            let (id, secret) = (format!("the id {number}"), format!("the secret {number}"));
            Provided::ready(Ok(Credentials::new(id, secret, token, expiry, "test")))
        }
    }

    fn cache(lasts: Duration) -> (CredentialsCache, Arc<AtomicU64>) {
        let fetched = Arc::default();
        let provider = Numbered(Arc::clone(&fetched), lasts);
        (CredentialsCache::new(provider, Secrets::default()), fetched)
    }

    fn now<T>(awaited: impl Future<Output = Result<T, CredentialsError>>) -> T {
        futures_util::FutureExt::now_or_never(awaited).unwrap().unwrap()
    }

    #[test]
    fn credentials_that_last_are_fetched_once() {
        let (credentials, fetched) = cache(RENEWED_BEFORE + Duration::from_secs(60));
        for _ in 0..3 {
            now(credentials.renew());
            assert_eq!(now(credentials.provide_credentials()).access_key_id(), "the id 1");
        }
        assert_eq!(fetched.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn credentials_that_expire_soon_are_renewed_between_commands_and_not_by_each_call() {
        let (credentials, fetched) = cache(RENEWED_BEFORE.mul_f64(0.99));
        for command in 1..=3 {
            now(credentials.renew());
            for _ in 0..3 {
                assert_eq!(now(credentials.provide_credentials()).access_key_id(), format!("the id {command}"));
            }
        }
        assert_eq!(fetched.load(Ordering::Relaxed), 3);
    }

    #[test]
    fn credentials_about_to_expire_are_renewed_by_a_call_and_the_last_two_generations_are_secrets() {
        let (credentials, _) = cache(USED_UNTIL.mul_f64(0.99));
        for number in 1..=4 {
            assert_eq!(now(credentials.provide_credentials()).access_key_id(), format!("the id {number}"));
        }
        let known: Vec<_> = credentials.0.secrets.all().iter().map(|secret| secret.as_str().to_owned()).collect();
        let of = |number| {
            [format!("the id {number}"), format!("the secret {number}"), format!("the token of generation {number}")]
        };
        assert_eq!(known, [of(3), of(4)].concat());
    }
}
