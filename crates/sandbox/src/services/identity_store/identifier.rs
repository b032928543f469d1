//! The ways in which a request names an object other than by id.

use serde::Deserialize;
use serde_json::Value;

use crate::{api_error::ApiError, records::ExternalId};

/// An alternate identifier of a user or group.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) enum AlternateIdentifier {
    ExternalId(ExternalId),
    UniqueAttribute(UniqueAttribute),
}

/// An attribute whose value no two objects share.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UniqueAttribute {
    attribute_path: String,
    attribute_value: Value,
}

/// A filter of a list operation. AWS deprecated filters and still supports them.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AttributeFilter {
    attribute_path: String,
    attribute_value: String,
}

impl UniqueAttribute {
    /// Returns the path in small letters, because AWS ignores its letter case, and the value.
    pub(super) fn path_and_value(&self) -> Result<(String, &str), ApiError> {
        match &self.attribute_value {
            Value::String(value) if !value.is_empty() => Ok((self.attribute_path.to_lowercase(), value)),
            Value::Null | Value::String(_) => {
                Err(ApiError::validation("attribute value cannot be empty or null for attribute path"))
            }
            _ => Err(ApiError::validation(format!(
                "The value of the attribute {} must be a string",
                self.attribute_path
            ))),
        }
    }

    /// Returns the error for a path that is not unique.
    pub(super) fn not_unique(&self) -> ApiError {
        ApiError::validation(format!("The attribute {} is not a unique attribute", self.attribute_path))
    }
}

impl AttributeFilter {
    /// Returns the value of the filter. Fails if it is for another path than the supported one.
    pub(super) fn value_of(&self, supported: &str) -> Result<&str, ApiError> {
        if self.attribute_path.eq_ignore_ascii_case(supported) {
            Ok(&self.attribute_value)
        } else {
            Err(ApiError::validation(format!(
                "The attribute path {} is not supported in a filter; supported: {supported}",
                self.attribute_path
            )))
        }
    }
}
