//! Signs snapshots as the executable does, by the description of version 1 in src/values/snapshot/canonical.rs and by
//! nothing else of it: two implementations have to agree.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The snapshot with the signature that this key makes for this purpose.
pub fn signed(mut snapshot: Value, key: &str, purpose: &str) -> Value {
    let derived = |label: &str| mac(key.as_bytes(), format!("aws-iam-identitycenter snapshot v1 {label}").as_bytes());
    let (id, mac) = (derived("key id"), mac(&derived(purpose), &canonical(&snapshot, purpose)));
    snapshot["Signature"] = json!(format!("v1:{}:{}", URL_SAFE_NO_PAD.encode(&id[..9]), URL_SAFE_NO_PAD.encode(mac)));
    snapshot
}

fn mac(key: &[u8], message: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message).as_ref().to_vec()
}

fn canonical(snapshot: &Value, purpose: &str) -> Vec<u8> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let taken_at = OffsetDateTime::parse(snapshot["TakenAt"].as_str().unwrap(), &Rfc3339).unwrap();
    let mut bytes = Vec::new();
    field(&mut bytes, b"aws-iam-identitycenter");
    field(&mut bytes, &[1]);
    field(&mut bytes, purpose.as_bytes());
    optional(&mut bytes, &snapshot["Command"]);
    field(&mut bytes, text(&snapshot["UserId"]).as_bytes());
    field(&mut bytes, text(&snapshot["IdentityStoreId"]).as_bytes());
    field(&mut bytes, &taken_at.unix_timestamp_nanos().to_be_bytes());
    field(&mut bytes, text(&snapshot["Scope"]).as_bytes());
    let steps = |list: &str| snapshot[list].as_array().cloned().unwrap_or_default();
    count(&mut bytes, steps("GroupMemberships").len());
    for step in steps("GroupMemberships") {
        field(&mut bytes, b"group");
        field(&mut bytes, text(&step["GroupId"]).as_bytes());
        optional(&mut bytes, &step["MembershipId"]);
        field(&mut bytes, text(&step["Outcome"]).as_bytes());
    }
    count(&mut bytes, steps("AccountAssignments").len());
    for step in steps("AccountAssignments") {
        field(&mut bytes, b"assignment");
        field(&mut bytes, text(&step["AccountId"]).as_bytes());
        field(&mut bytes, text(&step["PermissionSetArn"]).as_bytes());
        field(&mut bytes, text(&step["Outcome"]).as_bytes());
    }
    optional(&mut bytes, &snapshot["UserDeletion"]["Outcome"]);
    bytes
}

fn count(bytes: &mut Vec<u8>, count: usize) {
    bytes.extend(u64::try_from(count).unwrap().to_be_bytes());
}

fn field(bytes: &mut Vec<u8>, field: &[u8]) {
    count(bytes, field.len());
    bytes.extend(field);
}

fn optional(bytes: &mut Vec<u8>, value: &Value) {
    count(bytes, usize::from(value.is_string()));
    value.as_str().into_iter().for_each(|text| field(bytes, text.as_bytes()));
}
