//! Signature Version 4: checks that a request was signed by its caller, for this service and region, and recently.

use std::time::{Duration, SystemTime};

use aws_smithy_types::{DateTime, date_time::Format};
use http::{HeaderMap, Request};
use ring::{
    digest::{SHA256, digest},
    hmac::{self, HMAC_SHA256},
};

use crate::{
    api_error::{ApiError, ErrorCode},
    sample::{ACCESS_KEY_ID, SECRET_ACCESS_KEY},
    session::{RoleSession, SESSION_TOKEN},
};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// How far the caller's clock may be off.
const MAX_CLOCK_SKEW: Duration = Duration::from_secs(5 * 60);

/// The length of `YYYYMMDD`.
const DATE_LENGTH: usize = 8;

/// The service and the regions that a request may be signed for.
pub(crate) struct Scope<'a> {
    pub(crate) service: &'a str,
    pub(crate) regions: &'a [&'a str],
}

/// The header `Authorization`.
struct Authorization<'a> {
    access_key_id: &'a str,
    date: &'a str,
    region: &'a str,
    service: &'a str,
    signed_headers: &'a str,
    signature: &'a str,
}

/// Fails if a request is not signed as AWS requires.
pub(crate) fn check(request: &Request<Vec<u8>>, scope: &Scope, now: SystemTime) -> Result<(), ApiError> {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let Some(authorization) = header("authorization") else {
        return Err(ApiError::new(ErrorCode::MissingAuthenticationToken, "Missing Authentication Token"));
    };
    let incomplete = |what: &str| {
        let message = format!("Authorization header requires {what}. Authorization={}", mask(authorization));
        ApiError::new(ErrorCode::IncompleteSignature, message)
    };
    let parsed = Authorization::parse(authorization);
    let parsed = parsed.ok_or_else(|| incomplete("'Credential', 'SignedHeaders' and 'Signature' parameters"))?;
    let time =
        header("x-amz-date").ok_or_else(|| incomplete("existence of either a 'X-Amz-Date' or a 'Date' header"))?;
    check_time(time, now)?;
    parsed.check_scope(time, scope)?;
    parsed.check_signed_headers(request.headers())?;
    let secret = secret_access_key(parsed.access_key_id, header(SESSION_TOKEN), now)?;
    if parsed.expected_signature(request, time, &secret) == parsed.signature {
        return Ok(());
    }
    Err(refused(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key \
         and signing method. Consult the service documentation for details.",
    ))
}

impl<'a> Authorization<'a> {
    fn parse(header: &'a str) -> Option<Self> {
        let fields = header.strip_prefix(ALGORITHM)?.split(',');
        let fields: Vec<_> = fields.filter_map(|field| field.trim().split_once('=')).collect();
        let field = |name: &str| fields.iter().find(|(field, _)| *field == name).map(|(_, value)| *value);
        let credential: Vec<_> = field("Credential")?.split('/').collect();
        let [access_key_id, date, region, service, "aws4_request"] = credential[..] else { return None };
        Some(Self {
            access_key_id,
            date,
            region,
            service,
            signed_headers: field("SignedHeaders")?,
            signature: field("Signature")?,
        })
    }

    fn check_scope(&self, time: &str, scope: &Scope) -> Result<(), ApiError> {
        if self.service != scope.service {
            return Err(refused(&format!("Credential should be scoped to correct service: '{}'. ", scope.service)));
        }
        if !scope.regions.contains(&self.region) {
            return Err(refused("Credential should be scoped to a valid region. "));
        }
        if time.get(..DATE_LENGTH) != Some(self.date) {
            let message =
                format!("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date: {time}");
            return Err(refused(&message));
        }
        Ok(())
    }

    /// Fails if the signature leaves out a header that decides where the request goes or what it does. AWS's own message is
    /// known for the host only.
    fn check_signed_headers(&self, headers: &HeaderMap) -> Result<(), ApiError> {
        let signed: Vec<_> = self.signed_headers.split(';').collect();
        if !signed.is_sorted_by(|one, next| one < next) {
            let message =
                "'SignedHeaders' must name each header once, in alphabetical order, separated by semicolons: ";
            return Err(refused(&format!("{message}{}", self.signed_headers)));
        }
        if !signed.contains(&"host") {
            return Err(refused("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."));
        }
        let mut wanted = headers.keys().map(http::HeaderName::as_str).filter(|name| name.starts_with("x-amz-"));
        match wanted.find(|name| !signed.contains(name)) {
            Some(name) => Err(refused(&format!("'{name}' must be a 'SignedHeader' in the AWS Authorization."))),
            None => Ok(()),
        }
    }

    /// Returns the signature that the holder of the secret makes.
    fn expected_signature(&self, request: &Request<Vec<u8>>, time: &str, secret: &str) -> String {
        let uri = request.uri();
        let mut query: Vec<_> = uri.query().unwrap_or_default().split('&').collect();
        query.sort_unstable();
        let headers = self.signed_headers.split(';').map(|name| format!("{name}:{}\n", signed_value(request, name)));
        let canonical = [
            request.method().as_str(),
            uri.path(),
            &query.join("&"),
            &headers.collect::<String>(),
            self.signed_headers,
            &hex(digest(&SHA256, request.body()).as_ref()),
        ];
        let canonical = hex(digest(&SHA256, canonical.join("\n").as_bytes()).as_ref());
        let scope = [self.date, self.region, self.service, "aws4_request"];
        let text = [ALGORITHM, time, &scope.join("/"), &canonical].join("\n");
        let key = scope.iter().fold(format!("AWS4{secret}").into_bytes(), |key, part| sign(&key, part));
        hex(&sign(&key, &text))
    }
}

/// Returns the secret of an access key: the sandbox's own, or one that `AssumeRole` issued.
fn secret_access_key(access_key_id: &str, session_token: Option<&str>, now: SystemTime) -> Result<String, ApiError> {
    let unknown = || ApiError::new(ErrorCode::UnrecognizedClient, ErrorCode::UnrecognizedClient.default_message());
    let Some(token) = session_token else {
        return if access_key_id == ACCESS_KEY_ID { Ok(SECRET_ACCESS_KEY.to_owned()) } else { Err(unknown()) };
    };
    let session =
        RoleSession::from_token(token).filter(|session| session.access_key_id == access_key_id).ok_or_else(unknown)?;
    if session.expires <= now.into() {
        return Err(ApiError::new(ErrorCode::ExpiredToken, ErrorCode::ExpiredToken.default_message()));
    }
    Ok(RoleSession::secret_access_key(token))
}

/// Fails if the time of a request is too far from the current time.
fn check_time(text: &str, now: SystemTime) -> Result<(), ApiError> {
    let time = parse_basic_time(text).ok_or_else(|| {
        refused(&format!(
            "Date must be in ISO-8601 'basic format'. Got '{text}'. See http://en.wikipedia.org/wiki/ISO_8601"
        ))
    })?;
    let (earliest, latest) = (now - MAX_CLOCK_SKEW, now + MAX_CLOCK_SKEW);
    let minutes = MAX_CLOCK_SKEW.as_secs() / 60;
    if time < earliest {
        let (earliest, now) = (basic_time(earliest), basic_time(now));
        return Err(refused(&format!(
            "Signature expired: {text} is now earlier than {earliest} ({now} - {minutes} min.)"
        )));
    }
    if time > latest {
        let (latest, now) = (basic_time(latest), basic_time(now));
        return Err(refused(&format!(
            "Signature not yet current: {text} is still later than {latest} ({now} + {minutes} min.)"
        )));
    }
    Ok(())
}

/// Reads a time such as `20260102T030405Z`.
fn parse_basic_time(text: &str) -> Option<SystemTime> {
    let (date, time) = text.split_once('T')?;
    let part = |text: &str, range: std::ops::Range<usize>| text.get(range).map(str::to_owned);
    let (year, month, day) = (part(date, 0..4)?, part(date, 4..6)?, part(date, 6..8)?);
    let (hour, minute, second) = (part(time, 0..2)?, part(time, 2..4)?, part(time, 4..7)?);
    let text = format!("{year}-{month}-{day}T{hour}:{minute}:{second}");
    DateTime::from_str(&text, Format::DateTime).ok()?.try_into().ok()
}

/// Writes a time such as `20260102T030405Z`.
fn basic_time(time: SystemTime) -> String {
    let whole = DateTime::from_secs(DateTime::from(time).secs());
    whole.fmt(Format::DateTime).unwrap_or_default().replace(['-', ':'], "")
}

/// Returns a header as it is signed. A client in this process has the host only in the address.
fn signed_value(request: &Request<Vec<u8>>, name: &str) -> String {
    let values = values(request.headers(), name);
    match (name, values.is_empty(), request.uri().authority()) {
        ("host", true, Some(authority)) => authority.to_string(),
        _ => values,
    }
}

fn values(headers: &HeaderMap, name: &str) -> String {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    let values = values.map(|value| value.split_whitespace().collect::<Vec<_>>().join(" "));
    values.collect::<Vec<_>>().join(",")
}

fn refused(message: &str) -> ApiError {
    ApiError::new(ErrorCode::InvalidSignature, message)
}

/// Returns the header without the signature.
fn mask(authorization: &str) -> &str {
    authorization.split("Signature").next().unwrap_or_default()
}

fn sign(key: &[u8], text: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIME: &str = "20260102T030405Z";
    const DATE: &str = "20260102";
    const ALL: &str = "content-type;host;x-amz-date;x-amz-target";

    /// Checks a request with a correct signature over these headers, for this day.
    fn check_signed(signed_headers: &str, date: &str) -> Result<(), ApiError> {
        let now = parse_basic_time(TIME).expect("a time");
        let scope = Scope { service: "identitystore", regions: &["us-east-1"] };
        let authorization = Authorization {
            access_key_id: ACCESS_KEY_ID,
            date,
            region: "us-east-1",
            service: "identitystore",
            signed_headers,
            signature: "",
        };
        let mut request = Request::post("/")
            .header("host", "127.0.0.1:8080")
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-date", TIME)
            .header("x-amz-target", "AWSIdentityStore.ListUsers")
            .body(b"{}".to_vec())
            .expect("a request");
        let signature = authorization.expected_signature(&request, TIME, SECRET_ACCESS_KEY);
        let header = format!(
            "{ALGORITHM} Credential={ACCESS_KEY_ID}/{date}/us-east-1/identitystore/aws4_request, \
             SignedHeaders={signed_headers}, Signature={signature}"
        );
        request.headers_mut().insert("authorization", header.parse().expect("a header"));
        check(&request, &scope, now)
    }

    #[test]
    fn signature_without_a_deciding_header_is_refused() {
        check_signed(ALL, DATE).expect("a right signature");
        for (signed_headers, reason) in [
            ("content-type", "'Host' or ':authority' must be"),
            ("content-type;x-amz-date;x-amz-target", "'Host' or ':authority' must be"),
            ("content-type;host;x-amz-target", "'x-amz-date' must be"),
            ("content-type;host;x-amz-date", "'x-amz-target' must be"),
            ("x-amz-target;x-amz-date;host;content-type", "in alphabetical order"),
            ("content-type;host;host;x-amz-date;x-amz-target", "in alphabetical order"),
            ("Content-Type;Host;X-Amz-Date;X-Amz-Target", "'Host' or ':authority' must be"),
        ] {
            let refusal = check_signed(signed_headers, DATE).expect_err(signed_headers);
            assert_eq!(refusal.code, ErrorCode::InvalidSignature, "{signed_headers}");
            assert!(refusal.message.contains(reason), "{signed_headers}: {}", refusal.message);
        }
    }

    #[test]
    fn signature_for_another_day_is_refused() {
        for date in ["", "2", "2026010", "20260102T", TIME, "20260103"] {
            let refusal = check_signed(ALL, date).expect_err(date);
            assert!(refusal.message.starts_with("Date in Credential scope does not match"), "{}", refusal.message);
        }
    }
}
