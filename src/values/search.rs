//! Filters on a list of users that AWS does not have: they are applied to its pages, and the token of a list that is not
//! finished says where in which page to go on.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::Error;
use super::model::User;
use super::names::without_case;

/// Whether a user may sign in (AWS: `UserStatus`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum UserStatus {
    Enabled,
    Disabled,
}

impl UserStatus {
    fn name(self) -> &'static str {
        match self {
            Self::Enabled => "ENABLED",
            Self::Disabled => "DISABLED",
        }
    }
}

/// Which users are wanted; all if it is empty.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct UserFilter {
    /// Only users with this status.
    status: Option<UserStatus>,
    /// Only users with this text in their user name, one of their names or an email address. Letter case counts nothing.
    search: Option<String>,
}

/// Where a filtered list goes on: in which page of AWS, after which of its users, and for which filter. A number in
/// place of the user would skip others when users of the page are deleted meanwhile.
#[derive(Serialize, Deserialize)]
struct Place {
    filter: UserFilter,
    page: Option<String>,
    after: Option<String>,
}

/// What tells our tokens from AWS's.
const OURS: &str = "aws-iam-identitycenter:";

impl UserFilter {
    pub(crate) fn is_empty(&self) -> bool {
        self.status.is_none() && self.search.is_none()
    }

    /// Whether a user is wanted. Of whom AWS tells no status, none is known.
    pub(crate) fn wants(&self, user: &User) -> bool {
        let status = self.status.is_none_or(|status| user.user_status.as_deref() == Some(status.name()));
        status && self.finds(user)
    }

    fn finds(&self, user: &User) -> bool {
        self.search.as_ref().is_none_or(|text| has_text(user, &without_case(text.trim())))
    }

    /// Whether a user is left out only because AWS does not tell its status.
    pub(crate) fn cannot_tell(&self, user: &User) -> bool {
        self.status.is_some() && user.user_status.is_none() && self.finds(user)
    }

    /// The token that goes on in this page, after the user with this id.
    pub(crate) fn token(&self, page: Option<String>, after: Option<String>) -> String {
        let filter = Self { status: self.status, search: self.search.clone() };
        let json = serde_json::to_vec(&Place { filter, page, after }).unwrap_or_default();
        format!("{OURS}{}", URL_SAFE_NO_PAD.encode(json))
    }

    /// Where such a token goes on: the page's token, and the id of the last user that was looked at in it.
    pub(crate) fn resume(&self, token: &str) -> Result<(Option<String>, Option<String>), Error> {
        let refused = |why: &str| Error::Setup(format!("The nextToken {why}. Leave it away to begin anew."));
        let Some(encoded) = token.strip_prefix(OURS) else {
            return Err(refused("belongs to a list without status and search, which are given now"));
        };
        let place = URL_SAFE_NO_PAD.decode(encoded).ok().and_then(|json| serde_json::from_slice(&json).ok());
        let Some(Place { filter, page, after }) = place else {
            return Err(refused("is not one that this command gave, or a part of it is missing"));
        };
        if filter == *self {
            Ok((page, after))
        } else {
            Err(refused("belongs to a list with another status or search"))
        }
    }
}

/// Whether a token is of a filtered list.
pub(crate) fn is_ours(token: &str) -> bool {
    token.starts_with(OURS)
}

fn has_text(user: &User, text: &str) -> bool {
    let name = user.name.as_ref();
    let names = name.map(|name| [&name.formatted, &name.given_name, &name.middle_name, &name.family_name]);
    let full = name.map(|name| {
        let parts = [&name.given_name, &name.family_name].into_iter().flatten();
        parts.map(String::as_str).collect::<Vec<_>>().join(" ")
    });
    let own = [&user.user_name, &user.display_name, &user.nick_name];
    let addresses = user.emails.iter().flatten().filter_map(|email| email.value.as_deref());
    let texts = own.into_iter().chain(names.into_iter().flatten()).filter_map(Option::as_deref);
    texts.chain(full.as_deref()).chain(addresses).any(|have| without_case(have).contains(text))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn filter(status: Option<UserStatus>, search: &str) -> UserFilter {
        UserFilter { status, search: (!search.is_empty()).then(|| search.to_owned()) }
    }

    #[test]
    fn a_user_is_found_by_every_name_and_address_and_by_status() {
        let user: User = serde_json::from_value(json!({
            "UserId": "u", "UserName": "nberg", "DisplayName": "Nina", "UserStatus": "ENABLED",
            "Name": {"GivenName": "Nina", "FamilyName": "Ödberg"}, "Emails": [{"Value": "x@a.org"}, {"Value": "Y@b.org"}]
        }))
        .unwrap();
        for text in ["NBER", "nina", "ÖDB", "O\u{308}dberg", "nina ödberg", "y@B.org"] {
            assert!(filter(None, text).wants(&user), "{text}");
        }
        assert!(!filter(None, "bob").wants(&user));
        assert!(filter(Some(UserStatus::Enabled), "nina").wants(&user));
        assert!(!filter(Some(UserStatus::Disabled), "nina").wants(&user));
        assert!(filter(Some(UserStatus::Disabled), "").cannot_tell(&User::default()));
    }

    #[test]
    fn a_token_goes_on_with_its_own_filter_only() {
        let mine = filter(None, "a");
        let token = mine.token(Some("AWS".to_owned()), Some("id".to_owned()));
        assert_eq!(mine.resume(&token).unwrap(), (Some("AWS".to_owned()), Some("id".to_owned())));
        assert!(filter(None, "b").resume(&token).unwrap_err().to_string().contains("another status or search"));
        assert!(mine.resume("AWS").unwrap_err().to_string().contains("without status and search"));
        assert!(mine.resume(&token[..token.len() - 4]).unwrap_err().to_string().contains("is missing"));
    }

    #[test]
    fn our_token_is_known_where_no_filter_is_given() {
        let token = filter(None, "a").token(None, None);
        assert!(UserFilter::default().resume(&token).is_err());
        assert!(is_ours(&token) && !is_ours("AAAA"));
    }
}
