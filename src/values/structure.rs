//! Values that machines read again: ids, fixed words and times that AWS or this program gives. They are never masked,
//! even if a secret of the instance is the same text. Each has a place and a shape, so that nothing else passes with them; and
//! an account id that is also a password does not tell that it is.

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};

use super::ids::{is_resource_id, is_store_id, is_uuid};
use super::kinds::Scope;
use super::model::PrincipalType;
use super::output::{Outcome, Status};
use super::search::UserStatus;

/// Whether the value of this member, or one in its list, is one of them.
pub(super) fn is_structure(member: &str, value: &str) -> bool {
    match member {
        "UserId" | "GroupId" | "MembershipId" | "PrincipalId" => is_resource_id(value),
        "IdentityStoreId" => is_store_id(value),
        "AccountId" => is_account(value),
        "PermissionSetArn" => is_permission_set(value),
        // What a search for orphaned assignments has not looked at yet.
        "Left" | "Pairs" => is_account(value) || is_permission_set(value),
        "UserArn" | "GroupArn" | "MembershipArn" => is_in_store(value),
        "RequestId" => is_uuid(value),
        "TakenAt" | "BegunAt" | "Time" | "CreatedAt" | "UpdatedAt" => is_time(value),
        "Outcome" => is_word::<Outcome>(value),
        "Status" => is_word::<Status>(value),
        "Scope" => is_word::<Scope>(value),
        "PrincipalType" => is_word::<PrincipalType>(value),
        "UserStatus" => is_word::<UserStatus>(value),
        _ => false,
    }
}

fn is_account(value: &str) -> bool {
    value.len() == 12 && value.bytes().all(|byte| byte.is_ascii_digit())
}

/// AWS: `PermissionSetArn`, `arn:aws:sso:::permissionSet/ssoins-7223a1b2c3d4e5f6/ps-92a3b4c5d6e7f809`.
fn is_permission_set(value: &str) -> bool {
    let sound = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let parts: Vec<&str> = value.split(':').collect();
    let ["arn", partition, "sso", "", "", resource] = parts.as_slice() else { return false };
    let ids: Vec<&str> = resource.split('/').collect();
    let ["permissionSet", instance, set] = ids.as_slice() else { return false };
    is_partition(partition) && instance.contains("ins-") && sound(instance) && set.starts_with("ps-") && sound(set)
}

/// `arn:aws:identitystore:::user/906774a2-7051-7022-f6c4-b2f1c0a1d2e3`.
fn is_in_store(value: &str) -> bool {
    let parts: Vec<&str> = value.split(':').collect();
    let ["arn", partition, "identitystore", "", "", resource] = parts.as_slice() else { return false };
    let id = resource.split_once('/').filter(|(kind, _)| ["user", "group", "membership"].contains(kind));
    is_partition(partition) && id.is_some_and(|(_, id)| is_resource_id(id))
}

fn is_partition(text: &str) -> bool {
    text.starts_with("aws") && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

/// `2026-11-28T10:00:00.123Z`.
fn is_time(value: &str) -> bool {
    let date = |place: usize, byte: u8| match place {
        4 | 7 => byte == b'-',
        10 => byte == b'T',
        13 | 16 => byte == b':',
        _ => byte.is_ascii_digit() || (place > 18 && b".:+-Z".contains(&byte)),
    };
    (20..=35).contains(&value.len()) && value.bytes().enumerate().all(|(place, byte)| date(place, byte))
}

fn is_word<'de, T: Deserialize<'de>>(value: &'de str) -> bool {
    let word: StrDeserializer<'_, Error> = value.into_deserializer();
    T::deserialize(word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "906774a2-7051-7022-f6c4-b2f1c0a1d2e3";

    #[test]
    fn ids_words_and_times_are_structure_in_their_places_only() {
        let set = "arn:aws-us-gov:sso:::permissionSet/ssoins-7223a1b2c3d4e5f6/ps-92a3b4c5d6e7f809";
        let values = [
            ("UserId", ID),
            ("GroupId", "9067f2a1b3-906774a2-7051-7022-f6c4-b2f1c0a1d2e3"),
            ("IdentityStoreId", "d-9067f2a1b3"),
            ("AccountId", "111122223333"),
            ("PermissionSetArn", set),
            ("Left", set),
            ("Pairs", "111122223333"),
            ("UserArn", &format!("arn:aws:identitystore:::user/{ID}")),
            ("TakenAt", "2026-11-28T10:00:00.123Z"),
            ("Time", "2026-11-28T10:00:00+01:00"),
            ("Outcome", "would be removed"),
            ("Status", "in progress"),
            ("Scope", "assignments"),
            ("PrincipalType", "GROUP"),
            ("UserStatus", "DISABLED"),
        ];
        for (member, value) in values {
            assert!(is_structure(member, value), "{member}: {value}");
            assert!(!is_structure(member, &format!("{value} ")) && !is_structure(member, ""), "{member}");
            assert!(!is_structure("Reason", value) && !is_structure("UserName", value), "{value}");
        }
        assert!(is_structure("RequestId", ID) && is_structure("PrincipalId", ID));
    }

    #[test]
    fn what_may_be_a_key_is_no_structure() {
        for (member, value) in [
            ("AccountId", "AKIAEXAMPLE1"),
            ("UserId", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
            ("PermissionSetArn", "arn:aws:sso:::permissionSet/ssoins-7223a1b2c3d4e5f6/ps-a/b+c=="),
            ("PermissionSetArn", "arn:aws:iam::111122223333:role/Name"),
            ("UserArn", "arn:aws:identitystore:::user/wJalrXUtnFEMI"),
            ("Outcome", "Removed"),
            ("Time", "20261128100000000000000"),
        ] {
            assert!(!is_structure(member, value), "{member}: {value}");
        }
    }
}
