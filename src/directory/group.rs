//! Groups.

use std::collections::HashMap;

use aws_sdk_identitystore::types::{AlternateIdentifier, Filter};
use serde::Deserialize;

use super::Directory;
use super::call::send;
use super::listing::{Listing, Page, Paging};
use super::user::{UNKNOWN_OPERATION, lower_first, unbuilt, unique_attribute};
use crate::values::choice::GroupChoice;
use crate::values::error::Error;
use crate::values::ids::GroupId;
use crate::values::model::{Group, Membership};

const SPELLING: &str = " Check the spelling, letter case included.";

/// A group that a command named, and its name as far as it is known without another call.
#[derive(Debug, Clone)]
pub(crate) struct FoundGroup {
    pub(crate) id: String,
    pub(crate) name: Option<String>,
}

impl FoundGroup {
    /// The name, or else the id, for people.
    pub(crate) fn shown(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.id)
    }
}

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

impl Directory {
    /// The group that is meant: no call for an id, one for a name.
    pub(crate) async fn find_group(&self, choice: &GroupChoice) -> Result<FoundGroup, Error> {
        match choice {
            GroupChoice::Id(id) => Ok(FoundGroup { id: id.0.clone(), name: None }),
            GroupChoice::Name(name) => {
                let id = self.group_id_by_name(name, choice).await?;
                Ok(FoundGroup { id, name: Some(name.clone()) })
            }
        }
    }

    /// The same group with its name, which takes a call if it is not known yet.
    pub(super) async fn named_group(&self, group: &FoundGroup, choice: &GroupChoice) -> Result<FoundGroup, Error> {
        if group.name.is_some() {
            return Ok(group.clone());
        }
        let described = self.describe_group(&group.id, choice).await?;
        Ok(FoundGroup { id: described.group_id, name: described.display_name })
    }

    /// The group that is meant, with all attributes.
    pub(crate) async fn get_group(&self, choice: &GroupChoice) -> Result<Group, Error> {
        let group = self.find_group(choice).await?;
        self.describe_group(&group.id, choice).await
    }

    /// AWS: `GetGroupId`. The only path that it knows is `displayName`.
    async fn group_id_by_name(&self, name: &str, choice: &GroupChoice) -> Result<String, Error> {
        let attribute = unique_attribute("displayName", name)?;
        let request = self.client.get_group_id().identity_store_id(&self.identity_store_id);
        let request = request.alternate_identifier(AlternateIdentifier::UniqueAttribute(attribute));
        let doing = || format!("look for {}", lower_first(&choice.to_string()));
        let found: Result<GroupIdentity, Error> = send!(request, "GetGroupId", doing);
        match found {
            Ok(group) => Ok(group.group_id),
            Err(error) if error.is_not_found("GROUP") => Err(self.not_found(choice, SPELLING)),
            // A legacy directory knows no GetGroupId, only the filter that AWS has deprecated since.
            Err(Error::Service(error)) if error.is(UNKNOWN_OPERATION) => {
                let (page, _) = self.groups_page(None, 1, Some(name), doing).await?;
                page.into_iter().next().map(|group| group.group_id).ok_or_else(|| self.not_found(choice, SPELLING))
            }
            Err(error) => Err(error),
        }
    }

    /// AWS: `DescribeGroup`.
    async fn describe_group(&self, id: &str, choice: &GroupChoice) -> Result<Group, Error> {
        let request = self.client.describe_group().identity_store_id(&self.identity_store_id).group_id(id);
        let group: Result<Group, Error> =
            send!(request, "DescribeGroup", || format!("get {}", lower_first(&choice.to_string())));
        group.map_err(|error| if error.is_not_found("GROUP") { self.not_found(choice, "") } else { error })
    }

    /// AWS: `ListGroups`.
    pub(crate) async fn list_groups(&self, paging: Paging) -> Result<Listing<Group>, Error> {
        let doing = "list the groups";
        self.list(paging, doing, async |token, most| self.groups_page(token, most, None, || doing.to_owned()).await)
            .await
    }

    async fn groups_page(
        &self,
        token: Option<String>,
        most: i32,
        display_name: Option<&str>,
        doing: impl FnOnce() -> String,
    ) -> Result<Page<Group>, Error> {
        let request = self.client.list_groups().identity_store_id(&self.identity_store_id);
        let mut request = request.max_results(most).set_next_token(token);
        if let Some(name) = display_name {
            let filter = Filter::builder().attribute_path("DisplayName").attribute_value(name);
            let filter = filter.build().map_err(unbuilt)?;
            #[expect(deprecated, reason = "a legacy directory answers to nothing else")]
            {
                request = request.filters(filter);
            }
        }
        let page: GroupsPage = send!(request, "ListGroups", doing)?;
        Ok((page.groups, page.next_token))
    }

    /// The names of the groups of these memberships, by id; of a group that is gone or may not be seen, none.
    ///
    /// One call for each name, or the pages of `ListGroups`, whichever is fewer: nobody says beforehand how many
    /// pages there are, so pages are read as long as fewer were read than half the names that are still unknown, and
    /// the rest is asked for one by one. That is never more than half again as many calls as there are groups.
    pub(crate) async fn group_names(&self, memberships: &[Membership]) -> HashMap<String, String> {
        let mut names = HashMap::new();
        let mut unknown: Vec<String> = memberships.iter().filter_map(|row| row.group_id.clone()).collect();
        unknown.sort_unstable();
        unknown.dedup();
        let (mut token, mut pages) = (None, 0);
        while unknown.len() > 1 && pages * 2 < unknown.len() && !self.stop.is_requested() {
            let Ok((page, next)) = self.groups_page(token, 100, None, || "list the groups".to_owned()).await else {
                break;
            };
            pages += 1;
            let listed = page.into_iter().filter_map(|group| Some((group.group_id, group.display_name?)));
            names.extend(listed.filter(|(id, _)| unknown.binary_search(id).is_ok()));
            unknown.retain(|id| !names.contains_key(id));
            token = next;
            if token.is_none() {
                return names;
            }
        }
        let described =
            self.change_each(unknown, async |id| self.describe_group(id, &GroupChoice::Id(GroupId(id.clone()))).await);
        let described = described.await.into_iter().filter_map(|(id, group)| Some((id, group.ok()?.display_name?)));
        names.extend(described);
        names
    }
}
