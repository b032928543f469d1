//! Groups in the context.

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::{Declarations, Items, Output};
use crate::values::context::Layout;
use crate::values::entry::Context;
use crate::values::model::Group;

/// Groups, with all that is known of them and `GroupName`, which is their display name.
pub(crate) struct Groups(pub(crate) Items<Group>);

#[derive(Serialize, JsonSchema)]
struct GroupRow<'a> {
    /// The friendly name that identifies the group.
    #[serde(rename = "GroupName", skip_serializing_if = "Option::is_none")]
    group_name: Option<&'a str>,
    #[serde(flatten)]
    group: &'a Group,
}

impl Serialize for Groups {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize_rows(serializer, |group| GroupRow { group_name: group.display_name.as_deref(), group })
    }
}

impl Output for Groups {
    fn declare(declarations: &mut Declarations, layout: Layout) {
        match layout {
            Layout::Documented => declarations.rows::<GroupRow>(layout.groups()),
            Layout::Marketplace => declarations.rows::<Group>(layout.groups()),
        }
    }

    fn write(self, context: &mut Context, layout: Layout) {
        match layout {
            Layout::Documented => context.put(layout.groups().key(), self),
            Layout::Marketplace => context.put(layout.groups().key(), self.0),
        }
    }
}
