//! Identity Store: users, groups, memberships, and the store itself.

mod attribute_path;
mod group;
mod identifier;
mod letter_case;
mod membership;
mod model;
mod objects;
mod request;
mod rules;
mod store;
#[cfg(test)]
mod tests;
mod user;

use super::definition::{
    Availability::{NotInLegacyAd, SinceOctober2026},
    JsonErrors, Protocol, Service, read, write,
};

#[rustfmt::skip]
pub(super) static SERVICE: Service = Service {
    signing_name: "identitystore",
    action_prefix: "identitystore",
    protocol: Protocol::AwsJson { target_prefix: "AWSIdentityStore", errors: JsonErrors::Detailed },
    global_region: None,
    shares_rate_limit: false,
    manages_account_access: false,
    has_classic_form: true,
    operations: &[
        write("CreateGroup", &model::CREATE_GROUP, group::create),
        write("CreateGroupMembership", &model::CREATE_GROUP_MEMBERSHIP, membership::create),
        write("CreateUser", &model::CREATE_USER, user::create),
        write("DeleteGroup", &model::DELETE_GROUP, group::delete),
        write("DeleteGroupMembership", &model::DELETE_GROUP_MEMBERSHIP, membership::delete),
        write("DeleteUser", &model::DELETE_USER, user::delete),
        read("DescribeGroup", &model::DESCRIBE_GROUP, group::describe),
        read("DescribeGroupMembership", &model::DESCRIBE_GROUP_MEMBERSHIP, membership::describe),
        read("DescribeIdentityStore", &model::DESCRIBE_IDENTITY_STORE, store::describe).available(SinceOctober2026),
        read("DescribeUser", &model::DESCRIBE_USER, user::describe),
        read("GetGroupId", &model::GET_GROUP_ID, group::get_id).available(NotInLegacyAd),
        read("GetGroupMembershipId", &model::GET_GROUP_MEMBERSHIP_ID, membership::get_id),
        read("GetUserId", &model::GET_USER_ID, user::get_id).available(NotInLegacyAd),
        read("IsMemberInGroups", &model::IS_MEMBER_IN_GROUPS, membership::is_member),
        read("ListGroupMemberships", &model::LIST_GROUP_MEMBERSHIPS, membership::list),
        read("ListGroupMembershipsForMember", &model::LIST_GROUP_MEMBERSHIPS_FOR_MEMBER, membership::list_for_member),
        read("ListGroups", &model::LIST_GROUPS, group::list),
        read("ListIdentityStores", &model::LIST_IDENTITY_STORES, store::list).available(SinceOctober2026),
        read("ListUsers", &model::LIST_USERS, user::list),
        write("UpdateGroup", &model::UPDATE_GROUP, group::update),
        write("UpdateIdentityStore", &model::UPDATE_IDENTITY_STORE, store::update).available(SinceOctober2026),
        write("UpdateUser", &model::UPDATE_USER, user::update),
    ],
};
