//! Which permission sets are in which accounts, and who has them there: the lists of sso-admin that are about no user.

use serde::Deserialize;

use super::Directory;
use super::assignments::AssignmentsPage;
use super::call::send_page;
use super::listing::Paging;
use super::page::SparsePage;
use crate::values::error::Error;
use crate::values::model::AccountAssignment;

/// The answer to `ListPermissionSets` and `ListPermissionSetsProvisionedToAccount`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PermissionSetsPage {
    permission_sets: Option<Vec<String>>,
    next_token: Option<String>,
}

impl From<PermissionSetsPage> for SparsePage<String> {
    fn from(page: PermissionSetsPage) -> Self {
        (page.permission_sets, page.next_token)
    }
}

/// The answer to `ListAccountsForProvisionedPermissionSet`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AccountsPage {
    account_ids: Option<Vec<String>>,
    next_token: Option<String>,
}

impl From<AccountsPage> for SparsePage<String> {
    fn from(page: AccountsPage) -> Self {
        (page.account_ids, page.next_token)
    }
}

impl Directory {
    /// AWS: `ListPermissionSets`.
    pub(super) async fn permission_sets(&self) -> Result<Vec<String>, Error> {
        let instance_arn = self.instance_arn().await?;
        let doing = "list the permission sets";
        let sets = self.list(Paging::default(), doing, async |token, most| {
            let request = self.sso_admin.client().list_permission_sets().instance_arn(instance_arn);
            let request = request.max_results(most).set_next_token(token);
            send_page!(request, PermissionSetsPage, "ListPermissionSets", || doing.to_owned())
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
            send_page!(request, PermissionSetsPage, "ListPermissionSetsProvisionedToAccount", || doing.clone())
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
            send_page!(request, AccountsPage, "ListAccountsForProvisionedPermissionSet", || doing.clone())
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
            send_page!(request, AssignmentsPage, "ListAccountAssignments", || doing.clone())
        });
        assignments.await?.complete()
    }
}
