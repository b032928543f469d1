//! A failed call, in words.

use std::error::Error as StdError;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_identitystore::error::ProvideErrorMetadata;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::{ConnectorError, SdkError};
use hyper_util::client::legacy::Error as ClientError;

use super::causes::{causes, sources, words};
use super::connection::Way;
use super::error_body::ErrorBody;
use super::evidence::{REQUEST_ID, header};
use crate::values::error::Error;
use crate::values::service_error::{ServiceError, unknown_outcome};

/// What went wrong with a call; `code` is that of the service's error, if it is one, `doing` follows "Failed to", and
/// `asked` is where the request went.
pub(super) fn failure<E>(
    error: &SdkError<E, HttpResponse>,
    code: Option<String>,
    operation: &'static str,
    doing: String,
    asked: Option<&str>,
) -> Error
where
    E: ProvideErrorMetadata + StdError + 'static,
{
    let reason = match error {
        SdkError::ServiceError(refused) => {
            let meta = refused.err().meta();
            let body = ErrorBody::of(refused.raw().body().bytes().unwrap_or_default());
            if let Some(code) = code {
                return Error::Service(Box::new(ServiceError {
                    doing,
                    operation,
                    code,
                    message: body.text("Message").or_else(|| meta.message().map(str::to_owned)),
                    request_id: body
                        .text("RequestId")
                        .or_else(|| header(refused.raw(), REQUEST_ID).map(str::to_owned))
                        .or_else(|| meta.extra("aws_request_id").map(str::to_owned)),
                    reason: body.text("Reason"),
                    resource_type: body.text("ResourceType"),
                    lost_answer: None,
                    needs: &[],
                }));
            }
            no_answer_of_aws(refused.raw())
        }
        SdkError::ResponseError(broken) => match broken.raw().status().as_u16() {
            200 => {
                let (at, why) = (at(broken.raw()), words(sources(error).skip(1)));
                format!("the answer to {operation}{at} broke off or could not be read ({why}).")
            }
            _ => no_answer_of_aws(broken.raw()),
        },
        SdkError::TimeoutError(_) => {
            let from = asked.map_or_else(String::new, |place| format!(" from {place}"));
            format!(
                "no complete answer came{from} within the read timeout. Raise the timeout parameter, or see whether AWS \
                 is reached at all."
            )
        }
        SdkError::DispatchFailure(unsent) => unsent.as_connector_error().map_or_else(|| causes(error), unreachable),
        other => format!("the request could not be made ({}).", causes(other)),
    };
    let outcome = if may_have_arrived(error) { unknown_outcome(operation) } else { "" };
    Error::Connection { doing, reason: reason + outcome }
}

/// Whether a request without an answer may have reached AWS: it did not if no connection was made for it.
fn may_have_arrived<E: StdError + 'static>(error: &SdkError<E, HttpResponse>) -> bool {
    let unsent = |source: &(dyn StdError + 'static)| {
        source.is::<CredentialsError>() || source.downcast_ref().is_some_and(ClientError::is_connect)
    };
    match error {
        // What answered in AWS's place may have passed the request on before.
        SdkError::TimeoutError(_) | SdkError::ResponseError(_) | SdkError::ServiceError(_) => true,
        SdkError::DispatchFailure(failure) => !failure.is_user() && !sources(error).any(unsent),
        _ => false,
    }
}

/// Where an answer came from, if it came from anywhere.
fn at(response: &HttpResponse) -> String {
    response.extension().map_or_else(String::new, |Way(way)| format!(" at {way}"))
}

pub(super) fn no_answer_of_aws(response: &HttpResponse) -> String {
    format!(
        "what answered{} is not AWS (HTTP status {}, {}). Look at the endpoint URL, and for a proxy or a firewall in \
         between.",
        at(response),
        response.status().as_u16(),
        header(response, "content-type").unwrap_or("without a content type"),
    )
}

/// No answer of AWS: there was no connection, or it ended before.
fn unreachable(error: &ConnectorError) -> String {
    if let Some(refused) = sources(error).find_map(|source| source.downcast_ref()) {
        return no_credentials(refused);
    }
    // What wraps the cause says only that something went wrong.
    let causes = words(sources(error).filter(|source| !source.is::<ConnectorError>() && !source.is::<ClientError>()));
    let causes = causes.trim_end_matches('.');
    if error.is_user() { format!("{causes}.") } else { format!("AWS did not answer: {causes}.") }
}

/// Credentials could not be had, so nothing was called.
pub(super) fn unauthenticated(error: &CredentialsError) -> Error {
    match own(error) {
        // Another command may find other keys, and a further round of long work a better moment.
        Some(Error::Service(refused)) if refused.is_unauthenticated() => Error::Service(refused.clone()),
        Some(Error::Connection { doing, reason }) => Error::Connection { doing: doing.clone(), reason: reason.clone() },
        Some(error) => Error::Setup(error.to_string()),
        None => Error::Connection { doing: "get credentials".to_owned(), reason: no_credentials(error) },
    }
}

fn own<'e>(error: &'e (dyn StdError + 'static)) -> Option<&'e Error> {
    sources(error).find_map(|source| source.downcast_ref())
}

fn no_credentials(error: &CredentialsError) -> String {
    match (own(error), error) {
        (Some(error), _) => error.to_string(),
        (None, CredentialsError::CredentialsNotLoaded(_)) => {
            "there are none. Set the access key and the secret key of the instance, or give the host credentials of its \
             own (environment, profile, or a role of the container or machine)."
                .to_owned()
        }
        (None, error) => format!("{}.", causes(error).trim_end_matches('.')),
    }
}
