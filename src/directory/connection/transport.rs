//! The way to the network, in place of the SDK's own HTTP client, which reads the root certificates even where no TLS
//! is spoken and has no way to trust a certificate that is not verified.

use std::error::Error as StdError;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpConnector as SdkConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use http::Uri;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tower_service::Service;

use crate::directory::causes::sources;
use crate::values::settings::Settings;

/// The HTTP client of the SDK's clients, with the timeouts and the trust of these settings.
pub(super) fn http_client(settings: &Settings) -> SharedHttpClient {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    let dial = Dial { tcp, tls: Arc::default(), insecure: settings.insecure, timeout: settings.timeout.connect };
    let client = Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(dial);
    let transport = SharedHttpConnector::new(Transport { client });
    http_client_fn(move |_, _| transport.clone())
}

#[derive(Debug)]
struct Transport {
    client: Client<Dial, SdkBody>,
}

impl SdkConnector for Transport {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let request = request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()));
        let client = self.client.clone();
        HttpConnectorFuture::new(async move {
            let response = client.request(request?).await.map_err(connector_error)?;
            let response = response.map(SdkBody::from_body_1_x);
            HttpResponse::try_from(response).map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}

/// What may be repeated is told apart from what would only fail again.
fn connector_error(error: hyper_util::client::legacy::Error) -> ConnectorError {
    let unusable = sources(&error).any(|source| source.is::<Unusable>() || source.is::<rustls::Error>());
    let late = sources(&error).any(<dyn StdError>::is::<Late>);
    match (unusable, late) {
        (true, _) => ConnectorError::user(error.into()),
        (false, true) => ConnectorError::timeout(error.into()),
        (false, false) => ConnectorError::io(error.into()),
    }
}

/// No TLS connection can be made by this host.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
struct Unusable(String);

/// The connection was not made in time, TLS handshake included.
#[derive(Debug, thiserror::Error)]
#[error("no connection within {} seconds", .0.as_secs_f64())]
struct Late(Duration);

/// Makes connections, plain or TLS.
#[derive(Debug, Clone)]
struct Dial {
    tcp: HttpConnector,
    tls: Arc<OnceLock<Result<HttpsConnector<HttpConnector>, Unusable>>>,
    insecure: bool,
    timeout: Duration,
}

type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;
type BoxError = Box<dyn StdError + Send + Sync>;

impl Dial {
    async fn dial(mut self, uri: Uri) -> Result<Stream, BoxError> {
        if uri.scheme() == Some(&http::uri::Scheme::HTTP) {
            return Ok(MaybeHttpsStream::Http(self.tcp.call(uri).await?));
        }
        let tls = self.tls.get_or_init(|| {
            let config = super::tls::config(self.insecure).map_err(Unusable)?;
            let connector = HttpsConnectorBuilder::new().with_tls_config(config).https_only().enable_all_versions();
            Ok(connector.wrap_connector(self.tcp.clone()))
        });
        tls.clone()?.call(uri).await
    }
}

impl Service<Uri> for Dial {
    type Response = Stream;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let (dial, timeout) = (self.clone(), self.timeout);
        Box::pin(async move {
            match tokio::time::timeout(timeout, dial.dial(uri)).await {
                Ok(dialled) => dialled,
                Err(_) => Err(Late(timeout).into()),
            }
        })
    }
}
