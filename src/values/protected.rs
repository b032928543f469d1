//! Users and groups that no command may change: break-glass accounts, by name or by id.

use super::arguments::{ArgumentError, Problem};
use super::error::Error;
use super::ids::{GroupId, UserId, is_meant_as_id};
use super::names::may_be_taken_for;

/// The protected users and groups of an instance.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Protected {
    pub(crate) users: List,
    pub(crate) groups: List,
}

/// One list of the parameters.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct List {
    pub(crate) ids: Vec<String>,
    pub(crate) names: Vec<String>,
}

/// Where the lists are configured.
pub(crate) const USERS: &str = "protectedUsers";
pub(crate) const GROUPS: &str = "protectedGroups";

impl Protected {
    /// Sorts the entries: what looks like an id or an ARN is one, anything else is a name. An entry that can name
    /// nobody is an error: whoever wrote it believes that something is protected.
    pub(crate) fn new(users: &[String], groups: Vec<String>) -> Result<Self, ArgumentError> {
        // User names hold no space (AWS: `UserName`), so none that is around one belongs to it.
        let users: Vec<String> = users.iter().map(|entry| entry.trim().to_owned()).collect();
        let odd = |text: &str| text.contains(char::is_whitespace) || text.contains(';');
        if users.iter().any(|entry| odd(entry)) {
            let rule = "must be a list of user names or ids with commas between them";
            return Err(ArgumentError::from(Problem::Custom(rule.to_owned())).at(USERS));
        }
        let mut users = List::new(users, USERS, |text| UserId::try_from(text).map(|id| id.0))?;
        // Some identity providers give their own ids as user names.
        users.names.extend(users.ids.iter().cloned());
        let groups = List::new(groups, GROUPS, |text| GroupId::try_from(text).map(|id| id.0))?;
        Ok(Self { users, groups })
    }

    /// Refuses a change to a protected user. If users are protected by name, the name has to be known.
    pub(crate) fn check_user(&self, name: Option<&str>, id: &str) -> Result<(), Error> {
        self.users.check(name, id, "user", USERS)
    }

    /// Refuses a change to a protected group or its memberships. If groups are protected by name, the name has to be
    /// known.
    pub(crate) fn check_group(&self, name: Option<&str>, id: &str) -> Result<(), Error> {
        self.groups.check(name, id, "group", GROUPS)
    }
}

impl List {
    /// Whether that id is listed. Ids have no letter case.
    pub(crate) fn has_id(&self, id: &str) -> bool {
        self.ids.iter().any(|entry| entry.eq_ignore_ascii_case(id))
    }

    fn new(
        entries: Vec<String>,
        parameter: &str,
        id: impl Fn(String) -> Result<String, String>,
    ) -> Result<Self, ArgumentError> {
        let mut list = Self::default();
        for entry in entries {
            match id(entry.clone()) {
                Ok(id) => list.ids.push(id),
                Err(error) if is_meant_as_id(&entry) => {
                    return Err(ArgumentError::from(Problem::Custom(error)).at(parameter));
                }
                Err(_) if entry.trim_start().starts_with(['[', '"']) || entry.contains('\n') => {
                    let rule = "must be a list with commas between the entries, or a JSON list";
                    return Err(ArgumentError::from(Problem::Custom(rule.to_owned())).at(parameter));
                }
                Err(_) => list.names.push(entry),
            }
        }
        Ok(list)
    }

    /// Whether one with this name may be taken for one whose name is listed.
    pub(crate) fn has_name(&self, name: &str) -> bool {
        self.names.iter().any(|entry| may_be_taken_for(entry, name))
    }

    /// A name that is not known may be any of the protected ones.
    fn check(&self, name: Option<&str>, id: &str, kind: &str, parameter: &'static str) -> Result<(), Error> {
        let listed = self.has_id(id) || name.is_some_and(|name| self.has_name(name));
        let what = || format!("{kind} {}", name.unwrap_or(id));
        if listed {
            Err(Error::Protected { what: what(), parameter })
        } else if name.is_none() && !self.names.is_empty() {
            Err(Error::PerhapsProtected { what: what(), parameter })
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "906774a2-7051-7022-f6c4-b2f1c0a1d2e3";

    fn protected(users: &[&str]) -> Protected {
        Protected::new(&users.iter().map(ToString::to_string).collect::<Vec<_>>(), Vec::new()).unwrap()
    }

    #[test]
    fn names_ids_and_arns_protect_in_any_letter_case() {
        assert!(protected(&["Root"]).check_user(Some("root"), "x").is_err());
        assert!(protected(&[&ID.to_uppercase()]).check_user(Some("alice"), ID).is_err());
        assert!(protected(&[&format!("arn:aws:identitystore:::user/{ID}")]).check_user(None, ID).is_err());
        assert!(protected(&["Root", ID]).check_user(Some("alice"), "x").is_ok());
        assert!(protected(&["Root"]).check_group(Some("root"), "x").is_ok());
        let of_a_group = vec![format!("arn:aws:identitystore:::group/{ID}")];
        assert!(Protected::new(&of_a_group, Vec::new()).unwrap_err().to_string().contains("and not a group"));
    }

    #[test]
    fn spaces_around_names_protect_neither_more_nor_less() {
        assert!(protected(&[" root "]).check_user(Some("root"), "x").is_err());
        let groups = |name: &str| Protected::new(&[], vec![name.to_owned()]).unwrap();
        assert_eq!(groups("Break glass ").groups.names, ["Break glass "], "as AWS has it, so that it is found");
        for (entry, name) in
            [("Break glass ", "Break glass"), ("Break glass", "Break glass "), ("Ops", "\u{3000}ｏｐｓ")]
        {
            assert!(groups(entry).check_group(Some(name), "x").is_err(), "{entry:?} {name:?}");
        }
        assert!(groups(&format!(" {ID} ")).check_group(None, ID).is_err());
    }

    #[test]
    fn who_cannot_be_told_from_the_protected_is_not_changed() {
        assert!(protected(&["Root"]).check_user(None, ID).unwrap_err().to_string().contains("could not be looked up"));
        let id = "11111111-2222-3333-4444-555555555555";
        assert!(protected(&[id]).check_user(Some("alice"), ID).is_ok());
        assert!(protected(&[id]).check_user(Some(id), ID).is_err(), "an id may be a user name");
    }

    #[test]
    fn an_entry_that_can_name_nobody_is_an_error() {
        for users in ["alice bob", "alice;bob", "[\"alice\""] {
            assert!(Protected::new(&[users.to_owned()], Vec::new()).is_err(), "{users}");
        }
        assert!(Protected::new(&[], vec!["[\"OnCall\"".to_owned()]).is_err());
        for id in [format!("d-1234567890/{ID}"), format!(" arn:aws:identitystore:::user/{ID}")] {
            assert!(Protected::new(&[], vec![id.clone()]).is_err(), "{id}");
        }
        assert!(Protected::new(&[], vec!["Domain Admins".to_owned()]).is_ok());
    }
}
