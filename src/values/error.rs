//! What can go wrong, as facts in fields; the words for people are in the attributes. A sentence says what was
//! attempted, on what, why it failed, and what to do.

use thiserror::Error;

use super::arguments::{ArgumentError, shortened};
use super::service_error::{FAILED_WITHIN, LostAnswer, ServiceError};

/// Why a request was not carried out.
#[derive(Debug, Error)]
pub(crate) enum Error {
    #[error("{0}")]
    Argument(#[from] ArgumentError),

    #[error("{} is not one user but {count}: {names}. Name the user by userId.", upper_first(what))]
    Ambiguous { what: String, count: usize, names: String },

    #[error(
        "{} was changed by somebody else meanwhile, so nothing was changed now. Look at it and decide anew.",
        upper_first(what)
    )]
    Changed { what: String },

    #[error("The command must be a text, such as \"aws-iam-identitycenter-list-users\".")]
    CommandIsNoText,

    #[error("{} exists already, with the id {id}. Nothing was changed.", upper_first(what))]
    Exists { what: String, id: String },

    /// An answer of AWS was lost, and what is there may be what that answer would have told of.
    #[error(
        "{} exists, with the id {id}. An answer of AWS was lost on the way, so it may be that this command made it; but \
         it is not what was asked for, or it is older. Look at it before you go on.",
        upper_first(what)
    )]
    ExistsPerhapsOurs { what: String, id: String },

    /// Whether AWS makes all changes of one call or none is not documented.
    #[error("{} exists already, with the id {id}. {PARTLY}", upper_first(what))]
    ExistsPartly { what: String, id: String },

    #[error("The request is empty. One JSON object with a command is expected on standard input.")]
    EmptyRequest,

    /// The connection to AWS, before any answer of AWS.
    #[error("Failed to {doing}: {reason}")]
    Connection { doing: String, reason: String },

    #[error("The command was interrupted before this was done. Run it again to do the rest.")]
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

    #[error("{} was not found in identity store {store}.{hint}", upper_first(what))]
    NotFound { what: String, store: String, hint: &'static str },

    #[error("The request is not JSON: {0}.")]
    NotJson(serde_json::Error),

    #[error(
        "An internal error ended the command{place}. What it had done before is not known: look before you repeat it. Please report this."
    )]
    Panic { place: String },

    #[error("{}", .0.of_parameter())]
    Parameter(ArgumentError),

    #[error("{} cannot be deleted, because that ends its memberships. {because}", upper_first(what))]
    Holds { what: String, because: Box<Error> },

    #[error(
        "{} may be protected ({parameter}): its name could not be looked up, so it is not changed.",
        upper_first(what)
    )]
    PerhapsProtected { what: String, parameter: &'static str },

    #[error("{} is protected ({parameter}), so no command may change it.", upper_first(what))]
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

    #[error(
        "The parameters of the instance hold more secrets than can be kept out of an answer (32 KiB), so nothing was done. \
         Those whose names contain key, private, password, secret, token, credentials or service_account count."
    )]
    TooManySecrets,

    /// Long work that was given up for now.
    #[error(
        "{remaining} of these could not be finished within {seconds} seconds (timeout_in_seconds). What AWS is working on \
         may still be done. Run the command again to go on."
    )]
    Unfinished { remaining: usize, seconds: u32 },

    #[error("Unknown command \"{}\".{}", shortened(name), hint(*nearest))]
    UnknownCommand { name: String, nearest: Option<&'static str> },

    #[error("{0}")]
    Usage(String),
}

const PARTLY: &str = "Some of the changes may have been made: look before you go on.";

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
        self.is_exactly_not_found(resource_type) || self.is_not_found_without_a_type()
    }

    /// Whether AWS says so, and not of what type of thing: it may be another than what was asked for.
    pub(crate) fn is_not_found_without_a_type(&self) -> bool {
        self.service().is_some_and(|error| error.is_gone() && error.resource_type.is_none())
    }

    /// Whether AWS says so, of whatever type of thing.
    pub(crate) fn is_any_not_found(&self) -> bool {
        self.service().is_some_and(ServiceError::is_gone)
    }

    /// Whether AWS says so of just this type of thing.
    pub(crate) fn is_exactly_not_found(&self, resource_type: &str) -> bool {
        self.service().is_some_and(|error| error.is_gone() && error.resource_type.as_deref() == Some(resource_type))
    }

    /// Whether the instance of IAM Identity Center has no such thing.
    pub(crate) fn is_unsupported(&self) -> bool {
        self.service().is_some_and(ServiceError::is_unsupported)
    }

    /// Whether the directory takes no filter.
    pub(crate) fn is_about_a_deprecated_filter(&self) -> bool {
        self.service().is_some_and(ServiceError::is_about_a_deprecated_filter)
    }

    /// Whether AWS says that something like it exists already. Two writers at the same time are another matter.
    pub(crate) fn is_conflict(&self) -> bool {
        self.service().is_some_and(|error| {
            error.is("ConflictException") && error.reason.as_deref() != Some("CONCURRENT_MODIFICATION")
        })
    }

    /// Whether AWS refuses what it was sent.
    pub(crate) fn is_invalid(&self) -> bool {
        self.service().is_some_and(ServiceError::is_invalid)
    }

    /// Whether AWS says that the revision is no longer the one that was given.
    pub(crate) fn is_concurrent_modification(&self) -> bool {
        self.service().is_some_and(|error| {
            error.is("ConflictException") && error.reason.as_deref() == Some("CONCURRENT_MODIFICATION")
        })
    }

    /// Why something that is not protected itself cannot be deleted.
    #[must_use]
    pub(crate) fn for_deleting(self, what: &str) -> Self {
        Self::Holds { what: what.to_owned(), because: Box::new(self) }
    }

    /// Whether an answer to an earlier attempt of the same call was lost.
    pub(crate) fn lost_answer(&self) -> Option<&LostAnswer> {
        self.service()?.lost_answer.as_ref()
    }

    /// Whether a change may have been made although it failed. One that nobody was asked for was not, but who is asked
    /// later finds it as it was.
    pub(crate) fn may_be_done(&self) -> bool {
        matches!(self, Self::Connection { .. })
            || self.service().is_some_and(|error| error.lost_answer.is_some() || error.is(FAILED_WITHIN))
    }

    /// Whether AWS takes no more of this kind for the moment.
    pub(crate) fn is_full(&self) -> bool {
        self.service().is_some_and(|error| error.is("ServiceQuotaExceededException") || error.is("ThrottlingException"))
    }

    /// Whether AWS or the way to it failed, so that the same may succeed later.
    pub(crate) fn is_of_the_moment(&self) -> bool {
        matches!(self, Self::Connection { .. } | Self::Service(_) | Self::Interrupted) && !self.is_forbidden()
    }

    /// Whether AWS refuses the call to these credentials, for any reason.
    pub(crate) fn is_forbidden(&self) -> bool {
        self.service().is_some_and(ServiceError::is_forbidden)
    }

    /// Whether AWS refuses the call to these credentials because nothing allows it, so that it helps to allow it. What a
    /// policy denies, and what the KMS key is closed to, is refused for other reasons.
    pub(crate) fn is_denied(&self) -> bool {
        self.service().is_some_and(ServiceError::is_denied)
    }

    /// Whether AWS takes these credentials for nobody's. Others may be there by now.
    pub(crate) fn is_unauthenticated(&self) -> bool {
        self.service().is_some_and(ServiceError::is_unauthenticated)
    }

    /// The same, with all that the command needs: who grants one action after the other is refused once for each.
    #[must_use]
    pub(crate) fn with_needs(mut self, calls: &'static [&'static str]) -> Self {
        if let Self::Service(error) = &mut self {
            error.needs = calls;
        }
        self
    }

    /// The same, with what else is known.
    #[must_use]
    pub(crate) fn with_hint(self, hint: &str) -> Self {
        if hint.is_empty() { self } else { Self::Setup(format!("{self} {hint}")) }
    }

    /// The same, where it was one of several changes in one call.
    #[must_use]
    pub(crate) fn partly(self) -> Self {
        match self {
            Self::Exists { what, id } => Self::ExistsPartly { what, id },
            other => other.with_hint(PARTLY),
        }
    }

    /// The same, after an answer was lost.
    #[must_use]
    pub(crate) fn after(mut self, lost_answer: Option<LostAnswer>) -> Self {
        if let Self::Service(error) = &mut self {
            error.lost_answer = lost_answer;
        }
        self
    }
}

/// Returns the text as it begins a sentence: "User alice" for "user alice".
pub(crate) fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
