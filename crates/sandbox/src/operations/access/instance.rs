//! The instance of IAM Identity Center, of which a file holds one.

use serde_json::{Map, Value, json};

use super::super::lookup::Input;
use crate::{
    api_error::{ApiError, Code},
    context::Call,
    scenario::Place,
    store::Directory,
    wire,
};

/// Where the instance was extended to, when the scenario says that it was.
const ANOTHER_REGION: &str = "eu-west-1";

/// One instance fits on any page, so that no page token of this list was ever given out.
pub(super) fn list(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    Input::without_store(input).page(directory, call)?;
    Ok(wire::list("Instances", vec![metadata(directory, call).into()], None))
}

/// The model knows no `ResourceNotFoundException` here: another's instance is one that may not be seen.
pub(super) fn describe(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let arn: String = Input::without_store(input).take("InstanceArn")?;
    if arn != directory.identity_store.instance_arn {
        let message =
            format!("User: {} is not authorized to perform: sso:DescribeInstance on resource: {arn}", call.caller);
        return Err(ApiError::new(Code::AccessDenied, message));
    }
    let mut instance = metadata(directory, call);
    let encryption = json!({"KeyType": "AWS_OWNED_KMS_KEY", "EncryptionStatus": "ENABLED"});
    instance.insert("EncryptionConfigurationDetails".to_owned(), encryption);
    instance.insert("NetworkConfigurationDetails".to_owned(), json!({"VpceAccessRequired": false}));
    instance.insert("PermissionSetsEnabled".to_owned(), true.into());
    Ok(instance.into())
}

fn metadata(directory: &Directory, call: &Call) -> Map<String, Value> {
    let store = &directory.identity_store;
    let created = store.instance_created_date;
    let mut region = json!({"RegionName": store.primary_region, "Status": "ACTIVE", "IsPrimaryRegion": true});
    let members = [
        ("InstanceArn", store.instance_arn.clone()),
        ("IdentityStoreId", store.identity_store_id.clone()),
        ("IdentityStoreArn", store.arn()),
        ("OwnerAccountId", store.owner_account_id.clone()),
        ("PrimaryRegion", store.primary_region.clone()),
        ("Status", "ACTIVE".to_owned()),
    ];
    let mut instance: Map<_, _> = members.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    if let Some(name) = &store.instance_name {
        instance.insert("Name".to_owned(), name.clone().into());
    }
    if let Some(created) = created {
        instance.insert("CreatedDate".to_owned(), created.to_wire());
        region["AddedDate"] = created.to_wire();
    }
    let mut regions = vec![region];
    if call.scenario.place == Place::SecondaryRegion {
        regions.push(json!({"RegionName": ANOTHER_REGION, "Status": "ACTIVE", "IsPrimaryRegion": false}));
    }
    instance.insert("Regions".to_owned(), regions.into());
    instance
}
