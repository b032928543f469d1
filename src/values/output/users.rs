//! Users in the context.

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::{Declarations, Items, Output};
use crate::values::context::{ContextPath, Layout};
use crate::values::entry::Context;
use crate::values::model::User;

/// Users, with all that is known of them and `Email`, their primary address.
pub(crate) struct Users(pub(crate) Items<User>);

#[derive(Serialize, JsonSchema)]
struct UserRow<'a> {
    #[serde(flatten)]
    user: &'a User,
    /// The user email address: the primary one, else the first.
    #[serde(rename = "Email", skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
}

impl Serialize for Users {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize_rows(serializer, |user| UserRow { user, email: user.email() })
    }
}

impl Output for Users {
    fn declare(declarations: &mut Declarations, layout: Layout) {
        match layout {
            Layout::Documented => declarations.rows::<UserRow>(layout.users()),
            Layout::Marketplace => declarations.rows::<User>(layout.users()),
        }
    }

    fn write(self, context: &mut Context, layout: Layout) {
        match layout {
            Layout::Documented => context.put(layout.users().key(), self),
            Layout::Marketplace => context.put(layout.users().key(), self.0),
        }
    }
}

/// Users under both paths of the founding documentation.
pub(crate) struct UsersTwice(pub(crate) Items<User>);

struct UsersInBrief(Items<User>);

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct UserInBrief<'a> {
    /// The stable and unique string identifying the user.
    user_id: &'a str,
    /// The friendly name identifying the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_name: Option<&'a str>,
}

impl Serialize for UsersInBrief {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize_rows(serializer, |user| UserInBrief {
            user_id: &user.user_id,
            user_name: user.user_name.as_deref(),
        })
    }
}

impl Output for UsersTwice {
    fn declare(declarations: &mut Declarations, layout: Layout) {
        Users::declare(declarations, layout);
        if layout == Layout::Documented {
            declarations.rows::<UserInBrief>(ContextPath::USERS_AGAIN);
        }
    }

    fn write(self, context: &mut Context, layout: Layout) {
        Users(self.0.clone()).write(context, layout);
        if layout == Layout::Documented {
            context.put(ContextPath::USERS_AGAIN.key(), UsersInBrief(self.0));
        }
    }
}
