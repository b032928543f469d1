//! What the handlers of Identity Store read from a request.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{super::members::Members, identifier::AttributeFilter, objects::bare_id};
use crate::{
    api_error::{ApiError, ResourceType},
    context::Call,
    page::PageRequest,
    records::{Group, MemberId, Membership, Revision, User},
    scenario::DirectorySource,
    store::Directory,
};

/// A request that names the directory's store.
#[derive(Debug)]
pub(super) struct StoreRequest {
    members: Members,
}

impl StoreRequest {
    /// Reads a request. Fails if it names another store.
    pub(super) fn new(directory: &Directory, input: Value) -> Result<Self, ApiError> {
        let mut members = Members::from_input(input);
        let named: String = members.take("IdentityStoreId")?;
        let store = &directory.identity_store;
        if named == store.identity_store_id || named == store.arn() {
            Ok(Self { members })
        } else {
            Err(ApiError::not_found(ResourceType::IdentityStore, Some(&named)))
        }
    }

    /// Removes a member, and returns it as the type that the caller needs.
    pub(super) fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, ApiError> {
        self.members.take(name)
    }

    /// Returns the members that were not read.
    pub(super) fn into_rest(self) -> Map<String, Value> {
        self.members.into_rest()
    }

    /// Returns the page that the request asks for. Call it first: see [`Members::take_page`].
    pub(super) fn take_page(&mut self, directory: &Directory, call: &Call) -> Result<PageRequest, ApiError> {
        self.members.take_page(directory, call)
    }

    /// Returns the user in `UserId`.
    pub(super) fn user<'a>(&mut self, directory: &'a Directory) -> Result<&'a User, ApiError> {
        let id: String = self.take("UserId")?;
        user(directory, &id)
    }

    /// Returns the user in `MemberId`.
    pub(super) fn member<'a>(&mut self, directory: &'a Directory) -> Result<&'a User, ApiError> {
        let member: MemberId = self.take("MemberId")?;
        user(directory, &member.user_id)
    }

    /// Returns the group in `GroupId`.
    pub(super) fn group<'a>(&mut self, directory: &'a Directory) -> Result<&'a Group, ApiError> {
        let id: String = self.take("GroupId")?;
        group(directory, &id)
    }

    /// Returns the membership in `MembershipId`.
    pub(super) fn membership<'a>(&mut self, directory: &'a Directory) -> Result<&'a Membership, ApiError> {
        let id: String = self.take("MembershipId")?;
        let found = directory.memberships.table.get(bare_id::<Membership>(&id));
        found.ok_or_else(|| ApiError::not_found(ResourceType::GroupMembership, Some(&id)))
    }

    /// Returns the filter. The model allows one. Fails if a directory of `legacy-ad` is listed without one.
    pub(super) fn filter(&mut self, call: &Call) -> Result<Option<AttributeFilter>, ApiError> {
        let filters: Option<Vec<AttributeFilter>> = self.take("Filters")?;
        let filter = filters.into_iter().flatten().next();
        if filter.is_none() && call.scenario.source == DirectorySource::LegacyAd {
            return Err(ApiError::validation("Filter is required"));
        }
        Ok(filter)
    }

    /// Fails if the request expects another revision than the current one.
    pub(super) fn check_revision(&mut self, current: Revision) -> Result<(), ApiError> {
        let expected: Option<String> = self.take("Revision")?;
        match expected {
            Some(expected) if expected != String::from(current) => Err(ApiError::concurrent_modification()),
            _ => Ok(()),
        }
    }
}

/// Returns the user with that id or ARN.
fn user<'a>(directory: &'a Directory, id: &str) -> Result<&'a User, ApiError> {
    let found = directory.users.table.get(bare_id::<User>(id));
    found.ok_or_else(|| ApiError::not_found(ResourceType::User, Some(id)))
}

/// Returns the group with that id or ARN.
pub(super) fn group<'a>(directory: &'a Directory, id: &str) -> Result<&'a Group, ApiError> {
    let found = directory.groups.table.get(bare_id::<Group>(id));
    found.ok_or_else(|| ApiError::not_found(ResourceType::Group, Some(id)))
}
