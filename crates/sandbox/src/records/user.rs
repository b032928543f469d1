//! Users, as `DescribeUser` returns them.

use serde::{Deserialize, Serialize};

use super::{
    identifiers::{ExternalId, Revision},
    object,
    timestamp::Timestamp,
};

/// A user. Members that most users lack are boxed, because a directory holds many users. Lists may hold more values than the
/// API accepts, because older directories do.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct User {
    pub(crate) user_id: String,
    pub(crate) user_name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "object::list")]
    pub(crate) external_ids: Vec<ExternalId>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "object::optional")]
    pub(crate) name: Option<Box<Name>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) display_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nick_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    profile_url: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "object::list")]
    pub(crate) emails: Vec<Email>,
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "object::list")]
    addresses: Vec<Address>,
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "object::list")]
    phone_numbers: Vec<PhoneNumber>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    preferred_language: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    locale: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    timezone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) user_status: Option<UserStatus>,
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "object::list")]
    photos: Vec<Photo>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    website: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    birthdate: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "object::list")]
    roles: Vec<Role>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "object::optional")]
    pub(crate) extensions: Option<Box<Extensions>>,
    #[serde(default)]
    pub(crate) revision: Revision,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) created_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) created_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) updated_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) updated_by: Option<String>,
}

impl User {
    /// Returns a user with an id and a name, and no other attributes.
    pub(crate) fn new(user_id: String, user_name: String) -> Self {
        Self { user_id, user_name, ..Self::default() }
    }

    /// Returns the address that must be unique: the one marked primary, else the first.
    pub(crate) fn primary_email(&self) -> Option<&str> {
        let marked = self.emails.iter().find(|email| email.primary == Some(true));
        marked.or(self.emails.first())?.value.as_deref()
    }
}

/// The parts of a person's name.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Name {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    formatted: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) family_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) given_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    middle_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    honorific_prefix: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    honorific_suffix: Option<String>,
}

impl Name {
    /// Returns a name of two parts.
    pub(crate) fn new(given_name: &str, family_name: &str) -> Self {
        Self { given_name: Some(given_name.to_owned()), family_name: Some(family_name.to_owned()), ..Self::default() }
    }
}

/// An e-mail address.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Email {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) value: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) r#type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) primary: Option<bool>,
}

/// A phone number has the members of an e-mail address.
type PhoneNumber = Email;
/// A role has the members of an e-mail address.
type Role = Email;

/// A postal address.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Address {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    street_address: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    locality: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    region: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    postal_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    country: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    formatted: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    r#type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    primary: Option<bool>,
}

/// A picture of a person.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Photo {
    value: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    r#type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    display: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    primary: Option<bool>,
}

/// Whether a user may sign in. No API operation changes it; an edit of the file can.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum UserStatus {
    Enabled,
    Disabled,
}

/// Attributes that AWS returns only to a caller who asks for them by name.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Extensions {
    #[serde(rename = "aws:identitystore:enterprise", default, skip_serializing_if = "Option::is_none")]
    #[serde(deserialize_with = "object::optional")]
    pub(crate) enterprise: Option<Enterprise>,
}

/// The attributes of the enterprise extension. AWS writes their names in camelCase.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Enterprise {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) employee_number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cost_center: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    organization: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    division: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) department: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "object::optional")]
    pub(crate) manager: Option<Manager>,
}

/// The user's manager.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Manager {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) value: Option<String>,
}
