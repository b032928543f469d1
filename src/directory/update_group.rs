//! Changes to groups that are there.

use serde_json::Value;

use super::Directory;
use super::call::send;
use super::lookup::unique;
use super::protection::Changeable;
use super::update::{Answer, Updated, operation};
use crate::values::choice::GroupChoice;
use crate::values::error::Error;
use crate::values::model::Group;
use crate::values::revision;

/// What is to be set of a group.
#[derive(Debug, Default)]
pub(crate) struct GroupChanges {
    pub(crate) display_name: Option<String>,
    pub(crate) description: Option<String>,
}

impl Directory {
    /// AWS: `UpdateGroup`. No group gets the name of a protected one. A dry run sees that the group is there and the new
    /// name free.
    pub(crate) async fn update_group(
        &self,
        group: &Changeable<Group>,
        changes: &GroupChanges,
        revision: Option<&str>,
        dry_run: bool,
    ) -> Result<Updated, Error> {
        let what = &format!("group {}", group.shown());
        if let Some(name) = &changes.display_name {
            self.protected.check_group(Some(name), "")?;
        }
        if dry_run || revision.is_some() {
            let there = self.describe_group(&group.id, what).await?;
            revision::check(what, there.revision.as_deref(), revision)?;
        }
        if dry_run {
            return self.taken_name(group, changes).await.map_or(Ok(Updated::default()), Err);
        }
        let set = [("displayName", &changes.display_name), ("description", &changes.description)];
        let set = set.into_iter().filter_map(|(path, value)| Some(operation(path, &Value::from(value.clone()?))));
        let operations = set.collect::<Result<Vec<_>, _>>()?;
        let is_one = operations.len() == 1;
        let request = self.client.update_group().identity_store_id(&self.identity_store_id).group_id(&group.id);
        let request = request.set_operations(Some(operations)).set_revision(revision.map(str::to_owned));
        let updated: Result<Answer, Error> = send!(request, "UpdateGroup", || format!("update {what}"));
        let error = match updated {
            Ok(Answer { revision }) => return Ok(Updated { revision, ..Updated::default() }),
            Err(error) => error,
        };
        let conflict = error.is_conflict() || error.is_concurrent_modification();
        if conflict && error.lost_answer().is_some() {
            // The attempt whose answer was lost may be what is in the way.
            let Ok(there) = self.describe_group(&group.id, what).await else { return Err(error) };
            if changes.are_in(&there) {
                return Ok(Updated { revision: there.revision, ..Updated::default() });
            }
            if error.is_concurrent_modification() {
                // Whoever changed it may have done so after us.
                return Err(error);
            }
        }
        Err(if error.is_concurrent_modification() {
            Error::Changed { what: what.clone() }
        } else if conflict {
            let error = self.taken_name(group, changes).await.unwrap_or(error);
            if is_one { error } else { error.partly() }
        } else if error.is_not_found("GROUP") {
            self.not_found(what, "")
        } else if error.is_invalid() && !is_one {
            error.partly()
        } else {
            error
        })
    }

    /// That another group has the name, if one has.
    async fn taken_name(&self, group: &Changeable<Group>, changes: &GroupChanges) -> Option<Error> {
        let name = changes.display_name.as_ref()?;
        let what = GroupChoice::Name(name.clone()).to_string();
        let id = self.group_id_by(unique("displayName", name).ok()?, &what).await.ok()??;
        (id != group.id).then_some(Error::Exists { what, id })
    }
}

impl GroupChanges {
    fn are_in(&self, group: &Group) -> bool {
        self.display_name.as_ref().is_none_or(|name| group.display_name.as_ref() == Some(name))
            && self.description.as_ref().is_none_or(|text| group.description.as_ref() == Some(text))
    }
}
