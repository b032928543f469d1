//! Commands as they are given: arguments, and what the instance protects.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::facts::Facts;
use super::predict::Before;
use super::step::{ADDRESSES, Action, By, GROUPS, Looked, Named, TEXTS, USERS, full_width};

impl Before<'_> {
    /// The arguments of a command.
    pub fn args(&self, action: &Action) -> Value {
        let mut args = Map::new();
        let mut put = |(name, value): (&str, String)| drop(args.insert(name.to_owned(), value.into()));
        let (mut looked, mut limited) = (None, None);
        match action {
            Action::CreateUser { place, email, title } => {
                put(("userName", USERS[*place].to_owned()));
                put(("givenName", "Given".to_owned()));
                put(("displayName", "Given Name".to_owned()));
                if let Some(place) = email {
                    put(("userEmailAddress", ADDRESSES[*place].to_owned()));
                }
                if let Some(place) = title {
                    put(("title", TEXTS[*place].to_owned()));
                }
            }
            Action::UpdateUser { user, changes, revision, .. } => {
                put(self.user(*user).0);
                let changes: BTreeMap<_, _> = changes.iter().copied().collect();
                let mut clear = Vec::new();
                for (attribute, place) in changes {
                    match place {
                        Some(place) => put((attribute.argument(), attribute.value(place))),
                        None => clear.push(attribute.argument()),
                    }
                }
                if !clear.is_empty() {
                    put(("clear", clear.join(",")));
                }
                looked = Some((*revision, "users", "UserName", self.user(*user).1));
            }
            Action::DeleteUser { user, revision, .. } => {
                put(self.user(*user).0);
                looked = Some((*revision, "users", "UserName", self.user(*user).1));
            }
            Action::CreateGroup { place, description } => {
                put(("displayName", GROUPS[*place].to_owned()));
                if let Some(place) = description {
                    put(("description", TEXTS[*place].to_owned()));
                }
            }
            Action::UpdateGroup { group, name, description, revision, .. } => {
                put(self.group(*group).0);
                if let Some(place) = name {
                    put(("newDisplayName", GROUPS[*place].to_owned()));
                }
                if let Some(place) = description {
                    put(("description", TEXTS[*place].to_owned()));
                }
                looked = Some((*revision, "groups", "DisplayName", self.group(*group).1));
            }
            Action::DeleteGroup { group, revision, .. } => {
                put(self.group(*group).0);
                looked = Some((*revision, "groups", "DisplayName", self.group(*group).1));
            }
            Action::Add { user, group } | Action::Remove { user, group, .. } => {
                put(self.user(*user).0);
                put(self.group(*group).0);
            }
            Action::DeleteMemberships { picks, .. } => {
                let ids: Vec<_> = picks.iter().map(|pick| self.id_of(*pick)).collect();
                put(("membershipId", ids.join(",")));
            }
            Action::GroupsOf { user, limit } => {
                put(self.user(*user).0);
                limited = *limit;
            }
            Action::MembersOf { group, limit } => {
                put(self.group(*group).0);
                limited = *limit;
            }
            Action::ListUsers { limit } | Action::ListGroups { limit } => limited = *limit,
            Action::Check { user, groups } => {
                put(self.user(*user).0);
                let groups: Vec<_> = groups.iter().map(|place| GROUPS[*place]).collect();
                put(("groups", groups.join(",")));
            }
            Action::GetUser { user } | Action::AccessOfUser { user } | Action::RemoveFromAll { user, .. } => {
                put(self.user(*user).0);
            }
            Action::GetGroup { group } | Action::AccessOfGroup { group } => put(self.group(*group).0),
            Action::GetUserByEmail { address } => put(("emailAddress", ADDRESSES[*address].to_owned())),
            Action::Store | Action::Test => {}
        }
        match looked {
            Some((Looked::Now, list, name, target)) => put(("revision", self.revision(list, name, target.name()))),
            Some((Looked::LongAgo, ..)) => put(("revision", "1000000".to_owned())),
            _ => {}
        }
        if let Some(limit) = limited {
            put(("limit", limit.to_string()));
        }
        if action.is_dry() {
            put(("dryRun", "true".to_owned()));
        }
        Value::Object(args)
    }

    fn revision(&self, list: &str, name: &str, wanted: &str) -> String {
        let records = self.state[list].as_array().unwrap();
        let record = records.iter().find(|record| record[name] == wanted);
        record.and_then(|record| record["Revision"].as_str()).unwrap_or("1").to_owned()
    }

    /// What the instance says is protected.
    pub fn protection(&self, sample: &Facts) -> Value {
        let named = |named: Named, name: &str, id: &str, kind: &str| match named.by {
            By::Id => id.to_owned(),
            By::Arn => format!("arn:aws:identitystore:::{kind}/{id}"),
            By::Capitals => name.to_uppercase(),
            By::FullWidth => full_width(name),
            _ => name.to_owned(),
        };
        let user = self.case.protected_user.map(|user| {
            let name = USERS[user.place];
            named(user, name, &sample.users[name].id, "user")
        });
        let group = self.case.protected_group.map(|group| {
            let name = GROUPS[group.place];
            named(group, name, &sample.groups[name].id, "group")
        });
        json!({"protectedUsers": user, "protectedGroups": group})
    }
}
