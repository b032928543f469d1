//! What users and groups have in common when they are looked for.

use std::borrow::Cow;
use std::marker::PhantomData;

use aws_sdk_identitystore::error::BuildError;
use aws_sdk_identitystore::types::{self, AlternateIdentifier, Filter, UniqueAttribute};
use aws_smithy_types::Document;

use crate::values::error::Error;
use crate::values::model::{ExternalId, Group, User};
use crate::values::names::composed;

/// A user or a group that a command named: its id, and its name as far as it is known without another call.
#[derive(Debug)]
pub(crate) struct Found<T> {
    pub(crate) id: String,
    pub(crate) name: Option<String>,
    kind: PhantomData<fn() -> T>,
}

pub(crate) type FoundUser = Found<User>;
pub(crate) type FoundGroup = Found<Group>;

impl<T> Found<T> {
    pub(super) fn new(id: String, name: Option<String>) -> Self {
        Self { id, name, kind: PhantomData }
    }

    /// The same once more.
    pub(crate) fn to_found(&self) -> Self {
        Self::new(self.id.clone(), self.name.clone())
    }

    /// The name, or else the id, for people.
    pub(crate) fn shown(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.id)
    }
}

impl From<User> for FoundUser {
    fn from(user: User) -> Self {
        Self::new(user.user_id, user.user_name)
    }
}

impl From<Group> for FoundGroup {
    fn from(group: Group) -> Self {
        Self::new(group.group_id, group.display_name)
    }
}

/// What a person may do about a name that nobody has.
pub(super) const SPELLING: &str = " Check the spelling, letter case included.";

/// Looks for a name as it is written and, if AWS finds none, with its letters composed: keyboards and systems differ in
/// that.
pub(super) async fn by_name<T>(
    name: &str,
    find: impl AsyncFn(&str) -> Result<Found<T>, Error>,
) -> Result<Found<T>, Error> {
    match (find(name).await, composed(name)) {
        (Err(Error::NotFound { .. }), Cow::Owned(composed)) => find(&composed).await,
        (found, _) => found,
    }
}

/// What `GetUserId` and `GetGroupId` look for.
pub(super) fn unique(path: &str, value: &str) -> Result<AlternateIdentifier, Error> {
    let value = Document::String(value.to_owned());
    let attribute = UniqueAttribute::builder().attribute_path(path).attribute_value(value).build();
    attribute.map(AlternateIdentifier::UniqueAttribute).map_err(unbuilt)
}

/// The same for an id that an external identity provider gave.
pub(super) fn external(given: &ExternalId) -> Result<AlternateIdentifier, Error> {
    let id = types::ExternalId::builder().issuer(&given.issuer).id(&given.id).build();
    id.map(AlternateIdentifier::ExternalId).map_err(unbuilt)
}

/// What a legacy directory wants instead. AWS has deprecated it since.
pub(super) fn filter(path: &str, value: &str) -> Result<Filter, Error> {
    Filter::builder().attribute_path(path).attribute_value(value).build().map_err(unbuilt)
}

/// A request that the SDK does not build lacks a required member, which ours never do.
#[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
pub(super) fn unbuilt(error: BuildError) -> Error {
    Error::Setup(format!("The request could not be built: {error}."))
}
