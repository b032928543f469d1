//! What the registry says of a service and of an operation.

use serde_json::Value;

use crate::{api_error::ApiError, context::Call, scenario::CallCounter, shape::Shape, store::Directory};

/// An AWS service.
#[derive(Debug)]
pub(crate) struct Service {
    /// Its name in signatures.
    pub(crate) signing_name: &'static str,
    /// The prefix of its actions in IAM policies.
    pub(crate) action_prefix: &'static str,
    /// How requests name their operation, and what inputs, responses and errors look like.
    pub(crate) protocol: Protocol,
    /// A region that signatures may name beside the directory's: services with one endpoint for the whole world have one.
    pub(crate) global_region: Option<&'static str>,
    /// Whether all operations share one rate limit, or each has its own.
    pub(crate) shares_rate_limit: bool,
    /// Whether the service manages access to accounts. Then only the owner of the directory may call it, except for
    /// operations that are available [everywhere](Availability::Everywhere).
    pub(crate) manages_account_access: bool,
    /// Whether the setting `classic` applies to the service.
    pub(crate) has_classic_form: bool,
    pub(crate) operations: &'static [Operation],
}

/// The protocol of a service, with what differs between the services that use it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Protocol {
    /// awsJson1.1: the header `X-Amz-Target` names `PREFIX.Operation`, and bodies are JSON. See
    /// [`aws_json`](crate::protocol::aws_json).
    AwsJson { target_prefix: &'static str, errors: JsonErrors },
    /// awsQuery: a form names the operation, and responses are XML. See [`aws_query`](crate::protocol::aws_query).
    AwsQuery { version: &'static str, namespace: &'static str },
}

/// The members of the errors of a JSON service.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum JsonErrors {
    /// `__type` and `Message`.
    MessageOnly,
    /// Also `RequestId`, and the members of the kind of error, such as `RetryAfterSeconds`.
    Detailed,
}

/// An operation of a service.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    pub(crate) input: &'static Shape,
    pub(crate) handler: Handler,
    pub(crate) availability: Availability,
}

/// The function that carries out an operation. Its input satisfies the operation's shape.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Handler {
    /// Responds from the directory.
    Read(fn(&Directory, Value, &Call) -> Result<Value, ApiError>),
    /// Changes the directory: as a whole or not at all, unless the scenario has the setting `partial-updates`.
    Write(fn(&mut Directory, Value, &Call) -> Result<Value, ApiError>),
    /// Responds without the directory.
    Stateless(fn(Value, &Call) -> Result<Value, ApiError>),
}

/// Which scenarios have an operation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Availability {
    /// As the service and the handler imply: other accounts and regions may read, and only the owner may write.
    Usual,
    /// In every account and region, although the service manages access to accounts.
    Everywhere,
    /// Since October 2026: not with the setting `classic`.
    SinceOctober2026,
    /// Not in a directory of the setting `legacy-ad`.
    NotInLegacyAd,
}

/// Returns an operation that reads the directory.
pub(crate) const fn read(
    name: &'static str,
    input: &'static Shape,
    handler: fn(&Directory, Value, &Call) -> Result<Value, ApiError>,
) -> Operation {
    Operation { name, input, handler: Handler::Read(handler), availability: Availability::Usual }
}

/// Returns an operation that changes the directory.
pub(crate) const fn write(
    name: &'static str,
    input: &'static Shape,
    handler: fn(&mut Directory, Value, &Call) -> Result<Value, ApiError>,
) -> Operation {
    Operation { name, input, handler: Handler::Write(handler), availability: Availability::Usual }
}

/// Returns an operation that does not use the directory.
pub(crate) const fn stateless(
    name: &'static str,
    input: &'static Shape,
    handler: fn(Value, &Call) -> Result<Value, ApiError>,
) -> Operation {
    Operation { name, input, handler: Handler::Stateless(handler), availability: Availability::Usual }
}

impl Operation {
    /// Returns the operation with another availability.
    pub(crate) const fn available(self, availability: Availability) -> Self {
        Self { availability, ..self }
    }

    /// Returns whether the operation changes the directory.
    pub(crate) fn is_write(&self) -> bool {
        matches!(self.handler, Handler::Write(_))
    }
}

impl Service {
    /// Returns the operation of that name.
    pub(crate) fn operation(&self, name: &str) -> Option<&'static Operation> {
        self.operations.iter().find(|operation| operation.name == name)
    }

    /// Returns where the calls of an operation are counted.
    pub(crate) fn counter(&self, operation: &Operation) -> CallCounter {
        CallCounter { service: self.signing_name, operation: operation.name, shares_limit: self.shares_rate_limit }
    }

    /// Returns the name of an operation in requests.
    pub(crate) fn name_in_requests(&self, operation: &Operation) -> String {
        match self.protocol {
            Protocol::AwsJson { target_prefix, .. } => format!("{target_prefix}.{}", operation.name),
            Protocol::AwsQuery { .. } => operation.name.to_owned(),
        }
    }
}
