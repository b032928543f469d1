//! Groups.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Command, shown};
use crate::directory::{Directory, Paging};
use crate::values::choice::DisplayedGroup;
use crate::values::error::Error;
use crate::values::kinds::Limit;
use crate::values::markdown::Table;
use crate::values::model::Group;
use crate::values::output::{GroupNextToken, Items, Stored};
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
        Ok(Report::new(table.markdown(), group.clone(), Stored(group)))
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

impl Command for ListGroups {
    const NAME: &'static str = "aws-iam-identitycenter-list-groups";
    const CALLS: &'static [&'static str] = &["ListGroups"];
    type Output = (Stored<Group>, Stored<GroupNextToken>);

    async fn run(self, directory: &Directory) -> Result<Report<Self::Output>, Error> {
        let listing = directory.list_groups(Paging { limit: self.limit, next_token: self.next_token }).await?;
        let next_token = listing.next_token.as_deref();
        let human_readable = shown::list("AWS IAM Identity Center Groups", &shown::GROUP, &listing.items, next_token);
        let groups = Items::many(listing.items);
        let output = (Stored(groups.clone()), GroupNextToken::stored(listing.next_token));
        Ok(Report::new(human_readable, groups, output).ended_by(listing.ended_by))
    }
}
