//! Credentials: given keys, an assumed role, and AWS's default chain, which is loaded only when it is needed.

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

/// The keys of the parameters. Nothing else is looked at.
pub(super) fn fixed(keys: &Keys) -> SharedCredentialsProvider {
    let token = keys.session_token.clone();
    let (id, secret) = (&keys.access_key_id, &keys.secret_access_key);
    SharedCredentialsProvider::new(Credentials::new(id, secret, token, None, "parameters"))
}

/// Environment, profile, web identity, container, instance metadata (AWS: SDKs reference, "Credential provider chain").
pub(super) async fn default_chain(
    region: Region,
    http_client: SharedHttpClient,
    secrets: Secrets,
) -> SharedCredentialsProvider {
    let config = ProviderConfig::without_region().with_region(Some(region)).with_http_client(http_client);
    let chain = DefaultCredentialsChain::builder().configure(config).build().await;
    Remembered::shared(chain, secrets)
}

/// The region of the environment or the profile. No metadata service is asked.
pub(super) async fn default_region() -> Option<Region> {
    let environment = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new());
    environment.or_else(ProfileFileRegionProvider::new()).region().await
}

/// The credentials of an assumed role, fetched when they are first needed and again before they expire.
pub(super) fn assumed_role(
    role: &Role,
    config: &SdkConfig,
    retries: &Retries,
    secrets: Secrets,
) -> SharedCredentialsProvider {
    let config = aws_sdk_sts::config::Builder::from(config)
        .retry_partition(Retries::partition())
        .retry_classifier(retries.classifier());
    let client = aws_sdk_sts::Client::from_conf(config.build());
    Remembered::shared(AssumedRole { client, role: role.clone() }, secrets)
}

/// Credentials that are found at run time: they are kept until they expire, and are secrets like those of the
/// parameters.
#[derive(Debug)]
struct Remembered<P> {
    provider: P,
    secrets: Secrets,
    last: Mutex<Generations>,
}

/// Credentials are replaced while calls with those before them may still be under way.
#[derive(Debug, Default)]
struct Generations {
    current: Option<Credentials>,
    previous: Option<Credentials>,
}

/// How long before they expire credentials are fetched anew.
const EARLY: Duration = Duration::from_secs(300);

impl<P: ProvideCredentials> Remembered<P> {
    fn shared(provider: P, secrets: Secrets) -> SharedCredentialsProvider
    where
        P: 'static,
    {
        SharedCredentialsProvider::new(Self { provider, secrets, last: Mutex::default() })
    }

    async fn provide(&self) -> Result<Credentials, CredentialsError> {
        let mut last = self.last.lock().await;
        let good =
            |credentials: &Credentials| credentials.expiry().is_none_or(|expiry| expiry > SystemTime::now() + EARLY);
        if let Some(credentials) = last.current.clone().filter(good) {
            return Ok(credentials);
        }
        let credentials = self.provider.provide_credentials().await?;
        let before = last.current.replace(credentials.clone());
        let forgotten = std::mem::replace(&mut last.previous, before);
        forgotten.iter().flat_map(parts).for_each(|secret| self.secrets.forget(secret));
        // Some parts of those that are kept may be the same as what was just forgotten.
        let kept = last.previous.iter().chain(&last.current);
        kept.flat_map(parts).for_each(|secret| self.secrets.add(secret));
        Ok(credentials)
    }
}

fn parts(credentials: &Credentials) -> [&str; 3] {
    let token = credentials.session_token().unwrap_or_default();
    [credentials.access_key_id(), credentials.secret_access_key(), token]
}

impl<P: ProvideCredentials> ProvideCredentials for Remembered<P> {
    fn provide_credentials<'a>(&'a self) -> Provided<'a>
    where
        Self: 'a,
    {
        Provided::new(self.provide())
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
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    /// Gives others each time; they last so long.
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

    fn remembered(lasts: Duration) -> (Remembered<Numbered>, Arc<AtomicU64>) {
        let fetched = Arc::default();
        let provider = Numbered(Arc::clone(&fetched), lasts);
        (Remembered { provider, secrets: Secrets::default(), last: Mutex::default() }, fetched)
    }

    fn provided(credentials: &Remembered<Numbered>) -> Credentials {
        futures_util::FutureExt::now_or_never(credentials.provide()).unwrap().unwrap()
    }

    #[test]
    fn credentials_that_last_are_fetched_once() {
        let (credentials, fetched) = remembered(EARLY + Duration::from_secs(60));
        for _ in 0..3 {
            assert_eq!(provided(&credentials).access_key_id(), "the id 1");
        }
        assert_eq!(fetched.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn of_credentials_that_are_replaced_the_last_two_are_secrets() {
        let (credentials, _) = remembered(EARLY.mul_f64(0.99));
        for number in 1..=4 {
            assert_eq!(provided(&credentials).access_key_id(), format!("the id {number}"));
        }
        let known: Vec<_> = credentials.secrets.all().iter().map(|secret| secret.as_str().to_owned()).collect();
        let of = |number| {
            [format!("the id {number}"), format!("the secret {number}"), format!("the token of generation {number}")]
        };
        assert_eq!(known, [of(3), of(4)].concat());
    }
}
