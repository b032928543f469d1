//! The model of a directory: who there is, which groups, who is in which. It is read from the sandbox's file, by the
//! test's own means, and says what is different after a command.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::step::Attribute;

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Facts {
    pub users: BTreeMap<String, User>,
    pub groups: BTreeMap<String, Group>,
    /// The ids of memberships by the names of user and group.
    pub memberships: BTreeMap<(String, String), String>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct User {
    pub id: String,
    /// All but the address.
    pub attributes: BTreeMap<Attribute, String>,
    pub emails: Vec<Email>,
    /// What no step changes.
    rest: Value,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email {
    pub value: String,
    pub primary: bool,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Group {
    pub id: String,
    pub description: Option<String>,
}

/// Something that a command is to bring about, whole or not at all.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    AddUser {
        name: String,
        email: Option<String>,
        title: Option<String>,
    },
    Set {
        user: String,
        attribute: Attribute,
        value: Option<String>,
    },
    SetEmails {
        user: String,
        emails: Vec<Email>,
    },
    RemoveUser {
        name: String,
    },
    AddGroup {
        name: String,
        description: Option<String>,
    },
    /// Of the group with this id, whatever its name.
    Describe {
        id: String,
        description: String,
    },
    Rename {
        id: String,
        name: String,
    },
    RemoveGroup {
        name: String,
    },
    Join {
        user: String,
        group: String,
    },
    Leave {
        user: String,
        group: String,
        id: String,
    },
}

impl Facts {
    /// What a sandbox's file holds, which must be sound.
    pub fn of(state: &Value) -> Result<Self, String> {
        let mut facts = Self::default();
        let (mut user_names, mut group_names) = (BTreeMap::new(), BTreeMap::new());
        for record in list(state, "users")? {
            let (id, name) = (text(record, "UserId")?, text(record, "UserName")?);
            let user = User::of(record, &id);
            if user_names.insert(id, name.clone()).is_some() || facts.users.insert(name.clone(), user).is_some() {
                return Err(format!("user {name} is there twice"));
            }
        }
        for record in list(state, "groups")? {
            let (id, name) = (text(record, "GroupId")?, text(record, "DisplayName")?);
            let description = record["Description"].as_str().map(str::to_owned);
            let group = Group { id: id.clone(), description };
            if group_names.insert(id, name.clone()).is_some() || facts.groups.insert(name.clone(), group).is_some() {
                return Err(format!("group {name} is there twice"));
            }
        }
        for record in list(state, "memberships")? {
            let id = text(record, "MembershipId")?;
            let user = user_names.get(&text(&record["MemberId"], "UserId")?);
            let group = group_names.get(&text(record, "GroupId")?);
            let (Some(user), Some(group)) = (user, group) else { return Err(format!("membership {id} of nobody")) };
            if facts.memberships.insert((user.clone(), group.clone()), id.clone()).is_some() {
                return Err(format!("membership {id} is there twice"));
            }
        }
        Ok(facts)
    }

    pub fn is_member(&self, user: &str, group: &str) -> bool {
        self.memberships.contains_key(&(user.to_owned(), group.to_owned()))
    }

    pub fn groups_of<'f>(&'f self, user: &'f str) -> impl Iterator<Item = (&'f str, &'f str)> {
        self.memberships.iter().filter(move |((name, _), _)| name == user).map(|((_, g), id)| (g.as_str(), id.as_str()))
    }

    pub fn members_of<'f>(&'f self, group: &'f str) -> impl Iterator<Item = (&'f str, &'f str)> {
        let of_group = self.memberships.iter().filter(move |((_, name), _)| name == group);
        of_group.map(|((user, _), id)| (user.as_str(), id.as_str()))
    }

    /// The user and the group of a membership.
    pub fn membership(&self, id: &str) -> Option<&(String, String)> {
        self.memberships.iter().find(|(_, known)| *known == id).map(|(pair, _)| pair)
    }

    /// The user whose primary address this is.
    pub fn owner(&self, address: &str) -> Option<&str> {
        let has = |user: &User| primary(&user.emails).is_some_and(|email| email.value == address);
        self.users.iter().find(|(_, user)| has(user)).map(|(name, _)| name.as_str())
    }

    /// Whether this is so.
    pub fn holds(&self, effect: &Effect) -> bool {
        match effect {
            Effect::AddUser { name, email, title } => self.users.get(name).is_some_and(|user| {
                let address = user.emails.first().map(|email| &email.value);
                address == email.as_ref() && user.attributes.get(&Attribute::Title) == title.as_ref()
            }),
            Effect::Set { user, attribute, value } => {
                self.users.get(user).is_some_and(|user| user.attributes.get(attribute) == value.as_ref())
            }
            Effect::SetEmails { user, emails } => self.users.get(user).is_some_and(|user| user.emails == *emails),
            Effect::RemoveUser { name } => !self.users.contains_key(name),
            Effect::AddGroup { name, description } => {
                self.groups.get(name).is_some_and(|group| group.description == *description)
            }
            Effect::Describe { id, description } => {
                self.groups.values().any(|group| group.id == *id && group.description.as_ref() == Some(description))
            }
            Effect::Rename { id, name } => self.groups.get(name).is_some_and(|group| group.id == *id),
            Effect::RemoveGroup { name } => !self.groups.contains_key(name),
            Effect::Join { user, group } => self.is_member(user, group),
            Effect::Leave { id, .. } => self.membership(id).is_none(),
        }
    }

    /// Brings it about. What AWS alone decides, such as ids, is as in `after`.
    pub fn apply(&mut self, effect: &Effect, after: &Self) {
        match effect {
            Effect::AddUser { name, .. } => {
                self.users.extend(after.users.get(name).map(|user| (name.clone(), user.clone())));
            }
            Effect::Set { user, attribute, value } => {
                let attributes = &mut self.users.get_mut(user).unwrap().attributes;
                match value {
                    Some(value) => attributes.insert(*attribute, value.clone()),
                    None => attributes.remove(attribute),
                };
            }
            Effect::SetEmails { user, emails } => self.users.get_mut(user).unwrap().emails.clone_from(emails),
            Effect::RemoveUser { name } => {
                self.users.remove(name);
                self.memberships.retain(|(user, _), _| user != name);
            }
            Effect::AddGroup { name, .. } => {
                self.groups.extend(after.groups.get(name).map(|group| (name.clone(), group.clone())));
            }
            Effect::Describe { id, description } => {
                let group = self.groups.values_mut().find(|group| group.id == *id);
                group.unwrap().description = Some(description.clone());
            }
            Effect::Rename { id, name } => {
                let old = &self.groups.iter().find(|(_, group)| group.id == *id).unwrap().0.clone();
                let renamed = self.groups.remove(old).unwrap();
                self.groups.insert(name.clone(), renamed);
                let memberships = std::mem::take(&mut self.memberships).into_iter();
                self.memberships = memberships
                    .map(|((user, of), id)| ((user, if of == *old { name.clone() } else { of }), id))
                    .collect();
            }
            Effect::RemoveGroup { name } => {
                self.groups.remove(name);
                self.memberships.retain(|(_, group), _| group != name);
            }
            Effect::Join { user, group } => {
                let pair = (user.clone(), group.clone());
                self.memberships.extend(after.memberships.get(&pair).map(|id| (pair.clone(), id.clone())));
            }
            Effect::Leave { user, group, .. } => {
                self.memberships.remove(&(user.clone(), group.clone()));
            }
        }
    }
}

/// The primary address, else the first.
pub fn primary(emails: &[Email]) -> Option<&Email> {
    emails.iter().find(|email| email.primary).or(emails.first())
}

/// What only the one or the other of two directories has.
pub fn difference(one: &Facts, other: &Facts) -> String {
    fn of<K: Ord + std::fmt::Debug, V: PartialEq + std::fmt::Debug>(
        one: &BTreeMap<K, V>,
        other: &BTreeMap<K, V>,
    ) -> Vec<String> {
        let differs = |key: &&K| one.get(key) != other.get(key);
        let all = one.keys().chain(other.keys().filter(|key| !one.contains_key(key))).filter(differs);
        all.map(|key| format!("{key:?}: {:?}\n    and not {:?}", other.get(key), one.get(key))).collect()
    }
    let users = of(&one.users, &other.users);
    let groups = of(&one.groups, &other.groups);
    [users, groups, of(&one.memberships, &other.memberships)].concat().join("\n")
}

impl User {
    fn of(record: &Value, id: &str) -> Self {
        let department = &record["Extensions"]["aws:identitystore:enterprise"]["department"];
        let attributes = [
            (Attribute::Title, &record["Title"]),
            (Attribute::DisplayName, &record["DisplayName"]),
            (Attribute::Department, department),
            (Attribute::Phone, &record["PhoneNumbers"][0]["Value"]),
        ];
        let attributes = attributes.iter().filter_map(|(name, value)| Some((*name, value.as_str()?.to_owned())));
        let email = |email: &Value| Email {
            value: email["Value"].as_str().unwrap_or_default().to_owned(),
            primary: email["Primary"] == true,
        };
        let emails = record["Emails"].as_array().into_iter().flatten().map(email).collect();
        let mut rest = record.clone();
        let members = rest.as_object_mut().unwrap();
        for changing in
            ["UserName", "Title", "DisplayName", "PhoneNumbers", "Emails", "Revision", "UpdatedAt", "UpdatedBy"]
        {
            members.remove(changing);
        }
        if let Some(extensions) = members.get_mut("Extensions").and_then(Value::as_object_mut) {
            extensions.values_mut().filter_map(Value::as_object_mut).for_each(|of| drop(of.remove("department")));
            extensions.retain(|_, of| of.as_object().is_some_and(|of| !of.is_empty()));
        }
        members.retain(|_, value| value.as_object().is_none_or(|members: &Map<_, _>| !members.is_empty()));
        Self { id: id.to_owned(), attributes: attributes.collect(), emails, rest }
    }
}

pub fn list<'v>(state: &'v Value, name: &str) -> Result<&'v Vec<Value>, String> {
    state[name].as_array().ok_or_else(|| format!("there is no list {name}"))
}

fn text(record: &Value, name: &str) -> Result<String, String> {
    record[name].as_str().map(str::to_owned).ok_or_else(|| format!("no {name} in {record}"))
}
