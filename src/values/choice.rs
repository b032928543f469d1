//! How arguments name a user or a group: exactly one of several.

use std::fmt;

use schemars::JsonSchema;
use serde::Deserialize;

use super::ids::{GroupId, UserId};

/// The user that a command is about.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "UserArguments")]
pub(crate) enum UserChoice {
    Name(String),
    Id(UserId),
    Email(String),
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct UserArguments {
    /// The user name of the user. Exactly one of userName, userId and emailAddress is needed.
    user_name: Option<String>,
    /// The id or the ARN of the user.
    user_id: Option<UserId>,
    /// An email address of the user. Who has exactly this one is meant; letter case is overlooked only if nobody has.
    email_address: Option<String>,
}

impl TryFrom<UserArguments> for UserChoice {
    type Error = String;

    fn try_from(given: UserArguments) -> Result<Self, String> {
        exactly_one([
            ("userName", trimmed(given.user_name).map(Self::Name)),
            ("userId", given.user_id.map(Self::Id)),
            ("emailAddress", trimmed(given.email_address).map(Self::Email)),
        ])
    }
}

impl fmt::Display for UserChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, "user {name}"),
            Self::Id(id) => write!(f, "user {}", id.0),
            Self::Email(address) => write!(f, "user with email address {address}"),
        }
    }
}

/// The group that a command is about.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "GroupArguments")]
pub(crate) enum GroupChoice {
    Name(String),
    Id(GroupId),
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct GroupArguments {
    /// The name of the group. Exactly one of groupName and groupId is needed.
    group_name: Option<String>,
    /// The id or the ARN of the group.
    group_id: Option<GroupId>,
}

impl TryFrom<GroupArguments> for GroupChoice {
    type Error = String;

    fn try_from(given: GroupArguments) -> Result<Self, String> {
        exactly_one([("groupName", given.group_name.map(Self::Name)), ("groupId", given.group_id.map(Self::Id))])
    }
}

impl fmt::Display for GroupChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, "group {name}"),
            Self::Id(id) => write!(f, "group {}", id.0),
        }
    }
}

/// A group where the Marketplace pack says `displayName` for its name.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "DisplayedGroupArguments")]
pub(crate) struct DisplayedGroup(pub(crate) GroupChoice);

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct DisplayedGroupArguments {
    /// The name of the group. Exactly one of groupName, displayName and groupId is needed.
    group_name: Option<String>,
    /// The same as groupName, which the Marketplace pack calls displayName here.
    display_name: Option<String>,
    /// The id or the ARN of the group.
    group_id: Option<GroupId>,
}

impl TryFrom<DisplayedGroupArguments> for DisplayedGroup {
    type Error = String;

    fn try_from(given: DisplayedGroupArguments) -> Result<Self, String> {
        exactly_one([
            ("groupName", given.group_name.map(GroupChoice::Name)),
            ("displayName", given.display_name.map(GroupChoice::Name)),
            ("groupId", given.group_id.map(GroupChoice::Id)),
        ])
        .map(Self)
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
