//! Which permission sets are in which accounts, and who has them there: the lists of sso-admin that are about no user.

use serde::Deserialize;

use super::Directory;
use super::assignments::AssignmentsPage;
use super::call::send;
use super::listing::Paging;
use crate::values::error::Error;
use crate::values::model::AccountAssignment;

/// The answer to `ListPermissionSets` and `ListPermissionSetsProvisionedToAccount`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PermissionSetsPage {
    // An empty list may be left out.
    #[serde(default)]
    permission_sets: Vec<String>,
    next_token: Option<String>,
}

/// The answer to `ListAccountsForProvisionedPermissionSet`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AccountsPage {
    #[serde(default)]
    account_ids: Vec<String>,
    next_token: Option<String>,
}

impl Directory {
    /// AWS: `ListPermissionSets`.
    pub(super) async fn permission_sets(&self) -> Result<Vec<String>, Error> {
        let instance_arn = self.instance_arn().await?;
        let doing = "list the permission sets";
        let sets = self.list(Paging::default(), doing, async |token, most| {
            let request = self.sso_admin.client().list_permission_sets().instance_arn(instance_arn);
            let request = request.max_results(most).set_next_token(token);
            let page: PermissionSetsPage = send!(request, "ListPermissionSets", || doing.to_owned())?;
            Ok((page.permission_sets, page.next_token))
        });
        sets.await?.complete()
    }

    /// AWS: `ListPermissionSetsProvisionedToAccount`.
    pub(super) async fn permission_sets_in(&self, account: &str) -> Result<Vec<String>, Error> {
        let instance_arn = self.instance_arn().await?;
        let doing = format!("list the permission sets of account {account}");
        let sets = self.list(Paging::default(), &doing, async |token, most| {
            let request = self.sso_admin.client().list_permission_sets_provisioned_to_account();
            let request = request.instance_arn(instance_arn).account_id(account);
            let request = request.max_results(most).set_next_token(token);
            let page: PermissionSetsPage = send!(request, "ListPermissionSetsProvisionedToAccount", || doing.clone())?;
            Ok((page.permission_sets, page.next_token))
        });
        sets.await?.complete()
    }

    /// AWS: `ListAccountsForProvisionedPermissionSet`.
    pub(super) async fn accounts_with(&self, set: &str) -> Result<Vec<String>, Error> {
        let instance_arn = self.instance_arn().await?;
        let doing = format!("list the accounts that have permission set {set}");
        let accounts = self.list(Paging::default(), &doing, async |token, most| {
            let request = self.sso_admin.client().list_accounts_for_provisioned_permission_set();
            let request = request.instance_arn(instance_arn).permission_set_arn(set);
            let request = request.max_results(most).set_next_token(token);
            let page: AccountsPage = send!(request, "ListAccountsForProvisionedPermissionSet", || doing.clone())?;
            Ok((page.account_ids, page.next_token))
        });
        accounts.await?.complete()
    }

    /// AWS: `ListAccountAssignments`.
    pub(super) async fn assignments_at(&self, account: &str, set: &str) -> Result<Vec<AccountAssignment>, Error> {
        let instance_arn = self.instance_arn().await?;
        let doing = format!("list who has permission set {set} in account {account}");
        let assignments = self.list(Paging::default(), &doing, async |token, most| {
            let request = self.sso_admin.client().list_account_assignments().instance_arn(instance_arn);
            let request = request.account_id(account).permission_set_arn(set);
            let request = request.max_results(most).set_next_token(token);
            let page: AssignmentsPage = send!(request, "ListAccountAssignments", || doing.clone())?;
            Ok((page.account_assignments, page.next_token))
        });
        assignments.await?.complete()
    }
}
