//! The surroundings of a call.

use std::sync::Arc;

use super::{ambient::Ambient, document::Timestamp, scenario::Scenario};

/// Who called, and in what surroundings.
#[derive(Debug)]
pub(super) struct Call {
    /// The operation's name.
    pub(super) operation: &'static str,
    /// The ARN that `CreatedBy` and `UpdatedBy` show.
    pub(super) caller: String,
    pub(super) ambient: Ambient,
    /// What the sandbox is to be like.
    pub(super) scenario: Arc<Scenario>,
}

impl Call {
    pub(super) fn now(&self) -> Timestamp {
        (self.ambient.now)().into()
    }
}
