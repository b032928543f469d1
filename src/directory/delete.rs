//! The end of users and groups. A revision is looked at before as well as sent: an older server would overlook it.

use serde_json::Value;

use super::Directory;
use super::call::send;
use super::protection::Deletable;
use crate::values::error::Error;
use crate::values::model::{Group, User};
use crate::values::revision;

impl Directory {
    /// AWS: `DeleteUser`. One that is not there is an error, unless our own attempt was never answered.
    pub(crate) async fn delete_user(&self, user: &Deletable<User>, revision: Option<&str>) -> Result<(), Error> {
        let what = format!("user {}", user.shown());
        if revision.is_some() {
            let there = self.describe_user(&user.id, &what).await?;
            revision::check(&what, there.revision.as_deref(), revision)?;
        }
        let request = self.client.delete_user().identity_store_id(&self.identity_store_id).user_id(&user.id);
        let request = request.set_revision(revision.map(str::to_owned));
        let deleted: Result<Value, Error> = send!(request, "DeleteUser", || format!("delete {what}"));
        self.deleted(deleted, "USER", what)
    }

    /// AWS: `DeleteGroup`. One that is not there is an error, unless our own attempt was never answered.
    pub(crate) async fn delete_group(&self, group: &Deletable<Group>, revision: Option<&str>) -> Result<(), Error> {
        let what = format!("group {}", group.shown());
        if revision.is_some() {
            let there = self.describe_group(&group.id, &what).await?;
            revision::check(&what, there.revision.as_deref(), revision)?;
        }
        let request = self.client.delete_group().identity_store_id(&self.identity_store_id).group_id(&group.id);
        let request = request.set_revision(revision.map(str::to_owned));
        let deleted: Result<Value, Error> = send!(request, "DeleteGroup", || format!("delete {what}"));
        self.deleted(deleted, "GROUP", what)
    }

    fn deleted(&self, deleted: Result<Value, Error>, kind: &str, what: String) -> Result<(), Error> {
        match deleted {
            Ok(_) => Ok(()),
            Err(error) if error.is_not_found(kind) && error.lost_answer().is_some() => Ok(()),
            Err(error) if error.is_not_found(kind) => Err(self.not_found(&what, "")),
            Err(error) if error.is_concurrent_modification() => Err(Error::Changed { what }),
            Err(error) => Err(error),
        }
    }
}
