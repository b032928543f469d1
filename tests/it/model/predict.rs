//! What a command ought to do, by the documentation and not by the program: whether it is refused, and else what is
//! different afterwards.

use std::collections::BTreeMap;

use serde_json::Value;

use super::facts::{Effect, Email, Facts, primary};
use super::step::{ADDRESSES, Action, Attribute, By, Case, GROUPS, Looked, Named, Pick, TEXTS, USERS, full_width};

/// What a command ought to do.
#[derive(Debug, Clone, Default)]
pub struct Prediction {
    /// Why it is refused: words of the answer, any of which will do. Not refused if there are none.
    pub refused: Vec<&'static str>,
    pub effects: Vec<Effect>,
    /// The parts of bulk work that are refused, and fail each for itself.
    pub failing: Vec<Effect>,
    /// Ids of memberships that are gone already.
    pub gone: Vec<String>,
}

/// A directory before a command, and what else the commands depend on.
pub struct Before<'w> {
    pub facts: &'w Facts,
    pub case: &'w Case,
    /// The ids of memberships that there were.
    pub gone: &'w [String],
    /// The records of the sandbox's file.
    pub state: &'w Value,
}

const NOT_FOUND: &str = "was not found";
const PROTECTED: &str = "is protected";
const EXISTS: &str = "exists already";
const CHANGED: &str = "changed by somebody else";
const INVALID: &str = "AWS refused the input";
const NOBODY: &str = "0f0f0f0f-1111-4222-8333-444444444444";

pub enum Target {
    Found(String),
    Missing,
    Several,
}

impl Target {
    fn refusal(&self) -> Vec<&'static str> {
        match self {
            Self::Found(_) => Vec::new(),
            Self::Missing => vec![NOT_FOUND],
            Self::Several => vec!["is not one user but"],
        }
    }

    pub fn name(&self) -> &str {
        if let Self::Found(name) = self { name } else { "" }
    }
}

impl Before<'_> {
    /// The argument that names a user, and who is meant by it.
    pub fn user(&self, named: Named) -> ((&'static str, String), Target) {
        let name = USERS[named.place];
        let there = self.facts.users.get(name);
        let id = there.map_or(NOBODY, |user| &user.id);
        let address = there.and_then(|user| primary(&user.emails));
        let address = address.map_or_else(|| format!("{name}@nowhere.example.com"), |email| email.value.clone());
        let found = || if there.is_some() { Target::Found(name.to_owned()) } else { Target::Missing };
        match named.by {
            By::Name => (("userName", name.to_owned()), found()),
            By::Capitals => (("userName", name.to_uppercase()), Target::Missing),
            By::FullWidth => (("userName", full_width(name)), Target::Missing),
            By::Id => (("userId", id.to_owned()), found()),
            By::Arn => (("userId", format!("arn:aws:identitystore:::user/{id}")), found()),
            By::Email => (("emailAddress", address.clone()), self.by_email(&address)),
            By::EmailInCapitals => {
                let capitals = address.to_uppercase();
                (("emailAddress", capitals.clone()), self.by_email(&capitals))
            }
        }
    }

    fn by_email(&self, address: &str) -> Target {
        let names = self.with_email(address);
        match names.as_slice() {
            [] => Target::Missing,
            [one] => Target::Found(one.clone()),
            _ => Target::Several,
        }
    }

    /// Who has exactly this address, or else everybody who has it in any letter case.
    pub fn with_email(&self, address: &str) -> Vec<String> {
        if let Some(name) = self.facts.owner(address) {
            return vec![name.to_owned()];
        }
        let has = |email: &Email| email.value.to_lowercase() == address.to_lowercase();
        let users = self.facts.users.iter().filter(|(_, user)| user.emails.iter().any(has));
        users.map(|(name, _)| name.clone()).collect()
    }

    pub fn group(&self, named: Named) -> ((&'static str, String), Target) {
        let name = GROUPS[named.place];
        let there = self.facts.groups.get(name);
        let id = there.map_or(NOBODY, |group| &group.id);
        let found = if there.is_some() { Target::Found(name.to_owned()) } else { Target::Missing };
        match named.by {
            By::Capitals => (("groupName", name.to_uppercase()), Target::Missing),
            By::FullWidth => (("groupName", full_width(name)), Target::Missing),
            By::Id => (("groupId", id.to_owned()), found),
            By::Arn => (("groupId", format!("arn:aws:identitystore:::group/{id}")), found),
            By::Name | By::Email | By::EmailInCapitals => (("groupName", name.to_owned()), found),
        }
    }

    fn is_protected_user(&self, name: &str) -> bool {
        self.case.protected_user.is_some_and(|named| USERS[named.place] == name)
    }

    fn is_protected_group(&self, name: &str) -> bool {
        self.case.protected_group.is_some_and(|named| GROUPS[named.place] == name)
    }

    fn check_user(&self, target: &Target) -> Vec<&'static str> {
        let mut refused = target.refusal();
        refused.extend(self.is_protected_user(target.name()).then_some(PROTECTED));
        refused
    }

    fn check_group(&self, target: &Target) -> Vec<&'static str> {
        let mut refused = target.refusal();
        refused.extend(self.is_protected_group(target.name()).then_some(PROTECTED));
        refused
    }

    pub fn id_of(&self, pick: Pick) -> String {
        let of = |ids: Vec<&String>, place: usize| {
            let found = (!ids.is_empty()).then(|| ids[place % ids.len()].clone());
            found.unwrap_or_else(|| NOBODY.to_owned())
        };
        match pick {
            Pick::There(place) => of(self.facts.memberships.values().collect(), place),
            Pick::Gone(place) => of(self.gone.iter().collect(), place),
            Pick::Unknown => NOBODY.to_owned(),
        }
    }

    /// What the command ought to do.
    pub fn predict(&self, action: &Action) -> Prediction {
        let refused = |refused| Prediction { refused, ..Prediction::default() };
        let effects = |effects| Prediction { effects, ..Prediction::default() };
        let text = |place: &Option<usize>| place.map(|place| TEXTS[place].to_owned());
        match action {
            Action::CreateUser { place, email, title } => {
                let (name, email) = (USERS[*place].to_owned(), email.map(|place| ADDRESSES[place].to_owned()));
                let taken = email.as_deref().is_some_and(|email| self.facts.owner(email).is_some());
                if taken || self.facts.users.contains_key(&name) {
                    return refused(vec![EXISTS]);
                }
                effects(vec![Effect::AddUser { name, email, title: text(title) }])
            }
            Action::UpdateUser { user, changes, revision, dry_run } => {
                let target = self.user(*user).1;
                let mut reasons = self.check_user(&target);
                reasons.extend((*revision == Looked::LongAgo).then_some(CHANGED));
                if !reasons.is_empty() {
                    return refused(reasons);
                }
                self.predict_update(target.name(), changes, *dry_run)
            }
            Action::DeleteUser { user, revision, .. } => {
                let target = self.user(*user).1;
                let mut reasons = self.check_user(&target);
                reasons.extend((*revision == Looked::LongAgo).then_some(CHANGED));
                let holds = self.facts.groups_of(target.name()).any(|(group, _)| self.is_protected_group(group));
                reasons.extend(holds.then_some("cannot be deleted"));
                if reasons.is_empty() {
                    effects(vec![Effect::RemoveUser { name: target.name().to_owned() }])
                } else {
                    refused(reasons)
                }
            }
            Action::CreateGroup { .. } | Action::UpdateGroup { .. } | Action::DeleteGroup { .. } => {
                self.predict_group(action)
            }
            Action::Add { user, group } | Action::Remove { user, group, .. } => {
                let (user, group) = (self.user(*user).1, self.group(*group).1);
                let reasons = [self.check_user(&user), self.check_group(&group)].concat();
                if !reasons.is_empty() {
                    return refused(reasons);
                }
                let (user, group) = (user.name().to_owned(), group.name().to_owned());
                let there = self.facts.memberships.get(&(user.clone(), group.clone()));
                effects(match (action, there) {
                    (Action::Add { .. }, None) => vec![Effect::Join { user, group }],
                    (Action::Remove { .. }, Some(id)) => vec![Effect::Leave { user, group, id: id.clone() }],
                    _ => Vec::new(),
                })
            }
            Action::RemoveFromAll { user, .. } => {
                let user = self.user(*user).1;
                let reasons = self.check_user(&user);
                if !reasons.is_empty() {
                    return refused(reasons);
                }
                self.predict_removals(self.facts.groups_of(user.name()).map(|(_, id)| id.to_owned()))
            }
            Action::DeleteMemberships { picks, .. } => {
                self.predict_removals(picks.iter().map(|pick| self.id_of(*pick)))
            }
            _ => refused(self.predict_reading(action)),
        }
    }

    fn predict_group(&self, action: &Action) -> Prediction {
        let refused = |refused| Prediction { refused, ..Prediction::default() };
        let effects = |effects| Prediction { effects, ..Prediction::default() };
        let text = |place: &Option<usize>| place.map(|place| TEXTS[place].to_owned());
        match action {
            Action::CreateGroup { place, description } => {
                let name = GROUPS[*place].to_owned();
                if self.facts.groups.contains_key(&name) {
                    return refused(vec![EXISTS]);
                }
                effects(vec![Effect::AddGroup { name, description: text(description) }])
            }
            Action::UpdateGroup { group, name, description, revision, .. } => {
                if name.is_none() && description.is_none() {
                    return refused(vec!["There is nothing to update"]);
                }
                let target = self.group(*group).1;
                let mut reasons = self.check_group(&target);
                reasons.extend((*revision == Looked::LongAgo).then_some(CHANGED));
                let name = name.map(|place| GROUPS[place].to_owned());
                let another = name.as_deref().filter(|name| *name != target.name());
                reasons.extend(another.is_some_and(|name| self.is_protected_group(name)).then_some(PROTECTED));
                reasons.extend(another.is_some_and(|name| self.facts.groups.contains_key(name)).then_some(EXISTS));
                if !reasons.is_empty() {
                    return refused(reasons);
                }
                let id = &self.facts.groups[target.name()].id;
                let describe = text(description).map(|description| Effect::Describe { id: id.clone(), description });
                let rename = name.map(|name| Effect::Rename { id: id.clone(), name });
                effects(describe.into_iter().chain(rename).collect())
            }
            Action::DeleteGroup { group, revision, .. } => {
                let target = self.group(*group).1;
                let mut reasons = self.check_group(&target);
                reasons.extend((*revision == Looked::LongAgo).then_some(CHANGED));
                let holds = self.facts.members_of(target.name()).any(|(user, _)| self.is_protected_user(user));
                reasons.extend(holds.then_some("cannot be deleted"));
                if reasons.is_empty() {
                    effects(vec![Effect::RemoveGroup { name: target.name().to_owned() }])
                } else {
                    refused(reasons)
                }
            }
            _ => Prediction::default(),
        }
    }

    /// Why a command that only looks is refused.
    fn predict_reading(&self, action: &Action) -> Vec<&'static str> {
        match action {
            Action::GetUser { user } | Action::GroupsOf { user, .. } | Action::AccessOfUser { user } => {
                self.user(*user).1.refusal()
            }
            Action::GetGroup { group } | Action::MembersOf { group, .. } | Action::AccessOfGroup { group } => {
                self.group(*group).1.refusal()
            }
            Action::GetUserByEmail { address } => {
                let found = !self.with_email(ADDRESSES[*address]).is_empty();
                if found { Vec::new() } else { vec![NOT_FOUND] }
            }
            Action::Check { user, groups } => {
                let missing = groups.iter().any(|place| !self.facts.groups.contains_key(GROUPS[*place]));
                let mut reasons = self.user(*user).1.refusal();
                reasons.extend(missing.then_some(NOT_FOUND));
                reasons
            }
            Action::Test => {
                let (user, group) = (self.case.protected_user, self.case.protected_group);
                let nobody = user.is_some_and(|user| !self.facts.users.contains_key(USERS[user.place]))
                    || group.is_some_and(|group| !self.facts.groups.contains_key(GROUPS[group.place]));
                if nobody { vec!["protects nothing"] } else { Vec::new() }
            }
            _ => Vec::new(),
        }
    }

    fn predict_update(&self, name: &str, changes: &[(Attribute, Option<usize>)], dry_run: bool) -> Prediction {
        let changes: BTreeMap<_, _> = changes.iter().copied().collect();
        let user = &self.facts.users[name];
        let (mut prediction, mut invalid) = (Prediction::default(), false);
        for (attribute, place) in changes {
            let value = place.map(|place| attribute.value(place));
            if attribute == Attribute::Email {
                let emails = changed_emails(&user.emails, value);
                let differs = emails != user.emails;
                let owner = primary(&emails).and_then(|email| self.facts.owner(&email.value));
                invalid |= differs && emails.len() > 1;
                prediction.refused.extend((differs && owner.is_some_and(|owner| owner != name)).then_some(EXISTS));
                prediction.effects.push(Effect::SetEmails { user: name.to_owned(), emails });
            } else {
                invalid |= attribute == Attribute::DisplayName && value.is_none();
                prediction.effects.push(Effect::Set { user: name.to_owned(), attribute, value });
            }
        }
        // Only AWS knows what it takes.
        prediction.refused.extend((invalid && !dry_run).then_some(INVALID));
        prediction
    }

    fn predict_removals(&self, ids: impl Iterator<Item = String>) -> Prediction {
        let mut prediction = Prediction::default();
        for id in ids {
            match self.facts.membership(&id) {
                None if prediction.gone.contains(&id) => {}
                None => prediction.gone.push(id),
                Some((user, group)) => {
                    let effect = Effect::Leave { user: user.clone(), group: group.clone(), id };
                    let fails = self.is_protected_user(user) || self.is_protected_group(group);
                    let list = if fails { &mut prediction.failing } else { &mut prediction.effects };
                    if !list.contains(&effect) {
                        list.push(effect);
                    }
                }
            }
        }
        prediction
    }
}

/// The addresses after the one that is meant was set or cleared: the same one in any letter case, the primary one, the
/// first one, or a new one.
fn changed_emails(emails: &[Email], value: Option<String>) -> Vec<Email> {
    let mut emails = emails.to_vec();
    let given = value.as_deref().map(str::to_lowercase);
    let same = emails.iter().position(|email| Some(email.value.to_lowercase()) == given);
    let primary = emails.iter().position(|email| email.primary);
    match (same.or(primary).or(if emails.is_empty() { None } else { Some(0) }), value) {
        (Some(place), Some(value)) => emails[place].value = value,
        (Some(place), None) => drop(emails.remove(place)),
        (None, Some(value)) => emails.push(Email { value, primary: true }),
        (None, None) => {}
    }
    emails
}
