//! What can go wrong, as facts in fields; the words for people are in the attributes. A sentence says what was
//! attempted, on what, why it failed, and what to do.

use thiserror::Error;

use super::arguments::ArgumentError;
use super::choice::UserChoice;

/// Why a request was not carried out.
#[derive(Debug, Error)]
pub(crate) enum Error {
    #[error("{0}")]
    Argument(#[from] ArgumentError),

    #[error("{choice} is not one user but {count}: {names}. Nothing was changed. Name the user by userId.")]
    Ambiguous { choice: UserChoice, count: usize, names: String },

    #[error("The command must be a text, such as \"aws-iam-identitycenter-list-users\".")]
    CommandIsNoText,

    #[error("{what} exists already, with the id {id}. Nothing was changed.")]
    Exists { what: String, id: String },

    #[error("The request is empty. One JSON object with a command is expected on standard input.")]
    EmptyRequest,

    /// The connection to AWS, before any answer of AWS.
    #[error("Failed to {doing}: {reason}")]
    Connection { doing: String, reason: String },

    #[error("The command was interrupted. What had been done before is reported; run it again to do the rest.")]
    Interrupted,

    #[error("The request names no command. Give \"command\", such as \"aws-iam-identitycenter-list-users\".")]
    NoCommand,

    #[error("The request is a JSON value, but not a JSON object such as {{\"command\": \"…\", \"args\": {{}}}}.")]
    NotAnObject,

    /// What stands there is not shown: it may be a secret.
    #[error(
        "The request is not what XSOAR sends (line {line}, column {column}): \"args\" and \"params\" must be JSON \
         objects, and no member may come twice."
    )]
    NotARequest { line: usize, column: usize },

    #[error("{what} was not found in identity store {store}.{hint}")]
    NotFound { what: String, store: String, hint: &'static str },

    #[error("The request is not JSON: {0}.")]
    NotJson(serde_json::Error),

    #[error(
        "An internal error ended the command{place}. What it had done before is not known: look before you repeat it. Please report this."
    )]
    Panic { place: String },

    #[error("{}", .0.noun("parameter"))]
    Parameter(ArgumentError),

    #[error("{what} is protected ({parameter}), so no command may change it.")]
    Protected { what: String, parameter: &'static str },

    #[error(
        "Failed to {doing}: the same page token came twice, so the list would never end. This is a fault of the \
         server that answers at the endpoint."
    )]
    RepeatedToken { doing: String },

    #[error("{0}")]
    Service(Box<ServiceError>),

    #[error("{0}")]
    Setup(String),

    #[error("Unknown command \"{name}\".{}", hint(*nearest))]
    UnknownCommand { name: String, nearest: Option<&'static str> },

    #[error("{0}")]
    Usage(String),
}

fn hint(nearest: Option<&'static str>) -> String {
    nearest.map_or_else(
        || " Run \"aws-iam-identitycenter --help\" for where the commands are listed.".to_owned(),
        |nearest| format!(" Did you mean \"{nearest}\"?"),
    )
}

impl Error {
    /// Whether no command could be dispatched at all: exit code 2.
    pub(crate) fn undispatched(&self) -> bool {
        matches!(
            self,
            Self::CommandIsNoText
                | Self::EmptyRequest
                | Self::NoCommand
                | Self::NotAnObject
                | Self::NotARequest { .. }
                | Self::NotJson(_)
                | Self::Usage(_)
        )
    }
}

impl Error {
    fn service(&self) -> Option<&ServiceError> {
        if let Self::Service(error) = self { Some(error) } else { None }
    }

    /// Whether AWS says that the thing which was asked for does not exist. Older servers do not say of what type it is.
    pub(crate) fn is_not_found(&self, resource_type: &str) -> bool {
        self.service().is_some_and(|error| {
            error.is(NOT_FOUND) && error.resource_type.as_deref().is_none_or(|named| named == resource_type)
        })
    }

    /// Whether AWS says that a thing of just this type does not exist.
    pub(crate) fn is_about(&self, resource_type: &str) -> bool {
        self.service().is_some_and(|error| error.is(NOT_FOUND) && error.resource_type.as_deref() == Some(resource_type))
    }

    /// Whether AWS says that something like it exists already. Two writers at the same time are another matter.
    pub(crate) fn is_conflict(&self) -> bool {
        self.service().is_some_and(|error| {
            error.is("ConflictException") && error.reason.as_deref() != Some("CONCURRENT_MODIFICATION")
        })
    }
}

const NOT_FOUND: &str = "ResourceNotFoundException";

/// An error that AWS answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServiceError {
    /// What was attempted, after "Failed to": "create user alice".
    pub(crate) doing: String,
    /// The operation of the API, such as `CreateUser`.
    pub(crate) operation: &'static str,
    /// The error's `__type` without its namespace, such as `ConflictException`.
    pub(crate) code: String,
    pub(crate) message: Option<String>,
    pub(crate) request_id: Option<String>,
    /// The machine-readable refinement that some errors carry, such as `UNIQUENESS_CONSTRAINT_VIOLATION`.
    pub(crate) reason: Option<String>,
    /// What kind of thing was not found, such as `USER` or `IDENTITY_STORE`.
    pub(crate) resource_type: Option<String>,
}

impl ServiceError {
    pub(crate) fn is(&self, code: &str) -> bool {
        self.code == code
    }

    /// What it comes down to, in the words that XSOAR's scripts look for, and what to do about it.
    fn verdict(&self) -> (&'static str, String) {
        let advice = |text: &str| text.to_owned();
        match self.code.as_str() {
            "AccessDeniedException" | "AccessDenied" => (
                "Access denied",
                format!("Allow the IAM action identitystore:{} to the credentials of this instance.", self.operation),
            ),
            "ConflictException" => ("It conflicts with what is there", String::new()),
            "ExpiredTokenException" | "ExpiredToken" => {
                ("The credentials have expired", advice("Give the instance new credentials."))
            }
            "InternalServerException" => ("AWS failed internally", advice("Try again later.")),
            "InvalidSignatureException" | "SignatureDoesNotMatch" => {
                ("AWS refused the signature", advice("Check the secret key of the instance and the clock of the host."))
            }
            "ResourceNotFoundException" if self.resource_type.as_deref() == Some("IDENTITY_STORE") => (
                "The identity store was not found",
                advice("Check the Identity Store ID and the AWS region of the instance."),
            ),
            "ResourceNotFoundException" => ("It was not found", String::new()),
            "ServiceQuotaExceededException" => {
                ("A quota of AWS is reached", advice("Ask AWS to raise it, or delete what is not needed."))
            }
            "ThrottlingException" => (
                "AWS allows no more calls at the moment",
                advice("Try again later, or give the instance more retries."),
            ),
            "UnrecognizedClientException" | "InvalidClientTokenId" => (
                "AWS does not know the access key",
                advice("Check the access key of the instance, and its session token if it has one."),
            ),
            "ValidationException"
                if self.message.as_deref().is_some_and(|text| text.contains("Filter is required")) =>
            {
                (
                    "This directory lists nothing without a filter",
                    advice("It is a legacy Active Directory source: name users by userName or userId."),
                )
            }
            "ValidationException" => ("AWS refused the input", String::new()),
            _ => ("AWS refused it", String::new()),
        }
    }
}

impl std::fmt::Display for ServiceError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (verdict, advice) = self.verdict();
        write!(f, "Failed to {}: {verdict}. AWS answered {}", self.doing, self.code)?;
        match self.message.as_deref().map(str::trim) {
            Some(message) if !message.is_empty() => write!(f, ": {}", message.trim_end_matches('.'))?,
            _ => write!(f, " without a message")?,
        }
        if let Some(id) = &self.request_id {
            write!(f, " (request id {id})")?;
        }
        write!(f, ".")?;
        if advice.is_empty() { Ok(()) } else { write!(f, " {advice}") }
    }
}
