//! awsJson1.1: one JSON object in, one out, the operation in a header.

use http::{Response, StatusCode, header::CONTENT_TYPE};
use serde_json::{Map, Value};

use super::{
    api_error::{ApiError, Code},
    model::validate::{Wording, admit},
    operations::{self, IDENTITY_STORE, Operation, Service},
};

/// The header that names service and operation.
pub(super) const TARGET: &str = "x-amz-target";
/// The header with the request's id.
pub(super) const REQUEST_ID: &str = "x-amzn-requestid";
const MEDIA_TYPE: &str = "application/x-amz-json-1.1";

/// The service that a target names, and the operation, if there are such.
pub(super) fn route(target: &str) -> (&'static Service, Result<&'static Operation, ApiError>) {
    let (service, name) = target.split_once('.').unwrap_or(("", target));
    let service = operations::service(service);
    let operation = service.and_then(|service| service.find(name));
    let unknown = || ApiError::unknown_operation(target);
    (service.unwrap_or(&IDENTITY_STORE), operation.ok_or_else(unknown))
}

/// The operation's input, satisfying its shape.
pub(super) fn input(operation: &Operation, body: &[u8]) -> Result<Value, ApiError> {
    let input = if body.is_empty() {
        Value::Object(Map::new())
    } else {
        serde_json::from_slice(body)
            .map_err(|error| ApiError::new(Code::Serialization, format!("The request is not valid JSON: {error}")))?
    };
    Ok(admit(operation.input, input, "", Wording::Withheld)?)
}

/// The answer to a request.
pub(super) fn answer(service: &Service, result: Result<Value, ApiError>, request_id: String) -> Response<Vec<u8>> {
    let (status, body) = match result {
        Ok(value) => (200, value),
        Err(error) => (error.code.status(), error_body(service, error, &request_id)),
    };
    let mut response = Response::new(body.to_string().into_bytes());
    // No status of ours is unknown to HTTP.
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, http::HeaderValue::from_static(MEDIA_TYPE));
    if let Ok(request_id) = request_id.try_into() {
        headers.insert(REQUEST_ID, request_id);
    }
    response
}

fn error_body(service: &Service, error: ApiError, request_id: &str) -> Value {
    let mut body = Map::new();
    body.insert("__type".to_owned(), error.code.name().into());
    body.insert("Message".to_owned(), error.message.into());
    if service.has_detailed_errors {
        body.insert("RequestId".to_owned(), request_id.into());
        body.extend(error.members);
    }
    Value::Object(body)
}
