//! The system's proxy settings, as curl understands them.

use std::pin::pin;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::future::{Either, select};
use http::header::{HOST, PROXY_AUTHORIZATION};
use http::uri::{Authority, Scheme};
use http::{Method, Request, StatusCode, Uri};
use http_body_util::Empty;
use hyper::body::Bytes;
use hyper::client::conn::http1::handshake;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::dial::{BoxError, Unusable};
use crate::values::error::Error;
use crate::values::secret::Secrets;

/// The proxies of the environment, or none.
#[derive(Debug, Clone, Default)]
pub(super) struct Proxy(Option<Arc<Matcher>>);

impl Proxy {
    /// `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in either letter case. Their passwords become secrets.
    /// One that cannot be understood is an error, for otherwise calls would go around it.
    pub(super) fn from_env(secrets: &Secrets) -> Result<Self, Error> {
        let exempt = variable("NO_PROXY").map(|(_, list)| list).unwrap_or_default();
        // The library takes a star for names only, and an address may be one of numbers.
        if exempt.split(',').any(|entry| entry.trim() == "*") {
            return Ok(Self::default());
        }
        let (all, http, https) = (address("ALL_PROXY")?, address("HTTP_PROXY")?, address("HTTPS_PROXY")?);
        let matcher = Matcher::builder().all(all).http(http).https(https).no(exempt).build();
        for address in ["https://amazonaws.com", "http://amazonaws.com"] {
            let intercept = matcher.intercept(&Uri::from_static(address));
            let header = intercept.as_ref().and_then(Intercept::basic_auth).and_then(|header| header.to_str().ok());
            let Some(encoded) = header.and_then(|header| header.strip_prefix("Basic ")) else { continue };
            secrets.add(encoded);
            let decoded = STANDARD.decode(encoded).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            if let Some((_, password)) = decoded.as_deref().and_then(|pair| pair.split_once(':')) {
                secrets.add(password);
            }
        }
        Ok(Self(Some(matcher.into())))
    }

    /// The proxy on the way to this address, if there is one.
    pub(super) fn on_the_way_to(&self, uri: &Uri) -> Option<Intercept> {
        self.0.as_ref()?.intercept(uri)
    }

    /// Where a connection to this address leads, for people.
    pub(super) fn way_to(&self, uri: &Uri) -> String {
        let address = place(uri);
        match self.on_the_way_to(uri) {
            Some(proxy) => format!("{address} through the proxy {}", proxy.uri()),
            None => address.to_owned(),
        }
    }

    /// The proxy that forwards plain requests to this address; TLS goes through a tunnel instead.
    pub(super) fn forwards(&self, uri: &Uri) -> Option<Intercept> {
        self.on_the_way_to(uri).filter(|_| uri.scheme() == Some(&Scheme::HTTP))
    }
}

/// The host of an address and its port, for people: an address may hold a password as well.
pub(in crate::directory) fn place(uri: &Uri) -> &str {
    let authority = uri.authority().map_or("", Authority::as_str);
    authority.rsplit_once('@').map_or(authority, |(_, place)| place)
}

/// A variable in either letter case, the upper one first, if it says anything.
fn variable(name: &str) -> Option<(String, String)> {
    [name.to_owned(), name.to_lowercase()].into_iter().find_map(|name| {
        let value = std::env::var(&name).ok()?.trim().to_owned();
        (!value.is_empty()).then_some((name, value))
    })
}

/// A proxy's address as a variable has it, or nothing. It is never shown: it may hold a password.
fn address(name: &str) -> Result<String, Error> {
    let Some((name, value)) = variable(name) else { return Ok(String::new()) };
    let understood = value.parse::<Uri>().ok().filter(has_known_scheme);
    // A slash in a password would end the address, and what is before it would be shown as a port.
    let sound = understood.is_some_and(|uri| {
        let signs = |text: &str| text.matches('@').count();
        let host = uri.host().unwrap_or_default();
        let is_whole = signs(uri.authority().map_or("", Authority::as_str)) == signs(&value);
        let has_good_port = place(&uri) == host || uri.port_u16().is_some();
        is_whole && signs(&value) <= 1 && has_good_port && !host.is_empty()
    });
    if sound {
        return Ok(value);
    }
    Err(Error::Setup(format!(
        "The environment variable {name} is no address of a proxy. Give http://host:port or \
         http://user:password@host:port, with special characters of the password percent-encoded."
    )))
}

/// Of any other the library would make no proxy, and calls would go around it.
fn has_known_scheme(uri: &Uri) -> bool {
    uri.scheme_str()
        .is_none_or(|scheme| matches!(scheme, "http" | "https" | "socks4" | "socks4a" | "socks5" | "socks5h"))
}

/// Asks a proxy for a tunnel to this address, over a connection to the proxy (RFC 9110, CONNECT).
pub(super) async fn tunnel(
    tcp: TokioIo<TcpStream>,
    uri: &Uri,
    proxy: &Intercept,
) -> Result<TokioIo<TcpStream>, BoxError> {
    let host = uri.host().unwrap_or_default();
    let address = format!("{host}:{}", uri.port_u16().unwrap_or(443));
    let mut request = Request::builder().method(Method::CONNECT).uri(&address).header(HOST, &address);
    if let Some(authorization) = proxy.basic_auth() {
        request = request.header(PROXY_AUTHORIZATION, authorization);
    }
    let (mut sender, connection) = handshake::<_, Empty<Bytes>>(tcp).await?;
    let connection = pin!(connection.without_shutdown());
    let answer = pin!(sender.send_request(request.body(Empty::new())?));
    let (response, parts) = match select(answer, connection).await {
        Either::Left((response, connection)) => (response?, Either::Left(connection)),
        Either::Right((parts, answer)) => (answer.await?, Either::Right(parts)),
    };
    match response.status() {
        status if status.is_success() => {}
        StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
            return Err(Unusable::ProxyWantsPassword(proxy.uri().clone()).into());
        }
        status => return Err(Unusable::ProxyRefuses(proxy.uri().clone(), status.as_u16()).into()),
    }
    // After a tunnel is opened the connection is ours again.
    let parts = match parts {
        Either::Left(connection) => connection.await?,
        Either::Right(parts) => parts?,
    };
    Ok(parts.io)
}
