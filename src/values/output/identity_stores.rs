//! Identity stores in the context.

use super::Row;
use crate::values::context::{ContextPath, Layout};
use crate::values::model::IdentityStore;

impl Row for IdentityStore {
    type Item = Self;
    type Documented<'a> = &'a Self;
    type Marketplace<'a> = &'a Self;

    fn path(layout: Layout) -> Option<ContextPath> {
        Some(layout.identity_store())
    }
}
