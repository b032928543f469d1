//! Page tokens in the context: written by every answer of a list, and empty when the list is finished, so that the
//! token of an earlier call never stays behind.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Items, Row, Stored};
use crate::values::context::{ContextPath, Layout};

macro_rules! next_token {
    ($(#[$doc:meta])* $name:ident, $list:literal) => {
        #[doc = concat!("The token of `", $list, "`.")]
        #[derive(Serialize, JsonSchema)]
        pub(crate) struct $name {
            $(#[$doc])*
            #[serde(rename = $list)]
            token: String,
        }

        impl $name {
            pub(crate) fn stored(token: Option<String>) -> Stored<Self> {
                Stored(Items::one(Self { token: token.unwrap_or_default() }))
            }
        }

        impl Row for $name {
            type Item = Self;
            type Documented<'a> = &'a Self;
            type Marketplace<'a> = &'a Self;

            fn path(layout: Layout) -> Option<ContextPath> {
                Some(layout.root())
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
next_token! {
    /// What continues the list of the group's members as nextToken; empty when the list is finished.
    GroupMembershipNextToken, "GroupMembershipNextToken"
}
