//! The ids of Identity Store. Wherever AWS takes an id, people paste ARNs: the id is taken out of them, because
//! `sso-admin` and older servers understand ids only (AWS: Identity Store API, `ResourceId`, `IdentityStoreId`).

use schemars::JsonSchema;
use serde::Deserialize;

use super::arguments::shortened;

macro_rules! resource_id {
    ($(#[$doc:meta])* $name:ident, $resource:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
        #[serde(try_from = "String")]
        pub(crate) struct $name(pub(crate) String);

        impl From<$name> for serde_json::Value {
            fn from(id: $name) -> Self {
                id.0.into()
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;

            fn try_from(text: String) -> Result<Self, String> {
                resource_id(text.trim(), $resource).map(Self)
            }
        }
    };
}

resource_id! {
    /// A user's id.
    UserId, "user"
}
resource_id! {
    /// A group's id.
    GroupId, "group"
}
resource_id! {
    /// A membership's id.
    MembershipId, "membership"
}

/// Takes an id, or an ARN of the right kind.
fn resource_id(text: &str, resource: &str) -> Result<String, String> {
    let id = match text.strip_prefix("arn:").and_then(|arn| arn.split_once(":identitystore:::")) {
        None => text,
        Some((_, path)) => match path.split_once('/') {
            Some((kind, id)) if kind == resource => id,
            Some((kind, _)) => {
                return Err(format!("must name a {resource}, and not a {}, as this ARN does", shortened(kind)));
            }
            None => text,
        },
    };
    if is_resource_id(id) {
        // AWS writes them in small letters, and takes capitals for the same.
        Ok(id.to_lowercase())
    } else {
        let what = format!("must be the id or the ARN of a {resource}, such as 906774a2-7051-7022-f6c4-b2f1c0a1d2e3");
        Err(if is_of_terraform(id) {
            format!("{what}, and not {TERRAFORM}: give the part after the slash")
        } else {
            what
        })
    }
}

/// A UUID, in older directories behind ten hex digits and a hyphen.
pub(crate) fn is_resource_id(text: &str) -> bool {
    let uuid = match text.split_once('-') {
        Some((prefix, rest)) if prefix.len() == 10 && is_hex(prefix) => rest,
        _ => text,
    };
    is_uuid(uuid)
}

pub(super) fn is_uuid(text: &str) -> bool {
    text.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && text.split('-').all(is_hex)
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// `d-` and ten hex digits, or a UUID.
pub(super) fn is_store_id(text: &str) -> bool {
    text.strip_prefix("d-").is_some_and(|hex| hex.len() == 10 && is_hex(hex)) || is_uuid(text)
}

/// Whether a text in a list of names and ids is meant as an id, so that it is an error if it is none.
pub(super) fn is_meant_as_id(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("arn:") || is_of_terraform(text)
}

/// A store and what is in it, such as `d-1234567890/906774a2-7051-7022-f6c4-b2f1c0a1d2e3` (Terraform: the ids of
/// `aws_identitystore_user` and its like).
fn is_of_terraform(text: &str) -> bool {
    text.split_once('/').is_some_and(|(store, _)| is_store_id(store))
}

const TERRAFORM: &str = "a store and a user, group or membership in one, as Terraform writes ids";

/// The id of an identity store: `d-` and ten hex digits, or a UUID.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
pub(crate) struct IdentityStoreId(pub(crate) String);

impl TryFrom<String> for IdentityStoreId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let text = text.trim();
        let arn = text.strip_prefix("arn:").and_then(|arn| arn.rsplit_once(":identitystore/"));
        let id = arn.map_or(text, |(_, id)| id);
        if is_store_id(id) {
            return Ok(Self(id.to_owned()));
        }
        let what = "must be the id of an identity store, such as d-1234567890 (IAM Identity Center, Settings, Identity \
                    source)";
        Err(if text.contains(":instance/") || text.starts_with("ssoins-") {
            format!("{what}, and not an instance of IAM Identity Center")
        } else if is_of_terraform(text) {
            format!("{what}, and not {TERRAFORM}")
        } else {
            what.to_owned()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UUID: &str = "906774a2-7051-7022-f6c4-b2f1c0a1d2e3";

    #[test]
    fn ids_are_taken_out_of_arns_of_the_right_kind() {
        let user = |text: &str| UserId::try_from(text.to_owned()).map(|id| id.0);
        assert_eq!(user(UUID), Ok(UUID.to_owned()));
        assert_eq!(user(&format!("1234567890-{UUID}")), Ok(format!("1234567890-{UUID}")));
        assert_eq!(user(&format!("arn:aws:identitystore:::user/{UUID}")), Ok(UUID.to_owned()));
        let wrong = user(&format!("arn:aws:identitystore:::group/{UUID}")).unwrap_err();
        assert!(wrong.contains("and not a group"), "{wrong}");
        assert!(user("alice").is_err());
        for resource in [UserId::try_from, |id| GroupId::try_from(id).map(|id| UserId(id.0))] {
            let terraform = resource(format!("d-1234567890/{UUID}")).unwrap_err();
            assert!(terraform.contains("as Terraform writes ids: give the part after the slash"), "{terraform}");
        }
        assert!(MembershipId::try_from(format!("d-1234567890/{UUID}")).unwrap_err().contains("Terraform"));
        assert!(!user("alice/bob").unwrap_err().contains("Terraform"));
        assert!(is_meant_as_id(&format!(" d-1234567890/{UUID}")) && is_meant_as_id("arn:aws:x"));
        assert!(!is_meant_as_id("alice/bob") && !is_meant_as_id(UUID));
        // Of the right shape, but for one letter; and of the right letters, but for one too many or too few.
        for wrong in
            [UUID.replacen('9', "g", 1), UUID.replacen("a2-", "a-", 1), format!("{UUID}0"), UUID.replace('-', "")]
        {
            assert!(user(&wrong).is_err(), "{wrong}");
            assert!(user(&format!("1234567890-{wrong}")).is_err(), "{wrong}");
        }
        assert!(user(&format!("123456789-{UUID}")).is_err() && user(&format!("123456789x-{UUID}")).is_err());
    }

    #[test]
    fn an_identity_store_has_three_spellings_and_two_common_mistakes() {
        let store = |text: &str| IdentityStoreId::try_from(text.to_owned()).map(|id| id.0);
        assert_eq!(store("d-1234567890"), Ok("d-1234567890".to_owned()));
        assert_eq!(store(UUID), Ok(UUID.to_owned()));
        let arn = "arn:aws:identitystore::123456789012:identitystore/d-1234567890";
        assert_eq!(store(arn), Ok("d-1234567890".to_owned()));
        assert!(store("arn:aws:sso:::instance/ssoins-1234567890abcdef").unwrap_err().contains("not an instance"));
        assert!(store(&format!("d-1234567890/{UUID}")).unwrap_err().contains("in one"));
        for wrong in ["nonsense", "d-123456789", "d-12345678901", "d-123456789x", "1234567890"] {
            let told = store(wrong).unwrap_err();
            assert!(told.contains("must be the id") && !told.contains("and not"), "{wrong}: {told}");
        }
    }
}
