//! Tokens that the SDK finds on the host and sends for credentials: a web identity, a container's authorization, a
//! session of the machine's metadata. They are known when they are sent, from every file, variable or profile that they are
//! from, and are secrets like the keys that they are exchanged for.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::{fmt, iter, mem};

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;

use crate::values::secret::{Secret, Secrets};

/// A connector that remembers the tokens that it sends.
#[derive(Debug)]
pub(super) struct Remembering {
    pub(super) connector: SharedHttpConnector,
    pub(super) sent: Sent,
}

impl HttpConnector for Remembering {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        for (place, token) in tokens(&request) {
            self.sent.remember(place, &token);
        }
        self.connector.call(request)
    }
}

/// The tokens that were sent last, by where they stand in a request. Hosts replace them; an answer may still tell of the
/// one before.
pub(super) struct Sent {
    secrets: Secrets,
    tokens: Mutex<HashMap<&'static str, [Secret; 2]>>,
}

impl Sent {
    /// Nothing was sent yet. What is sent is added to the secrets.
    pub(super) fn to(secrets: Secrets) -> Self {
        Self { secrets, tokens: Mutex::default() }
    }

    fn remember(&self, place: &'static str, token: &str) {
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        let [last, before] = tokens.entry(place).or_default();
        if last.as_str() == token {
            return;
        }
        forms(before).for_each(|token| self.secrets.forget(token));
        *before = mem::replace(last, Secret::new(token.to_owned()));
        // What was forgotten may be the same as what is kept.
        tokens.values().flatten().flat_map(|token| forms(token)).for_each(|token| self.secrets.add(token));
    }
}

/// Shows no token.
impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sent(…)")
    }
}

/// Headers that hold nothing but a token (AWS: EC2 instance metadata, `IMDSv2`; SSO portal).
const TOKEN_HEADERS: [&str; 2] = ["x-aws-ec2-metadata-token", "x-amz-sso_bearer_token"];

/// The header that holds a signature where keys are there, and else the token of a container (AWS: container credential
/// provider).
const AUTHORIZATION: &str = "authorization";
const SIGNED: &str = "AWS4-";

/// AWS: STS `AssumeRoleWithWebIdentity`.
const WEB_IDENTITY: &str = "WebIdentityToken";
const WITH_WEB_IDENTITY: &[u8] = b"Action=AssumeRoleWithWebIdentity";

/// A token, and what follows the name of its scheme, such as `Bearer`.
fn forms(token: &str) -> impl Iterator<Item = &str> {
    iter::once(token).chain(token.split_once(' ').map(|(_, token)| token))
}

/// The tokens of a request, by where they stand.
fn tokens(request: &HttpRequest) -> Vec<(&'static str, Cow<'_, str>)> {
    let header = |name: &'static str| request.headers().get(name).map(|token| (name, Cow::from(token)));
    let authorization = header(AUTHORIZATION).filter(|(_, token)| !token.starts_with(SIGNED));
    let form = request.body().bytes().filter(|body| body.starts_with(WITH_WEB_IDENTITY)).unwrap_or_default();
    let fields = form_urlencoded::parse(form).filter(|(name, _)| name == WEB_IDENTITY);
    let web_identity = fields.map(|(_, token)| (WEB_IDENTITY, token));
    TOKEN_HEADERS.into_iter().filter_map(header).chain(authorization).chain(web_identity).collect()
}

#[cfg(test)]
mod tests {
    use aws_smithy_types::body::SdkBody;

    use super::*;

    fn send(sent: &Sent, header: &'static str, token: &str, body: &str) -> Vec<String> {
        let mut request = HttpRequest::new(SdkBody::from(body));
        request.headers_mut().insert(header, token.to_owned());
        for (place, token) in tokens(&request) {
            sent.remember(place, &token);
        }
        sent.secrets.all().iter().map(|secret| secret.as_str().to_owned()).collect()
    }

    #[test]
    fn tokens_of_each_kind_are_secrets_once_they_are_sent() {
        let sent = Sent::to(Secrets::default());
        let none: [&str; 0] = [];
        assert_eq!(send(&sent, AUTHORIZATION, "AWS4-HMAC-SHA256 Credential=AKIA/x", "{}"), none);
        assert_eq!(send(&sent, "x-other", "nothing secret", "Action=AssumeRole&WebIdentityToken=x"), none);
        for (header, token, body, secret) in [
            (AUTHORIZATION, "the container's", "", "the container's"),
            ("x-aws-ec2-metadata-token", "the machine's", "", "the machine's"),
            ("x-other", "", "Action=AssumeRoleWithWebIdentity&A=B&WebIdentityToken=the+pod%27s", "the pod's"),
        ] {
            assert!(send(&sent, header, token, body).contains(&secret.to_owned()), "{secret}");
        }
        assert_eq!(format!("{sent:?}"), "Sent(…)");
    }

    #[test]
    fn the_last_two_tokens_of_a_place_are_secrets_and_none_before_them() {
        let sent = Sent::to(Secrets::default());
        for token in ["Bearer of the first", "Bearer of the second", "Bearer of the second"] {
            send(&sent, AUTHORIZATION, token, "");
        }
        let mut known = send(&sent, AUTHORIZATION, "Bearer of the third", "");
        known.sort_unstable();
        assert_eq!(known, ["Bearer of the second", "Bearer of the third", "of the second", "of the third"]);
    }
}
