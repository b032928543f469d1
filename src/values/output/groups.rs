//! Groups in the context.

use schemars::JsonSchema;
use serde::Serialize;

use super::Row;
use crate::values::context::{ContextPath, Layout};
use crate::values::model::Group;

/// A group with all that is known of it and `GroupName`, which is its display name.
#[derive(Serialize, JsonSchema)]
pub(crate) struct GroupRow<'a> {
    /// The friendly name that identifies the group.
    #[serde(rename = "GroupName", skip_serializing_if = "Option::is_none")]
    group_name: Option<&'a str>,
    #[serde(flatten)]
    group: &'a Group,
}

impl<'a> From<&'a Group> for GroupRow<'a> {
    fn from(group: &'a Group) -> Self {
        Self { group_name: group.display_name.as_deref(), group }
    }
}

impl Row for Group {
    type Item = Self;
    type Documented<'a> = GroupRow<'a>;
    type Marketplace<'a> = &'a Self;

    fn path(layout: Layout) -> Option<ContextPath> {
        Some(layout.groups())
    }
}
