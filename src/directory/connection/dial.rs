//! Connections: TCP, through a proxy where there is one, with TLS where the address wants it.

use std::error::Error as StdError;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use http::uri::Scheme;
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::Error as ClientError;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, InvalidMessage};
use tokio::net::TcpStream;
use tower_service::Service;

use super::proxy::{Proxy, place, tunnel};
use super::stream::Stream;
use super::tls;
use crate::directory::causes::sources;

/// A failure that would only come again, so that nothing is repeated for it.
#[derive(Debug, Clone, thiserror::Error)]
pub(super) enum Unusable {
    #[error("the proxy {0} refuses to connect (HTTP status {1})")]
    ProxyRefuses(Uri, u16),
    #[error(
        "the proxy {0} wants a user name and a password (HTTP status 407): give them in HTTPS_PROXY or HTTP_PROXY, as \
         http://user:password@host:port"
    )]
    ProxyWantsPassword(Uri),
    #[error("the proxy {0} is not an http one, and no other kind is supported")]
    ProxyKind(Uri),
    #[error("{0}")]
    Tls(String),
    #[error(
        "what answers at {0} does not speak TLS. Look at the endpoint URL, if one is set, and for a proxy or a firewall in \
         between"
    )]
    NoTls(String),
    #[error(
        "the certificate of {host} is not trusted: {reason}. If it is of a private authority, name its certificate in \
         SSL_CERT_FILE; to trust any certificate, set the parameter insecure (Trust any certificate)"
    )]
    Untrusted { host: String, reason: String },
}

/// A failure that may pass.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("there was no connection to {way} within {} seconds", .timeout.as_secs_f64())]
    Late { way: String, timeout: Duration },
    #[error("the proxy {proxy} gives no connection")]
    Proxy { proxy: Uri, source: BoxError },
    #[error("there is no connection to {address}")]
    Unreachable { address: String, source: BoxError },
    #[error("there is no TLS connection to {way}")]
    Handshake { way: String, source: BoxError },
    #[error("what answers at {way} does not speak HTTP ({hint})")]
    NotHttp { way: String, hint: &'static str, source: ClientError },
    #[error("the connection to {way} ended without an answer")]
    Broken { way: String, source: ClientError },
}

pub(super) type BoxError = Box<dyn StdError + Send + Sync>;

/// Makes connections.
#[derive(Debug, Clone)]
pub(super) struct Dial {
    tcp: HttpConnector,
    /// Made when the first TLS connection is.
    tls: Arc<OnceLock<Result<ClientConfig, Unusable>>>,
    proxy: Proxy,
    insecure: bool,
    timeout: Duration,
}

impl Dial {
    pub(super) fn new(proxy: Proxy, insecure: bool, timeout: Duration) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        Self { tcp, tls: Arc::default(), proxy, insecure, timeout }
    }

    async fn dial(mut self, uri: Uri) -> Result<Stream, BoxError> {
        let proxy = self.proxy.on_the_way_to(&uri);
        if let Some(proxy) = proxy.as_ref().filter(|proxy| proxy.uri().scheme() != Some(&Scheme::HTTP)) {
            return Err(Unusable::ProxyKind(proxy.uri().clone()).into());
        }
        match (proxy, uri.scheme() == Some(&Scheme::HTTP)) {
            (None, true) => Ok(Stream::direct(MaybeHttpsStream::Http(self.connect(&uri).await?))),
            (None, false) => {
                let tcp = self.connect(&uri).await?;
                self.handshake(uri, tcp).await
            }
            (Some(proxy), plain) => {
                let through = |source| Failure::Proxy { proxy: proxy.uri().clone(), source };
                let tcp = self.tcp.call(proxy.uri().clone()).await.map_err(|error| through(error.into()))?;
                if plain {
                    return Ok(Stream::forwarded(MaybeHttpsStream::Http(tcp)));
                }
                let refused = |error: BoxError| if error.is::<Unusable>() { error } else { through(error).into() };
                let tcp = tunnel(tcp, &uri, &proxy).await.map_err(refused)?;
                self.handshake(uri, tcp).await
            }
        }
    }

    /// A TCP connection; what cannot be reached is named.
    async fn connect(&mut self, uri: &Uri) -> Result<TokioIo<TcpStream>, BoxError> {
        let address = place(uri).to_owned();
        let connected = self.tcp.call(uri.clone()).await;
        connected.map_err(|source| Failure::Unreachable { address, source: source.into() }.into())
    }

    /// TLS over a connection that is there.
    async fn handshake(&self, uri: Uri, tcp: TokioIo<TcpStream>) -> Result<Stream, BoxError> {
        let config = self.tls.get_or_init(|| tls::config(self.insecure).map_err(Unusable::Tls)).clone()?;
        let connected = Connected(Some(tcp));
        let shaken = HttpsConnector::from((connected, config)).call(uri.clone()).await;
        shaken.map(Stream::direct).map_err(|source| match self.unusable(&uri, source.as_ref()) {
            Some(unusable) => unusable.into(),
            None => Failure::Handshake { way: self.proxy.way_to(&uri), source }.into(),
        })
    }

    /// What a handshake failed for, if it would only fail again.
    fn unusable(&self, uri: &Uri, error: &(dyn StdError + 'static)) -> Option<Unusable> {
        match sources(error).find_map(|source| source.downcast_ref())? {
            rustls::Error::InvalidCertificate(reason) => Some(Unusable::Untrusted {
                host: uri.host().unwrap_or_default().to_owned(),
                reason: tls::reason(reason),
            }),
            rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
                Some(Unusable::NoTls(self.proxy.way_to(uri)))
            }
            _ => None,
        }
    }
}

/// Hands a connection that was made already to what wants to make one.
struct Connected(Option<TokioIo<TcpStream>>);

impl Service<Uri> for Connected {
    type Response = TokioIo<TcpStream>;
    type Error = io::Error;
    type Future = std::future::Ready<io::Result<TokioIo<TcpStream>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        std::future::ready(self.0.take().ok_or_else(|| io::ErrorKind::NotConnected.into()))
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
            let way = dial.proxy.way_to(&uri);
            let dialled = tokio::time::timeout(timeout, dial.dial(uri)).await;
            dialled.map_err(|_| Failure::Late { way, timeout })?
        })
    }
}
