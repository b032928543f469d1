//! What AWS's SDK wants in place of our model and of JSON.

use std::collections::HashMap;

use aws_sdk_identitystore::types;
use aws_smithy_types::{Document, Number};
use serde_json::Value;

use crate::values::model::{Address, Email, Name, PhoneNumber, User};

/// A list of items; none is no list, because AWS refuses an empty one.
pub(super) fn list<T, U>(items: Option<&[T]>, shape: impl Fn(&T) -> U) -> Option<Vec<U>> {
    items.filter(|items| !items.is_empty()).map(|items| items.iter().map(shape).collect())
}

pub(super) fn name(name: &Name) -> types::Name {
    types::Name::builder()
        .set_formatted(name.formatted.clone())
        .set_family_name(name.family_name.clone())
        .set_given_name(name.given_name.clone())
        .set_middle_name(name.middle_name.clone())
        .set_honorific_prefix(name.honorific_prefix.clone())
        .set_honorific_suffix(name.honorific_suffix.clone())
        .build()
}

pub(super) fn email(email: &Email) -> types::Email {
    types::Email::builder()
        .set_value(email.value.clone())
        .set_type(email.r#type.clone())
        .set_primary(email.primary)
        .build()
}

pub(super) fn phone_number(number: &PhoneNumber) -> types::PhoneNumber {
    types::PhoneNumber::builder()
        .set_value(number.value.clone())
        .set_type(number.r#type.clone())
        .set_primary(number.primary)
        .build()
}

pub(super) fn address(address: &Address) -> types::Address {
    types::Address::builder()
        .set_street_address(address.street_address.clone())
        .set_locality(address.locality.clone())
        .set_region(address.region.clone())
        .set_postal_code(address.postal_code.clone())
        .set_country(address.country.clone())
        .set_formatted(address.formatted.clone())
        .set_type(address.r#type.clone())
        .set_primary(address.primary)
        .build()
}

pub(super) fn extensions(user: &User) -> Option<HashMap<String, Document>> {
    let extensions = user.extensions.as_ref()?;
    Some(extensions.iter().map(|(name, value)| (name.clone(), document(value))).collect())
}

/// JSON as the SDK has it.
pub(super) fn document(value: &Value) -> Document {
    match value {
        Value::Null => Document::Null,
        Value::Bool(value) => Document::Bool(*value),
        Value::Number(number) => Document::Number(self::number(number)),
        Value::String(text) => Document::String(text.clone()),
        Value::Array(items) => Document::Array(items.iter().map(document).collect()),
        Value::Object(members) => {
            Document::Object(members.iter().map(|(name, value)| (name.clone(), document(value))).collect())
        }
    }
}

fn number(number: &serde_json::Number) -> Number {
    match (number.as_u64(), number.as_i64()) {
        (Some(number), _) => Number::PosInt(number),
        (None, Some(number)) => Number::NegInt(number),
        (None, None) => Number::Float(number.as_f64().unwrap_or_default()),
    }
}
