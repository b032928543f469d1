//! The way to the network, in place of the SDK's own HTTP client, which reads the root certificates even where no TLS
//! is spoken and has no way to trust a certificate that is not verified.

use std::future::ready;

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::ErrorKind;
use futures_util::stream;
use http::header::{CONTENT_TYPE, PROXY_AUTHORIZATION};
use http::uri::Scheme;
use http::{Response, StatusCode, Uri};
use http_body_util::{BodyExt, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper_util::client::legacy::{Client, Error as ClientError};
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::dial::{Dial, Failure, Unusable};
use super::proxy::Proxy;
use crate::directory::causes::sources;
use crate::values::error::Error;
use crate::values::secret::Secrets;
use crate::values::settings::Settings;

/// What sends the requests of the SDK's clients, with the timeouts, the trust and the proxy of these settings.
pub(super) fn connector(settings: &Settings, secrets: &Secrets) -> Result<SharedHttpConnector, Error> {
    let proxy = if settings.proxy { Proxy::from_env(secrets)? } else { Proxy::default() };
    let dial = Dial::new(proxy.clone(), settings.insecure, settings.timeout.connect);
    let client = Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(dial);
    Ok(SharedHttpConnector::new(Transport { client, proxy }))
}

/// Where an answer came from.
#[derive(Debug, Clone)]
pub(in crate::directory) struct Way(pub(in crate::directory) String);

#[derive(Debug)]
struct Transport {
    client: Client<Dial, SdkBody>,
    proxy: Proxy,
}

impl HttpConnector for Transport {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let request = request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()));
        let (client, proxy) = (self.client.clone(), self.proxy.clone());
        HttpConnectorFuture::new(async move {
            let mut request = request?;
            let uri = request.uri().clone();
            let forwarded = proxy.forwards(&uri);
            if let Some(authorization) = forwarded.as_ref().and_then(|proxy| proxy.basic_auth()) {
                request.headers_mut().insert(PROXY_AUTHORIZATION, authorization.clone());
            }
            let response = client.request(request).await.map_err(|error| connector_error(error, &proxy, &uri))?;
            if let Some(proxy) = forwarded {
                refused_by_proxy(&response, proxy.uri())?;
            }
            let (mut head, body) = response.into_parts();
            head.extensions.insert(Way(proxy.way_to(&uri)));
            HttpResponse::try_from(Response::from_parts(head, whole(body).await))
                .map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}

/// Whether an answer of this content type may be one of AWS, which answers in JSON, and STS in XML.
fn is_of_aws(content_type: &str) -> bool {
    content_type.contains("json") || content_type.contains("xml")
}

/// The body, read to its end, or what broke it off.
async fn whole(body: Incoming) -> SdkBody {
    match body.collect().await {
        Ok(body) => SdkBody::from(body.to_bytes()),
        Err(error) => SdkBody::from_body_1_x(StreamBody::new(stream::once(ready(Err::<Frame<Bytes>, _>(error))))),
    }
}

/// A proxy that forwards plain requests answers in AWS's place when it does not forward one.
fn refused_by_proxy(response: &Response<Incoming>, proxy: &http::Uri) -> Result<(), ConnectorError> {
    let status = response.status();
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let of_aws = kind.is_some_and(is_of_aws);
    let error = match status {
        StatusCode::PROXY_AUTHENTICATION_REQUIRED => Unusable::ProxyWantsPassword(proxy.clone()),
        StatusCode::FORBIDDEN if !of_aws => Unusable::ProxyRefuses(proxy.clone(), status.as_u16()),
        StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT if !of_aws => {
            let error = format!("the proxy {proxy} did not reach AWS (HTTP status {})", status.as_u16());
            return Err(ConnectorError::other(error.into(), Some(ErrorKind::TransientError)));
        }
        _ => return Ok(()),
    };
    Err(ConnectorError::user(error.into()))
}

/// What may be repeated is told apart from what would only fail again, and where it was meant to go is said.
fn connector_error(error: ClientError, proxy: &Proxy, uri: &Uri) -> ConnectorError {
    if sources(&error).any(<dyn std::error::Error>::is::<Unusable>) {
        ConnectorError::user(error.into())
    } else if sources(&error).any(|source| matches!(source.downcast_ref(), Some(Failure::Late { .. }))) {
        ConnectorError::timeout(error.into())
    } else if error.is_connect() {
        ConnectorError::io(error.into())
    } else {
        let of_http = |error: &(dyn std::error::Error + 'static)| {
            error.downcast_ref().is_some_and(|error: &hyper::Error| error.is_parse())
        };
        let is_parsed = !sources(&error).any(of_http);
        let (way, source) = (proxy.way_to(uri), error);
        let failure = match (is_parsed, uri.scheme() == Some(&Scheme::HTTP)) {
            (true, _) => Failure::Broken { way, source },
            (false, true) => {
                Failure::NotHttp { way, hint: "look at the endpoint URL, which may need https://", source }
            }
            (false, false) => Failure::NotHttp { way, hint: "look for a proxy or a firewall in between", source },
        };
        ConnectorError::io(failure.into())
    }
}
