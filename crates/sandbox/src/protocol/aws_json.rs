//! awsJson1.1: a JSON object in, a JSON object out, and the operation in a header.

use http::Response;
use serde_json::{Map, Value};

use crate::{
    api_error::{ApiError, ErrorCode},
    services::{JsonErrors, Operation, Protocol, SERVICES, Service},
    shape::{ValuesInErrors, validate},
};

/// The header that names service and operation.
pub(crate) const TARGET: &str = "x-amz-target";
const MEDIA_TYPE: &str = "application/x-amz-json-1.1";

/// Returns the service and the operation that a target names. A target of no service gets the first JSON service.
pub(crate) fn route(target: &str) -> (&'static Service, Result<&'static Operation, ApiError>) {
    let services = SERVICES.into_iter().filter_map(|service| match service.protocol {
        Protocol::AwsJson { target_prefix, .. } => Some((service, target_prefix)),
        Protocol::AwsQuery { .. } => None,
    });
    let mut named =
        services.filter_map(|(service, prefix)| Some((service, target.strip_prefix(prefix)?.strip_prefix('.')?)));
    let unknown = || ApiError::unknown_operation(target);
    match named.next() {
        Some((service, operation)) => (service, service.operation(operation).ok_or_else(unknown)),
        None => (fallback(), Err(unknown())),
    }
}

/// Returns the service that responds to requests of no service.
pub(crate) fn fallback() -> &'static Service {
    SERVICES[0]
}

/// Returns the input of an operation. Fails if it violates the operation's shape.
pub(crate) fn input(operation: &Operation, body: &[u8]) -> Result<Value, ApiError> {
    let input = if body.is_empty() {
        Value::Object(Map::new())
    } else {
        serde_json::from_slice(body).map_err(|error| {
            ApiError::new(ErrorCode::Serialization, format!("The request is not valid JSON: {error}"))
        })?
    };
    Ok(validate(operation.input, input, "", ValuesInErrors::Omitted)?)
}

/// Returns the response to a request.
pub(crate) fn respond(service: &Service, result: Result<Value, ApiError>, request_id: &str) -> Response<Vec<u8>> {
    let (status, body) = match result {
        Ok(value) => (200, value),
        Err(error) => (error.code.status(), error_body(service, error, request_id)),
    };
    super::response(status, MEDIA_TYPE, body.to_string(), request_id)
}

fn error_body(service: &Service, error: ApiError, request_id: &str) -> Value {
    let mut body = Map::new();
    body.insert("__type".to_owned(), error.code.name().into());
    body.insert("Message".to_owned(), error.message.into());
    if matches!(service.protocol, Protocol::AwsJson { errors: JsonErrors::Detailed, .. }) {
        body.insert("RequestId".to_owned(), request_id.into());
        body.extend(error.members);
    }
    Value::Object(body)
}

#[cfg(test)]
mod tests {
    use super::route;

    #[test]
    fn target_names_service_and_operation_or_is_unknown() {
        for (target, signing_name, operation) in [
            ("AWSIdentityStore.ListUsers", "identitystore", Some("ListUsers")),
            ("SWBExternalService.ListInstances", "sso", Some("ListInstances")),
            ("SWBExternalService.ListUsers", "sso", None),
            ("SWBExternalService", "identitystore", None),
            ("SWBExternalServiceListInstances", "identitystore", None),
            ("", "identitystore", None),
        ] {
            let (service, found) = route(target);
            let found = found.map(|operation| operation.name).ok();
            assert_eq!((service.signing_name, found), (signing_name, operation), "{target}");
        }
    }
}
