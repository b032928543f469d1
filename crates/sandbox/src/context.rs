//! The context of a call.

use std::sync::Arc;

use crate::{clock_and_ids::ClockAndIds, records::Timestamp, scenario::Scenario, session::Caller};

/// What a handler knows of a call beside its input.
#[derive(Debug)]
pub(crate) struct Call {
    /// The name of the operation.
    pub(crate) operation: &'static str,
    pub(crate) caller: Caller,
    pub(crate) clock_and_ids: ClockAndIds,
    pub(crate) scenario: Arc<Scenario>,
}

impl Call {
    /// Returns the current time.
    pub(crate) fn now(&self) -> Timestamp {
        (self.clock_and_ids.now)().into()
    }
}
