//! Whether a user is in some groups.

use std::collections::HashMap;

use futures_util::future::join;
use serde::Deserialize;

use super::Directory;
use super::call::send;
use super::lookup::{FoundGroup, FoundUser};
use super::membership::member;
use super::names::Names;
use crate::values::choice::GroupChoice;
use crate::values::error::Error;

/// Which of the groups that were named a user is in, and which groups could not be asked for, with the reason.
pub(crate) struct Checked {
    pub(crate) groups: Vec<(FoundGroup, bool)>,
    /// The names of the groups that were not named by name.
    pub(crate) names: Names,
    pub(crate) failed: Vec<(String, Error)>,
}

/// The answer to `IsMemberInGroups`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Existences {
    results: Vec<Existence>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Existence {
    group_id: Option<String>,
    membership_exists: Option<bool>,
}

/// How many groups one call may ask about (AWS: `IsMemberInGroups`, `GroupIds`).
const MOST: usize = 100;

impl Directory {
    /// Which of these groups the user is in, each group once, in their order.
    pub(crate) async fn check_memberships(
        &self,
        user: &FoundUser,
        what: &str,
        groups: &[GroupChoice],
    ) -> Result<Checked, Error> {
        let mut failed = Vec::new();
        let mut found: Vec<FoundGroup> = Vec::new();
        for (choice, group) in self.each(groups, async |choice| self.find_group(choice).await).await {
            match group {
                Ok(group) if found.iter().any(|known| known.id == group.id) => {}
                Ok(group) => found.push(group),
                Err(error) => failed.push((choice.to_string(), error)),
            }
        }
        if found.is_empty() && user.name.is_none() {
            self.describe_user(&user.id, what).await?;
        }
        let nameless = found.iter().filter(|group| group.name.is_none()).map(|group| group.id.clone()).collect();
        let ask = self.each(found.chunks(MOST), async |chunk| self.are_member(user, what, chunk).await);
        let (asked, names) = join(ask, self.names_of_groups(nameless)).await;
        let mut is_member = HashMap::new();
        for (chunk, answer) in asked {
            match answer {
                Ok(existing) => is_member.extend(existing),
                Err(error @ Error::NotFound { .. }) => return Err(error),
                // One group that is gone is no reason to know nothing of the others.
                Err(error) if error.is_exactly_not_found("GROUP") => {
                    let alone =
                        async |group: &&FoundGroup| self.are_member(user, what, std::slice::from_ref(*group)).await;
                    for (group, answer) in self.each(chunk, alone).await {
                        match answer {
                            Ok(existing) => is_member.extend(existing),
                            Err(error) if error.is_exactly_not_found("GROUP") => {
                                let what = format!("group {}", group.shown());
                                failed.push((what.clone(), self.not_found(&what, "")));
                            }
                            Err(error) => failed.push((format!("group {}", group.shown()), error)),
                        }
                    }
                }
                Err(error) if chunk.len() == found.len() && failed.is_empty() => return Err(error),
                Err(error) => {
                    let reason = error.to_string();
                    let mut error = Some(error);
                    failed.extend(chunk.iter().map(|group| {
                        let error = error.take().unwrap_or_else(|| Error::Setup(reason.clone()));
                        (format!("group {}", group.shown()), error)
                    }));
                }
            }
        }
        let mut groups = Vec::new();
        for group in found {
            let what = format!("group {}", group.shown());
            match is_member.get(&group.id.to_lowercase()) {
                Some(is_member) => groups.push((group, *is_member)),
                None if failed.iter().any(|(failed, _)| *failed == what) => {}
                None => failed.push((what, Error::Setup("AWS did not say whether the user is in it.".to_owned()))),
            }
        }
        Ok(Checked { groups, names, failed })
    }

    /// AWS: `IsMemberInGroups`, for 100 groups at most: whether the user is in each, by its id in small letters.
    async fn are_member(
        &self,
        user: &FoundUser,
        what: &str,
        groups: &[FoundGroup],
    ) -> Result<HashMap<String, bool>, Error> {
        let request = self.client.is_member_in_groups().identity_store_id(&self.identity_store_id);
        let request = request.member_id(member(&user.id));
        let request = request.set_group_ids(Some(groups.iter().map(|group| group.id.clone()).collect()));
        let doing = || match groups {
            [group] => format!("look whether {what} is in group {}", group.shown()),
            _ => format!("look whether {what} is in {} groups", groups.len()),
        };
        let existences: Result<Existences, Error> = send!(request, "IsMemberInGroups", doing);
        let existences = existences
            .map_err(|error| if error.is_exactly_not_found("USER") { self.not_found(what, "") } else { error })?;
        let exists = |row: Existence| Some((row.group_id?.to_lowercase(), row.membership_exists?));
        Ok(existences.results.into_iter().filter_map(exists).collect())
    }
}
