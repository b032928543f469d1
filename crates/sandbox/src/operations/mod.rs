//! The operations of the JSON services: a table for each service, one file for each kind of object.

mod access;
mod group;
mod identity_store;
mod letter_case;
mod lookup;
mod membership;
mod user;

#[cfg(test)]
mod tests;

use serde_json::Value;

use super::{
    api_error::ApiError,
    context::Call,
    model::{Shape, identity_store as model},
    scenario::Account,
    store::Directory,
};

/// What an operation does. Its input satisfies the operation's shape.
#[derive(Clone, Copy, Debug)]
pub(super) enum Run {
    /// It answers from the directory.
    Read(fn(&Directory, Value, &Call) -> Result<Value, ApiError>),
    /// It changes the directory: as a whole or not at all, unless the scenario says `partial-updates`.
    Write(fn(&mut Directory, Value, &Call) -> Result<Value, ApiError>),
}

/// An operation.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) name: &'static str,
    pub(super) input: &'static Shape,
    pub(super) run: Run,
}

impl Operation {
    /// Whether it changes the directory.
    pub(super) fn writes(&self) -> bool {
        matches!(self.run, Run::Write(_))
    }
}

const fn read(
    name: &'static str,
    input: &'static Shape,
    run: fn(&Directory, Value, &Call) -> Result<Value, ApiError>,
) -> Operation {
    let run = Run::Read(run);
    Operation { name, input, run }
}

const fn write(
    name: &'static str,
    input: &'static Shape,
    run: fn(&mut Directory, Value, &Call) -> Result<Value, ApiError>,
) -> Operation {
    let run = Run::Write(run);
    Operation { name, input, run }
}

/// A service of awsJson1.1.
#[derive(Debug)]
pub(super) struct Service {
    /// Its name in targets.
    pub(super) target: &'static str,
    /// Its name in signatures.
    pub(super) signing_name: &'static str,
    /// What the names of its actions in policies begin with.
    pub(super) action_prefix: &'static str,
    /// Whether it decides who may do what in which account.
    pub(super) manages_access: bool,
    /// Whether its errors hold more than a message: the request's id, what is missing, how long to wait.
    pub(super) has_detailed_errors: bool,
    /// Whether AWS limits the calls of all its operations together, and not those of each.
    is_limited_as_one: bool,
    operations: &'static [Operation],
}

/// Identity Store, the first of all: it answers what is for nobody.
pub(super) static IDENTITY_STORE: Service = Service {
    target: "AWSIdentityStore",
    signing_name: "identitystore",
    action_prefix: "identitystore",
    manages_access: false,
    has_detailed_errors: true,
    is_limited_as_one: false,
    operations: &IDENTITY_STORE_OPERATIONS,
};

static SSO_ADMIN: Service = Service {
    target: "SWBExternalService",
    signing_name: "sso",
    action_prefix: "sso",
    manages_access: true,
    has_detailed_errors: false,
    is_limited_as_one: true,
    operations: &access::OPERATIONS,
};

#[rustfmt::skip]
static IDENTITY_STORE_OPERATIONS: [Operation; 22] = [
    write("CreateGroup", &model::CREATE_GROUP, group::create),
    write("CreateGroupMembership", &model::CREATE_GROUP_MEMBERSHIP, membership::create),
    write("CreateUser", &model::CREATE_USER, user::create),
    write("DeleteGroup", &model::DELETE_GROUP, group::delete),
    write("DeleteGroupMembership", &model::DELETE_GROUP_MEMBERSHIP, membership::delete),
    write("DeleteUser", &model::DELETE_USER, user::delete),
    read("DescribeGroup", &model::DESCRIBE_GROUP, group::describe),
    read("DescribeGroupMembership", &model::DESCRIBE_GROUP_MEMBERSHIP, membership::describe),
    read("DescribeIdentityStore", &model::DESCRIBE_IDENTITY_STORE, identity_store::describe),
    read("DescribeUser", &model::DESCRIBE_USER, user::describe),
    read("GetGroupId", &model::GET_GROUP_ID, group::get_id),
    read("GetGroupMembershipId", &model::GET_GROUP_MEMBERSHIP_ID, membership::get_id),
    read("GetUserId", &model::GET_USER_ID, user::get_id),
    read("IsMemberInGroups", &model::IS_MEMBER_IN_GROUPS, membership::is_member),
    read("ListGroupMemberships", &model::LIST_GROUP_MEMBERSHIPS, membership::list),
    read("ListGroupMembershipsForMember", &model::LIST_GROUP_MEMBERSHIPS_FOR_MEMBER, membership::list_for_member),
    read("ListGroups", &model::LIST_GROUPS, group::list),
    read("ListIdentityStores", &model::LIST_IDENTITY_STORES, identity_store::list),
    read("ListUsers", &model::LIST_USERS, user::list),
    write("UpdateGroup", &model::UPDATE_GROUP, group::update),
    write("UpdateIdentityStore", &model::UPDATE_IDENTITY_STORE, identity_store::update),
    write("UpdateUser", &model::UPDATE_USER, user::update),
];

static SERVICES: [&Service; 2] = [&IDENTITY_STORE, &SSO_ADMIN];

/// The service with that name in targets.
pub(super) fn service(target: &str) -> Option<&'static Service> {
    SERVICES.into_iter().find(|service| service.target == target)
}

/// The names of all operations.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    SERVICES.into_iter().flat_map(|service| service.operations).map(|operation| operation.name)
}

impl Service {
    /// The operation of that name.
    pub(super) fn find(&self, name: &str) -> Option<&'static Operation> {
        self.operations.iter().find(|operation| operation.name == name)
    }

    /// As what a call of an operation is counted.
    pub(super) fn account(&self, operation: &'static Operation) -> Account {
        let own = Account::of(operation.name);
        if self.is_limited_as_one { Account { limited: self.target, ..own } } else { own }
    }
}
