//! Errors as AWS answers them.

use serde_json::{Map, Value};

use super::{document::Taken, model::validate::Refusal};

/// An error answer: AWS's code, a message, and the members that this kind of error has.
#[derive(Debug)]
pub(super) struct ApiError {
    pub(super) code: Code,
    pub(super) message: String,
    pub(super) members: Map<String, Value>,
}

/// The exceptions of the services' models, and those that every AWS service has and no model lists.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Code {
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

impl Code {
    /// All of them.
    pub(super) const ALL: &[Self] = &[
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

    /// The code of that name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|code| code.name() == name).copied()
    }

    /// The name on the wire.
    pub(super) fn name(self) -> &'static str {
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

    /// What AWS says with it when there is nothing more to say.
    pub(super) fn sentence(self) -> &'static str {
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

    /// The HTTP status: 400 whatever the caller did wrong, which is why clients must look at the
    /// code.
    pub(super) fn status(self) -> u16 {
        match self {
            Self::InternalServer => 500,
            _ => 400,
        }
    }
}

/// What was not found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Resource {
    Group,
    GroupMembership,
    IdentityStore,
    User,
}

impl Resource {
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
    pub(super) fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), members: Map::new() }
    }

    pub(super) fn validation(message: impl Into<String>) -> Self {
        Self::new(Code::Validation, message)
    }

    /// There is no such object. A lookup by name has no id to report.
    pub(super) fn not_found(resource: Resource, id: Option<&str>) -> Self {
        let name = resource.name();
        let error = Self::new(Code::ResourceNotFound, format!("{name} not found."));
        let error = error.with("ResourceType", name);
        match id {
            Some(id) => error.with("ResourceId", id),
            None => error,
        }
    }

    /// The object was changed since the caller read it.
    pub(super) fn concurrent_modification() -> Self {
        let message = "The specified revision does not match the current revision of the resource";
        Self::new(Code::Conflict, message).with("Reason", "CONCURRENT_MODIFICATION")
    }

    /// No service has such an operation, here or now.
    pub(super) fn unknown_operation(target: &str) -> Self {
        Self::new(Code::UnknownOperation, format!("Unknown operation: {target}"))
    }

    /// Adds a member.
    pub(super) fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.members.insert(member.to_owned(), value.into());
        self
    }
}

impl From<Taken> for ApiError {
    fn from(taken: Taken) -> Self {
        let message = match taken {
            Taken::UserName => "Duplicate UserName",
            // AWS's own words for this one are not known.
            Taken::Email => "Duplicate Email",
            Taken::GroupDisplayName => "Duplicate GroupDisplayName",
            Taken::Membership => "Member and Group relationship already exists",
        };
        Self::new(Code::Conflict, message).with("Reason", "UNIQUENESS_CONSTRAINT_VIOLATION")
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Type(message) => Self::new(Code::Serialization, message),
            Refusal::Constraint(message) => Self::validation(message),
        }
    }
}

impl From<serde_json::Error> for ApiError {
    /// A request that satisfies the model but not our types is our mistake.
    fn from(error: serde_json::Error) -> Self {
        Self::new(Code::InternalServer, format!("the sandbox's types: {error}"))
    }
}
