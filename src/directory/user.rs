//! Users.

use aws_sdk_identitystore::types::{self, AlternateIdentifier, Filter, UniqueAttribute};
use aws_smithy_types::Document;
use serde::Deserialize;

use super::Directory;
use super::call::send;
use super::listing::{Listing, Page, Paging};
use crate::values::choice::UserChoice;
use crate::values::error::Error;
use crate::values::model::User;

/// The extension of attributes that an enterprise has (AWS: Identity Store API, `Extensions`). Extensions come only
/// when they are asked for.
const ENTERPRISE: &str = "aws:identitystore:enterprise";

/// AWS's word for an operation that a legacy directory does not have.
pub(super) const UNKNOWN_OPERATION: &str = "UnknownOperationException";

const NO_HINT: &str = "";
const SPELLING: &str = " Check the spelling, letter case included.";

/// A user that a command named, and the user name as far as it is known without another call.
#[derive(Debug, Clone)]
pub(crate) struct FoundUser {
    pub(crate) id: String,
    pub(crate) name: Option<String>,
}

impl FoundUser {
    /// The name, or else the id, for people.
    pub(crate) fn shown(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.id)
    }
}

impl From<User> for FoundUser {
    fn from(user: User) -> Self {
        Self { id: user.user_id, name: user.user_name }
    }
}

/// The attributes of a user that is to be created.
#[derive(Debug, Clone)]
pub(crate) struct NewUser {
    pub(crate) user_name: String,
    pub(crate) display_name: String,
    pub(crate) given_name: String,
    pub(crate) family_name: String,
    pub(crate) email: Option<NewEmail>,
}

/// Its e-mail address.
#[derive(Debug, Clone)]
pub(crate) struct NewEmail {
    pub(crate) value: String,
    pub(crate) r#type: String,
    pub(crate) primary: bool,
}

/// The answer to `GetUserId` and `CreateUser`.
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
        match choice {
            UserChoice::Id(id) => Ok(FoundUser { id: id.0.clone(), name: None }),
            UserChoice::Name(name) => {
                let id = self.user_id_by_name(name, choice).await?;
                Ok(FoundUser { id, name: Some(name.clone()) })
            }
            UserChoice::Email(address) => match self.user_id_by("emails.value", address, choice).await? {
                Some(id) => Ok(FoundUser { id, name: None }),
                None => self.only(choice, self.users_with_email(address, choice).await?).map(FoundUser::from),
            },
        }
    }

    /// The same user with its name, which takes a call if it is not known yet.
    pub(super) async fn named(&self, user: &FoundUser, choice: &UserChoice) -> Result<FoundUser, Error> {
        match user.name {
            Some(_) => Ok(user.clone()),
            None => self.describe_user(&user.id, choice).await.map(FoundUser::from),
        }
    }

    /// The user that is meant, with all attributes.
    pub(crate) async fn get_user(&self, choice: &UserChoice) -> Result<User, Error> {
        if let UserChoice::Email(address) = choice {
            return self.only(choice, self.users_by_email(address).await?);
        }
        let user = self.find_user(choice).await?;
        self.describe_user(&user.id, choice).await
    }

    /// All users with this address, at least one: the exact match of AWS, or else every user of the directory who has
    /// the address in any letter case and in any place.
    pub(crate) async fn users_by_email(&self, address: &str) -> Result<Vec<User>, Error> {
        let choice = &UserChoice::Email(address.to_owned());
        match self.user_id_by("emails.value", address, choice).await? {
            Some(id) => Ok(vec![self.describe_user(&id, choice).await?]),
            None => self.users_with_email(address, choice).await,
        }
    }

    /// Reads the whole directory, and keeps only who has the address.
    async fn users_with_email(&self, address: &str, choice: &UserChoice) -> Result<Vec<User>, Error> {
        let doing = format!("look for {}", lower_first(&choice.to_string()));
        let listing = self.list(Paging::default(), &doing, async |token, most| {
            let (mut page, next) = self.users_page(token, most, None, || doing.clone()).await?;
            page.retain(|user| user.has_email(address));
            Ok((page, next))
        });
        let users = listing.await?.complete()?;
        if users.is_empty() { Err(self.not_found(choice, NO_HINT)) } else { Ok(users) }
    }

    /// The only one, or an error that names all.
    fn only(&self, choice: &UserChoice, users: Vec<User>) -> Result<User, Error> {
        let count = users.len();
        let shown = |user: &User| format!("{} ({})", user.user_name.as_deref().unwrap_or("?"), user.user_id);
        let names = users.iter().map(shown).collect::<Vec<_>>().join(", ");
        let mut users = users.into_iter();
        match (users.next(), users.next()) {
            (Some(user), None) => Ok(user),
            (None, _) => Err(self.not_found(choice, NO_HINT)),
            _ => Err(Error::Ambiguous { choice: choice.clone(), count, names }),
        }
    }

    async fn user_id_by_name(&self, name: &str, choice: &UserChoice) -> Result<String, Error> {
        match self.user_id_by("userName", name, choice).await {
            Ok(Some(id)) => Ok(id),
            Ok(None) => Err(self.not_found(choice, SPELLING)),
            // A legacy directory knows no GetUserId, only the filter that AWS has deprecated since.
            Err(Error::Service(error)) if error.is(UNKNOWN_OPERATION) => {
                let doing = || format!("look for {}", lower_first(&choice.to_string()));
                let (page, _) = self.users_page(None, 1, Some(name), doing).await?;
                page.into_iter().next().map(|user| user.user_id).ok_or_else(|| self.not_found(choice, SPELLING))
            }
            Err(error) => Err(error),
        }
    }

    /// AWS: `GetUserId`. The paths that it knows are `userName` and `emails.value`.
    async fn user_id_by(&self, path: &str, value: &str, choice: &UserChoice) -> Result<Option<String>, Error> {
        let attribute = unique_attribute(path, value)?;
        let request = self.client.get_user_id().identity_store_id(&self.identity_store_id);
        let request = request.alternate_identifier(AlternateIdentifier::UniqueAttribute(attribute));
        let found: Result<UserIdentity, Error> =
            send!(request, "GetUserId", || format!("look for {}", lower_first(&choice.to_string())));
        found
            .map(|user| Some(user.user_id))
            .or_else(|error| if error.is_not_found("USER") { Ok(None) } else { Err(error) })
    }

    /// AWS: `DescribeUser`.
    async fn describe_user(&self, id: &str, choice: &UserChoice) -> Result<User, Error> {
        let request = self.client.describe_user().identity_store_id(&self.identity_store_id).user_id(id);
        let user: Result<User, Error> = send!(request.extensions(ENTERPRISE), "DescribeUser", || {
            format!("get {}", lower_first(&choice.to_string()))
        });
        user.map_err(|error| if error.is_not_found("USER") { self.not_found(choice, NO_HINT) } else { error })
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
            let filter = Filter::builder().attribute_path("UserName").attribute_value(name).build().map_err(unbuilt)?;
            #[expect(deprecated, reason = "a legacy directory answers to nothing else")]
            {
                request = request.filters(filter);
            }
        }
        let page: UsersPage = send!(request, "ListUsers", doing)?;
        Ok((page.users, page.next_token))
    }

    /// AWS: `CreateUser`. One that exists already is an error with its id.
    pub(crate) async fn create_user(&self, new: &NewUser) -> Result<User, Error> {
        let name = types::Name::builder().given_name(&new.given_name).family_name(&new.family_name).build();
        let mut request = self
            .client
            .create_user()
            .identity_store_id(&self.identity_store_id)
            .user_name(&new.user_name)
            .display_name(&new.display_name)
            .name(name);
        if let Some(email) = &new.email {
            let email = types::Email::builder().value(&email.value).r#type(&email.r#type).primary(email.primary);
            request = request.emails(email.build());
        }
        let created: Result<User, Error> = send!(request, "CreateUser", || format!("create user {}", new.user_name));
        match created {
            Ok(answer) => Ok(new.created(answer)),
            Err(error) if error.is_conflict() => Err(self.why_not_created(new, error).await),
            Err(error) => Err(error),
        }
    }

    /// Finds out whether the name or the address is taken, and by whom.
    async fn why_not_created(&self, new: &NewUser, conflict: Error) -> Error {
        let name = UserChoice::Name(new.user_name.clone());
        let mut taken = vec![("userName", name)];
        taken.extend(new.email.as_ref().map(|email| ("emails.value", UserChoice::Email(email.value.clone()))));
        for (path, choice) in taken {
            let value = match &choice {
                UserChoice::Name(value) | UserChoice::Email(value) => value,
                UserChoice::Id(id) => &id.0,
            };
            if let Ok(Some(id)) = self.user_id_by(path, value, &choice).await {
                return Error::Exists { what: choice.to_string(), id };
            }
        }
        conflict
    }
}

impl NewUser {
    /// The user as it now is: what AWS answered and what was sent.
    fn created(&self, answer: User) -> User {
        use crate::values::model::{Email, Name};
        let email = |email: &NewEmail| Email {
            value: Some(email.value.clone()),
            r#type: Some(email.r#type.clone()),
            primary: Some(email.primary),
        };
        User {
            user_name: Some(self.user_name.clone()),
            display_name: Some(self.display_name.clone()),
            name: Some(Name {
                given_name: Some(self.given_name.clone()),
                family_name: Some(self.family_name.clone()),
                ..Name::default()
            }),
            emails: self.email.as_ref().map(|new| vec![email(new)]),
            ..answer
        }
    }
}

/// What `GetUserId` and `GetGroupId` look for.
pub(super) fn unique_attribute(path: &str, value: &str) -> Result<UniqueAttribute, Error> {
    let value = Document::String(value.to_owned());
    UniqueAttribute::builder().attribute_path(path).attribute_value(value).build().map_err(unbuilt)
}

/// A request that the SDK does not build lacks a required member, which ours never do.
#[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
pub(super) fn unbuilt(error: aws_sdk_identitystore::error::BuildError) -> Error {
    Error::Setup(format!("The request could not be built: {error}."))
}

/// "User alice" within a sentence.
pub(super) fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
