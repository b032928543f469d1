//! A user and the parts of one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{DateTime, ExternalId, Other};
use crate::values::names::without_case;

/// A user of the identity store.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct User {
    /// The name the user signs in with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user_name: Option<String>,
    /// The stable and unique string identifying the user.
    pub(crate) user_id: String,
    /// The Amazon Resource Name (ARN) of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user_arn: Option<String>,
    /// The ids that an external identity provider gave the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) external_ids: Option<Vec<ExternalId>>,
    /// The parts of the user's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<Name>,
    /// The user display name in AWS IAM Identity Center.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) display_name: Option<String>,
    /// An alternative name of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) nick_name: Option<String>,
    /// The URL of the user's profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) profile_url: Option<String>,
    /// The email addresses of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) emails: Option<Vec<Email>>,
    /// The postal addresses of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) addresses: Option<Vec<Address>>,
    /// The phone numbers of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) phone_numbers: Option<Vec<PhoneNumber>>,
    /// The type of the user, such as Employee.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user_type: Option<String>,
    /// The title of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) title: Option<String>,
    /// The preferred language of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) preferred_language: Option<String>,
    /// The geographical region or location of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) locale: Option<String>,
    /// The time zone of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) timezone: Option<String>,
    /// ENABLED or DISABLED.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user_status: Option<String>,
    /// The photos of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) photos: Option<Vec<Photo>>,
    /// The website of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) website: Option<String>,
    /// The birthdate of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) birthdate: Option<String>,
    /// The roles of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) roles: Option<Vec<Role>>,
    /// Further attributes by extension, such as aws:identitystore:enterprise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) extensions: Option<Map<String, Value>>,
    /// The identity store that holds the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) identity_store_id: Option<String>,
    /// The revision of the user, for optimistic locking.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) revision: Option<String>,
    /// When the user was created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) created_at: Option<DateTime>,
    /// Who created the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) created_by: Option<String>,
    /// When the user was last updated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) updated_at: Option<DateTime>,
    /// Who last updated the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) updated_by: Option<String>,
    /// What AWS sends beside these, now or in years to come.
    #[serde(flatten)]
    #[schemars(skip)]
    pub(crate) other: Other,
}

impl User {
    /// The primary address, else the first.
    pub(crate) fn email(&self) -> Option<&str> {
        let emails = self.emails.as_deref()?;
        let primary = emails.iter().find(|email| email.primary == Some(true));
        primary.or(emails.first())?.value.as_deref()
    }

    /// Whether one of the user's addresses is this one. Letter case says nothing about who is meant.
    pub(crate) fn has_email(&self, address: &str) -> bool {
        let address = without_case(address.trim());
        let emails = self.emails.as_deref().unwrap_or_default();
        emails.iter().filter_map(|email| email.value.as_deref()).any(|value| without_case(value.trim()) == address)
    }
}

/// The parts of a user's name.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Name {
    /// The whole name, as it is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) formatted: Option<String>,
    /// The family name of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) family_name: Option<String>,
    /// The given name of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) given_name: Option<String>,
    /// The middle name of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) middle_name: Option<String>,
    /// The honorific prefix of the user, such as Dr.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) honorific_prefix: Option<String>,
    /// The honorific suffix of the user, such as PhD.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) honorific_suffix: Option<String>,
}

/// An email address of a user.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Email {
    /// The email address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) value: Option<String>,
    /// The type of the email address, such as work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) r#type: Option<String>,
    /// Whether this is the primary email address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) primary: Option<bool>,
}

/// A postal address of a user.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Address {
    /// The street address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) street_address: Option<String>,
    /// The city or locality.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) locality: Option<String>,
    /// The state or region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) region: Option<String>,
    /// The postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) postal_code: Option<String>,
    /// The country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) country: Option<String>,
    /// The whole address, as it is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) formatted: Option<String>,
    /// The type of the address, such as home.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) r#type: Option<String>,
    /// Whether this is the primary address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) primary: Option<bool>,
}

/// A phone number of a user.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PhoneNumber {
    /// The phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) value: Option<String>,
    /// The type of the phone number, such as work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) r#type: Option<String>,
    /// Whether this is the primary phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) primary: Option<bool>,
}

/// A photo of a user.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Photo {
    /// The photo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) value: Option<String>,
    /// The type of the photo, such as work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) r#type: Option<String>,
    /// The text that describes the photo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) display: Option<String>,
    /// Whether this is the primary photo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) primary: Option<bool>,
}

/// A role of a user.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Role {
    /// The role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) value: Option<String>,
    /// The type of the role, such as work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) r#type: Option<String>,
    /// Whether this is the primary role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) primary: Option<bool>,
}
