//! Users in the context.

use schemars::JsonSchema;
use serde::Serialize;

use super::Row;
use crate::values::context::{ContextPath, Layout};
use crate::values::model::User;

/// A user with all that is known of it and `Email`, its primary address.
#[derive(Serialize, JsonSchema)]
pub(crate) struct UserRow<'a> {
    #[serde(flatten)]
    user: &'a User,
    /// The user email address: the primary one, else the first.
    #[serde(rename = "Email", skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
}

impl<'a> From<&'a User> for UserRow<'a> {
    fn from(user: &'a User) -> Self {
        Self { user, email: user.email() }
    }
}

impl Row for User {
    type Item = Self;
    type Documented<'a> = UserRow<'a>;
    type Marketplace<'a> = &'a Self;

    fn path(layout: Layout) -> Option<ContextPath> {
        Some(layout.users())
    }
}

/// Users under the second path of the founding documentation, by id and name only.
pub(crate) struct InBrief;

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UserInBrief<'a> {
    /// The stable and unique string identifying the user.
    user_id: &'a str,
    /// The friendly name identifying the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_name: Option<&'a str>,
}

impl<'a> From<&'a User> for UserInBrief<'a> {
    fn from(user: &'a User) -> Self {
        Self { user_id: &user.user_id, user_name: user.user_name.as_deref() }
    }
}

impl Row for InBrief {
    type Item = User;
    type Documented<'a> = UserInBrief<'a>;
    type Marketplace<'a> = UserInBrief<'a>;

    fn path(layout: Layout) -> Option<ContextPath> {
        layout.users_again()
    }
}
