//! Users, groups and memberships as the API sends them.
//!
//! The API sends what the file holds, with times as numbers, the store's id and ARNs.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::{
    api_error::ApiError,
    context::Call,
    records::{ExternalId, Group, IdentityStore, Membership, Timestamp, User},
    scenario::DirectorySource,
    store::{Record, Table},
};

/// The issuer of the external ids that an identity provider assigns.
const ISSUER: &str = "https://scim.aws.com/c3d90a6e-5b1f-4f0e-9a57-6f1d3a8b2e44";
/// The name under which an identity provider writes. AWS's console shows it, and AWS does not document it.
const PROVISIONER: &str = "Identity_Sync";

/// A kind of object that the API returns with an ARN.
pub(super) trait DirectoryObject: Record {
    /// The member with its ARN.
    const ARN: &'static str;
    /// Its kind in ARNs.
    const KIND: &'static str;
    /// Whether an identity provider assigns it an external id.
    const HAS_EXTERNAL_IDS: bool;

    /// Returns the times of its creation and last update, by member.
    fn times(&self) -> [(&'static str, Option<Timestamp>); 2];
}

macro_rules! directory_object {
    ($type:ty, $arn:literal, $kind:literal, $external:literal) => {
        impl DirectoryObject for $type {
            const ARN: &'static str = $arn;
            const KIND: &'static str = $kind;
            const HAS_EXTERNAL_IDS: bool = $external;

            fn times(&self) -> [(&'static str, Option<Timestamp>); 2] {
                [("CreatedAt", self.created_at), ("UpdatedAt", self.updated_at)]
            }
        }
    };
}

directory_object!(User, "UserArn", "user", true);
directory_object!(Group, "GroupArn", "group", true);
directory_object!(Membership, "MembershipArn", "membership", false);

/// Returns an object with all members.
pub(super) fn object<O: DirectoryObject>(object: &O, store: &IdentityStore, call: &Call) -> Result<Value, ApiError> {
    let mut members = ids(object, store);
    if let Value::Object(own) = serde_json::to_value(object)? {
        members.extend(own);
    }
    for (name, time) in object.times() {
        if let Some(time) = time {
            members.insert(name.to_owned(), time.to_wire());
        }
    }
    if call.scenario.source == DirectorySource::ExternalIdp {
        mark_as_provisioned::<O>(&mut members, &object.id());
    }
    Ok(Value::Object(members))
}

/// Makes an object look as if an identity provider had written it.
fn mark_as_provisioned<O: DirectoryObject>(members: &mut Map<String, Value>, id: &str) {
    for member in ["CreatedBy", "UpdatedBy"] {
        members.insert(member.to_owned(), PROVISIONER.into());
    }
    if O::HAS_EXTERNAL_IDS {
        members.entry("ExternalIds").or_insert_with(|| json!([{"Issuer": ISSUER, "Id": id}]));
    }
}

/// Returns the object with an external id: `own` if the directory holds one, else the one that [`mark_as_provisioned`] gave
/// the id.
pub(super) fn with_external_id<'a, O: DirectoryObject>(
    table: &'a Table<O>,
    own: Option<&'a O>,
    id: &ExternalId,
    call: &Call,
) -> Option<&'a O> {
    let is_provisioned = call.scenario.source == DirectorySource::ExternalIdp && id.issuer == ISSUER;
    own.or_else(|| table.get(&id.id).filter(|_| is_provisioned))
}

/// Returns a user, with its extensions if the request asks for them.
pub(super) fn user(user: &User, store: &IdentityStore, extensions: bool, call: &Call) -> Result<Value, ApiError> {
    let mut value = object(user, store, call)?;
    if !extensions && let Some(members) = value.as_object_mut() {
        members.shift_remove("Extensions");
    }
    Ok(value)
}

/// Returns the ids of an object: the response to creating a membership, or to finding an object.
pub(super) fn ids<O: DirectoryObject>(object: &O, store: &IdentityStore) -> Map<String, Value> {
    let id = object.id();
    let mut members = Map::new();
    members.insert("IdentityStoreId".to_owned(), store.identity_store_id.clone().into());
    members.insert(O::ID.to_owned(), (*id).into());
    let arn = format!("{}{id}", arn_prefix::<O>());
    members.insert(O::ARN.to_owned(), arn.into());
    members
}

/// Returns the ids and the revision of an object: the response to creating or changing it.
pub(super) fn ids_and_revision<O: DirectoryObject>(
    object: &O,
    revision: impl Serialize,
    store: &IdentityStore,
) -> Result<Value, ApiError> {
    let mut members = ids(object, store);
    members.insert("Revision".to_owned(), serde_json::to_value(revision)?);
    Ok(Value::Object(members))
}

/// Returns the id in an id member, which may hold the object's ARN instead. The ARN of another kind stays as it is, so no
/// object has it.
pub(super) fn bare_id<O: DirectoryObject>(id: &str) -> &str {
    id.strip_prefix(arn_prefix::<O>().as_str()).unwrap_or(id)
}

fn arn_prefix<O: DirectoryObject>() -> String {
    format!("arn:aws:identitystore:::{}/", O::KIND)
}
