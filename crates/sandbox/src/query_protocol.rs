//! The query protocol: a form in, XML out.

use http::{HeaderValue, Response, StatusCode, header::CONTENT_TYPE};
use serde_json::{Map, Value};

use super::{
    api_error::{ApiError, Code},
    json_protocol::REQUEST_ID,
    model::{
        Shape,
        validate::{Refusal, Wording, admit},
    },
};

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";
/// Lists in a form are numbered by the sender; no operation takes longer ones.
const MAX_INDEX: usize = 1000;

/// An error of a query service.
#[derive(Debug)]
pub(super) struct QueryError {
    pub(super) status: u16,
    pub(super) code: &'static str,
    pub(super) message: String,
}

impl QueryError {
    /// The request is wrong.
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { status: 400, code, message: message.into() }
    }
}

impl From<ApiError> for QueryError {
    /// The query services have names of their own for what every service refuses.
    fn from(error: ApiError) -> Self {
        let (status, code) = match error.code {
            Code::AccessDenied => (403, "AccessDenied"),
            Code::ExpiredToken => (403, "ExpiredToken"),
            Code::IncompleteSignature => (400, "IncompleteSignature"),
            Code::InternalServer => (500, "InternalFailure"),
            Code::InvalidSignature => (403, "SignatureDoesNotMatch"),
            Code::MissingAuthenticationToken => (403, "MissingAuthenticationToken"),
            Code::Throttling => (400, "Throttling"),
            Code::UnrecognizedClient => (403, "InvalidClientTokenId"),
            Code::Validation => (400, "ValidationError"),
            other => (400, other.name()),
        };
        Self { status, code, message: error.message }
    }
}

/// The fields of a form.
#[derive(Debug)]
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    pub(super) fn parse(body: &[u8]) -> Self {
        let fields = body.split(|byte| *byte == b'&').filter(|field| !field.is_empty());
        Self(
            fields
                .map(|field| {
                    let mut parts = field.splitn(2, |byte| *byte == b'=');
                    let mut part = || decode(parts.next().unwrap_or_default());
                    (part(), part())
                })
                .collect(),
        )
    }

    /// The value of a field.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let field = self.0.iter().find(|(field, _)| field == name);
        field.map(|(_, value)| value.as_str())
    }

    /// The operation's input, satisfying its shape.
    pub(super) fn input(&self, shape: &Shape) -> Result<Value, QueryError> {
        let input = self.value(shape, "").unwrap_or_else(|| Map::new().into());
        admit(shape, input, "", Wording::Quoted).map_err(|refusal| match refusal {
            Refusal::Type(message) => QueryError::new("MalformedInput", message),
            Refusal::Constraint(message) => QueryError::new("ValidationError", message),
        })
    }

    /// Gathers `Tags.member.1.Key` and the like into the value that the shape describes.
    fn value(&self, shape: &Shape, name: &str) -> Option<Value> {
        match shape {
            Shape::Structure(members) | Shape::Union(members) => {
                let separator = if name.is_empty() { "" } else { "." };
                let members = members.iter().filter_map(|member| {
                    let name = format!("{name}{separator}{}", member.name);
                    Some((member.name.to_owned(), self.value(member.shape, &name)?))
                });
                let members: Map<_, _> = members.collect();
                (!members.is_empty()).then_some(Value::Object(members))
            }
            Shape::List { member, .. } => {
                let values = (1..=MAX_INDEX).map_while(|index| self.value(member, &format!("{name}.member.{index}")));
                let values: Vec<_> = values.collect();
                // An empty list is written as an empty field.
                (!values.is_empty() || self.get(name) == Some("")).then_some(Value::Array(values))
            }
            Shape::Integer { .. } => {
                let text = self.get(name)?;
                Some(text.parse::<i64>().map_or_else(|_| text.into(), Value::from))
            }
            Shape::Text { .. } | Shape::Enum(_) | Shape::Boolean | Shape::Document | Shape::Map { .. } => {
                self.get(name).map(Value::from)
            }
        }
    }
}

/// Undoes the encoding of `application/x-www-form-urlencoded`.
fn decode(field: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(field.len());
    let mut rest = field;
    while let Some((first, after)) = rest.split_first() {
        let hex = |byte: Option<&u8>| char::from(*byte?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        rest = after;
        match (first, hex(after.first()), hex(after.get(1))) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(high << 4 | low);
                rest = &after[2..];
            }
            (b'+', ..) => bytes.push(b' '),
            (byte, ..) => bytes.push(*byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The answer to a request: `result` holds the members of the operation's result.
pub(super) fn answer(action: &str, result: Result<Value, QueryError>, request_id: &str) -> Response<Vec<u8>> {
    let (status, xml) = match result {
        Ok(value) => (200, success(action, &value, request_id)),
        Err(error) => (error.status, failure(&error, request_id)),
    };
    let mut response = Response::new(xml.into_bytes());
    // No status of ours is unknown to HTTP.
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/xml"));
    if let Ok(request_id) = request_id.try_into() {
        headers.insert(REQUEST_ID, request_id);
    }
    response
}

fn success(action: &str, value: &Value, request_id: &str) -> String {
    format!(
        "<{action}Response xmlns=\"{NAMESPACE}\"><{action}Result>{}</{action}Result>\
         <ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>\
         </{action}Response>",
        xml(value)
    )
}

fn failure(error: &QueryError, request_id: &str) -> String {
    format!(
        "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>Sender</Type><Code>{}</Code>\
         <Message>{}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>",
        error.code,
        escaped(&error.message)
    )
}

fn xml(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            members.iter().fold(String::new(), |text, (name, value)| text + &format!("<{name}>{}</{name}>", xml(value)))
        }
        Value::String(text) => escaped(text),
        other => other.to_string(),
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\r' => escaped.push_str("&#13;"),
            '\t' | '\n' => escaped.push(character),
            // XML cannot hold the other control characters at all.
            character if character.is_control() => escaped.push('\u{fffd}'),
            character => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::sts::ASSUME_ROLE;

    #[test]
    fn forms() {
        let form = Form::parse(b"Action=A&Tags.member.1.Key=a%2Bb&Tags.member.1.Value=c+d%zz&DurationSeconds=x");
        assert_eq!(form.get("Action"), Some("A"));
        let value = form.value(&ASSUME_ROLE, "").unwrap_or_default();
        assert_eq!(
            value,
            serde_json::json!({
                "DurationSeconds": "x",
                "Tags": [{"Key": "a+b", "Value": "c d%zz"}],
            })
        );
    }
}
