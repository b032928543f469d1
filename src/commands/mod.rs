//! The commands: a command is a struct, whose fields are its arguments and whose doc comments are their descriptions,
//! and what it does. One that is not in the table below does not compile.

mod access;
mod containment;
mod group;
mod group_changes;
mod identity_store;
mod list;
mod long;
mod membership;
mod orphans;
mod own_names;
mod removal;
mod restoration;
mod shown;
mod steps;
mod test_module;
mod user;
mod user_changes;

use std::future::Future;
use std::pin::Pin;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde::de::DeserializeOwned;

pub(crate) use self::own_names::is_own_name;
use crate::directory::Directory;
use crate::values::arguments::{ArgumentError, decode};
use crate::values::context::Layout;
use crate::values::entry::Entry;
use crate::values::error::Error;
use crate::values::output::{Declarations, Output};
use crate::values::report::Report;
use crate::values::request::Request;
use crate::values::settings::ConnectionArguments;

/// All commands, in the order in which integration.yml shows them.
pub(crate) const COMMANDS: &[Route] = &[
    Route::of::<test_module::TestModule>(),
    Route::of::<user_changes::CreateUser>(),
    Route::of::<user::GetUser>(),
    Route::of::<user::GetUserByEmail>(),
    Route::list::<user::ListUsers>(),
    Route::of::<user_changes::UpdateUser>(),
    Route::of::<user_changes::DeleteUser>(),
    Route::of::<group_changes::CreateGroup>(),
    Route::of::<group::GetGroup>(),
    Route::list::<group::ListGroups>(),
    Route::of::<group_changes::UpdateGroup>(),
    Route::of::<group_changes::DeleteGroup>(),
    Route::of::<membership::ListGroupsForUser>(),
    Route::of::<membership::ListMemberships>(),
    Route::of::<membership::CheckGroupMembership>(),
    Route::of::<membership::AddUserToGroup>(),
    Route::of::<removal::RemoveUserFromGroup>(),
    Route::of::<removal::RemoveUserFromAllGroups>(),
    Route::of::<removal::DeleteGroupMembership>(),
    Route::of::<access::ListUserAccess>(),
    Route::of::<access::ListGroupAccess>(),
    Route::long::<orphans::FindOrphanedAssignments>(),
    Route::long::<containment::ContainUser>(),
    Route::long::<restoration::RestoreUser>(),
    Route::long::<containment::OffboardUser>(),
    Route::of::<identity_store::GetIdentityStore>(),
];

/// A command of XSOAR.
pub(crate) trait Command: DeserializeOwned + JsonSchema + 'static {
    /// The full name.
    const NAME: &'static str;
    /// Whether XSOAR warns that it is potentially harmful: it takes something away, or gives it back (XSOAR: `execution`).
    const HARMFUL: bool = false;
    /// The operations of Identity Store that it may call, each of which needs the IAM action of the same name.
    const CALLS: &'static [&'static str];
    /// What it puts into the context.
    type Output: Output;

    /// Does it.
    async fn run(self, directory: &Directory) -> Result<Report<Self::Output>, Error>;
}

/// A command in the table.
pub(crate) struct Route {
    pub(crate) name: &'static str,
    pub(crate) harmful: bool,
    /// Whether XSOAR may have to ask several times (XSOAR: `polling`).
    pub(crate) polling: bool,
    pub(crate) calls: &'static [&'static str],
    /// Reads the arguments, before anything is connected or called.
    pub(crate) prepare: fn(&Request) -> Result<Prepared, ArgumentError>,
    /// The schema of the arguments that are its own.
    pub(crate) arguments: fn(&mut SchemaGenerator) -> Schema,
    /// The paths that it puts into the context.
    pub(crate) outputs: fn(&mut Declarations, Layout),
}

/// A command whose arguments are sound.
pub(crate) struct Prepared {
    pub(crate) connection: ConnectionArguments,
    pub(crate) run: Box<Run>,
}

/// Does it, and puts what it found where the layout says; or says what becomes of it because there is no way to AWS.
type Run = dyn FnOnce(Result<&Directory, Error>, Layout) -> Running<'_>;

pub(crate) type Running<'d> = Pin<Box<dyn Future<Output = Result<Vec<Entry>, Error>> + 'd>>;

/// The arguments of a call: the command's own, and those that every command takes.
#[derive(Deserialize, JsonSchema)]
struct Call<C> {
    command: C,
    connection: ConnectionArguments,
}

impl Route {
    pub(crate) const fn of<C: Command>() -> Self {
        Self {
            name: C::NAME,
            harmful: C::HARMFUL,
            polling: false,
            calls: C::CALLS,
            prepare: prepare::<C>,
            arguments: C::json_schema,
            outputs: C::Output::declare,
        }
    }
}

fn prepare<C: Command>(request: &Request) -> Result<Prepared, ArgumentError> {
    let Call { command, connection } = decode::<Call<C>>(&request.args)?;
    Ok(Prepared {
        connection,
        run: Box::new(|reached, layout| {
            Box::pin(async move { command.run(reached?).await.map(|report| report.entries(C::NAME, C::CALLS, layout)) })
        }),
    })
}
