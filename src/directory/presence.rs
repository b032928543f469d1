//! The proof that a user or a group is gone. "Not found" proves it only if AWS finds another one that is there: in a
//! directory that cannot be read, AWS finds none.

use tokio::sync::OnceCell;

use super::Directory;
use super::listing::Paging;
use crate::values::error::Error;
use crate::values::kinds::Limit;
use crate::values::model::PrincipalType;

/// The presence of a user or a group.
pub(super) enum Presence {
    There,
    Gone(Gone),
}

/// Proves that a user or a group does not exist. Only this file makes one.
pub(super) struct Gone(());

/// Remembers that AWS finds users, and groups, that are there. Each kind is checked when it is needed, until AWS has found
/// one: an error of a moment says nothing of the next look.
#[derive(Debug, Clone, Default)]
pub(super) struct Readable {
    users: OnceCell<()>,
    groups: OnceCell<()>,
}

impl Readable {
    fn of(&self, kind: PrincipalType) -> &OnceCell<()> {
        match kind {
            PrincipalType::User => &self.users,
            PrincipalType::Group => &self.groups,
        }
    }
}

impl Directory {
    /// Returns whether the user or group exists (AWS: `DescribeUser`, `DescribeGroup`). `other` is one of the same kind that
    /// is known to be there. Fails if AWS does not find the other one either.
    pub(super) async fn presence(
        &self,
        kind: PrincipalType,
        id: &str,
        other: Option<&str>,
        readable: &Readable,
    ) -> Result<Presence, Error> {
        if self.is_found(kind, id).await? {
            return Ok(Presence::There);
        }
        match readable.of(kind).get_or_try_init(async || self.finds_others(kind, other).await).await {
            Ok(()) => Ok(Presence::Gone(Gone(()))),
            Err(Error::Interrupted) => Err(Error::Interrupted),
            Err(reason) => Err(Error::Setup(format!(
                "AWS does not find {} {id}, which does not say that it is gone. {reason}",
                kind.noun()
            ))),
        }
    }

    async fn is_found(&self, kind: PrincipalType, id: &str) -> Result<bool, Error> {
        let what = format!("{} {id}", kind.noun());
        let found = match kind {
            PrincipalType::User => self.describe_user(id, &what).await.map(drop),
            PrincipalType::Group => self.describe_group(id, &what).await.map(drop),
        };
        match found {
            Ok(()) => Ok(true),
            Err(Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Fails unless AWS finds one that is there: the known one, or else the first of the list. In a directory without any of
    /// this kind, one of the other kind shows that it can be read.
    async fn finds_others(&self, kind: PrincipalType, known: Option<&str>) -> Result<(), Error> {
        if let Some(other) = known {
            return self.finds(kind, other).await;
        }
        for kind in [kind, kind.other()] {
            if let Some(other) = self.first_of(kind).await? {
                return self.finds(kind, &other).await;
            }
        }
        Err(Error::Setup(format!(
            "The identity store {} lists no user and no group at all. Check the Identity Store ID and the AWS region.",
            self.identity_store_id
        )))
    }

    async fn finds(&self, kind: PrincipalType, id: &str) -> Result<(), Error> {
        if self.is_found(kind, id).await? {
            return Ok(());
        }
        Err(Error::Setup(format!(
            "It does not find {} {id} either, which is there. Check the identity store and its KMS key.",
            kind.noun()
        )))
    }

    /// Returns the id of the first one that is listed.
    async fn first_of(&self, kind: PrincipalType) -> Result<Option<String>, Error> {
        let paging = Paging { limit: Some(Limit(1)), next_token: None };
        match kind {
            PrincipalType::User => {
                let users = self.list_users(paging).await?.complete()?;
                Ok(users.into_iter().next().map(|user| user.user_id))
            }
            PrincipalType::Group => {
                let mut groups = Vec::new();
                let end = self.list_groups(&mut groups, paging).await?;
                end.ended_by.map_or(Ok(()), Err)?;
                Ok(groups.into_iter().next().map(|group| group.group_id))
            }
        }
    }
}
