//! awsQuery: a form in, XML out, and the operation in a field of the form.

use http::Response;
use serde_json::{Map, Value};

use crate::{
    api_error::{ApiError, ErrorCode},
    services::{Operation, Protocol, SERVICES, Service},
    shape::{InvalidInput, Shape, ValuesInErrors, validate},
};

/// The media type of a form.
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
/// The largest number of a list item in a form. No operation takes longer lists.
const MAX_INDEX: usize = 1000;

/// An error of a query service.
#[derive(Debug)]
pub(crate) struct QueryError {
    status: u16,
    code: &'static str,
    message: String,
}

impl QueryError {
    /// Returns an error for a mistake of the caller.
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { status: 400, code, message: message.into() }
    }
}

impl From<ApiError> for QueryError {
    /// Translates an error. Query services have names of their own for the errors that every service has.
    fn from(error: ApiError) -> Self {
        let (status, code) = match error.code {
            ErrorCode::AccessDenied => (403, "AccessDenied"),
            ErrorCode::ExpiredToken => (403, "ExpiredToken"),
            ErrorCode::IncompleteSignature => (400, "IncompleteSignature"),
            ErrorCode::InternalServer => (500, "InternalFailure"),
            ErrorCode::InvalidSignature => (403, "SignatureDoesNotMatch"),
            ErrorCode::MissingAuthenticationToken => (403, "MissingAuthenticationToken"),
            ErrorCode::Throttling => (400, "Throttling"),
            ErrorCode::UnrecognizedClient => (403, "InvalidClientTokenId"),
            ErrorCode::Validation => (400, "ValidationError"),
            other => (400, other.name()),
        };
        Self { status, code, message: error.message }
    }
}

impl From<InvalidInput> for QueryError {
    fn from(invalid: InvalidInput) -> Self {
        match invalid {
            InvalidInput::Type(message) => Self::new("MalformedInput", message),
            InvalidInput::Constraint(message) => Self::new("ValidationError", message),
        }
    }
}

/// The fields of a form.
#[derive(Debug)]
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// Reads the body of a request.
    pub(crate) fn parse(body: &[u8]) -> Self {
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

    /// Returns the value of a field.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let field = self.0.iter().find(|(field, _)| field == name);
        field.map(|(_, value)| value.as_str())
    }

    /// Collects fields such as `Tags.member.1.Key` into the value that the shape describes.
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
                // An empty field is an empty list.
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

/// Decodes a field of `application/x-www-form-urlencoded`.
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

/// Returns the service and the operation that a form names. An action of no service gets the first query service.
pub(crate) fn route(form: &Form) -> (&'static Service, Result<&'static Operation, QueryError>) {
    let services = || SERVICES.into_iter().filter(|service| matches!(service.protocol, Protocol::AwsQuery { .. }));
    let fallback = || services().next().unwrap_or(SERVICES[0]);
    let Some(action) = form.get("Action") else {
        return (fallback(), Err(QueryError::new("MissingAction", "The request has no Action")));
    };
    let service = services().find(|service| service.operation(action).is_some()).unwrap_or_else(fallback);
    let supported = version_and_namespace(service).0;
    let version = form.get("Version").unwrap_or(supported);
    let operation = service.operation(action).filter(|_| version == supported);
    let unknown =
        || QueryError::new("InvalidAction", format!("Could not find operation {action} for version {version}"));
    (service, operation.ok_or_else(unknown))
}

fn version_and_namespace(service: &Service) -> (&'static str, &'static str) {
    match service.protocol {
        Protocol::AwsQuery { version, namespace } => (version, namespace),
        Protocol::AwsJson { .. } => ("", ""),
    }
}

/// Returns the input of an operation. Fails if it violates the operation's shape.
pub(crate) fn input(operation: &Operation, form: &Form) -> Result<Value, QueryError> {
    let input = form.value(operation.input, "").unwrap_or_else(|| Map::new().into());
    Ok(validate(operation.input, input, "", ValuesInErrors::Quoted)?)
}

/// Returns the response to a request. `result` holds the members of the operation's result.
pub(crate) fn respond(
    service: &Service,
    action: &str,
    result: Result<Value, QueryError>,
    request_id: &str,
) -> Response<Vec<u8>> {
    let (_, namespace) = version_and_namespace(service);
    let (status, xml) = match result {
        Ok(value) => (200, success(namespace, action, &value, request_id)),
        Err(error) => (error.status, failure(namespace, &error, request_id)),
    };
    super::response(status, "text/xml", xml, request_id)
}

fn success(namespace: &str, action: &str, value: &Value, request_id: &str) -> String {
    format!(
        "<{action}Response xmlns=\"{namespace}\"><{action}Result>{}</{action}Result>\
         <ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>\
         </{action}Response>",
        xml(value)
    )
}

fn failure(namespace: &str, error: &QueryError, request_id: &str) -> String {
    format!(
        "<ErrorResponse xmlns=\"{namespace}\"><Error><Type>Sender</Type><Code>{}</Code>\
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
            // XML allows no other control characters.
            character if character.is_control() => escaped.push('\u{fffd}'),
            character => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_with_lists_becomes_the_value_of_the_shape() {
        let form =
            Form::parse(b"Action=AssumeRole&Tags.member.1.Key=a%2Bb&Tags.member.1.Value=c+d%zz&DurationSeconds=x");
        let (service, operation) = route(&form);
        assert_eq!(service.signing_name, "sts");
        let value = form.value(operation.expect("an operation").input, "").unwrap_or_default();
        assert_eq!(
            value,
            serde_json::json!({
                "DurationSeconds": "x",
                "Tags": [{"Key": "a+b", "Value": "c d%zz"}],
            })
        );
    }

    #[test]
    fn form_without_a_known_action_and_version_is_refused() {
        for (form, code) in [
            ("Version=2011-06-15", "MissingAction"),
            ("Action=ListUsers&Version=2011-06-15", "InvalidAction"),
            ("Action=AssumeRole&Version=2011-06-16", "InvalidAction"),
        ] {
            let (service, operation) = route(&Form::parse(form.as_bytes()));
            assert_eq!((service.signing_name, operation.expect_err(form).code), ("sts", code), "{form}");
        }
    }
}
