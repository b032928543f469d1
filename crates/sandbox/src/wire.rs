//! Objects of the directory as the API sends them.
//!
//! The wire is the file's form plus what follows from elsewhere (the store's id, ARNs) and with
//! times as numbers. One place adds them, so that a scenario can leave them out again.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{
    api_error::ApiError,
    context::Call,
    document::{ExternalId, Group, IdentityStore, Membership, Timestamp, User},
    scenario::Source,
    store::{Record, Table},
};

/// Who issues the ids of an identity provider's users and groups.
const ISSUER: &str = "https://scim.aws.com/c3d90a6e-5b1f-4f0e-9a57-6f1d3a8b2e44";
/// Who writes for an identity provider: seen in AWS's console, and not documented.
const PROVISIONER: &str = "Identity_Sync";

/// A kind of object that has an ARN.
pub(super) trait Resource: Record {
    /// The name of its ARN's member.
    const ARN: &'static str;
    /// The kind, as ARNs spell it.
    const KIND: &'static str;
    /// Whether an identity provider gives it an id of its own.
    const HAS_EXTERNAL_IDS: bool;

    /// When it was made and changed.
    fn times(&self) -> [(&'static str, Option<Timestamp>); 2];
}

macro_rules! resource {
    ($type:ty, $arn:literal, $kind:literal, $external:literal) => {
        impl Resource for $type {
            const ARN: &'static str = $arn;
            const KIND: &'static str = $kind;
            const HAS_EXTERNAL_IDS: bool = $external;

            fn times(&self) -> [(&'static str, Option<Timestamp>); 2] {
                [("CreatedAt", self.created_at), ("UpdatedAt", self.updated_at)]
            }
        }
    };
}

resource!(User, "UserArn", "user", true);
resource!(Group, "GroupArn", "group", true);
resource!(Membership, "MembershipArn", "membership", false);

/// The whole object.
pub(super) fn whole<R: Resource>(record: &R, store: &IdentityStore, call: &Call) -> Result<Value, ApiError> {
    let mut object = ids(record, store);
    if let Value::Object(members) = serde_json::to_value(record)? {
        object.extend(members);
    }
    for (name, time) in record.times() {
        if let Some(time) = time {
            object.insert(name.to_owned(), time.to_wire());
        }
    }
    if call.scenario.source == Source::ExternalIdp {
        provision::<R>(&mut object, &record.id());
    }
    Ok(Value::Object(object))
}

/// Makes an object look as if an identity provider had written it.
fn provision<R: Resource>(object: &mut Map<String, Value>, id: &str) {
    for member in ["CreatedBy", "UpdatedBy"] {
        object.insert(member.to_owned(), PROVISIONER.into());
    }
    if R::HAS_EXTERNAL_IDS {
        object.entry("ExternalIds").or_insert_with(|| json!([{"Issuer": ISSUER, "Id": id}]));
    }
}

/// What an external id leads to: `own` if the directory has it, else what [`provision`] gave it to.
pub(super) fn find_external<'a, R: Resource>(
    table: &'a Table<R>,
    own: Option<&'a R>,
    id: &ExternalId,
    call: &Call,
) -> Option<&'a R> {
    let is_provisioned = call.scenario.source == Source::ExternalIdp && id.issuer == ISSUER;
    own.or_else(|| table.get(&id.id).filter(|_| is_provisioned))
}

/// A user, with the extensions if they were asked for.
pub(super) fn user(user: &User, store: &IdentityStore, extensions: bool, call: &Call) -> Result<Value, ApiError> {
    let mut value = whole(user, store, call)?;
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
