//! The Test button of an instance.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Command;
use crate::directory::{Directory, Paging};
use crate::values::error::Error;
use crate::values::kinds::Limit;
use crate::values::report::Report;

/// Tests that the instance reaches its identity store and may read it.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct TestModule {}

impl Command for TestModule {
    const NAME: &'static str = "test-module";
    const CALLS: &'static [&'static str] =
        &["ListUsers", "GetUserId", "DescribeUser", "ListGroups", "GetGroupId", "DescribeGroup"];
    type Output = ();

    async fn run(self, directory: &Directory) -> Result<Report<()>, Error> {
        directory.list_users(Paging { limit: Some(Limit(1)), next_token: None }).await?.complete()?;
        directory.check_protection().await?;
        Ok(Report::text("ok"))
    }
}
