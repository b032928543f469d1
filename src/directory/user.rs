//! Users.

use aws_sdk_identitystore::types;
use serde::Deserialize;

use super::Directory;
use super::call::send;
use super::listing::{Listing, Page, Paging};
use super::lookup::{FoundUser, SPELLING, UNKNOWN_OPERATION, filter, unique};
use crate::values::choice::UserChoice;
use crate::values::error::Error;
use crate::values::model::{Email, Name, User};

/// The extension of attributes that an enterprise has (AWS: Identity Store API, `Extensions`). Extensions come only
/// when they are asked for.
const ENTERPRISE: &str = "aws:identitystore:enterprise";

/// The attributes of a user that is to be created.
#[derive(Debug, Clone)]
pub(crate) struct NewUser {
    pub(crate) user_name: String,
    pub(crate) display_name: String,
    pub(crate) given_name: String,
    pub(crate) family_name: String,
    pub(crate) email: Option<Email>,
}

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

impl Directory {
    /// The user that is meant: no call for an id (AWS refuses an unknown one when it is used), one for a name, one for
    /// an exact e-mail address.
    pub(crate) async fn find_user(&self, choice: &UserChoice) -> Result<FoundUser, Error> {
        let what = &choice.to_string();
        match choice {
            UserChoice::Id(id) => Ok(FoundUser::new(id.0.clone(), None)),
            UserChoice::Name(name) => Ok(FoundUser::new(self.user_id_by_name(name, what).await?, Some(name.clone()))),
            UserChoice::Email(address) => match self.user_id_by("emails.value", address, what).await? {
                Some(id) => Ok(FoundUser::new(id, None)),
                None => only(choice, self.users_with_email(address, what).await?).map(FoundUser::from),
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
        match self.user_id_by("emails.value", address, what).await? {
            Some(id) => Ok(vec![self.describe_user(&id, what).await?]),
            None => self.users_with_email(address, what).await,
        }
    }

    /// Reads the whole directory, and keeps only who has the address.
    async fn users_with_email(&self, address: &str, what: &str) -> Result<Vec<User>, Error> {
        let doing = format!("look for {what}");
        let listing = self.list(Paging::default(), &doing, async |token, most| {
            let (mut page, next) = self.users_page(token, most, None, || doing.clone()).await?;
            page.retain(|user| user.has_email(address));
            Ok((page, next))
        });
        let users = listing.await?.complete()?;
        if users.is_empty() { Err(self.not_found(what, "")) } else { Ok(users) }
    }

    async fn user_id_by_name(&self, name: &str, what: &str) -> Result<String, Error> {
        let found = match self.user_id_by("userName", name, what).await {
            // A legacy directory knows no GetUserId.
            Err(Error::Service(error)) if error.is(UNKNOWN_OPERATION) => {
                let (page, _) = self.users_page(None, 1, Some(name), || format!("look for {what}")).await?;
                page.into_iter().next().map(|user| user.user_id)
            }
            found => found?,
        };
        found.ok_or_else(|| self.not_found(what, SPELLING))
    }

    /// AWS: `GetUserId`. The paths that it knows are `userName` and `emails.value`.
    async fn user_id_by(&self, path: &str, value: &str, what: &str) -> Result<Option<String>, Error> {
        let request = self.client.get_user_id().identity_store_id(&self.identity_store_id);
        let request = request.alternate_identifier(unique(path, value)?);
        let found: Result<UserIdentity, Error> = send!(request, "GetUserId", || format!("look for {what}"));
        match found {
            Ok(user) => Ok(Some(user.user_id)),
            Err(error) if error.is_not_found("USER") => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// AWS: `DescribeUser`.
    async fn describe_user(&self, id: &str, what: &str) -> Result<User, Error> {
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

    async fn users_page(
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
        let page: UsersPage = send!(request, "ListUsers", doing)?;
        Ok((page.users, page.next_token))
    }

    /// AWS: `CreateUser`. One that exists already is an error with its id, unless it is our own: an answer that was lost
    /// makes the SDK ask again, and then AWS says that the user exists.
    pub(crate) async fn create_user(&self, new: &NewUser) -> Result<User, Error> {
        let name = types::Name::builder().given_name(&new.given_name).family_name(&new.family_name).build();
        let request = self.client.create_user().identity_store_id(&self.identity_store_id);
        let mut request = request.user_name(&new.user_name).display_name(&new.display_name).name(name);
        if let Some(email) = &new.email {
            let own = types::Email::builder().set_value(email.value.clone()).set_type(email.r#type.clone());
            request = request.emails(own.set_primary(email.primary).build());
        }
        let created: Result<User, Error> = send!(request, "CreateUser", || format!("create user {}", new.user_name));
        match created {
            Ok(answer) => Ok(new.created(answer)),
            Err(error) if error.is_conflict() => self.created_before(new, error).await,
            Err(error) => Err(error),
        }
    }

    /// Finds out whether the name or the address is taken, and by whom.
    async fn created_before(&self, new: &NewUser, conflict: Error) -> Result<User, Error> {
        let address = new.email.as_ref().and_then(|email| email.value.clone());
        let by_name = ("userName", UserChoice::Name(new.user_name.clone()), new.user_name.clone());
        let by_address = address.map(|value| ("emails.value", UserChoice::Email(value.clone()), value));
        for (path, choice, value) in std::iter::once(by_name).chain(by_address) {
            let what = choice.to_string();
            let Ok(Some(id)) = self.user_id_by(path, &value, &what).await else { continue };
            let Some(lost) = conflict.lost_answer() else { return Err(Error::Exists { what, id }) };
            let there = self.describe_user(&id, &what).await?;
            return if new.is(&there) && lost.may_have_made(there.created_at.as_ref()) {
                Ok(there)
            } else {
                Err(Error::ExistsPerhapsOurs { what, id })
            };
        }
        Err(conflict)
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

impl NewUser {
    /// The user as it now is: what AWS answered and what was sent.
    fn created(&self, answer: User) -> User {
        User {
            user_name: Some(self.user_name.clone()),
            display_name: Some(self.display_name.clone()),
            name: Some(self.name()),
            emails: self.email.clone().map(|email| vec![email]),
            ..answer
        }
    }

    fn name(&self) -> Name {
        Name {
            given_name: Some(self.given_name.clone()),
            family_name: Some(self.family_name.clone()),
            ..Name::default()
        }
    }

    /// Whether a user is what was sent.
    fn is(&self, user: &User) -> bool {
        let address = |emails: Option<&[Email]>| emails.and_then(|emails| emails.first()?.value.clone());
        let name = user.name.as_ref();
        user.user_name.as_deref() == Some(self.user_name.as_str())
            && user.display_name.as_deref() == Some(self.display_name.as_str())
            && name.is_some_and(|name| name.given_name.as_deref() == Some(self.given_name.as_str()))
            && name.is_some_and(|name| name.family_name.as_deref() == Some(self.family_name.as_str()))
            && address(user.emails.as_deref()) == address(self.email.as_ref().map(std::slice::from_ref))
    }
}
