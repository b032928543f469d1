//! Groups.

use aws_sdk_identitystore::types::AlternateIdentifier;
use serde::Deserialize;

use super::Directory;
use super::call::send;
use super::legacy::lacks_look_up;
use super::listing::{End, Paging};
use super::lookup::{FoundGroup, SPELLING, by_name, external, filter, unique};
use super::page::Page;
use crate::values::choice::GroupChoice;
use crate::values::error::Error;
use crate::values::model::Group;

/// The answer to `GetGroupId`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GroupIdentity {
    group_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GroupsPage {
    groups: Vec<Group>,
    next_token: Option<String>,
}

impl From<GroupsPage> for Page<Group> {
    fn from(page: GroupsPage) -> Self {
        (page.groups, page.next_token)
    }
}

impl Directory {
    /// The group that is meant: no call for an id, one for a name.
    pub(crate) async fn find_group(&self, choice: &GroupChoice) -> Result<FoundGroup, Error> {
        match choice {
            GroupChoice::Id(id) => Ok(FoundGroup::new(id.0.clone(), None)),
            GroupChoice::Name(name) => {
                by_name(name, async |name| self.group_by_name(name, &choice.to_string()).await).await
            }
            GroupChoice::External(given) => {
                let what = &choice.to_string();
                let id =
                    self.group_id_by(external(given)?, what).await?.ok_or_else(|| self.not_found(what, SPELLING))?;
                Ok(FoundGroup::new(id, None))
            }
        }
    }

    /// The same group with its name, which takes a call if it is not known yet.
    pub(super) async fn named_group(&self, group: FoundGroup, what: &str) -> Result<FoundGroup, Error> {
        if group.name.is_some() {
            return Ok(group);
        }
        self.describe_group(&group.id, what).await.map(FoundGroup::from)
    }

    /// The group that is meant, with all attributes.
    pub(crate) async fn get_group(&self, choice: &GroupChoice) -> Result<Group, Error> {
        let group = self.find_group(choice).await?;
        self.describe_group(&group.id, &choice.to_string()).await
    }

    async fn group_by_name(&self, name: &str, what: &str) -> Result<FoundGroup, Error> {
        let found = match self.group_id_by(unique("displayName", name)?, what).await {
            Err(error) if lacks_look_up(&error) => self.listed_group(name, what).await?,
            id => id?.map(|id| FoundGroup::new(id, Some(name.to_owned()))),
        };
        found.ok_or_else(|| self.not_found(what, SPELLING))
    }

    /// AWS: `GetGroupId`. The only path that it knows is `displayName`.
    pub(super) async fn group_id_by(&self, by: AlternateIdentifier, what: &str) -> Result<Option<String>, Error> {
        let request = self.client.get_group_id().identity_store_id(&self.identity_store_id).alternate_identifier(by);
        let found: Result<GroupIdentity, Error> = send!(request, "GetGroupId", || format!("look for {what}"));
        match found {
            Ok(group) => Ok(Some(group.group_id)),
            Err(error) if error.is_not_found("GROUP") => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// AWS: `DescribeGroup`.
    pub(super) async fn describe_group(&self, id: &str, what: &str) -> Result<Group, Error> {
        let request = self.client.describe_group().identity_store_id(&self.identity_store_id).group_id(id);
        let group: Result<Group, Error> = send!(request, "DescribeGroup", || format!("get {what}"));
        group.map_err(|error| if error.is_not_found("GROUP") { self.not_found(what, "") } else { error })
    }

    /// AWS: `ListGroups`. Each group goes where it is to be.
    pub(crate) async fn list_groups(&self, groups: &mut impl Extend<Group>, paging: Paging) -> Result<End, Error> {
        let doing = "list the groups";
        let page = async |token, most| self.groups_page(token, most, || doing.to_owned()).await;
        self.list_into(groups, paging, doing, page, |_| true).await
    }

    pub(super) async fn groups_page(
        &self,
        token: Option<String>,
        most: i32,
        doing: impl FnOnce() -> String,
    ) -> Result<Page<Group>, Error> {
        self.groups_page_of(token, most, None, doing).await
    }

    pub(super) async fn groups_page_of(
        &self,
        token: Option<String>,
        most: i32,
        display_name: Option<&str>,
        doing: impl FnOnce() -> String,
    ) -> Result<Page<Group>, Error> {
        let request = self.client.list_groups().identity_store_id(&self.identity_store_id);
        let mut request = request.max_results(most).set_next_token(token);
        if let Some(name) = display_name {
            #[expect(deprecated, reason = "a legacy directory answers to nothing else")]
            {
                request = request.filters(filter("DisplayName", name)?);
            }
        }
        let page: Result<GroupsPage, Error> = send!(request, "ListGroups", doing);
        page.map(Page::from)
    }
}
