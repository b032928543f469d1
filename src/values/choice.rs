//! How arguments name a user or a group: exactly one of several.

use std::fmt;

use schemars::JsonSchema;
use serde::Deserialize;

use super::arguments::shortened;
use super::ids::{GroupId, MembershipId, UserId, is_meant_as_id};
use super::model::ExternalId;

/// The user that a command is about.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "UserArguments")]
pub(crate) enum UserChoice {
    Name(String),
    Id(UserId),
    Email(String),
    External(ExternalId),
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct UserArguments {
    /// The user name of the user. Exactly one of userName, userId, emailAddress and externalId is needed.
    user_name: Option<String>,
    /// The id or the ARN of the user.
    user_id: Option<UserId>,
    /// An email address of the user. Who has exactly this one is meant; letter case is overlooked only if nobody has.
    email_address: Option<String>,
    external: ExternalArguments,
}

/// The id that an external identity provider gave.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ExternalArguments {
    /// The id that an external identity provider gave, together with externalIdIssuer.
    external_id: Option<String>,
    /// Who gave the external id: the Issuer of its ExternalIds.
    external_id_issuer: Option<String>,
}

impl ExternalArguments {
    fn choice(self) -> Result<Option<ExternalId>, String> {
        match (self.external_id, self.external_id_issuer) {
            (Some(id), Some(issuer)) => Ok(Some(ExternalId { issuer, id })),
            (None, None) => Ok(None),
            _ => Err("externalId and externalIdIssuer are given together or not at all".to_owned()),
        }
    }
}

impl TryFrom<UserArguments> for UserChoice {
    type Error = String;

    fn try_from(given: UserArguments) -> Result<Self, String> {
        exactly_one([
            ("userName", trimmed(given.user_name).map(Self::Name)),
            ("userId", given.user_id.map(Self::Id)),
            ("emailAddress", trimmed(given.email_address).map(Self::Email)),
            ("externalId", given.external.choice()?.map(Self::External)),
        ])
    }
}

impl fmt::Display for UserChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, "user {}", shortened(name)),
            Self::Id(id) => write!(f, "user {}", id.0),
            Self::Email(address) => write!(f, "user with email address {}", shortened(address)),
            Self::External(external) => {
                write!(f, "user with external id {} of {}", shortened(&external.id), shortened(&external.issuer))
            }
        }
    }
}

/// The group that a command is about.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "GroupArguments")]
pub(crate) enum GroupChoice {
    Name(String),
    Id(GroupId),
    External(ExternalId),
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct GroupArguments {
    /// The name of the group. Exactly one of groupName, groupId and externalId is needed.
    group_name: Option<String>,
    /// The id or the ARN of the group.
    group_id: Option<GroupId>,
    external: ExternalArguments,
}

impl TryFrom<GroupArguments> for GroupChoice {
    type Error = String;

    fn try_from(given: GroupArguments) -> Result<Self, String> {
        exactly_one([
            ("groupName", given.group_name.map(Self::Name)),
            ("groupId", given.group_id.map(Self::Id)),
            ("externalId", given.external.choice()?.map(Self::External)),
        ])
    }
}

impl fmt::Display for GroupChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, "group {}", shortened(name)),
            Self::Id(id) => write!(f, "group {}", id.0),
            Self::External(external) => {
                write!(f, "group with external id {} of {}", shortened(&external.id), shortened(&external.issuer))
            }
        }
    }
}

/// A group in a list of groups: what looks like an id or an ARN is one, anything else is a name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
pub(crate) struct ListedGroup(pub(crate) GroupChoice);

impl TryFrom<String> for ListedGroup {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match GroupId::try_from(text.clone()) {
            Ok(id) => Ok(Self(GroupChoice::Id(id))),
            Err(error) if is_meant_as_id(&text) => Err(error),
            Err(_) => Ok(Self(GroupChoice::Name(text))),
        }
    }
}

/// A group in a command that names a user as well: `externalId` is the user's there.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "GroupBesideUserArguments")]
pub(crate) struct GroupBesideUser(pub(crate) GroupChoice);

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct GroupBesideUserArguments {
    /// The name of the group. Exactly one of groupName and groupId is needed.
    group_name: Option<String>,
    /// The id or the ARN of the group.
    group_id: Option<GroupId>,
}

impl TryFrom<GroupBesideUserArguments> for GroupBesideUser {
    type Error = String;

    fn try_from(given: GroupBesideUserArguments) -> Result<Self, String> {
        exactly_one([
            ("groupName", given.group_name.map(GroupChoice::Name)),
            ("groupId", given.group_id.map(GroupChoice::Id)),
        ])
        .map(Self)
    }
}

/// A group where the Marketplace pack says `displayName` for its name.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "DisplayedGroupArguments")]
pub(crate) struct DisplayedGroup(pub(crate) GroupChoice);

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct DisplayedGroupArguments {
    /// The name of the group. Exactly one of groupName, displayName, groupId and externalId is needed.
    group_name: Option<String>,
    /// The same as groupName, which the Marketplace pack calls displayName here.
    display_name: Option<String>,
    /// The id or the ARN of the group.
    group_id: Option<GroupId>,
    external: ExternalArguments,
}

impl TryFrom<DisplayedGroupArguments> for DisplayedGroup {
    type Error = String;

    fn try_from(given: DisplayedGroupArguments) -> Result<Self, String> {
        exactly_one([
            ("groupName", given.group_name.map(GroupChoice::Name)),
            ("displayName", given.display_name.map(GroupChoice::Name)),
            ("groupId", given.group_id.map(GroupChoice::Id)),
            ("externalId", given.external.choice()?.map(GroupChoice::External)),
        ])
        .map(Self)
    }
}

/// The memberships that a command ends.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "MembershipsArguments")]
pub(crate) enum MembershipsChoice {
    OfUser(UserChoice),
    Ids(Vec<MembershipId>),
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct MembershipsArguments {
    /// The user name of a user, all of whose memberships end. Exactly one of userName, userId, emailAddress, externalId
    /// and membershipId is needed.
    user_name: Option<String>,
    /// The id or the ARN of such a user.
    user_id: Option<UserId>,
    /// An email address of such a user.
    email_address: Option<String>,
    external: ExternalArguments,
    /// The ids or the ARNs of memberships.
    membership_id: Vec<MembershipId>,
}

impl TryFrom<MembershipsArguments> for MembershipsChoice {
    type Error = String;

    fn try_from(given: MembershipsArguments) -> Result<Self, String> {
        let of_user = |choice: Option<UserChoice>| choice.map(Self::OfUser);
        exactly_one([
            ("userName", of_user(trimmed(given.user_name).map(UserChoice::Name))),
            ("userId", of_user(given.user_id.map(UserChoice::Id))),
            ("emailAddress", of_user(trimmed(given.email_address).map(UserChoice::Email))),
            ("externalId", of_user(given.external.choice()?.map(UserChoice::External))),
            ("membershipId", (!given.membership_id.is_empty()).then_some(Self::Ids(given.membership_id))),
        ])
    }
}

/// User names and addresses hold no space (AWS: `UserName`), but what is pasted often does.
fn trimmed(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn exactly_one<T, const N: usize>(candidates: [(&'static str, Option<T>); N]) -> Result<T, String> {
    let names = candidates.each_ref().map(|(name, _)| *name);
    let mut given = candidates.into_iter().filter_map(|(name, value)| Some((name, value?)));
    match (given.next(), given.next()) {
        (Some((_, value)), None) => Ok(value),
        (None, _) => Err(format!("Exactly one of the arguments {} is needed, and none is given", listed(&names))),
        (Some((first, _)), Some((second, _))) => Err(format!(
            "Exactly one of the arguments {} is needed, and both {first} and {second} are given",
            listed(&names)
        )),
    }
}

/// `a, b and c`.
fn listed(names: &[&str]) -> String {
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}
