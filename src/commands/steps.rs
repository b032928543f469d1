//! How steps of work are shown: what was done and when, fit to be pasted into an incident report, and what failed.

use crate::values::markdown::{Column, Markdown, Table};
use crate::values::model::DateTime;
use crate::values::output::{AssignmentStep, GroupStep, Outcome, Progress};

const GROUPS: [Column<GroupStep>; 6] = [
    ("GroupName", |step| step.group_name.clone()),
    ("GroupId", |step| Some(step.group_id.clone())),
    ("MembershipId", |step| step.membership_id.clone()),
    ("Outcome", |step| Some(word(&step.progress))),
    ("Time", |step| time(&step.progress)),
    ("Reason", |step| step.progress.reason.clone()),
];

const ASSIGNMENTS: [Column<AssignmentStep>; 5] = [
    ("AccountId", |step| Some(step.account_id.clone())),
    ("PermissionSet", |step| Some(step.shown().to_owned())),
    ("Outcome", |step| Some(word(&step.progress))),
    ("Time", |step| time(&step.progress)),
    ("Reason", |step| step.progress.reason.clone()),
];

const FAILED: [Column<(String, Progress)>; 3] = [
    ("Item", |(item, _)| Some(item.clone())),
    ("Reason", |(_, progress)| progress.reason.clone()),
    ("Time", |(_, progress)| time(progress)),
];

pub(super) fn word(progress: &Progress) -> String {
    progress.outcome.word().to_owned()
}

pub(super) fn time(progress: &Progress) -> Option<String> {
    progress.time.as_ref().map(DateTime::to_string)
}

/// All steps of one piece of work.
pub(super) struct Steps<'s> {
    pub(super) groups: &'s [GroupStep],
    pub(super) assignments: &'s [AssignmentStep],
}

impl Steps<'_> {
    fn progresses(&self) -> impl Iterator<Item = &Progress> {
        self.groups.iter().map(|step| &step.progress).chain(self.assignments.iter().map(|step| &step.progress))
    }

    pub(super) fn are_none(&self) -> bool {
        self.groups.is_empty() && self.assignments.is_empty()
    }

    pub(super) fn unfinished(&self) -> usize {
        self.progresses().filter(|progress| progress.outcome.is_unfinished()).count()
    }

    /// A headline counts what is known; of how many that cannot be said is added.
    pub(super) fn not_known(&self) -> String {
        match self.progresses().filter(|progress| progress.outcome == Outcome::Unknown).count() {
            0 => String::new(),
            count => format!(" (of {count} more it is not known)"),
        }
    }

    /// "3 of 4 groups and 1 of 1 direct assignment", counting these outcomes; what there is none of is not mentioned.
    pub(super) fn counted(&self, outcomes: &[Outcome]) -> String {
        let counted = |progress: &Progress| outcomes.contains(&progress.outcome);
        let groups = self.groups.iter().filter(|step| counted(&step.progress)).count();
        let assignments = self.assignments.iter().filter(|step| counted(&step.progress)).count();
        let of = |count: usize, total: usize, one: &str| {
            let plural = if total == 1 { "" } else { "s" };
            (total > 0).then(|| format!("{count} of {total} {one}{plural}"))
        };
        let both =
            [of(groups, self.groups.len(), "group"), of(assignments, self.assignments.len(), "direct assignment")];
        both.into_iter().flatten().collect::<Vec<_>>().join(" and ")
    }

    /// A table of each kind, without what failed.
    pub(super) fn tables(&self, title: String) -> Markdown {
        let mut shown = Markdown::heading(title);
        let groups: Vec<_> = self.groups.iter().filter(|step| !step.progress.outcome.is_failure()).collect();
        if !groups.is_empty() {
            shown = shown.table(Table::first_of("Groups", &GROUPS, groups, "context"));
        }
        let assignments: Vec<_> = self.assignments.iter().filter(|step| !step.progress.outcome.is_failure()).collect();
        if !assignments.is_empty() {
            shown = shown.table(Table::first_of("Account assignments", &ASSIGNMENTS, assignments, "context"));
        }
        shown
    }

    /// What failed, under a sentence about how many did; nothing if nothing did.
    pub(super) fn failures(&self, sentence: &str) -> Option<Table> {
        let groups = self.groups.iter().map(|step| (format!("group {}", step.shown()), &step.progress));
        let assignment = |step: &AssignmentStep| format!("{} in account {}", step.shown(), step.account_id);
        let assignments = self.assignments.iter().map(|step| (assignment(step), &step.progress));
        let failed = groups.chain(assignments).filter(|(_, progress)| progress.outcome.is_failure());
        let failed: Vec<_> = failed.map(|(item, progress)| (item, progress.clone())).collect();
        let count = failed.len();
        (count > 0).then(|| Table::of(format!("{count} {sentence}:"), &FAILED, &failed))
    }
}
