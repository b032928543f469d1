//! Account assignments: who has which permission set in which account (AWS: IAM Identity Center API, `sso-admin`).

use std::collections::{HashMap, HashSet};
use std::sync::PoisonError;

use aws_sdk_ssoadmin::types;
use serde::Deserialize;

use super::Directory;
use super::call::{send, send_page};
use super::listing::Paging;
use super::page::SparsePage;
use crate::values::error::Error;
use crate::values::model::{AccountAssignment, PrincipalType};

/// An instance of IAM Identity Center.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Instance {
    /// One that is still being made may have none.
    pub(super) identity_store_id: Option<String>,
    instance_arn: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct InstancesPage {
    instances: Option<Vec<Instance>>,
    next_token: Option<String>,
}

impl From<InstancesPage> for SparsePage<Instance> {
    fn from(page: InstancesPage) -> Self {
        (page.instances, page.next_token)
    }
}

/// The answer to `ListAccountAssignmentsForPrincipal` and `ListAccountAssignments`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AssignmentsPage {
    account_assignments: Option<Vec<AccountAssignment>>,
    next_token: Option<String>,
}

impl From<AssignmentsPage> for SparsePage<AccountAssignment> {
    fn from(page: AssignmentsPage) -> Self {
        (page.account_assignments, page.next_token)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Described {
    permission_set: PermissionSet,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PermissionSet {
    name: Option<String>,
}

impl Directory {
    /// AWS: `ListInstances`, all that these credentials may see in the region.
    pub(super) async fn instances(&self, doing: &str) -> Result<Vec<Instance>, Error> {
        let instances = self.list(Paging::default(), doing, async |token, most| {
            let request = self.sso_admin.client().list_instances().max_results(most).set_next_token(token);
            send_page!(request, InstancesPage, "ListInstances", || doing.to_owned())
        });
        instances.await?.complete()
    }

    /// The instance that the identity store belongs to. It is looked for once.
    pub(super) async fn instance_arn(&self) -> Result<&str, Error> {
        let store = &self.identity_store_id;
        let find = async || {
            let instances = self.instances(&format!("find the instance of identity store {store}")).await?;
            let ours = instances.into_iter().find(|instance| instance.identity_store_id.as_deref() == Some(store));
            ours.and_then(|instance| instance.instance_arn).ok_or_else(|| {
                Error::Setup(format!(
                    "No instance of IAM Identity Center in this region that these credentials may see has the identity \
                     store {store}, so account assignments are out of reach. They are managed in the primary region, \
                     from the management account or the delegated administrator."
                ))
            })
        };
        self.sso_admin.instance_arn.get_or_try_init(find).await.map(String::as_str)
    }

    /// AWS: `ListAccountAssignmentsForPrincipal`. Rows of a user may be those of its groups: each says whose it is.
    pub(super) async fn assignments_of(
        &self,
        r#type: PrincipalType,
        id: &str,
        what: &str,
    ) -> Result<Vec<AccountAssignment>, Error> {
        let instance_arn = self.instance_arn().await?;
        let doing = format!("list the account assignments of {what}");
        let assignments = self.list(Paging::default(), &doing, async |token, most| {
            let request = self.sso_admin.client().list_account_assignments_for_principal();
            let request = request.instance_arn(instance_arn).principal_type(principal_type(r#type)).principal_id(id);
            let request = request.max_results(most).set_next_token(token);
            send_page!(request, AssignmentsPage, "ListAccountAssignmentsForPrincipal", || doing.clone())
        });
        match assignments.await {
            // An instance of one account has no permission sets, so nothing is assigned.
            Err(error) if error.is_unsupported() => Ok(Vec::new()),
            assignments => assignments?.complete(),
        }
    }

    /// The names of permission sets by their ARNs, as far as they could be found, and why one is missing.
    pub(super) async fn names_of_permission_sets(
        &self,
        arns: HashSet<String>,
    ) -> (HashMap<String, String>, Option<Error>) {
        let (mut names, mut missing) = (HashMap::new(), None);
        for (arn, name) in self.each(arns, async |arn| self.permission_set_name(arn).await).await {
            match name {
                Ok(name) => names.extend(name.map(|name| (arn, name))),
                Err(Error::Interrupted) => {}
                Err(error) => missing = missing.or(Some(error)),
            }
        }
        (names, missing)
    }

    /// The name of a permission set. It is asked for once.
    pub(super) async fn permission_set_name(&self, arn: &str) -> Result<Option<String>, Error> {
        let known =
            |arn: &str| self.sso_admin.permission_sets.lock().unwrap_or_else(PoisonError::into_inner).get(arn).cloned();
        if let Some(name) = known(arn) {
            return Ok(Some(name));
        }
        self.describe_permission_set(arn).await
    }

    /// AWS: `DescribePermissionSet`, for the name that a permission set has now. One that is gone is an error.
    pub(super) async fn describe_permission_set(&self, arn: &str) -> Result<Option<String>, Error> {
        let request = self.sso_admin.client().describe_permission_set().instance_arn(self.instance_arn().await?);
        let doing = || format!("get permission set {arn}");
        let Described { permission_set } = send!(request.permission_set_arn(arn), "DescribePermissionSet", doing)?;
        if let Some(name) = &permission_set.name {
            let mut names = self.sso_admin.permission_sets.lock().unwrap_or_else(PoisonError::into_inner);
            names.insert(arn.to_owned(), name.clone());
        }
        Ok(permission_set.name)
    }
}

pub(super) fn principal_type(r#type: PrincipalType) -> types::PrincipalType {
    match r#type {
        PrincipalType::User => types::PrincipalType::User,
        PrincipalType::Group => types::PrincipalType::Group,
    }
}
