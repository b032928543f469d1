//! Groups.

use schemars::JsonSchema;
use serde::Deserialize;

use super::list::{Ended, ListCommand};
use super::{Command, shown};
use crate::directory::{Directory, Paging};
use crate::values::choice::DisplayedGroup;
use crate::values::error::Error;
use crate::values::kinds::Limit;
use crate::values::markdown::{Column, Table};
use crate::values::model::Group;
use crate::values::output::{GroupNextToken, Items, Listed, Stored};
use crate::values::report::Report;
use crate::values::words::upper_first;

/// Retrieves one group of IAM Identity Center.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct GetGroup {
    group: DisplayedGroup,
}

impl Command for GetGroup {
    const NAME: &'static str = "aws-iam-identitycenter-get-group";
    const CALLS: &'static [&'static str] = &["GetGroupId", "DescribeGroup", "ListGroups"];
    type Output = Stored<Group>;

    async fn run(self, directory: &Directory) -> Result<Report<Self::Output>, Error> {
        let DisplayedGroup(choice) = self.group;
        let group = directory.get_group(&choice).await?;
        let table = Table::of(upper_first(&choice.to_string()), &shown::GROUP, [&group]);
        let group = Items::one(group);
        Ok(Report::new(table, group.clone(), Stored(group)))
    }
}

/// Lists the groups of IAM Identity Center: all of them, or as many as the limit says.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListGroups {
    /// How many groups to return. All if it is empty; there is no maximum.
    limit: Option<Limit>,
    /// The GroupNextToken of an earlier answer, to go on from there.
    next_token: Option<String>,
}

impl ListCommand for ListGroups {
    const NAME: &'static str = "aws-iam-identitycenter-list-groups";
    const CALLS: &'static [&'static str] = &["ListGroups"];
    const TITLE: &'static str = "AWS IAM Identity Center Groups";
    const COLUMNS: &'static [Column<Group>] = &shown::GROUP;
    type Item = Group;
    type Rows = Listed<Group>;
    type Token = Stored<GroupNextToken>;

    async fn run(self, directory: &Directory, found: &mut impl Extend<Group>) -> Result<Ended, Error> {
        let paging = Paging { limit: self.limit, next_token: self.next_token };
        Ok(Ended { end: directory.list_groups(found, paging).await?, warning: None })
    }

    fn token(token: Option<String>) -> Self::Token {
        GroupNextToken::stored(token)
    }
}
