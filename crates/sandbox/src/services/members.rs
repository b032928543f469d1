//! The members of a request.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{api_error::ApiError, context::Call, page::PageRequest, store::Directory};

/// The members of a request that were not read yet.
#[derive(Debug)]
pub(super) struct Members(Map<String, Value>);

impl Members {
    /// Returns the members of an input. Its shape made sure that it is an object.
    pub(super) fn from_input(input: Value) -> Self {
        match input {
            Value::Object(members) => Self(members),
            _ => Self(Map::new()),
        }
    }

    /// Removes a member, and returns it as the type that the caller needs.
    pub(super) fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, ApiError> {
        let value = self.0.shift_remove(name).unwrap_or(Value::Null);
        Ok(serde_json::from_value(value)?)
    }

    /// Removes the members that ask for a page. Call it first: a page token is bound to all members that are left.
    pub(super) fn take_page(&mut self, directory: &Directory, call: &Call) -> Result<PageRequest, ApiError> {
        PageRequest::take_from(&mut self.0, &directory.identity_store.identity_store_id, call)
    }

    /// Returns the members that were not read.
    pub(super) fn into_rest(self) -> Map<String, Value> {
        self.0
    }
}
