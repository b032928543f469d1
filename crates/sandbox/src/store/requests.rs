//! The requests that change account assignments, which AWS carries out later.

use std::{borrow::Cow, collections::BTreeSet};

use super::{
    inconsistency::Inconsistency,
    table::{Ordinal, Record, Table},
};
use crate::records::{Assignment, AssignmentRequest, RequestStatus, Timestamp};

impl Record for AssignmentRequest {
    const ID: &'static str = "RequestId";
    const LIST: &'static str = "assignmentRequests";

    fn id(&self) -> Cow<'_, str> {
        self.request_id.as_str().into()
    }
}

/// The requests. Finished ones stay: AWS reports their outcome for months.
#[derive(Debug)]
pub(crate) struct Requests {
    pub(crate) table: Table<AssignmentRequest>,
    pending: BTreeSet<Ordinal>,
}

impl Requests {
    pub(super) fn new() -> Self {
        Self { table: Table::new(), pending: BTreeSet::new() }
    }

    /// Adds a request of the file.
    pub(super) fn load(&mut self, request: AssignmentRequest) -> Result<(), Inconsistency> {
        let ordinal = self.table.load(request)?;
        self.index(ordinal);
        Ok(())
    }

    /// Adds a request of a later line of the file, or replaces the request with the same id.
    pub(super) fn replay(&mut self, request: AssignmentRequest) -> Result<(), Inconsistency> {
        let Some(ordinal) = self.table.ordinal(&request.request_id) else { return self.load(request) };
        self.finish(ordinal, request);
        Ok(())
    }

    /// Adds a new request.
    pub(crate) fn insert(&mut self, request: AssignmentRequest) {
        let ordinal = self.table.push(request);
        self.index(ordinal);
    }

    /// Returns whether a request for this assignment is in progress.
    pub(crate) fn has_pending_for(&self, assignment: &Assignment) -> bool {
        let mut pending = self.pending.iter().filter_map(|ordinal| self.table.at(*ordinal));
        pending.any(|request| request.assignment() == *assignment)
    }

    /// Returns a request that is due, and its ordinal.
    pub(super) fn due(&self, now: Timestamp) -> Option<(Ordinal, &AssignmentRequest)> {
        let mut pending = self.pending.iter().filter_map(|ordinal| Some((*ordinal, self.table.at(*ordinal)?)));
        pending.find(|(_, request)| request.completes_at <= now)
    }

    /// Replaces a request by its finished form.
    pub(super) fn finish(&mut self, ordinal: Ordinal, finished: AssignmentRequest) {
        self.table.put(ordinal, finished);
        self.index(ordinal);
    }

    fn index(&mut self, ordinal: Ordinal) {
        let pending = self.table.at(ordinal).is_some_and(|request| request.status == RequestStatus::InProgress);
        if pending {
            self.pending.insert(ordinal);
        } else {
            self.pending.remove(&ordinal);
        }
    }
}
