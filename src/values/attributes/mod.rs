//! The attributes of a user that commands set: their arguments, what stands where in AWS's user, what is set and what is
//! cleared. The names are written here once: as arguments, and as what `clear` takes.

mod apply;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::arguments::{ArgumentError, Problem};
use super::ids::UserId;
use super::kinds::EmailAddress;

/// Where an attribute stands in a user (AWS: Identity Store API, `User`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// A path of `UpdateUser`, with a full stop between a member and a member of it.
    Member(&'static str),
    /// A path within the extension of attributes that an enterprise has.
    Enterprise(&'static str),
    /// A member of the primary item of a list. AWS replaces such lists as a whole.
    Item(List, &'static str),
}

/// A list in a user, by its path in `UpdateUser`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum List {
    Emails,
    PhoneNumbers,
    Addresses,
}

impl List {
    pub(crate) const ALL: [Self; 3] = [Self::Emails, Self::PhoneNumbers, Self::Addresses];

    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Emails => "emails",
            Self::PhoneNumbers => "phoneNumbers",
            Self::Addresses => "addresses",
        }
    }

    /// Its name in AWS's answers.
    pub(crate) fn member(self) -> &'static str {
        match self {
            Self::Emails => "Emails",
            Self::PhoneNumbers => "PhoneNumbers",
            Self::Addresses => "Addresses",
        }
    }
}

macro_rules! attributes {
    (
        names { $($name:ident: $name_variant:ident, $name_place:expr;)* }
        more { $($(#[$doc:meta])* $field:ident: $variant:ident, $kind:ty, $place:expr;)* }
    ) => {
        /// An attribute, by the name of its argument.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
        #[serde(rename_all = "camelCase")]
        pub(crate) enum Attribute { $($name_variant,)* $($variant,)* }

        impl Attribute {
            #[cfg(test)]
            const ALL: &[(Self, &str)] =
                &[$((Self::$name_variant, stringify!($name)),)* $((Self::$variant, stringify!($field)),)*];

            pub(crate) fn place(self) -> Place {
                match self {
                    $(Self::$name_variant => $name_place,)*
                    $(Self::$variant => $place,)*
                }
            }
        }

        /// Arguments for the attributes that AWS does not require of a user.
        #[derive(Debug, Default, Deserialize, JsonSchema)]
        #[serde(rename_all = "camelCase")]
        pub(crate) struct MoreAttributes {
            $($(#[$doc])* $field: Option<$kind>,)*
        }

        impl MoreAttributes {
            /// What is given.
            pub(crate) fn given(self) -> Vec<(Attribute, Value)> {
                let mut given = Vec::new();
                $(given.extend(self.$field.map(|value| (Attribute::$variant, Value::from(value))));)*
                given
            }
        }
    };
}

use List::{Addresses, Emails, PhoneNumbers};
use Place::{Enterprise, Item, Member};

attributes! {
    names {
        given_name: GivenName, Member("name.givenName");
        family_name: FamilyName, Member("name.familyName");
        display_name: DisplayName, Member("displayName");
    }
    more {
        /// The email address of the user.
        user_email_address: UserEmailAddress, EmailAddress, Item(Emails, "Value");
        /// Whether the email address is the user's primary one. Default is yes for a first address.
        user_email_address_primary: UserEmailAddressPrimary, bool, Item(Emails, "Primary");
        /// The URL of the user's profile.
        profile_url: ProfileUrl, String, Member("profileUrl");
        /// The type of the user, such as Employee.
        user_type: UserType, String, Member("userType");
        /// The title of the user.
        title: Title, String, Member("title");
        /// The middle name of the user.
        middle_name: MiddleName, String, Member("name.middleName");
        /// The honorific prefix of the user, such as Dr.
        honorific_prefix: HonorificPrefix, String, Member("name.honorificPrefix");
        /// The honorific suffix of the user, such as PhD.
        honorific_suffix: HonorificSuffix, String, Member("name.honorificSuffix");
        /// An alternative name of the user.
        nick_name: NickName, String, Member("nickName");
        /// The preferred language of the user, such as en-US.
        preferred_language: PreferredLanguage, String, Member("preferredLanguage");
        /// The geographical region or location of the user, such as de-DE.
        locale: Locale, String, Member("locale");
        /// The time zone of the user, such as Europe/Berlin.
        timezone: Timezone, String, Member("timezone");
        /// The phone number of the user.
        phone_number: PhoneNumber, String, Item(PhoneNumbers, "Value");
        /// The type of the phone number. Default is work for a first number.
        phone_number_type: PhoneNumberType, String, Item(PhoneNumbers, "Type");
        /// The street address of the user.
        street_address: StreetAddress, String, Item(Addresses, "StreetAddress");
        /// The city or locality of the user.
        locality: Locality, String, Item(Addresses, "Locality");
        /// The state or region of the user's address. The argument region is the AWS region.
        address_region: AddressRegion, String, Item(Addresses, "Region");
        /// The postal code of the user.
        postal_code: PostalCode, String, Item(Addresses, "PostalCode");
        /// The country of the user.
        country: Country, String, Item(Addresses, "Country");
        /// The type of the address. Default is work for a first address.
        address_type: AddressType, String, Item(Addresses, "Type");
        /// The birthdate of the user, such as 1990-12-31.
        birthdate: Birthdate, String, Member("birthdate");
        /// The website of the user.
        website: Website, String, Member("website");
        /// The employee number of the user.
        employee_number: EmployeeNumber, String, Enterprise("employeeNumber");
        /// The cost center of the user.
        cost_center: CostCenter, String, Enterprise("costCenter");
        /// The organization of the user.
        organization: Organization, String, Enterprise("organization");
        /// The division of the user.
        division: Division, String, Enterprise("division");
        /// The department of the user.
        department: Department, String, Enterprise("department");
        /// The id or the ARN of the user's manager, who is a user of the same identity store.
        manager_id: ManagerId, UserId, Enterprise("manager.value");
    }
}

/// What is to be set of a user, and what is to be cleared.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    pub(crate) set: Vec<(Attribute, Value)>,
    pub(crate) clear: Vec<Attribute>,
}

impl Changes {
    /// Changes that make sense together.
    pub(crate) fn new(set: Vec<(Attribute, Value)>, mut clear: Vec<Attribute>) -> Result<Self, ArgumentError> {
        let once: Vec<_> = (0..clear.len()).filter(|place| !clear[..*place].contains(&clear[*place])).collect();
        clear = once.into_iter().map(|place| clear[place]).collect();
        let sets = |attribute: Attribute| set.iter().any(|(known, _)| *known == attribute);
        if let Some(both) = clear.iter().find(|attribute| sets(**attribute)) {
            return Err(rule(*both, "is given, and is in clear as well: one of the two is meant"));
        }
        // AWS knows no mark without an address; which one is meant would be a guess.
        if sets(Attribute::UserEmailAddressPrimary) && !sets(Attribute::UserEmailAddress) {
            return Err(rule(
                Attribute::UserEmailAddressPrimary,
                "is given without userEmailAddress, which it is about",
            ));
        }
        Ok(Self { set, clear })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.set.is_empty() && self.clear.is_empty()
    }

    /// The attributes that change, set or cleared.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = Attribute> {
        self.set.iter().map(|(attribute, _)| *attribute).chain(self.clear.iter().copied())
    }

    /// The list that an attribute is in, for each that changes.
    pub(crate) fn lists(&self) -> Vec<List> {
        let touched =
            |list: &List| self.attributes().any(|attribute| matches!(attribute.place(), Item(of, _) if of == *list));
        List::ALL.into_iter().filter(touched).collect()
    }
}

impl Attribute {
    /// The name of the argument.
    pub(crate) fn name(self) -> String {
        let variant = format!("{self:?}");
        variant[..1].to_lowercase() + &variant[1..]
    }
}

fn rule(attribute: Attribute, rule: &str) -> ArgumentError {
    ArgumentError::from(Problem::Custom(rule.to_owned())).at(&attribute.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_has_the_name_of_its_argument() {
        for (attribute, field) in Attribute::ALL {
            let mut words = field.split('_');
            let first = words.next().unwrap().to_owned();
            let camel = words.fold(first, |name, word| name + &word[..1].to_uppercase() + &word[1..]);
            assert_eq!(attribute.name(), camel);
            let read: Attribute = serde_json::from_value(Value::from(camel)).unwrap();
            assert_eq!(read, *attribute);
        }
    }

    #[test]
    fn what_makes_no_sense_together_is_refused() {
        let both = Changes::new(vec![(Attribute::Title, "x".into())], vec![Attribute::Title]).unwrap_err();
        assert!(both.to_string().contains("\"title\" is given, and is in clear as well"), "{both}");
        let mark = Changes::new(vec![(Attribute::UserEmailAddressPrimary, true.into())], Vec::new()).unwrap_err();
        assert!(mark.to_string().contains("without userEmailAddress"), "{mark}");
    }
}
