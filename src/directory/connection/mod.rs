//! From settings to a directory: region, credentials, transport, identity store.

mod credentials;
mod dial;
mod pace;
mod proxy;
mod retry;
mod stream;
mod tls;
mod tokens;
mod trace;
mod transport;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use aws_config::{BehaviorVersion, SdkConfig};
use aws_sdk_identitystore::Client;
use aws_sdk_identitystore::config::{IdentityCache, Region, SharedCredentialsProvider, StalledStreamProtectionConfig};
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_async::time::SystemTimeSource;
use aws_smithy_runtime::client::retries::{RetryPartition, TokenBucket};
use aws_smithy_runtime_api::client::http::{SharedHttpClient, SharedHttpConnector, http_client_fn};
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;

use tokio::sync::OnceCell;

pub(super) use self::credentials::CredentialsCache;
use self::pace::{Pace, Paced};
pub(super) use self::proxy::place;
use self::retry::Classifier;
use self::tokens::{Remembering, Sent};
use self::trace::Traced;
pub(super) use self::transport::Way;
use super::Directory;
use crate::values::error::Error;
use crate::values::ids::IdentityStoreId;
use crate::values::kinds;
use crate::values::params::StsRegionalEndpoint;
use crate::values::secret::Secrets;
use crate::values::settings::{Keys, Settings};
use crate::values::stop::Stop;
use crate::values::trace::Trace;
use crate::values::watch::Watch;

/// Where calls go: to AWS, or to what stands in for it.
#[derive(Debug, Default)]
pub(crate) struct Backend {
    pub(crate) stand_in: Option<StandIn>,
    pub(crate) stop: Stop,
    pub(crate) trace: Trace,
    pub(crate) watch: Watch,
}

/// What answers instead of the network, and the settings that reach it where the parameters say nothing.
#[derive(Debug)]
pub(crate) struct StandIn {
    pub(crate) connector: SharedHttpConnector,
    pub(crate) region: &'static str,
    pub(crate) identity_store_id: &'static str,
    pub(crate) access_key_id: &'static str,
    pub(crate) secret_access_key: &'static str,
}

impl StandIn {
    /// The settings, completed. What they say of addresses means nothing to what is no endpoint.
    fn complete(&self, settings: &Settings) -> Settings {
        let own = settings.clone();
        Settings {
            region: own.region.or_else(|| Some(kinds::Region(self.region.to_owned()))),
            identity_store_id: own
                .identity_store_id
                .or_else(|| Some(IdentityStoreId(self.identity_store_id.to_owned()))),
            keys: own.keys.or_else(|| {
                Some(Keys {
                    access_key_id: self.access_key_id.to_owned(),
                    secret_access_key: self.secret_access_key.to_owned(),
                    session_token: None,
                })
            }),
            endpoint_url: None,
            sts_endpoint_url: None,
            ..own
        }
    }
}

impl Directory {
    /// Reaches an identity store. Nothing is called for it, unless the store's id has to be found first. Secrets that
    /// are found on the way are added to those given.
    pub(crate) async fn connect(settings: &Settings, backend: &Backend, secrets: &Secrets) -> Result<Self, Error> {
        let (settings, connector) = match &backend.stand_in {
            Some(stand_in) => (stand_in.complete(settings), stand_in.connector.clone()),
            None => (settings.clone(), transport::connector(settings, secrets)?),
        };
        let sent = Sent::to(secrets.clone());
        let connector = SharedHttpConnector::new(Remembering { connector, sent });
        let pace = Arc::new(Pace::default());
        let connector = SharedHttpConnector::new(Traced { connector, trace: backend.trace.clone() });
        let connector = SharedHttpConnector::new(Paced { connector, pace: Arc::clone(&pace) });
        let http_client = http_client_fn(move |_, _| connector.clone());
        let region = region(&settings).await?;
        let common = common(&settings, region.clone(), http_client.clone());
        let retries = Retries { pace, stop: backend.stop.clone() };

        let base = match &settings.keys {
            Some(keys) => credentials::fixed(keys),
            None => credentials::default_chain(region, http_client, secrets.clone()).await,
        };
        let credentials = match &settings.role {
            Some(role) => {
                let sts = common.clone().into_builder().credentials_provider(SharedCredentialsProvider::new(base));
                let sts = sts_endpoint(&settings, sts.build());
                credentials::assumed_role(role, &sts, &retries, secrets.clone())
            }
            None => base,
        };

        let provider = SharedCredentialsProvider::new(credentials.clone());
        let mut common = common.into_builder().credentials_provider(provider);
        common.set_endpoint_url(settings.endpoint_url.as_ref().map(|url| url.0.clone()));
        let common = common.build();
        let config = aws_sdk_identitystore::config::Builder::from(&common)
            .retry_partition(Retries::partition())
            .retry_classifier(retries.classifier());
        let mut directory = Self {
            client: Client::from_conf(config.build()),
            sso_admin: SsoAdmin::new(common, retries),
            credentials,
            identity_store_id: String::new(),
            protected: settings.protected.clone(),
            snapshot_keys: settings.snapshot_keys.or(settings.keys.as_ref().and_then(Keys::long_term)),
            stop: backend.stop.clone(),
            watch: backend.watch.clone(),
        };
        if let Some(id) = &settings.identity_store_id {
            directory.identity_store_id.clone_from(&id.0);
        } else {
            directory.authenticate().await?;
            directory.identity_store_id = directory.discover().await?;
        }
        Ok(directory)
    }
}

/// The service that knows who may do what in which account. Most commands never call it, so its client is made when it is
/// needed.
#[derive(Debug)]
pub(super) struct SsoAdmin {
    common: SdkConfig,
    retries: Retries,
    client: OnceLock<aws_sdk_ssoadmin::Client>,
    /// The instance that the identity store belongs to.
    pub(super) instance_arn: OnceCell<String>,
    /// The names of permission sets by their ARNs, as far as they were asked for.
    pub(super) permission_sets: Mutex<HashMap<String, String>>,
}

impl SsoAdmin {
    fn new(common: SdkConfig, retries: Retries) -> Self {
        Self {
            common,
            retries,
            client: OnceLock::new(),
            instance_arn: OnceCell::new(),
            permission_sets: Mutex::default(),
        }
    }

    pub(super) fn client(&self) -> &aws_sdk_ssoadmin::Client {
        self.client.get_or_init(|| {
            let config = aws_sdk_ssoadmin::config::Builder::from(&self.common)
                .retry_partition(Retries::partition())
                .retry_classifier(self.retries.classifier());
            aws_sdk_ssoadmin::Client::from_conf(config.build())
        })
    }
}

/// How calls are repeated, for the clients of all services.
#[derive(Debug)]
struct Retries {
    pace: Arc<Pace>,
    stop: Stop,
}

impl Retries {
    /// The SDK's quota of retries is one for the whole process, and would turn the later commands of a long-lived one
    /// into single attempts after a bad hour.
    fn partition() -> RetryPartition {
        RetryPartition::custom("aws-iam-identitycenter").token_bucket(TokenBucket::unlimited()).build()
    }

    fn classifier(&self) -> Classifier {
        Classifier { pace: Arc::clone(&self.pace), stop: self.stop.clone() }
    }
}

/// What the clients of all services have in common.
fn common(settings: &Settings, region: Region, http_client: SharedHttpClient) -> SdkConfig {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(settings.timeout.connect)
        .operation_attempt_timeout(settings.timeout.read)
        .build();
    let mut config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(region)
        .http_client(http_client)
        .timeout_config(timeouts)
        .retry_config(RetryConfig::standard().with_max_attempts(settings.retries.0 + 1))
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .time_source(SystemTimeSource::new())
        .identity_cache(IdentityCache::no_cache()) // CredentialsCache keeps them
        // The read timeout bounds a slow body already.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    // An address that is given stands for itself.
    if settings.endpoint_url.is_none() {
        config.set_use_fips(flag("AWS_USE_FIPS_ENDPOINT"));
        config.set_use_dual_stack(flag("AWS_USE_DUALSTACK_ENDPOINT"));
    }
    config.build()
}

/// A switch of the environment, as AWS defines it (AWS: SDKs reference, "Dual-stack and FIPS endpoints").
fn flag(variable: &str) -> Option<bool> {
    std::env::var(variable).ok().map(|value| value.trim().eq_ignore_ascii_case("true"))
}

/// The region of the parameters, else of the environment or the profile.
async fn region(settings: &Settings) -> Result<Region, Error> {
    match &settings.region {
        Some(region) => Ok(Region::new(region.0.clone())),
        None => credentials::default_region().await.ok_or_else(|| {
            Error::Setup(
                "No AWS region is given: set the AWS Default Region of the instance, the argument region, or \
                 AWS_REGION in the environment."
                    .to_owned(),
            )
        }),
    }
}

/// The regions whose STS is the global one where an instance says `legacy` (AWS: SDKs reference, "AWS STS regional
/// endpoints").
const LEGACY_STS: [&str; 16] = [
    "ap-northeast-1",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "aws-global",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

/// Where STS is: at its own address, else at the common one, else where AWS has it.
fn sts_endpoint(settings: &Settings, config: SdkConfig) -> SdkConfig {
    let given = settings.sts_endpoint_url.as_ref().or(settings.endpoint_url.as_ref());
    let legacy = settings.sts_regional_endpoint == Some(StsRegionalEndpoint::Legacy);
    let region = config.region().map(ToString::to_string).unwrap_or_default();
    match given {
        Some(url) => config.into_builder().endpoint_url(&url.0).build(),
        None if legacy && LEGACY_STS.contains(&region.as_str()) => {
            let global = config.into_builder().endpoint_url("https://sts.amazonaws.com");
            // The global endpoint takes signatures for this region only.
            global.region(Region::new("us-east-1")).use_fips(false).use_dual_stack(false).build()
        }
        None => config,
    }
}
