//! What is signed of a containment, as bytes. Fields have types, a fixed order and their lengths before them, so that no
//! two containments have the same bytes, however their JSON is written.

use super::signature::Purpose;
use crate::values::kinds::Scope;
use crate::values::output::{Containment, TakenBy};

/// The version of this encoding. Another order or another field is another version.
pub(super) const VERSION: u8 = 1;

/// Returns the bytes that are signed, or nothing if the containment says no time.
pub(super) fn canonical(containment: &Containment, purpose: Purpose) -> Option<Vec<u8>> {
    let mut fields = Fields(Vec::new());
    fields.text("aws-iam-identitycenter");
    fields.bytes(&[VERSION]);
    fields.text(purpose.word());
    fields.optional(containment.command.map(TakenBy::word));
    fields.text(&containment.user_id);
    fields.text(&containment.identity_store_id);
    fields.bytes(&containment.taken_at.nanoseconds()?.to_be_bytes());
    fields.text(scope(containment.scope));
    fields.count(containment.group_memberships.len());
    for step in &containment.group_memberships {
        fields.text("group");
        fields.text(&step.group_id);
        fields.optional(step.membership_id.as_deref());
        fields.text(step.progress.outcome.word());
    }
    fields.count(containment.account_assignments.len());
    for step in &containment.account_assignments {
        fields.text("assignment");
        fields.text(&step.account_id);
        fields.text(&step.permission_set_arn);
        fields.text(step.progress.outcome.word());
    }
    fields.optional(containment.user_deletion.as_ref().map(|deletion| deletion.outcome.word()));
    Some(fields.0)
}

fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Groups => "groups",
        Scope::Assignments => "assignments",
        Scope::Both => "both",
    }
}

struct Fields(Vec<u8>);

impl Fields {
    /// A field: its length, and itself.
    fn bytes(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.0.extend(bytes);
    }

    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// A field that may be absent, which is not the same as empty.
    fn optional(&mut self, text: Option<&str>) {
        self.count(usize::from(text.is_some()));
        if let Some(text) = text {
            self.text(text);
        }
    }

    fn count(&mut self, count: usize) {
        self.0.extend((count as u64).to_be_bytes());
    }
}
