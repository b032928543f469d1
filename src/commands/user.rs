//! Users.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Command, shown};
use crate::directory::{Directory, NewUser, Paging};
use crate::values::choice::UserChoice;
use crate::values::error::Error;
use crate::values::kinds::{EmailAddress, Limit};
use crate::values::markdown::Table;
use crate::values::model::{Email, User};
use crate::values::output::{InBrief, Items, Stored, UserNextToken};
use crate::values::report::Report;
use crate::values::words::upper_first;

/// Creates a new IAM Identity Center user.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreateUser {
    /// The username of the user to create.
    user_name: String,
    /// The first name of the user to create.
    given_name: String,
    /// The display name of the user to create.
    display_name: String,
    /// The family name of the user to create. AWS requires one: when it is empty, what follows the first name in the
    /// display name serves, or else the whole display name.
    family_name: Option<String>,
    email: NewAddress,
}

/// The address of a user that is to be created, or none.
#[derive(Deserialize, JsonSchema)]
#[serde(try_from = "AddressArguments")]
struct NewAddress(Option<Email>);

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct AddressArguments {
    /// The email address of the user to create.
    user_email_address: Option<EmailAddress>,
    /// Whether the email address is the user's primary one. Default is yes.
    user_email_address_primary: Option<bool>,
}

impl TryFrom<AddressArguments> for NewAddress {
    type Error = &'static str;

    fn try_from(given: AddressArguments) -> Result<Self, &'static str> {
        match (given.user_email_address, given.user_email_address_primary) {
            (None, Some(_)) => Err("userEmailAddressPrimary is given without userEmailAddress, which it is about"),
            (address, primary) => Ok(Self(address.map(|EmailAddress(value)| Email {
                value: Some(value),
                r#type: Some("work".to_owned()),
                primary: Some(primary.unwrap_or(true)),
            }))),
        }
    }
}

impl Command for CreateUser {
    const NAME: &'static str = "aws-iam-identitycenter-create-user";
    const CALLS: &'static [&'static str] = &["CreateUser", "GetUserId", "DescribeUser"];
    type Output = (Stored<User>, Stored<InBrief>);

    async fn run(self, directory: &Directory) -> Result<Report<Self::Output>, Error> {
        let family_name = self.family_name().to_owned();
        let note = match &self.family_name {
            Some(_) => String::new(),
            None => format!("\nNo family name was given; \"{family_name}\" is used.\n"),
        };
        let new = NewUser {
            user_name: self.user_name,
            display_name: self.display_name,
            given_name: self.given_name,
            family_name,
            email: self.email.0,
        };
        let user = directory.create_user(&new).await?;
        let table = Table::of(format!("User {} was created", new.user_name), &shown::USER, [&user]);
        let user = Items::one(user);
        Ok(Report::new(table.markdown() + &note, user.clone(), (Stored(user.clone()), Stored(user))))
    }
}

impl CreateUser {
    /// The family name, or what serves as one: Berg of "Nina Berg", but nothing of "Ninabel".
    fn family_name(&self) -> &str {
        let rest = self.display_name.strip_prefix(self.given_name.as_str());
        let rest = rest.filter(|rest| rest.starts_with(char::is_whitespace)).map(str::trim);
        let derived = rest.filter(|rest| !rest.is_empty()).unwrap_or(&self.display_name);
        self.family_name.as_deref().unwrap_or(derived)
    }
}

/// Retrieves one user of IAM Identity Center, with all attributes.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct GetUser {
    user: UserChoice,
}

impl Command for GetUser {
    const NAME: &'static str = "aws-iam-identitycenter-get-user";
    const CALLS: &'static [&'static str] = &["GetUserId", "DescribeUser", "ListUsers"];
    type Output = Stored<User>;

    async fn run(self, directory: &Directory) -> Result<Report<Self::Output>, Error> {
        let user = Items::one(directory.get_user(&self.user).await?);
        let table = shown::users_in_full(upper_first(&self.user.to_string()), user.as_slice());
        Ok(Report::new(table.markdown(), user.clone(), Stored(user)))
    }
}

/// Retrieves the user who has this email address, however large the directory is. If AWS knows no exact match, the
/// whole directory is searched, in any letter case and in all addresses.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GetUserByEmail {
    /// The email address of the user.
    email_address: EmailAddress,
}

impl Command for GetUserByEmail {
    const NAME: &'static str = "aws-iam-identitycenter-get-user-by-email";
    const CALLS: &'static [&'static str] = &["GetUserId", "DescribeUser", "ListUsers"];
    type Output = Stored<User>;

    async fn run(self, directory: &Directory) -> Result<Report<Self::Output>, Error> {
        let mut users = directory.users_by_email(&self.email_address.0).await?;
        let warning = (users.len() > 1).then(|| {
            let (count, address) = (users.len(), &self.email_address.0);
            format!(
                "{count} users have the email address {address}. Commands that change anything want one of their ids."
            )
        });
        let table = shown::users_in_full(format!("User with email address {}", self.email_address.0), &users);
        let users = if users.len() == 1 { Items::one(users.remove(0)) } else { Items::many(users) };
        Ok(Report::new(table.markdown(), users.clone(), Stored(users)).warn(warning))
    }
}

/// Lists the users of IAM Identity Center: all of them, or as many as the limit says.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListUsers {
    /// How many users to return. All if it is empty; there is no maximum.
    limit: Option<Limit>,
    /// The UserNextToken of an earlier answer, to go on from there.
    next_token: Option<String>,
}

impl Command for ListUsers {
    const NAME: &'static str = "aws-iam-identitycenter-list-users";
    const CALLS: &'static [&'static str] = &["ListUsers"];
    type Output = ((Stored<User>, Stored<InBrief>), Stored<UserNextToken>);

    async fn run(self, directory: &Directory) -> Result<Report<Self::Output>, Error> {
        let listing = directory.list_users(Paging { limit: self.limit, next_token: self.next_token }).await?;
        let next_token = listing.next_token.as_deref();
        let human_readable = shown::list("AWS IAM Identity Center Users", &shown::USER, &listing.items, next_token);
        let users = Items::many(listing.items);
        let output = ((Stored(users.clone()), Stored(users.clone())), UserNextToken::stored(listing.next_token));
        Ok(Report::new(human_readable, users, output).ended_by(listing.ended_by))
    }
}
