//! An error that AWS answered with, and what may be learned from it.

mod denial;
mod reason;
#[cfg(test)]
mod tests;
mod verdict;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

pub(crate) use reason::Reason;

use super::model::DateTime;
use super::service::{SERVICES, action};

const NOT_FOUND: &str = "ResourceNotFoundException";

/// AWS failed while it did what it was asked for: perhaps before, perhaps after.
pub(crate) const FAILED_WITHIN: &str = "InternalServerException";

/// What has to be said where a change was sent, and nobody knows whether it was made.
pub(crate) fn unknown_outcome(operation: &str) -> &'static str {
    let changes = ["Create", "Update", "Delete"].iter().any(|verb| operation.starts_with(verb));
    if changes { " Whether AWS has done it is not known: look, or run the command again, which is safe." } else { "" }
}

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
    pub(crate) lost_answer: Option<LostAnswer>,
    /// The operations that the whole command may call, where it helps to know them.
    pub(crate) needs: &'static [&'static str],
}

/// An attempt that ended without an answer: it may have been carried out, and a repetition meets what it has done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LostAnswer {
    /// When the first attempt began, in whole seconds since 1970, as servers may count no finer.
    since: u64,
}

impl LostAnswer {
    pub(crate) fn since(begun: SystemTime) -> Self {
        Self { since: begun.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs() }
    }

    /// Whether something of this age may be the work of that attempt. Of what has no age, it may.
    pub(crate) fn may_have_made(&self, created_at: Option<&DateTime>) -> bool {
        created_at
            .and_then(DateTime::seconds)
            .is_none_or(|created| created >= Duration::from_secs(self.since).as_secs_f64())
    }
}

impl ServiceError {
    pub(crate) fn is(&self, code: &str) -> bool {
        self.code == code
    }

    /// Whether AWS says that what was asked for does not exist. Everything that takes something for gone asks here: with
    /// a `Reason` AWS says it of the KMS key, with every `ResourceType` (AWS: Identity Store API and IAM Identity
    /// Center API, `ResourceNotFoundException`), and the one that was asked for may well be there.
    pub(crate) fn is_gone(&self) -> bool {
        self.is(NOT_FOUND) && self.reason.is_none()
    }

    /// Whether AWS refuses what it was sent. With a `Reason` it refuses the KMS key.
    pub(crate) fn is_invalid(&self) -> bool {
        self.is("ValidationException") && self.reason.is_none()
    }

    /// Whether the instance of IAM Identity Center has no such thing: one of a single account has no permission sets.
    pub(crate) fn is_unsupported(&self) -> bool {
        self.is_invalid() && self.says("not supported")
    }

    /// Whether the directory takes no filter (landing-zone-accelerator-on-aws #667: "Filter is deprecated, please remove
    /// filter from request.").
    pub(crate) fn is_about_a_deprecated_filter(&self) -> bool {
        self.is_invalid() && self.says("Filter is deprecated")
    }

    fn says(&self, words: &str) -> bool {
        self.message.as_deref().is_some_and(|text| text.contains(words))
    }

    /// What its `Reason` means. One of a thing that was not found is about the key, under every name.
    fn known_reason(&self) -> Option<Reason> {
        let given = self.reason.as_deref()?;
        let mut rows = SERVICES.into_iter().flat_map(|service| service.reasons);
        match rows.find(|(code, reason, _)| self.is(code) && *reason == given) {
            Some((.., meaning)) => Some(*meaning),
            None if self.is(NOT_FOUND) => Some(Reason::KeyNotFound),
            None => given.starts_with("KMS").then_some(Reason::KeyUnusable),
        }
    }

    /// Whether the KMS key is what is wrong. A denial may say so in its message alone.
    fn is_about_the_key(&self) -> bool {
        self.known_reason().is_some_and(Reason::is_about_the_key)
            || self.denial().is_some_and(|denial| denial.is_about_the_key())
    }

    /// Whether IAM refuses the call to these credentials, for any reason.
    pub(crate) fn is_forbidden(&self) -> bool {
        self.denial().is_some()
    }

    /// Whether it does so because nothing allows the call: what allows it helps.
    pub(crate) fn is_denied(&self) -> bool {
        self.denial().is_some_and(|denial| !denial.is_explicit()) && !self.is_about_the_key()
    }

    /// Whether AWS takes the credentials for nobody's.
    pub(crate) fn is_unauthenticated(&self) -> bool {
        matches!(
            self.code.as_str(),
            "ExpiredToken"
                | "ExpiredTokenException"
                | "InvalidClientTokenId"
                | "InvalidSignatureException"
                | "SignatureDoesNotMatch"
                | "UnrecognizedClientException"
        )
    }
}

impl std::fmt::Display for ServiceError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (verdict, advice) = self.verdict();
        write!(f, "Failed to {}: {verdict}. AWS answered {}", self.doing, self.code)?;
        if let Some(reason) = &self.reason {
            write!(f, " ({reason})")?;
        }
        match self.message.as_deref().map(str::trim) {
            Some(message) if !message.is_empty() => write!(f, ": {}", message.trim_end_matches('.'))?,
            _ => write!(f, " without a message")?,
        }
        if let Some(id) = &self.request_id {
            write!(f, " (request id {id})")?;
        }
        write!(f, ".")?;
        if !advice.is_empty() {
            write!(f, " {advice}")?;
        }
        if self.lost_answer.is_some() || self.is(FAILED_WITHIN) {
            write!(f, "{}", unknown_outcome(self.operation))?;
        }
        match needs(self.needs) {
            Some(needs) => write!(f, " {needs}"),
            None => Ok(()),
        }
    }
}

/// What a command needs of IAM, where it is more than what was just refused.
pub(super) fn needs(calls: &[&str]) -> Option<String> {
    let more = calls.len() > 1;
    more.then(|| {
        let actions: Vec<_> = calls.iter().map(|call| action(call)).collect();
        format!("The command may need all of: {}.", actions.join(", "))
    })
}
