//! The records of the sandbox's file, as types: AWS's names, AWS's order, no unknown members.
#![allow(clippy::struct_field_names, reason = "the names are AWS's, and serde writes them into the file")]

mod access;
mod change;
mod document;
mod duplicate;
mod group;
mod identifiers;
mod identity_store;
mod object;
mod timestamp;
mod user;

pub(crate) use access::{
    Account, Assignment, AssignmentAction, AssignmentRequest, PermissionSet, PrincipalType, RequestStatus,
};
pub(crate) use change::DirectoryChange;
pub(crate) use document::{Document, VERSION};
pub(crate) use duplicate::Duplicate;
pub(crate) use group::{Group, MemberId, Membership};
pub(crate) use identifiers::{ExternalId, Revision, is_resource_id};
pub(crate) use identity_store::IdentityStore;
pub(crate) use object::Object;
pub(crate) use timestamp::Timestamp;
pub(crate) use user::{Email, Name, User, UserStatus};
