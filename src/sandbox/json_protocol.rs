//! awsJson1.1: one JSON object in, one out, the operation in a header.

use http::{Response, StatusCode, header::CONTENT_TYPE};
use serde_json::{Map, Value};

use super::{
    api_error::{ApiError, Code},
    model::validate::{Wording, admit},
    operations::{self, Operation},
};

/// The header that names service and operation.
pub(super) const TARGET: &str = "x-amz-target";
/// The header with the request's id.
pub(super) const REQUEST_ID: &str = "x-amzn-requestid";
const MEDIA_TYPE: &str = "application/x-amz-json-1.1";
/// The name Identity Store has in targets.
const SERVICE: &str = "AWSIdentityStore";

/// The operation that a target names.
pub(super) fn operation(target: &str) -> Result<&'static Operation, ApiError> {
    match target.split_once('.') {
        Some((SERVICE, name)) => operations::find(name),
        _ => None,
    }
    .ok_or_else(|| ApiError::new(Code::UnknownOperation, format!("Unknown operation: {target}")))
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
pub(super) fn answer(result: Result<Value, ApiError>, request_id: String) -> Response<Vec<u8>> {
    let (status, body) = match result {
        Ok(value) => (200, value),
        Err(error) => (error.code.status(), error_body(error, &request_id)),
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

fn error_body(error: ApiError, request_id: &str) -> Value {
    let mut body = Map::new();
    body.insert("__type".to_owned(), error.code.name().into());
    body.insert("Message".to_owned(), error.message.into());
    body.insert("RequestId".to_owned(), request_id.into());
    body.extend(error.members);
    Value::Object(body)
}
