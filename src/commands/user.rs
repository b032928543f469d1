//! Users.

use schemars::JsonSchema;
use serde::Deserialize;

use super::list::{Ended, ListCommand};
use super::{Command, shown};
use crate::directory::{Directory, Paging, Searched};
use crate::values::choice::UserChoice;
use crate::values::error::Error;
use crate::values::kinds::{EmailAddress, Limit};
use crate::values::markdown::Column;
use crate::values::model::User;
use crate::values::output::{InBrief, Items, Listed, Stored, UserNextToken};
use crate::values::report::Report;
use crate::values::search::UserFilter;
use crate::values::words::upper_first;

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
        Ok(Report::new(table, user.clone(), Stored(user)))
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
        Ok(Report::new(table, users.clone(), Stored(users)).warn(warning))
    }
}

/// Lists the users of IAM Identity Center: all of them, or as many as the limit says. With status or search only those
/// who fit; a limit counts them, however many others there are in between.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListUsers {
    /// How many users to return. All if it is empty; there is no maximum.
    limit: Option<Limit>,
    /// The UserNextToken of an earlier answer, to go on from there. It belongs to the status and the search of then.
    next_token: Option<String>,
    filter: UserFilter,
}

impl ListCommand for ListUsers {
    const NAME: &'static str = "aws-iam-identitycenter-list-users";
    const CALLS: &'static [&'static str] = &["ListUsers"];
    const TITLE: &'static str = "AWS IAM Identity Center Users";
    const COLUMNS: &'static [Column<User>] = &shown::USER;
    type Item = User;
    type Rows = (Listed<User>, Listed<InBrief>);
    type Token = Stored<UserNextToken>;

    async fn run(self, directory: &Directory, found: &mut impl Extend<User>) -> Result<Ended, Error> {
        let paging = Paging { limit: self.limit, next_token: self.next_token };
        let Searched { end, without_status } = directory.search_users(found, &self.filter, paging).await?;
        let warning = (without_status > 0).then(|| {
            let whose = if without_status == 1 { "1 user".to_owned() } else { format!("{without_status} users") };
            format!("AWS did not tell the status of {whose}, left out of the list.")
        });
        Ok(Ended { end, warning })
    }

    fn token(token: Option<String>) -> Self::Token {
        UserNextToken::stored(token)
    }
}
