//! From settings to a directory: region, credentials, transport, identity store.

mod credentials;
mod tls;
mod transport;

use std::time::Duration;

use aws_sdk_identitystore::config::{
    BehaviorVersion, Credentials, IdentityCache, Region, SharedCredentialsProvider, StalledStreamProtectionConfig,
};
use aws_sdk_identitystore::{Client, Config};
use aws_smithy_runtime::client::retries::{RetryPartition, TokenBucket};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use serde::Deserialize;

use super::Directory;
use super::call::send;
use super::listing::Paging;
use crate::values::error::Error;
use crate::values::secret::Secrets;
use crate::values::settings::Settings;
use crate::values::stop::Stop;

/// Where calls go: to AWS, or to what stands in for it.
#[derive(Debug, Default)]
pub(crate) struct Backend {
    pub(crate) stand_in: Option<StandIn>,
    pub(crate) stop: Stop,
}

/// What answers instead of the network, and the settings that reach it where the parameters say nothing.
#[derive(Debug)]
pub(crate) struct StandIn {
    pub(crate) http_client: SharedHttpClient,
    pub(crate) region: String,
    pub(crate) identity_store_id: String,
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
}

/// What the clients of all services have in common.
struct Common {
    region: Region,
    http_client: SharedHttpClient,
    timeouts: TimeoutConfig,
    retries: RetryConfig,
}

impl Directory {
    /// Reaches an identity store. Nothing is called for it, unless the store's id has to be found first.
    pub(crate) async fn connect(settings: &Settings, backend: &Backend, secrets: &Secrets) -> Result<Self, Error> {
        let stand_in = backend.stand_in.as_ref();
        let http_client = match stand_in {
            Some(stand_in) => stand_in.http_client.clone(),
            None => transport::http_client(settings),
        };
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(settings.timeout.connect)
            .operation_attempt_timeout(settings.timeout.read)
            .build();
        let retries = RetryConfig::standard().with_max_attempts(settings.retries.0 + 1);
        let common = Common { region: region(settings, stand_in).await?, http_client, timeouts, retries };
        // What stands in is no endpoint, so addresses mean nothing to it.
        let endpoint = |url: Option<&str>| url.filter(|_| stand_in.is_none()).map(str::to_owned);
        let endpoint_url = settings.endpoint_url.as_ref().map(|url| url.0.as_str());

        let base = match (&settings.keys, stand_in) {
            (Some(keys), _) => SharedCredentialsProvider::new(Credentials::new(
                &keys.access_key_id,
                &keys.secret_access_key,
                keys.session_token.clone(),
                None,
                "parameters",
            )),
            (None, Some(stand_in)) => SharedCredentialsProvider::new(Credentials::new(
                &stand_in.access_key_id,
                &stand_in.secret_access_key,
                None,
                None,
                "stand-in",
            )),
            (None, None) => credentials::default_chain(&common).await,
        };
        let credentials = match &settings.role {
            Some(role) => {
                let sts_url = settings.sts_endpoint_url.as_ref().map(|url| url.0.as_str()).or(endpoint_url);
                credentials::assumed_role(role, base, &common, endpoint(sts_url), settings, secrets.clone())
            }
            None => base,
        };

        let mut config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(common.region.clone())
            .credentials_provider(credentials)
            .identity_cache(identity_cache())
            .http_client(common.http_client.clone())
            .timeout_config(common.timeouts.clone())
            .retry_config(common.retries.clone())
            .retry_partition(retry_partition())
            // The read timeout bounds a slow body already.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        config.set_endpoint_url(endpoint(endpoint_url));
        let mut directory = Self {
            client: Client::from_conf(config.build()),
            identity_store_id: String::new(),
            protected: settings.protected.clone(),
            stop: backend.stop.clone(),
        };
        directory.identity_store_id = match (&settings.identity_store_id, stand_in) {
            (Some(id), _) => id.0.clone(),
            (None, Some(stand_in)) => stand_in.identity_store_id.clone(),
            (None, None) => directory.discover().await?,
        };
        Ok(directory)
    }

    /// The only identity store there is (AWS: `ListIdentityStores`).
    async fn discover(&self) -> Result<String, Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Store {
            identity_store_id: String,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Stores {
            identity_stores: Vec<Store>,
            next_token: Option<String>,
        }
        let doing = "find the identity store, because no Identity Store ID is given";
        let stores = self.list(Paging::default(), doing, async |token, most| {
            let request = self.client.list_identity_stores().max_results(most).set_next_token(token);
            let page: Stores = send!(request, "ListIdentityStores", || doing.to_owned())?;
            Ok((page.identity_stores, page.next_token))
        });
        let stores = stores.await?.complete()?;
        match stores.as_slice() {
            [only] => Ok(only.identity_store_id.clone()),
            [] => Err(Error::Setup(
                "No Identity Store ID is given, and there is no identity store in this region that these credentials \
                 may see. Give the Identity Store ID of the instance, and check its AWS region."
                    .to_owned(),
            )),
            several => {
                let ids: Vec<_> = several.iter().map(|store| store.identity_store_id.as_str()).collect();
                Err(Error::Setup(format!(
                    "No Identity Store ID is given, and there are several: {}. Give one as the Identity Store ID of \
                     the instance.",
                    ids.join(", ")
                )))
            }
        }
    }
}

/// The region of the parameters, else of the stand-in, else of the environment or the profile.
async fn region(settings: &Settings, stand_in: Option<&StandIn>) -> Result<Region, Error> {
    let given = settings.region.as_ref().map(|region| region.0.clone());
    match given.or_else(|| stand_in.map(|stand_in| stand_in.region.clone())) {
        Some(region) => Ok(Region::new(region)),
        None => credentials::default_region().await.ok_or_else(|| {
            Error::Setup(
                "No AWS region is given: set the AWS Default Region of the instance, the argument region, or \
                 AWS_REGION in the environment."
                    .to_owned(),
            )
        }),
    }
}

/// The SDK's quota of retries is one for the whole process, and would turn the later commands of a long-lived one into
/// single attempts after a bad hour.
fn retry_partition() -> RetryPartition {
    RetryPartition::custom("aws-iam-identitycenter").token_bucket(TokenBucket::unlimited()).build()
}

/// STS may take as long as the timeouts and retries of the instance allow, which bound it themselves.
fn identity_cache() -> aws_sdk_identitystore::config::SharedIdentityCache {
    IdentityCache::lazy().load_timeout(Duration::from_hours(1)).build()
}
