//! Changes to users that are there, and what changes to users and groups have in common.

use aws_sdk_identitystore::types::AttributeOperation;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::Directory;
use super::call::send;
use super::lookup::{unbuilt, unique};
use super::protection::Changeable;
use super::shapes;
use crate::values::attributes::{Attribute, Changes, List, Place};
use crate::values::choice::UserChoice;
use crate::values::error::Error;
use crate::values::model::{ENTERPRISE, User};
use crate::values::revision;

/// How often a user is read again because somebody else changed it meanwhile.
const TRIES: usize = 3;

/// What became of the wish that something has other attributes.
#[derive(Debug, Default)]
pub(crate) struct Updated {
    /// Whether it had them already.
    pub(crate) already: bool,
    /// The new revision, if AWS tells one.
    pub(crate) revision: Option<String>,
    /// What else to know of it.
    pub(crate) note: Option<String>,
}

/// The answer to `UpdateUser` and `UpdateGroup`; an older server says nothing.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Answer {
    pub(super) revision: Option<String>,
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
        let has_lists = !changes.lists().is_empty();
        let mut tries = 0;
        loop {
            tries += 1;
            let there = if dry_run || has_lists || revision.is_some() {
                let there = self.describe_user(&user.id, what).await?;
                revision::check(what, there.revision.as_deref(), revision)?;
                Some(there)
            } else {
                None
            };
            let after = changes.applied(there.as_ref().unwrap_or(&User::default()))?;
            if let Some(there) = there.as_ref().filter(|there| has_lists && same(there, &after)) {
                return Ok(Updated { already: true, revision: there.revision.clone(), note: None });
            }
            let lists = different_lists(changes, there.as_ref(), &after);
            let note = several(changes, &lists, &after);
            if dry_run {
                let taken = self.taken_address(user, changes).await;
                return taken.map_or(Ok(Updated { note, ..Updated::default() }), Err);
            }
            let operations = operations(changes, &lists, &after)?;
            let is_one = operations.len() == 1;
            let read = there.and_then(|there| there.revision);
            let request = self.client.update_user().identity_store_id(&self.identity_store_id).user_id(&user.id);
            let request = request.set_operations(Some(operations)).set_revision(revision.map(str::to_owned).or(read));
            let updated: Result<Answer, Error> = send!(request, "UpdateUser", || format!("update {what}"));
            let error = match updated {
                Ok(Answer { revision }) => return Ok(Updated { already: false, revision, note }),
                Err(error) => error,
            };
            if error.is_concurrent_modification() {
                // The attempt whose answer was lost may be what changed it.
                if error.lost_answer().is_some() {
                    return self.changed_before(user, changes, error).await;
                }
                if revision.is_some() || tries == TRIES {
                    return Err(Error::Changed { what: what.clone() });
                }
            } else if error.is_conflict() {
                let error = self.taken_address(user, changes).await.unwrap_or(error);
                return Err(if is_one { error } else { error.partly() });
            } else if error.is_not_found("USER") {
                return Err(self.not_found(what, ""));
            } else if error.is_invalid() {
                let error = error.with_hint(&note.unwrap_or_default());
                return Err(if is_one { error } else { error.partly() });
            } else {
                return Err(error);
            }
        }
    }

    /// Finds out whether the changes are there, after AWS said that somebody made some.
    async fn changed_before(&self, user: &Changeable<User>, changes: &Changes, error: Error) -> Result<Updated, Error> {
        let what = format!("user {}", user.shown());
        let Ok(there) = self.describe_user(&user.id, &what).await else { return Err(error) };
        if same(&there, &changes.applied(&there)?) {
            Ok(Updated { revision: there.revision, ..Updated::default() })
        } else {
            // Whoever changed it may have done so after us.
            Err(error)
        }
    }

    /// That another user has the address, if one has.
    async fn taken_address(&self, user: &Changeable<User>, changes: &Changes) -> Option<Error> {
        let (_, address) = changes.set.iter().find(|(attribute, _)| *attribute == Attribute::UserEmailAddress)?;
        let address = address.as_str()?;
        let what = UserChoice::Email(address.to_owned()).to_string();
        let id = self.user_id_by(unique("emails.value", address).ok()?, &what).await.ok()??;
        if id == user.id {
            return None;
        }
        // A further address may be that of several users; only the primary one is unique.
        let owner = self.describe_user(&id, &what).await.ok()?;
        (owner.email() == Some(address)).then_some(Error::Exists { what, id })
    }
}

fn same(user: &User, after: &Value) -> bool {
    serde_json::to_value(user).is_ok_and(|user| user == *after)
}

/// The lists that are not as they were. One with several items that stays as it is would be refused all the same.
fn different_lists(changes: &Changes, there: Option<&User>, after: &Value) -> Vec<List> {
    let there = serde_json::to_value(there).unwrap_or_default();
    changes.lists().into_iter().filter(|list| there.get(list.member()) != after.get(list.member())).collect()
}

/// What to know where a list holds more than one item, or still one after one was removed: AWS takes no more than one
/// where it is written (AWS: `Emails`, 1 to 1), but older directories have more.
fn several(changes: &Changes, lists: &[List], after: &Value) -> Option<String> {
    lists.iter().find_map(|list| {
        let items = after.get(list.member())?.as_array()?;
        let removed = changes.clear.iter().any(|cleared| cleared.place() == Place::Item(*list, "Value"));
        let values: Vec<_> = items.iter().filter_map(|item| item.get("Value")?.as_str()).collect();
        let (count, member, values) = (items.len(), list.member(), values.join(", "));
        if count > 1 {
            Some(format!(
                "The user has {count} {member} then ({values}), and AWS takes one only: remove the others first, with \
                 clear."
            ))
        } else {
            removed.then(|| format!("Of the user's {member} this stays: {values}."))
        }
    })
}

/// What `UpdateUser` is asked for: each attribute by its path, and each list as a whole.
fn operations(changes: &Changes, lists: &[List], after: &Value) -> Result<Vec<AttributeOperation>, Error> {
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
    for list in lists {
        let items = camel(after.get(list.member()).unwrap_or(&Value::Null));
        operations.push(operation(list.path(), &items)?);
    }
    Ok(operations)
}

/// AWS: `AttributeOperation`. Null clears.
pub(super) fn operation(path: &str, value: &Value) -> Result<AttributeOperation, Error> {
    let operation = AttributeOperation::builder().attribute_path(path).attribute_value(shapes::document(value));
    operation.build().map_err(unbuilt)
}

/// Within a document the members of an item begin with a small letter (AWS: `UpdateUser`).
fn camel(value: &Value) -> Value {
    let small = |name: &str| {
        let mut letters = name.chars();
        letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
    };
    match value {
        Value::Array(items) => items.iter().map(camel).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, value)| (small(name), value.clone())).collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}
