//! Users.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Command, shown};
use crate::directory::{Directory, NewEmail, NewUser, Paging};
use crate::values::arguments::{ArgumentError, Problem};
use crate::values::choice::UserChoice;
use crate::values::error::Error;
use crate::values::kinds::Limit;
use crate::values::markdown::Table;
use crate::values::output::{Items, UserNextToken, Users, UsersTwice};
use crate::values::report::Report;

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
    /// The email address of the user to create.
    user_email_address: Option<String>,
    /// Whether the email address is the user's primary one. Default is yes.
    user_email_address_primary: Option<bool>,
}

impl Command for CreateUser {
    const NAME: &'static str = "aws-iam-identitycenter-create-user";
    type Output = UsersTwice;

    async fn run(self, directory: &Directory) -> Result<Report<UsersTwice>, Error> {
        let note = match &self.family_name {
            Some(_) => String::new(),
            None => format!("\nNo family name was given; \"{}\" is used.\n", self.family_name()),
        };
        let new = self.into_new_user()?;
        let user = directory.create_user(&new).await?;
        let table = Table::of(format!("User {} was created", new.user_name), &shown::USER, [&user]);
        let user = Items::one(user);
        Ok(Report::new(table.markdown() + &note, user.clone(), UsersTwice(user)))
    }
}

impl CreateUser {
    /// The family name, or what serves as one.
    fn family_name(&self) -> &str {
        let rest = self.display_name.strip_prefix(self.given_name.as_str()).map(str::trim);
        let derived = rest.filter(|rest| !rest.is_empty()).unwrap_or(&self.display_name);
        self.family_name.as_deref().unwrap_or(derived)
    }

    fn into_new_user(self) -> Result<NewUser, ArgumentError> {
        let family_name = self.family_name().to_owned();
        let email = match (self.user_email_address, self.user_email_address_primary) {
            (None, Some(_)) => {
                let problem = Problem::Custom("says something about userEmailAddress, which is not given".to_owned());
                return Err(ArgumentError::from(problem).at("userEmailAddressPrimary"));
            }
            (address, primary) => {
                address.map(|value| NewEmail { value, r#type: "work".to_owned(), primary: primary.unwrap_or(true) })
            }
        };
        Ok(NewUser {
            user_name: self.user_name,
            display_name: self.display_name,
            given_name: self.given_name,
            family_name,
            email,
        })
    }
}

/// Retrieves one user of IAM Identity Center, with all attributes.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct GetUser {
    user: UserChoice,
}

impl Command for GetUser {
    const NAME: &'static str = "aws-iam-identitycenter-get-user";
    type Output = Users;

    async fn run(self, directory: &Directory) -> Result<Report<Users>, Error> {
        let user = Items::one(directory.get_user(&self.user).await?);
        let table = shown::users_in_full(self.user.to_string(), user.as_slice());
        Ok(Report::new(table.markdown(), user.clone(), Users(user)))
    }
}

/// Retrieves the user who has this email address, however large the directory is. If AWS knows no exact match, the
/// whole directory is searched, in any letter case and in all addresses.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GetUserByEmail {
    /// The email address of the user.
    email_address: String,
}

impl Command for GetUserByEmail {
    const NAME: &'static str = "aws-iam-identitycenter-get-user-by-email";
    type Output = Users;

    async fn run(self, directory: &Directory) -> Result<Report<Users>, Error> {
        let mut users = directory.users_by_email(&self.email_address).await?;
        let warning = (users.len() > 1).then(|| {
            let (count, address) = (users.len(), &self.email_address);
            format!(
                "{count} users have the email address {address}. Commands that change anything want one of their ids."
            )
        });
        let table = shown::users_in_full(format!("User with email address {}", self.email_address), &users);
        let users = if users.len() == 1 { Items::one(users.remove(0)) } else { Items::many(users) };
        Ok(Report::new(table.markdown(), users.clone(), Users(users)).warn(warning))
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
    type Output = (UsersTwice, UserNextToken);

    async fn run(self, directory: &Directory) -> Result<Report<Self::Output>, Error> {
        let listing = directory.list_users(Paging { limit: self.limit, next_token: self.next_token }).await?;
        let table = Table::of("AWS IAM Identity Center Users", &shown::USER, &listing.items);
        let human_readable = shown::list(&table, &listing);
        let users = Items::many(listing.items);
        let output = (UsersTwice(users.clone()), UserNextToken::from(listing.next_token));
        Ok(Report::new(human_readable, users, output).ended_by(listing.ended_by))
    }
}
