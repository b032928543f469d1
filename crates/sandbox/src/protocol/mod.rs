//! The protocols of AWS's services: how a request names its operation, and what inputs, responses and errors look like.
//!
//! Each protocol is a module with three functions: `route` finds service and operation in the registry, `input` reads the
//! input and checks it against the operation's shape, `respond` writes the response or the error.
//!
//! # To add a protocol
//!
//! REST for instance, where method and path name the operation:
//!
//! 1. Add a variant to [`Protocol`](crate::services::Protocol), with what differs between its services. What differs between
//!    their operations, such as method and path, is a field of [`Operation`](crate::services::Operation).
//! 2. Write the module with these three functions.
//! 3. Let `Sandbox::handle` in [`router`](crate::router) recognize its requests.

pub(crate) mod aws_json;
pub(crate) mod aws_query;

use http::{HeaderValue, Response, StatusCode, header::CONTENT_TYPE};

/// The header with the id of a request.
pub(crate) const REQUEST_ID: &str = "x-amzn-requestid";

/// Returns a response with that body.
fn response(status: u16, media_type: &'static str, body: String, request_id: &str) -> Response<Vec<u8>> {
    let mut response = Response::new(body.into_bytes());
    // The statuses are ours, so all are valid.
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    if let Ok(request_id) = request_id.try_into() {
        headers.insert(REQUEST_ID, request_id);
    }
    response
}
