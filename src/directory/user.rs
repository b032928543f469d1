//! Users.

use aws_sdk_identitystore::types::AlternateIdentifier;
use serde::Deserialize;

use super::Directory;
use super::call::send;
use super::legacy::lacks_look_up;
use super::listing::{End, Listing, Paging};
use super::lookup::{FoundUser, SPELLING, by_name, external, filter, unique};
use super::page::Page;
use crate::values::choice::UserChoice;
use crate::values::error::Error;
use crate::values::model::{ENTERPRISE, User};

/// The answer to `GetUserId`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct UserIdentity {
    user_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct UsersPage {
    users: Vec<User>,
    next_token: Option<String>,
}

impl From<UsersPage> for Page<User> {
    fn from(page: UsersPage) -> Self {
        (page.users, page.next_token)
    }
}

impl Directory {
    /// The user that is meant: no call for an id (AWS refuses an unknown one when it is used), one for a name, one for
    /// an exact e-mail address.
    pub(crate) async fn find_user(&self, choice: &UserChoice) -> Result<FoundUser, Error> {
        let what = &choice.to_string();
        match choice {
            UserChoice::Id(id) => Ok(FoundUser::new(id.0.clone(), None)),
            UserChoice::Name(name) => by_name(name, async |name| self.user_by_name(name, what).await).await,
            UserChoice::Email(address) => match self.user_id_by(unique("emails.value", address)?, what).await? {
                Some(id) => Ok(FoundUser::new(id, None)),
                None => only(choice, self.users_with_email(address, what).await?).map(FoundUser::from),
            },
            UserChoice::External(given) => match self.user_id_by(external(given)?, what).await? {
                Some(id) => Ok(FoundUser::new(id, None)),
                None => Err(self.not_found(what, SPELLING)),
            },
        }
    }

    /// The same user with its name, which takes a call if it is not known yet.
    pub(super) async fn named(&self, user: FoundUser, what: &str) -> Result<FoundUser, Error> {
        if user.name.is_some() {
            return Ok(user);
        }
        self.describe_user(&user.id, what).await.map(FoundUser::from)
    }

    /// The user that is meant, with all attributes.
    pub(crate) async fn get_user(&self, choice: &UserChoice) -> Result<User, Error> {
        if let UserChoice::Email(address) = choice {
            return only(choice, self.users_by_email(address).await?);
        }
        let user = self.find_user(choice).await?;
        self.describe_user(&user.id, &choice.to_string()).await
    }

    /// All users with this address, at least one: the exact match of AWS, or else every user of the directory who has
    /// the address in any letter case and in any place.
    pub(crate) async fn users_by_email(&self, address: &str) -> Result<Vec<User>, Error> {
        let what = &UserChoice::Email(address.to_owned()).to_string();
        match self.user_id_by(unique("emails.value", address)?, what).await? {
            Some(id) => Ok(vec![self.describe_user(&id, what).await?]),
            None => self.users_with_email(address, what).await,
        }
    }

    /// Reads the whole directory, and keeps only who has the address.
    async fn users_with_email(&self, address: &str, what: &str) -> Result<Vec<User>, Error> {
        let doing = format!("look for {what}");
        let mut users = Vec::new();
        let has_it = |user: &User| user.has_email(address);
        let end = self.list_users_into(&mut users, Paging::default(), &doing, has_it).await?;
        end.ended_by.map_or(Ok(()), Err)?;
        if users.is_empty() { Err(self.not_found(what, "")) } else { Ok(users) }
    }

    async fn user_by_name(&self, name: &str, what: &str) -> Result<FoundUser, Error> {
        let found = match self.user_id_by(unique("userName", name)?, what).await {
            Err(error) if lacks_look_up(&error) => self.listed_user(name, what).await?,
            id => id?.map(|id| FoundUser::new(id, Some(name.to_owned()))),
        };
        found.ok_or_else(|| self.not_found(what, SPELLING))
    }

    /// AWS: `GetUserId`. The paths that it knows are `userName` and `emails.value`.
    pub(super) async fn user_id_by(&self, by: AlternateIdentifier, what: &str) -> Result<Option<String>, Error> {
        let request = self.client.get_user_id().identity_store_id(&self.identity_store_id).alternate_identifier(by);
        let found: Result<UserIdentity, Error> = send!(request, "GetUserId", || format!("look for {what}"));
        match found {
            Ok(user) => Ok(Some(user.user_id)),
            Err(error) if error.is_not_found("USER") => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// AWS: `DescribeUser`.
    pub(super) async fn describe_user(&self, id: &str, what: &str) -> Result<User, Error> {
        let request = self.client.describe_user().identity_store_id(&self.identity_store_id);
        let request = request.user_id(id).extensions(ENTERPRISE);
        let user: Result<User, Error> = send!(request, "DescribeUser", || format!("get {what}"));
        user.map_err(|error| if error.is_not_found("USER") { self.not_found(what, "") } else { error })
    }

    /// AWS: `ListUsers`.
    pub(crate) async fn list_users(&self, paging: Paging) -> Result<Listing<User>, Error> {
        let doing = "list the users";
        self.list(paging, doing, async |token, most| self.users_page(token, most, None, || doing.to_owned()).await)
            .await
    }

    /// The same, each who is wanted where it is to be.
    pub(super) async fn list_users_into(
        &self,
        users: &mut impl Extend<User>,
        paging: Paging,
        doing: &str,
        is_wanted: impl Fn(&User) -> bool,
    ) -> Result<End, Error> {
        let page = async |token, most| self.users_page(token, most, None, || doing.to_owned()).await;
        self.list_into(users, paging, doing, page, is_wanted).await
    }

    pub(super) async fn users_page(
        &self,
        token: Option<String>,
        most: i32,
        user_name: Option<&str>,
        doing: impl FnOnce() -> String,
    ) -> Result<Page<User>, Error> {
        let request = self.client.list_users().identity_store_id(&self.identity_store_id).extensions(ENTERPRISE);
        let mut request = request.max_results(most).set_next_token(token);
        if let Some(name) = user_name {
            #[expect(deprecated, reason = "a legacy directory answers to nothing else")]
            {
                request = request.filters(filter("UserName", name)?);
            }
        }
        let page: Result<UsersPage, Error> = send!(request, "ListUsers", doing);
        page.map(Page::from)
    }
}

/// The only one, or an error that names all.
fn only(choice: &UserChoice, users: Vec<User>) -> Result<User, Error> {
    let count = users.len();
    let shown = |user: &User| format!("{} ({})", user.user_name.as_deref().unwrap_or("?"), user.user_id);
    let names = users.iter().map(shown).collect::<Vec<_>>().join(", ");
    <[User; 1]>::try_from(users).map(|[user]| user).map_err(|_| Error::Ambiguous {
        what: choice.to_string(),
        count,
        names,
    })
}
