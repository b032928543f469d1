//! Changes to users and groups that are there.

use aws_sdk_identitystore::types::AttributeOperation;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::Directory;
use super::call::send;
use super::lookup::{unbuilt, unique};
use super::protection::Changeable;
use super::shapes;
use crate::values::attributes::{Attribute, Changes, Place};
use crate::values::choice::{GroupChoice, UserChoice};
use crate::values::error::Error;
use crate::values::model::{ENTERPRISE, Group, User};

/// How often a user is read again because somebody else changed it meanwhile.
const TRIES: usize = 3;

/// What is to be set of a group.
#[derive(Debug, Default)]
pub(crate) struct GroupChanges {
    pub(crate) display_name: Option<String>,
    pub(crate) description: Option<String>,
}

/// What became of the wish that something has other attributes.
#[derive(Debug)]
pub(crate) struct Updated {
    /// Whether it had them already.
    pub(crate) already: bool,
    /// The new revision, if AWS tells one.
    pub(crate) revision: Option<String>,
}

/// The answer to `UpdateUser` and `UpdateGroup`; an older server says nothing.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    revision: Option<String>,
}

impl Directory {
    /// AWS: `UpdateUser`. Lists are read first, because AWS replaces them as a whole; the revision that was read then
    /// guards against whoever changes the user meanwhile, unless the caller gives one. A dry run reads and changes
    /// nothing.
    pub(crate) async fn update_user(
        &self,
        user: &Changeable<User>,
        changes: &Changes,
        revision: Option<&str>,
        dry_run: bool,
    ) -> Result<Updated, Error> {
        let what = &format!("user {}", user.shown());
        let mut tries = 0;
        loop {
            tries += 1;
            let there = if dry_run || !changes.lists().is_empty() {
                Some(self.describe_user(&user.id, what).await?)
            } else {
                None
            };
            let after = changes.applied(there.as_ref().unwrap_or(&User::default()))?;
            if let Some(there) = there.as_ref().filter(|there| same(there, &after)) {
                if revision.is_some() && there.revision.as_deref() != revision {
                    return Err(Error::Changed { what: what.clone() });
                }
                return Ok(Updated { already: true, revision: there.revision.clone() });
            }
            if dry_run {
                return Ok(Updated { already: false, revision: None });
            }
            let read = there.and_then(|there| there.revision);
            let request = self.client.update_user().identity_store_id(&self.identity_store_id).user_id(&user.id);
            let request = request
                .set_operations(Some(operations(changes, &after)?))
                .set_revision(revision.map(str::to_owned).or(read));
            let updated: Result<Answer, Error> = send!(request, "UpdateUser", || format!("update {what}"));
            match updated {
                Ok(Answer { revision }) => return Ok(Updated { already: false, revision }),
                // The attempt whose answer was lost may be what changed it.
                Err(error) if error.is_concurrent_modification() && error.lost_answer().is_some() => {
                    let there = self.describe_user(&user.id, what).await?;
                    if same(&there, &changes.applied(&there)?) {
                        return Ok(Updated { already: false, revision: there.revision });
                    }
                    return Err(Error::Changed { what: what.clone() });
                }
                Err(error) if error.is_concurrent_modification() => {
                    if revision.is_some() || tries == TRIES {
                        return Err(Error::Changed { what: what.clone() });
                    }
                }
                Err(error) if error.is_conflict() => return Err(self.taken_by_another(user, changes, error).await),
                Err(error) if error.is_not_found("USER") => return Err(self.not_found(what, "")),
                Err(error) => return Err(error),
            }
        }
    }

    /// Who has the address, if that is what the conflict is about.
    async fn taken_by_another(&self, user: &Changeable<User>, changes: &Changes, conflict: Error) -> Error {
        let address = changes.set.iter().find(|(attribute, _)| *attribute == Attribute::UserEmailAddress);
        let Some(address) = address.and_then(|(_, value)| value.as_str()) else { return conflict };
        let what = UserChoice::Email(address.to_owned()).to_string();
        let Ok(by) = unique("emails.value", address) else { return conflict };
        match self.user_id_by(by, &what).await {
            Ok(Some(id)) if id != user.id => Error::Exists { what, id },
            _ => conflict,
        }
    }

    /// AWS: `UpdateGroup`. A dry run only sees that the group is there.
    pub(crate) async fn update_group(
        &self,
        group: &Changeable<Group>,
        changes: &GroupChanges,
        revision: Option<&str>,
        dry_run: bool,
    ) -> Result<Updated, Error> {
        let what = &format!("group {}", group.shown());
        if dry_run {
            let there = self.describe_group(&group.id, what).await?;
            if revision.is_some_and(|revision| there.revision.as_deref().is_some_and(|there| there != revision)) {
                return Err(Error::Changed { what: what.clone() });
            }
            return Ok(Updated { already: changes.are_in(&there), revision: None });
        }
        let set = [("displayName", &changes.display_name), ("description", &changes.description)];
        let operations =
            set.into_iter().filter_map(|(path, value)| Some(operation(path, &Value::from(value.clone()?))));
        let request = self.client.update_group().identity_store_id(&self.identity_store_id).group_id(&group.id);
        let request = request
            .set_operations(Some(operations.collect::<Result<_, _>>()?))
            .set_revision(revision.map(str::to_owned));
        let updated: Result<Answer, Error> = send!(request, "UpdateGroup", || format!("update {what}"));
        match updated {
            Ok(Answer { revision }) => Ok(Updated { already: false, revision }),
            Err(error) if error.is_conflict() || error.is_concurrent_modification() => {
                let there = self.describe_group(&group.id, what).await?;
                if error.lost_answer().is_some() && changes.are_in(&there) {
                    Ok(Updated { already: false, revision: there.revision })
                } else if error.is_concurrent_modification() {
                    Err(Error::Changed { what: what.clone() })
                } else {
                    Err(self.name_taken(group, changes, error).await)
                }
            }
            Err(error) if error.is_not_found("GROUP") => Err(self.not_found(what, "")),
            Err(error) => Err(error),
        }
    }

    async fn name_taken(&self, group: &Changeable<Group>, changes: &GroupChanges, conflict: Error) -> Error {
        let Some(name) = &changes.display_name else { return conflict };
        let what = GroupChoice::Name(name.clone()).to_string();
        let Ok(by) = unique("displayName", name) else { return conflict };
        match self.group_id_by(by, &what).await {
            Ok(Some(id)) if id != group.id => Error::Exists { what, id },
            _ => conflict,
        }
    }
}

impl GroupChanges {
    fn are_in(&self, group: &Group) -> bool {
        self.display_name.as_ref().is_none_or(|name| group.display_name.as_ref() == Some(name))
            && self.description.as_ref().is_none_or(|text| group.description.as_ref() == Some(text))
    }
}

fn same(user: &User, after: &Value) -> bool {
    serde_json::to_value(user).is_ok_and(|user| user == *after)
}

/// What `UpdateUser` is asked for: each attribute by its path, and each list as a whole.
fn operations(changes: &Changes, after: &Value) -> Result<Vec<AttributeOperation>, Error> {
    let mut operations = Vec::new();
    let set = changes.set.iter().map(|(attribute, value)| (*attribute, value));
    let cleared = changes.clear.iter().map(|attribute| (*attribute, &Value::Null));
    for (attribute, value) in set.chain(cleared) {
        match attribute.place() {
            Place::Member(path) => operations.push(operation(path, value)?),
            Place::Enterprise(path) => operations.push(operation(&format!("{ENTERPRISE}.{path}"), value)?),
            Place::Item(..) => {}
        }
    }
    for list in changes.lists() {
        let items = camel(after.pointer(&format!("/{}", pascal(list.path()))).unwrap_or(&Value::Null));
        operations.push(operation(list.path(), &items)?);
    }
    Ok(operations)
}

/// AWS: `AttributeOperation`. Null clears.
fn operation(path: &str, value: &Value) -> Result<AttributeOperation, Error> {
    let operation = AttributeOperation::builder().attribute_path(path).attribute_value(shapes::document(value));
    operation.build().map_err(unbuilt)
}

fn pascal(name: &str) -> String {
    name[..1].to_uppercase() + &name[1..]
}

/// Within a document the members of an item begin with a small letter (AWS: `UpdateUser`).
fn camel(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(camel).collect(),
        Value::Object(members) => {
            let small = |name: &str| name[..1].to_lowercase() + &name[1..];
            members.iter().map(|(name, value)| (small(name), value.clone())).collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}
