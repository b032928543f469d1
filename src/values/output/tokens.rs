//! Page tokens in the context: written by every answer of a list, and empty when the list is finished, so that the
//! token of an earlier call never stays behind.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Declarations, Output};
use crate::values::context::Layout;
use crate::values::entry::Context;

macro_rules! next_token {
    ($(#[$doc:meta])* $name:ident, $list:literal) => {
        #[doc = concat!("The token of `", $list, "`.")]
        #[derive(Serialize, JsonSchema)]
        pub(crate) struct $name {
            $(#[$doc])*
            #[serde(rename = $list)]
            token: String,
        }

        impl From<Option<String>> for $name {
            fn from(token: Option<String>) -> Self {
                Self { token: token.unwrap_or_default() }
            }
        }

        impl Output for $name {
            fn declare(declarations: &mut Declarations, layout: Layout) {
                declarations.rows::<Self>(layout.root());
            }

            fn write(self, context: &mut Context, layout: Layout) {
                context.put(layout.root().key(), self);
            }
        }
    };
}

next_token! {
    /// What continues the list of users as nextToken; empty when the list is finished.
    UserNextToken, "UserNextToken"
}
next_token! {
    /// What continues the list of groups as nextToken; empty when the list is finished.
    GroupNextToken, "GroupNextToken"
}
next_token! {
    /// What continues the list of the user's groups as nextToken; empty when the list is finished.
    GroupsUserNextToken, "GroupsUserNextToken"
}
