//! The instance of IAM Identity Center. A file holds one.

use serde_json::{Map, Value, json};

use super::super::members::Members;
use crate::{
    api_error::{ApiError, ErrorCode},
    context::Call,
    page::list_response,
    scenario::CallerLocation,
    store::Directory,
};

/// The region to which the instance was extended, in the scenario `secondary-region`.
const ANOTHER_REGION: &str = "eu-west-1";

/// Lists the instance. One instance fits on any page, so this list has no page tokens.
pub(super) fn list(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    Members::from_input(input).take_page(directory, call)?;
    Ok(list_response("Instances", vec![metadata(directory, call).into()], None))
}

/// Describes the instance. The model has no `ResourceNotFoundException` here, so another instance is one that the caller may
/// not see.
pub(super) fn describe(directory: &Directory, input: Value, call: &Call) -> Result<Value, ApiError> {
    let arn: String = Members::from_input(input).take("InstanceArn")?;
    if arn != directory.identity_store.instance_arn {
        let message = format!(
            "User: {} is not authorized to perform: sso:{} on resource: {arn}",
            call.caller.arn, call.operation
        );
        return Err(ApiError::new(ErrorCode::AccessDenied, message));
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
    if call.scenario.caller_location == CallerLocation::SecondaryRegion {
        regions.push(json!({"RegionName": ANOTHER_REGION, "Status": "ACTIVE", "IsPrimaryRegion": false}));
    }
    instance.insert("Regions".to_owned(), regions.into());
    instance
}
