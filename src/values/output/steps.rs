//! Steps of work that takes something away or gives it back: what each is about, and what became of it and when. They
//! are in the answer, in the context, and in what a later round of the same work goes on from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::values::error::Error;
use crate::values::model::{AccountAssignment, DateTime, Membership, PrincipalType};

/// What became of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) enum Outcome {
    #[serde(rename = "pending")]
    Pending,
    /// AWS has taken the request and works on it.
    #[serde(rename = "in progress")]
    InProgress,
    #[serde(rename = "removed")]
    Removed,
    /// Another caller removed it.
    #[serde(rename = "was gone already")]
    GoneAlready,
    /// It is gone, and an earlier round or attempt may have removed it without an answer.
    #[serde(rename = "gone meanwhile")]
    GoneMeanwhile,
    #[serde(rename = "would be removed")]
    WouldBeRemoved,
    #[serde(rename = "kept")]
    Kept,
    /// Nothing is to become of it.
    #[serde(rename = "found")]
    Found,
    #[serde(rename = "added")]
    Added,
    #[serde(rename = "was there already")]
    ThereAlready,
    #[serde(rename = "would be added")]
    WouldBeAdded,
    #[serde(rename = "no longer exists")]
    NoLongerExists,
    /// It was asked for, and nobody knows what became of it.
    #[serde(rename = "unknown")]
    Unknown,
    #[serde(rename = "failed")]
    Failed,
}

impl Outcome {
    /// The word, as it is in the answer.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::InProgress => "in progress",
            Self::Removed => "removed",
            Self::GoneAlready => "was gone already",
            Self::GoneMeanwhile => "gone meanwhile",
            Self::WouldBeRemoved => "would be removed",
            Self::Kept => "kept",
            Self::Found => "found",
            Self::Added => "added",
            Self::ThereAlready => "was there already",
            Self::WouldBeAdded => "would be added",
            Self::NoLongerExists => "no longer exists",
            Self::Unknown => "unknown",
            Self::Failed => "failed",
        }
    }

    /// Whether something of it is still to be done or to be waited for.
    pub(crate) fn is_unfinished(self) -> bool {
        matches!(self, Self::Pending | Self::InProgress)
    }

    /// Whether it is not as it was wanted.
    pub(crate) fn is_failure(self) -> bool {
        matches!(self, Self::Failed | Self::NoLongerExists | Self::Unknown)
    }

    /// Whether the containment took it, as far as is known: that is what is given back.
    pub(crate) fn is_taken(self) -> bool {
        matches!(self, Self::Pending | Self::InProgress | Self::Removed | Self::GoneMeanwhile | Self::Unknown)
    }

    /// Whether it is gone, as it was wanted.
    pub(crate) fn is_gone(self) -> bool {
        matches!(self, Self::Removed | Self::GoneAlready | Self::GoneMeanwhile)
    }

    /// Whether a round that removes things may leave it for the next one. Anything else in its progress is forged.
    pub(crate) fn is_left_by_removal(self) -> bool {
        self.is_unfinished() || self.is_gone() || matches!(self, Self::Unknown | Self::Failed)
    }

    /// Refuses progress that holds this outcome.
    pub(crate) fn not_left_by_removal(self) -> Error {
        Error::Setup(format!(
            "The progress says that something was \"{}\", which no earlier round leaves. No changes were made. Run the \
             command again without progress.",
            self.word()
        ))
    }
}

/// How far a step is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Progress {
    /// What became of it.
    pub(crate) outcome: Outcome,
    /// When that was known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) time: Option<DateTime>,
    /// Why it failed, or is not finished.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    /// The request that AWS is working on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) request_id: Option<String>,
}

impl Progress {
    /// Something that has not begun, or that nothing is to become of.
    pub(crate) fn of(outcome: Outcome) -> Self {
        Self { outcome, time: None, reason: None, request_id: None }
    }

    /// It came to this, now.
    pub(crate) fn now(&mut self, outcome: Outcome) {
        *self = Self { outcome, time: Some(DateTime::now()), reason: None, request_id: None };
    }

    /// It came to this, now, for a reason.
    pub(crate) fn now_because(&mut self, outcome: Outcome, reason: String) {
        *self = Self { outcome, time: Some(DateTime::now()), reason: Some(reason), request_id: None };
    }

    /// It failed, now; perhaps after it was done.
    pub(crate) fn failed(&mut self, error: &Error) {
        let outcome = if error.may_be_done() { Outcome::Unknown } else { Outcome::Failed };
        self.now_because(outcome, error.to_string());
    }

    /// What is listed counts for more than what AWS answered before: so it is, or is not, and was to be there or gone.
    pub(crate) fn correct(&mut self, listed: bool, wanted: bool) {
        use Outcome::{Added, Failed, GoneAlready, InProgress, Kept, NoLongerExists, Removed, ThereAlready, Unknown};
        match (wanted, listed, self.outcome) {
            // It is there, although it was claimed to be gone. What was to stay, and what failed, says so itself.
            (false, true, claimed) if !matches!(claimed, Kept | Failed | Unknown) => {
                let reason = "It was removed, and is listed again or still. Run the command again.".to_owned();
                self.now_because(Unknown, reason);
            }
            (true, false, Added | ThereAlready) => {
                self.now_because(Unknown, "It was given, and is not listed. Run the command again.".to_owned());
            }
            (false, false, Unknown | InProgress) => self.now(Removed),
            (true, true, Unknown | InProgress) => self.now(Added),
            // Whoever did it, it was not done here.
            (false, false, Failed) => self.now(GoneAlready),
            (true, true, Failed | NoLongerExists) => self.now(ThereAlready),
            _ => {}
        }
    }

    /// Whether reading it back once more may show something else.
    pub(crate) fn is_contradicted(&self, listed: bool, wanted: bool) -> bool {
        let claimed = if wanted {
            matches!(self.outcome, Outcome::Added | Outcome::ThereAlready | Outcome::Unknown)
        } else {
            !matches!(self.outcome, Outcome::Kept | Outcome::Failed)
        };
        claimed && listed != wanted
    }

    /// AWS works on it.
    pub(crate) fn requested(&mut self, request_id: String) {
        *self = Self {
            outcome: Outcome::InProgress,
            time: Some(DateTime::now()),
            reason: None,
            request_id: Some(request_id),
        };
    }
}

/// A membership in a group, and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GroupStep {
    /// The name of the group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) group_name: Option<String>,
    /// The id of the group.
    pub(crate) group_id: String,
    /// The id of the membership.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) membership_id: Option<String>,
    #[serde(flatten)]
    pub(crate) progress: Progress,
}

impl GroupStep {
    /// The group's name, or else its id.
    pub(crate) fn shown(&self) -> &str {
        self.group_name.as_deref().unwrap_or(&self.group_id)
    }

    pub(crate) fn is_about(&self, membership: &Membership) -> bool {
        match &membership.group_id {
            // The id of a membership may come from progress, and must not make it another group's.
            Some(group_id) if !self.group_id.is_empty() => *group_id == self.group_id,
            // Not every server says which group a membership is in.
            _ => self.membership_id.as_ref() == Some(&membership.membership_id),
        }
    }
}

/// A permission set that a user has in an account, and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AssignmentStep {
    /// The AWS account.
    pub(crate) account_id: String,
    /// The name of the permission set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) permission_set_name: Option<String>,
    /// The Amazon Resource Name (ARN) of the permission set.
    pub(crate) permission_set_arn: String,
    #[serde(flatten)]
    pub(crate) progress: Progress,
}

impl AssignmentStep {
    /// An assignment that something is to be done to.
    pub(crate) fn pending(assignment: &AccountAssignment) -> Self {
        Self {
            account_id: assignment.account_id.clone(),
            permission_set_name: None,
            permission_set_arn: assignment.permission_set_arn.clone(),
            progress: Progress::of(Outcome::Pending),
        }
    }

    /// The permission set's name, or else its ARN.
    pub(crate) fn shown(&self) -> &str {
        self.permission_set_name.as_deref().unwrap_or(&self.permission_set_arn)
    }

    pub(crate) fn is_about(&self, assignment: &AccountAssignment) -> bool {
        assignment.account_id == self.account_id && assignment.permission_set_arn == self.permission_set_arn
    }
}

/// An assignment whose user or group no longer exists.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct OrphanStep {
    /// USER or GROUP.
    pub(crate) principal_type: PrincipalType,
    /// The id of the user or the group that is gone.
    pub(crate) principal_id: String,
    #[serde(flatten)]
    pub(crate) assignment: AssignmentStep,
}

/// How far the whole work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) enum Status {
    /// Everything is as it was wanted, and was read back.
    #[serde(rename = "done")]
    Done,
    /// It goes on.
    #[serde(rename = "in progress")]
    InProgress,
    /// Something failed, or could not be seen.
    #[serde(rename = "incomplete")]
    Incomplete,
    /// Nothing was changed.
    #[serde(rename = "dry run")]
    DryRun,
}

#[cfg(test)]
mod tests {
    use super::Outcome::{
        Added, Failed, Found, GoneAlready, GoneMeanwhile, InProgress, Kept, NoLongerExists, Pending, Removed,
        ThereAlready, Unknown, WouldBeAdded, WouldBeRemoved,
    };
    use super::*;

    const ALL: [Outcome; 14] = [
        Pending,
        InProgress,
        Removed,
        GoneAlready,
        GoneMeanwhile,
        WouldBeRemoved,
        Kept,
        Found,
        Added,
        ThereAlready,
        WouldBeAdded,
        NoLongerExists,
        Unknown,
        Failed,
    ];

    /// What of all that is told becomes something else when it is read back.
    fn corrected(listed: bool, wanted: bool) -> Vec<(Outcome, Outcome)> {
        let after = |outcome| {
            let mut progress = Progress::of(outcome);
            progress.correct(listed, wanted);
            assert_eq!(progress.time.is_some(), progress.outcome != outcome);
            (outcome, progress.outcome)
        };
        ALL.into_iter().map(after).filter(|(before, after)| before != after).collect()
    }

    #[test]
    fn what_is_listed_counts_for_more_than_what_was_answered() {
        let whatever_is_claimed = ALL.into_iter().filter(|outcome| ![Kept, Unknown, Failed].contains(outcome));
        assert_eq!(corrected(true, false), whatever_is_claimed.map(|claimed| (claimed, Unknown)).collect::<Vec<_>>());
        assert_eq!(corrected(false, true), [(Added, Unknown), (ThereAlready, Unknown)]);
        assert_eq!(corrected(false, false), [(InProgress, Removed), (Unknown, Removed), (Failed, GoneAlready)]);
        let there = [(InProgress, Added), (NoLongerExists, ThereAlready), (Unknown, Added), (Failed, ThereAlready)];
        assert_eq!(corrected(true, true), there);
    }

    #[test]
    fn only_a_claim_can_be_contradicted() {
        let contradicted = |listed, wanted| {
            ALL.into_iter().filter(|it| Progress::of(*it).is_contradicted(listed, wanted)).collect::<Vec<_>>()
        };
        let not_to_be_there = ALL.into_iter().filter(|outcome| ![Kept, Failed].contains(outcome));
        assert_eq!(contradicted(true, false), not_to_be_there.collect::<Vec<_>>());
        assert_eq!(contradicted(false, true), [Added, ThereAlready, Unknown]);
        assert!(contradicted(true, true).is_empty() && contradicted(false, false).is_empty());
    }

    #[test]
    fn a_removal_leaves_for_its_next_round_what_it_makes_and_nothing_else() {
        let left: Vec<_> = ALL.into_iter().filter(|outcome| outcome.is_left_by_removal()).collect();
        assert_eq!(left, [Pending, InProgress, Removed, GoneAlready, GoneMeanwhile, Unknown, Failed]);
    }

    #[test]
    fn an_outcome_is_one_word_in_text_and_in_the_context() {
        for outcome in ALL {
            assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.word());
        }
    }
}
