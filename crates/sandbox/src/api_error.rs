//! Error responses, as AWS words them.

use serde_json::{Map, Value};

use crate::{records::Duplicate, shape::InvalidInput};

/// An error response: AWS's code, a message, and the other members of this kind of error.
#[derive(Debug)]
pub(crate) struct ApiError {
    pub(crate) code: ErrorCode,
    pub(crate) message: String,
    pub(crate) members: Map<String, Value>,
}

/// The codes of the service models, and those that every AWS service has and no model lists.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ErrorCode {
    AccessDenied,
    Conflict,
    ExpiredToken,
    IncompleteSignature,
    InternalServer,
    InvalidSignature,
    MissingAuthenticationToken,
    ResourceNotFound,
    Serialization,
    ServiceQuotaExceeded,
    Throttling,
    UnknownOperation,
    UnrecognizedClient,
    Validation,
}

impl ErrorCode {
    /// All codes.
    pub(crate) const ALL: &[Self] = &[
        Self::AccessDenied,
        Self::Conflict,
        Self::ExpiredToken,
        Self::IncompleteSignature,
        Self::InternalServer,
        Self::InvalidSignature,
        Self::MissingAuthenticationToken,
        Self::ResourceNotFound,
        Self::Serialization,
        Self::ServiceQuotaExceeded,
        Self::Throttling,
        Self::UnknownOperation,
        Self::UnrecognizedClient,
        Self::Validation,
    ];

    /// Returns the code of that name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|code| code.name() == name).copied()
    }

    /// Returns the name on the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::AccessDenied => "AccessDeniedException",
            Self::Conflict => "ConflictException",
            Self::ExpiredToken => "ExpiredTokenException",
            Self::IncompleteSignature => "IncompleteSignatureException",
            Self::InternalServer => "InternalServerException",
            Self::InvalidSignature => "InvalidSignatureException",
            Self::MissingAuthenticationToken => "MissingAuthenticationTokenException",
            Self::ResourceNotFound => "ResourceNotFoundException",
            Self::Serialization => "SerializationException",
            Self::ServiceQuotaExceeded => "ServiceQuotaExceededException",
            Self::Throttling => "ThrottlingException",
            Self::UnknownOperation => "UnknownOperationException",
            Self::UnrecognizedClient => "UnrecognizedClientException",
            Self::Validation => "ValidationException",
        }
    }

    /// Returns the message that AWS sends when it has no details.
    pub(crate) fn default_message(self) -> &'static str {
        match self {
            Self::AccessDenied => "User is not authorized to perform this operation",
            Self::Conflict => "The request conflicts with a change that is under way",
            Self::ExpiredToken => "The security token included in the request is expired",
            Self::InternalServer => "Internal server error",
            Self::MissingAuthenticationToken => "Missing Authentication Token",
            Self::ServiceQuotaExceeded => "The request exceeds a quota of the account",
            Self::Throttling => "Rate exceeded",
            Self::UnrecognizedClient => "The security token included in the request is invalid.",
            _ => "The request was refused",
        }
    }

    /// Returns the HTTP status. It is 400 for every mistake of the caller, so clients must read the code.
    pub(crate) fn status(self) -> u16 {
        match self {
            Self::InternalServer => 500,
            _ => 400,
        }
    }
}

/// The kind of an object that was not found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ResourceType {
    Group,
    GroupMembership,
    IdentityStore,
    User,
}

impl ResourceType {
    fn name(self) -> &'static str {
        match self {
            Self::Group => "GROUP",
            Self::GroupMembership => "GROUP_MEMBERSHIP",
            Self::IdentityStore => "IDENTITY_STORE",
            Self::User => "USER",
        }
    }
}

impl ApiError {
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), members: Map::new() }
    }

    pub(crate) fn validation(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Validation, message)
    }

    /// Returns the error for an object that does not exist. A lookup by name has no id to report.
    pub(crate) fn not_found(resource: ResourceType, id: Option<&str>) -> Self {
        let name = resource.name();
        let error = Self::new(ErrorCode::ResourceNotFound, format!("{name} not found."));
        let error = error.with("ResourceType", name);
        match id {
            Some(id) => error.with("ResourceId", id),
            None => error,
        }
    }

    /// Returns the error for a revision that is no longer current.
    pub(crate) fn concurrent_modification() -> Self {
        let message = "The specified revision does not match the current revision of the resource";
        Self::new(ErrorCode::Conflict, message).with("Reason", "CONCURRENT_MODIFICATION")
    }

    /// Returns the error for an operation that does not exist, or not for this caller.
    pub(crate) fn unknown_operation(target: &str) -> Self {
        Self::new(ErrorCode::UnknownOperation, format!("Unknown operation: {target}"))
    }

    /// Returns the error with another member.
    pub(crate) fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.members.insert(member.to_owned(), value.into());
        self
    }
}

impl From<Duplicate> for ApiError {
    fn from(duplicate: Duplicate) -> Self {
        let message = match duplicate {
            Duplicate::UserName => "Duplicate UserName",
            // AWS's own message for this one is not known.
            Duplicate::Email => "Duplicate Email",
            Duplicate::GroupDisplayName => "Duplicate GroupDisplayName",
            Duplicate::Membership => "Member and Group relationship already exists",
        };
        Self::new(ErrorCode::Conflict, message).with("Reason", "UNIQUENESS_CONSTRAINT_VIOLATION")
    }
}

impl From<InvalidInput> for ApiError {
    fn from(invalid: InvalidInput) -> Self {
        match invalid {
            InvalidInput::Type(message) => Self::new(ErrorCode::Serialization, message),
            InvalidInput::Constraint(message) => Self::validation(message),
        }
    }
}

impl From<serde_json::Error> for ApiError {
    /// Reports a request that satisfies the model but not our types: a fault of the sandbox.
    fn from(error: serde_json::Error) -> Self {
        Self::new(ErrorCode::InternalServer, format!("the sandbox's types: {error}"))
    }
}
