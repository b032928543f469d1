//! The end of users and groups. A revision is looked at before as well as sent: an older server would overlook it.

use serde_json::Value;

use super::Directory;
use super::call::send;
use super::protection::Deletable;
use super::read_back::gone;
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
        let read_back = async || self.describe_user(&user.id, &what).await;
        self.deleted(deleted, "USER", &what, read_back).await
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
        let read_back = async || self.describe_group(&group.id, &what).await;
        self.deleted(deleted, "GROUP", &what, read_back).await
    }

    async fn deleted<T>(
        &self,
        deleted: Result<Value, Error>,
        kind: &str,
        what: &str,
        read_back: impl AsyncFnOnce() -> Result<T, Error>,
    ) -> Result<(), Error> {
        let error = match deleted {
            Ok(_) => return Ok(()),
            Err(error) if error.is_concurrent_modification() => return Err(Error::Changed { what: what.to_owned() }),
            Err(error) if error.is_not_found(kind) => error,
            Err(error) => return Err(error),
        };
        let is_perhaps_ours = error.lost_answer().is_some();
        if error.is_not_found_without_a_type() {
            gone(error, read_back().await)?;
        }
        if is_perhaps_ours { Ok(()) } else { Err(self.not_found(what, "")) }
    }
}
