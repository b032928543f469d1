//! Objects of the directory as the API sends them.
//!
//! The wire is the file's form plus what follows from elsewhere (the store's id, ARNs) and with
//! times as numbers. One place adds them, so that a scenario can leave them out again.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    api_error::ApiError,
    document::{Group, IdentityStore, Membership, Timestamp, User},
    store::Record,
};

/// A kind of object that has an ARN.
pub(super) trait Resource: Record {
    /// The name of its ARN's member.
    const ARN: &'static str;
    /// The kind, as ARNs spell it.
    const KIND: &'static str;

    /// When it was made and changed.
    fn times(&self) -> [(&'static str, Option<Timestamp>); 2];
}

macro_rules! resource {
    ($type:ty, $arn:literal, $kind:literal) => {
        impl Resource for $type {
            const ARN: &'static str = $arn;
            const KIND: &'static str = $kind;

            fn times(&self) -> [(&'static str, Option<Timestamp>); 2] {
                [("CreatedAt", self.created_at), ("UpdatedAt", self.updated_at)]
            }
        }
    };
}

resource!(User, "UserArn", "user");
resource!(Group, "GroupArn", "group");
resource!(Membership, "MembershipArn", "membership");

/// The whole object.
pub(super) fn whole<R: Resource>(record: &R, store: &IdentityStore) -> Result<Value, ApiError> {
    let mut object = ids(record, store);
    if let Value::Object(members) = serde_json::to_value(record)? {
        object.extend(members);
    }
    for (name, time) in record.times() {
        if let Some(time) = time {
            object.insert(name.to_owned(), time.to_wire());
        }
    }
    Ok(Value::Object(object))
}

/// A user, with the extensions if they were asked for.
pub(super) fn user(user: &User, store: &IdentityStore, extensions: bool) -> Result<Value, ApiError> {
    let mut value = whole(user, store)?;
    if !extensions && let Some(object) = value.as_object_mut() {
        object.shift_remove("Extensions");
    }
    Ok(value)
}

/// The ids of an object: all that creating, finding and changing one returns.
pub(super) fn ids<R: Resource>(record: &R, store: &IdentityStore) -> Map<String, Value> {
    let id = record.id();
    let mut object = Map::new();
    object.insert("IdentityStoreId".to_owned(), store.identity_store_id.clone().into());
    object.insert(R::ID.to_owned(), (*id).into());
    let arn = format!("{}{id}", arn_prefix::<R>());
    object.insert(R::ARN.to_owned(), arn.into());
    object
}

/// The ids of an object and its revision.
pub(super) fn revised<R: Resource>(
    record: &R,
    revision: impl Serialize,
    store: &IdentityStore,
) -> Result<Value, ApiError> {
    let mut object = ids(record, store);
    object.insert("Revision".to_owned(), serde_json::to_value(revision)?);
    Ok(Value::Object(object))
}

/// A list answer.
pub(super) fn list(name: &str, values: Vec<Value>, next_token: Option<String>) -> Value {
    let mut object = Map::new();
    object.insert(name.to_owned(), Value::Array(values));
    if let Some(token) = next_token {
        object.insert("NextToken".to_owned(), token.into());
    }
    Value::Object(object)
}

/// The id in an id member, which may hold the object's ARN instead. Another kind's ARN stays as
/// it is, and is then not found.
pub(super) fn bare_id<R: Resource>(id: &str) -> &str {
    id.strip_prefix(arn_prefix::<R>().as_str()).unwrap_or(id)
}

fn arn_prefix<R: Resource>() -> String {
    format!("arn:aws:identitystore:::{}/", R::KIND)
}
