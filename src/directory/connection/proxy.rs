//! The system's proxy settings, as curl understands them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Uri;
use http::uri::Scheme;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};

use crate::values::secret::Secrets;

/// The proxies of the environment, or none.
#[derive(Debug, Clone, Default)]
pub(super) struct Proxy(Option<std::sync::Arc<Matcher>>);

impl Proxy {
    /// `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in either letter case. Their passwords become secrets.
    pub(super) fn from_env(secrets: &Secrets) -> Self {
        let matcher = Matcher::from_env();
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
        Self(Some(matcher.into()))
    }

    /// The proxy on the way to this address, if there is one.
    pub(super) fn on_the_way_to(&self, uri: &Uri) -> Option<Intercept> {
        self.0.as_ref()?.intercept(uri)
    }

    /// The proxy that forwards plain requests to this address; TLS goes through a tunnel instead.
    pub(super) fn forwards(&self, uri: &Uri) -> Option<Intercept> {
        self.on_the_way_to(uri).filter(|_| uri.scheme() == Some(&Scheme::HTTP))
    }
}
