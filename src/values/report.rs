//! What a command reports, before it is anything of XSOAR's: what was done, what failed, what is worth knowing.

use serde::Serialize;

use super::arguments::shortened;
use super::context::Layout;
use super::entry::{Context, Entry, Payload};
use super::error::Error;
use super::long_work::{Rest, Schedule};
use super::markdown::{Markdown, Table};
use super::output::Output;
use super::plain_text::PlainText;
use super::service_error::needs;

/// A report. What was done and what failed stand side by side: the one never hides the other.
pub(crate) struct Report<O> {
    done: Done<O>,
    warnings: Vec<PlainText>,
    failures: Vec<PlainText>,
    /// Whether AWS refused any of the calls to these credentials.
    denied: bool,
    /// What long work has left for later.
    rest: Option<Rest>,
    schedule: Option<Schedule>,
}

enum Done<O> {
    Nothing,
    Said(&'static str),
    Result { human_readable: Markdown, contents: Payload, output: O },
}

impl<O: Output> Report<O> {
    /// What was done or found: for people, for machines (the API's own names) and for the context.
    pub(crate) fn new(human_readable: impl Into<Markdown>, contents: impl Serialize, output: O) -> Self {
        Self::made(human_readable.into(), Payload::of(&contents), output)
    }

    /// The same of contents that are JSON already.
    pub(crate) fn made(human_readable: Markdown, contents: Payload, output: O) -> Self {
        Self::of(Done::Result { human_readable, contents, output })
    }

    /// A plain word, without anything for machines.
    pub(crate) fn text(text: &'static str) -> Self {
        Self::of(Done::Said(text))
    }

    /// Nothing was done: what failed is the whole answer.
    pub(crate) fn nothing_done() -> Self {
        Self::of(Done::Nothing)
    }

    fn of(done: Done<O>) -> Self {
        Self { done, warnings: Vec::new(), failures: Vec::new(), denied: false, rest: None, schedule: None }
    }

    /// Adds something that a person should know and that fails nothing.
    #[must_use]
    pub(crate) fn warn(mut self, warning: Option<String>) -> Self {
        self.warnings.extend(warning.map(PlainText::from));
        self
    }

    /// Adds what failed, if anything did: a row for each item, under a sentence.
    #[must_use]
    pub(crate) fn fail(mut self, failures: Option<Table>) -> Self {
        self.failures.extend(failures.map(PlainText::from));
        self
    }

    /// Adds an error that ended the work early.
    #[must_use]
    pub(crate) fn ended_by(mut self, error: Option<Error>) -> Self {
        self.denied |= error.as_ref().is_some_and(Error::is_denied);
        self.failures.extend(error.map(|error| error.to_string().into()));
        self
    }

    /// Says that AWS refused some of the calls to these credentials.
    #[must_use]
    pub(crate) fn denied(mut self, denied: bool) -> Self {
        self.denied |= denied;
        self
    }

    pub(crate) fn is_denied(&self) -> bool {
        self.denied
    }

    /// Says what is left for later.
    #[must_use]
    pub(crate) fn leaving(mut self, rest: Option<Rest>) -> Self {
        self.rest = rest;
        self
    }

    /// What is left for later, taken out of the report.
    pub(crate) fn take_rest(&mut self) -> Option<Rest> {
        self.rest.take()
    }

    /// Has XSOAR ask again. An error entry would end that, so what failed so far is told when the work is finished. Where
    /// XSOAR does not ask again, as for scripts, the answer must not read as success.
    #[must_use]
    pub(crate) fn scheduled(mut self, schedule: Schedule) -> Self {
        if let Done::Result { human_readable, .. } = &mut self.done {
            let (left, seconds) = (schedule.remaining, schedule.next_run);
            let first = format!(
                "Not finished: {left} left. XSOAR runs this command again in {seconds} seconds. A script must give \
                 polling=false."
            );
            *human_readable = Markdown::from(first).then(human_readable.clone());
        }
        self.schedule = Some(schedule);
        self.warnings.clear();
        self.failures.clear();
        self
    }

    /// The entries of the War Room. `calls` are the operations that the command may call.
    pub(crate) fn entries(mut self, command: &str, calls: &[&str], layout: Layout) -> Vec<Entry> {
        if let (true, Some(needs), Some(last)) = (self.denied, needs(calls), self.failures.last_mut()) {
            last.add(needs);
        }
        let done = match self.done {
            Done::Nothing => None,
            Done::Said(text) => Some(Entry::Text(text)),
            Done::Result { human_readable, contents, output } => {
                let mut context = Context::default();
                output.write(&mut context, layout);
                Some(Entry::Result { contents, human_readable, context, schedule: self.schedule })
            }
        };
        let warnings = self.warnings.into_iter().map(Entry::Warning);
        let failures = self.failures.into_iter().map(|failure| error_entry(command, failure));
        done.into_iter().chain(warnings).chain(failures).collect()
    }
}

/// An error as an entry, in the words that the Marketplace pack uses.
pub(crate) fn error_entry(command: &str, error: PlainText) -> Entry {
    let command = shortened(command);
    Entry::Error(if command.is_empty() {
        error
    } else {
        PlainText::from(format!("Failed to execute {command} command.")).line("Error:").then(error)
    })
}
