//! The request shapes of sso-admin, API version 2020-07-20: instances, permission sets and account assignments.

use crate::shape::{Member, Pattern, Shape, optional, required, text};

static INSTANCE_ARN_TEXT: Pattern =
    Pattern::new("arn:aws(-[a-z]{1,5}){0,3}:sso:::instance/(sso)?ins-[a-zA-Z0-9-.]{16}");
static PERMISSION_SET_ARN_TEXT: Pattern =
    Pattern::new("arn:aws(-[a-z]{1,5}){0,3}:sso:::permissionSet/(sso)?ins-[a-zA-Z0-9-.]{16}/ps-[a-zA-Z0-9-./]{16}");
static ACCOUNT_ID_TEXT: Pattern = Pattern::new(r"\d{12}");
static PRINCIPAL_ID_TEXT: Pattern =
    Pattern::new("([0-9a-f]{10}-|)[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}");
static REQUEST_ID_TEXT: Pattern = Pattern::new(r"\b[0-9a-f]{8}\b-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-\b[0-9a-f]{12}\b");
static TOKEN_TEXT: Pattern = Pattern::new("[-a-zA-Z0-9+=/_]*");

static INSTANCE_ARN: Shape = text(10, 1224, &INSTANCE_ARN_TEXT);
static PERMISSION_SET_ARN: Shape = text(10, 1224, &PERMISSION_SET_ARN_TEXT);
static ACCOUNT_ID: Shape = text(12, 12, &ACCOUNT_ID_TEXT);
static PRINCIPAL_ID: Shape = text(1, 47, &PRINCIPAL_ID_TEXT);
static REQUEST_ID: Shape = text(36, 36, &REQUEST_ID_TEXT);
static NEXT_TOKEN: Shape = text(0, 2048, &TOKEN_TEXT);
static MAX_RESULTS: Shape = Shape::Integer { min: 1, max: 100 };
static PRINCIPAL_TYPE: Shape = Shape::Enum(&["USER", "GROUP"]);
static TARGET_TYPE: Shape = Shape::Enum(&["AWS_ACCOUNT"]);
static REGION_SCOPE: Shape = Shape::Enum(&["CURRENT_REGION", "ALL_REGIONS"]);
static STATUS: Shape = Shape::Enum(&["IN_PROGRESS", "FAILED", "SUCCEEDED"]);
static PROVISIONING_STATUS: Shape =
    Shape::Enum(&["LATEST_PERMISSION_SET_PROVISIONED", "LATEST_PERMISSION_SET_NOT_PROVISIONED"]);
static ACCOUNT_FILTER: Shape = Shape::Structure(&[optional("AccountId", &ACCOUNT_ID)]);
static STATUS_FILTER: Shape = Shape::Structure(&[optional("Status", &STATUS)]);

const INSTANCE: Member = required("InstanceArn", &INSTANCE_ARN);
const PERMISSION_SET: Member = required("PermissionSetArn", &PERMISSION_SET_ARN);
const ACCOUNT: Member = required("AccountId", &ACCOUNT_ID);
const LIMIT: Member = optional("MaxResults", &MAX_RESULTS);
const TOKEN: Member = optional("NextToken", &NEXT_TOKEN);
const PROVISIONING: Member = optional("ProvisioningStatus", &PROVISIONING_STATUS);

/// Creating and deleting an account assignment have the same members.
pub(super) static CHANGE_ACCOUNT_ASSIGNMENT: Shape = Shape::Structure(&[
    INSTANCE,
    required("TargetId", &ACCOUNT_ID),
    required("TargetType", &TARGET_TYPE),
    PERMISSION_SET,
    required("PrincipalType", &PRINCIPAL_TYPE),
    required("PrincipalId", &PRINCIPAL_ID),
]);
pub(super) static DESCRIBE_CREATION_STATUS: Shape =
    Shape::Structure(&[INSTANCE, required("AccountAssignmentCreationRequestId", &REQUEST_ID)]);
pub(super) static DESCRIBE_DELETION_STATUS: Shape =
    Shape::Structure(&[INSTANCE, required("AccountAssignmentDeletionRequestId", &REQUEST_ID)]);
pub(super) static DESCRIBE_INSTANCE: Shape = Shape::Structure(&[INSTANCE]);
pub(super) static DESCRIBE_PERMISSION_SET: Shape = Shape::Structure(&[INSTANCE, PERMISSION_SET]);
pub(super) static LIST_ACCOUNT_ASSIGNMENTS: Shape =
    Shape::Structure(&[INSTANCE, ACCOUNT, PERMISSION_SET, LIMIT, TOKEN]);
pub(super) static LIST_ACCOUNT_ASSIGNMENTS_FOR_PRINCIPAL: Shape = Shape::Structure(&[
    INSTANCE,
    required("PrincipalId", &PRINCIPAL_ID),
    required("PrincipalType", &PRINCIPAL_TYPE),
    optional("Filter", &ACCOUNT_FILTER),
    TOKEN,
    LIMIT,
]);
pub(super) static LIST_ACCOUNTS_FOR_PROVISIONED_PERMISSION_SET: Shape =
    Shape::Structure(&[INSTANCE, PERMISSION_SET, PROVISIONING, LIMIT, TOKEN]);
pub(super) static LIST_INSTANCES: Shape = Shape::Structure(&[LIMIT, TOKEN, optional("RegionScope", &REGION_SCOPE)]);
pub(super) static LIST_PERMISSION_SETS: Shape = Shape::Structure(&[INSTANCE, TOKEN, LIMIT]);
pub(super) static LIST_PERMISSION_SETS_PROVISIONED_TO_ACCOUNT: Shape =
    Shape::Structure(&[INSTANCE, ACCOUNT, PROVISIONING, LIMIT, TOKEN]);
/// The status lists of creations and of deletions have the same members.
pub(super) static LIST_STATUS: Shape = Shape::Structure(&[INSTANCE, LIMIT, TOKEN, optional("Filter", &STATUS_FILTER)]);
