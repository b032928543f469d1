//! Users and groups that no command may change: break-glass accounts, by name or by id.

use super::error::Error;

/// The protected users and groups of an instance.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Protected {
    pub(crate) users: Vec<String>,
    pub(crate) groups: Vec<String>,
}

impl Protected {
    /// Refuses a change to a protected user. A name that is not known must be looked up before.
    pub(crate) fn check_user(&self, name: Option<&str>, id: &str) -> Result<(), Error> {
        check(&self.users, name, id, "User", "protectedUsers")
    }

    /// Refuses a change to a protected group or its memberships.
    pub(crate) fn check_group(&self, name: Option<&str>, id: &str) -> Result<(), Error> {
        check(&self.groups, name, id, "Group", "protectedGroups")
    }
}

/// Letter case never protects less: AWS does not document whether it tells names apart by it.
fn check(list: &[String], name: Option<&str>, id: &str, kind: &str, parameter: &'static str) -> Result<(), Error> {
    let is = |entry: &String| {
        let entry = entry.to_lowercase();
        entry == id.to_lowercase() || name.is_some_and(|name| entry == name.to_lowercase())
    };
    if list.iter().any(is) {
        return Err(Error::Protected { what: format!("{kind} {}", name.unwrap_or(id)), parameter });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_ids_protect_in_any_letter_case() {
        let protected = Protected { users: vec!["Root".to_owned(), "ID-1".to_owned()], groups: Vec::new() };
        assert!(protected.check_user(Some("root"), "x").is_err());
        assert!(protected.check_user(Some("alice"), "id-1").is_err());
        assert!(protected.check_user(Some("alice"), "x").is_ok());
        assert!(protected.check_group(Some("root"), "x").is_ok());
    }
}
