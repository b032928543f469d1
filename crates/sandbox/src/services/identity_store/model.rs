//! The request shapes of Identity Store, API version 2020-06-15.

use crate::shape::{Member, Pattern, Shape, attribute_list, list, optional, required, text};

/// The text of most attributes.
static SENSITIVE_TEXT: Pattern = Pattern::new("[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\t\\n\\r \u{a0}\u{3000}]+");
/// The text of user names and external ids, without white space.
static NAME_TEXT: Pattern = Pattern::new(r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+");
static ATTRIBUTE_PATH_TEXT: Pattern =
    Pattern::new(r"(?:\p{L}+:\p{L}+:\p{L}+(?:\.\p{L}+){0,3}|\p{L}+(?:\.\p{L}+){0,2})");
static EXTENSION_NAME_TEXT: Pattern = Pattern::new("aws:identitystore:[a-z]{1,20}");
static IDENTITY_STORE_ID_TEXT: Pattern = Pattern::new(
    r"(arn:aws[a-z-]*:identitystore::\d{12}:identitystore/)?(d-[0-9a-f]{10}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
);
static RESOURCE_ID_TEXT: Pattern = Pattern::new(
    "(arn:aws[a-z-]*:identitystore:::(user|group|membership)/)?([0-9a-f]{10}-|)[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}",
);
static REVISION_TEXT: Pattern = Pattern::new("[0-9]+");
static NEXT_TOKEN_TEXT: Pattern = Pattern::new("[-a-zA-Z0-9+=/:_]*");
static VPC_ARN_TEXT: Pattern = Pattern::new(
    "(arn:aws(-[a-z]{1,5}){0,3}:ec2:[a-z]{2,4}(-[a-z]{1,10}){1,3}-[0-9]{1,2}:[0-9]{12}:vpc/)?vpc-([0-9a-f]){8}(([0-9a-f]){9})?",
);
static IP_CIDR_TEXT: Pattern = Pattern::new(concat!(
    r"((([0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])\.){3}",
    r"([0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])(\/(3[0-2]|[1-2][0-9]|[0-9]))?|",
    "(([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,7}:|",
    "([0-9a-fA-F]{1,4}:){1,6}:[0-9a-fA-F]{1,4}|",
    "([0-9a-fA-F]{1,4}:){1,5}(:[0-9a-fA-F]{1,4}){1,2}|",
    "([0-9a-fA-F]{1,4}:){1,4}(:[0-9a-fA-F]{1,4}){1,3}|",
    "([0-9a-fA-F]{1,4}:){1,3}(:[0-9a-fA-F]{1,4}){1,4}|",
    "([0-9a-fA-F]{1,4}:){1,2}(:[0-9a-fA-F]{1,4}){1,5}|",
    "[0-9a-fA-F]{1,4}:(:[0-9a-fA-F]{1,4}){1,6}|",
    r":((:[0-9a-fA-F]{1,4}){1,7}|:))(\/(12[0-8]|1[0-1][0-9]|[1-9][0-9]|[0-9]))?)",
));

static SENSITIVE_STRING: Shape = text(1, 1024, &SENSITIVE_TEXT);
static USER_NAME: Shape = text(1, 128, &NAME_TEXT);
static GROUP_DISPLAY_NAME: Shape = text(1, 1024, &SENSITIVE_TEXT);
static EXTERNAL_ID_PART: Shape = text(1, 256, &NAME_TEXT);
static ATTRIBUTE_PATH: Shape = text(1, 255, &ATTRIBUTE_PATH_TEXT);
static EXTENSION_NAME: Shape = text(1, 50, &EXTENSION_NAME_TEXT);
static IDENTITY_STORE_ID: Shape = text(1, 93, &IDENTITY_STORE_ID_TEXT);
static RESOURCE_ID: Shape = text(1, 100, &RESOURCE_ID_TEXT);
static REVISION: Shape = text(1, 64, &REVISION_TEXT);
static NEXT_TOKEN: Shape = text(1, 65_535, &NEXT_TOKEN_TEXT);
static VPC_ARN: Shape = text(12, 128, &VPC_ARN_TEXT);
static IP_CIDR: Shape = text(2, 43, &IP_CIDR_TEXT);
static MAX_RESULTS: Shape = Shape::Integer { min: 1, max: 100 };

static NAME: Shape = Shape::Structure(&[
    optional("Formatted", &SENSITIVE_STRING),
    optional("FamilyName", &SENSITIVE_STRING),
    optional("GivenName", &SENSITIVE_STRING),
    optional("MiddleName", &SENSITIVE_STRING),
    optional("HonorificPrefix", &SENSITIVE_STRING),
    optional("HonorificSuffix", &SENSITIVE_STRING),
]);
/// E-mail addresses, phone numbers and roles have the same members.
static TYPED_VALUE: Shape = Shape::Structure(&[
    optional("Value", &SENSITIVE_STRING),
    optional("Type", &SENSITIVE_STRING),
    optional("Primary", &Shape::Boolean),
]);
static ADDRESS: Shape = Shape::Structure(&[
    optional("StreetAddress", &SENSITIVE_STRING),
    optional("Locality", &SENSITIVE_STRING),
    optional("Region", &SENSITIVE_STRING),
    optional("PostalCode", &SENSITIVE_STRING),
    optional("Country", &SENSITIVE_STRING),
    optional("Formatted", &SENSITIVE_STRING),
    optional("Type", &SENSITIVE_STRING),
    optional("Primary", &Shape::Boolean),
]);
static PHOTO: Shape = Shape::Structure(&[
    required("Value", &SENSITIVE_STRING),
    optional("Type", &SENSITIVE_STRING),
    optional("Display", &SENSITIVE_STRING),
    optional("Primary", &Shape::Boolean),
]);
static EMAILS: Shape = attribute_list(&TYPED_VALUE, 1);
static PHONE_NUMBERS: Shape = attribute_list(&TYPED_VALUE, 1);
static ROLES: Shape = attribute_list(&TYPED_VALUE, 1);
static ADDRESSES: Shape = attribute_list(&ADDRESS, 1);
static PHOTOS: Shape = attribute_list(&PHOTO, 3);
static EXTENSIONS: Shape = Shape::Map { key: &EXTENSION_NAME, value: &Shape::Document, min: 1, max: 10 };
static EXTENSION_NAMES: Shape = list(&EXTENSION_NAME, 1, 10);

/// The name of the only extension.
pub(super) const ENTERPRISE: &str = "aws:identitystore:enterprise";

/// The members of the enterprise extension, which AWS's model has as a document.
pub(super) static ENTERPRISE_EXTENSION: Shape = Shape::Structure(&[
    optional("employeeNumber", &SENSITIVE_STRING),
    optional("costCenter", &SENSITIVE_STRING),
    optional("organization", &SENSITIVE_STRING),
    optional("division", &SENSITIVE_STRING),
    optional("department", &SENSITIVE_STRING),
    optional("manager", &MANAGER),
]);
static MANAGER: Shape = Shape::Structure(&[optional("value", &RESOURCE_ID)]);

static EXTERNAL_ID: Shape =
    Shape::Structure(&[required("Issuer", &EXTERNAL_ID_PART), required("Id", &EXTERNAL_ID_PART)]);
static UNIQUE_ATTRIBUTE: Shape =
    Shape::Structure(&[required("AttributePath", &ATTRIBUTE_PATH), required("AttributeValue", &Shape::Document)]);
static ALTERNATE_IDENTIFIER: Shape =
    Shape::Union(&[optional("ExternalId", &EXTERNAL_ID), optional("UniqueAttribute", &UNIQUE_ATTRIBUTE)]);
static MEMBER_ID: Shape = Shape::Union(&[optional("UserId", &RESOURCE_ID)]);
static GROUP_IDS: Shape = list(&RESOURCE_ID, 1, 100);
static FILTER: Shape =
    Shape::Structure(&[required("AttributePath", &ATTRIBUTE_PATH), required("AttributeValue", &SENSITIVE_STRING)]);
static FILTERS: Shape = list(&FILTER, 0, 1);
static ATTRIBUTE_OPERATION: Shape =
    Shape::Structure(&[required("AttributePath", &ATTRIBUTE_PATH), optional("AttributeValue", &Shape::Document)]);
static ATTRIBUTE_OPERATIONS: Shape = list(&ATTRIBUTE_OPERATION, 1, 100);
static VPC_ARNS: Shape = list(&VPC_ARN, 1, 50);
static IP_CIDRS: Shape = list(&IP_CIDR, 1, 50);
static NETWORK_CONFIGURATION: Shape = Shape::Structure(&[
    required("VpceAccessRequired", &Shape::Boolean),
    optional("ApiRestrictSourceVpcs", &VPC_ARNS),
    optional("ApiAllowSourceIps", &IP_CIDRS),
    optional("ScimAllowSourceIps", &IP_CIDRS),
]);

const STORE: Member = required("IdentityStoreId", &IDENTITY_STORE_ID);
const USER: Member = required("UserId", &RESOURCE_ID);
const GROUP: Member = required("GroupId", &RESOURCE_ID);
const MEMBERSHIP: Member = required("MembershipId", &RESOURCE_ID);
const MEMBER: Member = required("MemberId", &MEMBER_ID);
const ALTERNATE: Member = required("AlternateIdentifier", &ALTERNATE_IDENTIFIER);
const OPERATIONS: Member = required("Operations", &ATTRIBUTE_OPERATIONS);
const EXPECTED_REVISION: Member = optional("Revision", &REVISION);
const LIMIT: Member = optional("MaxResults", &MAX_RESULTS);
const TOKEN: Member = optional("NextToken", &NEXT_TOKEN);
const FILTER_LIST: Member = optional("Filters", &FILTERS);
const WANTED_EXTENSIONS: Member = optional("Extensions", &EXTENSION_NAMES);

pub(super) static CREATE_GROUP: Shape = Shape::Structure(&[
    STORE,
    optional("DisplayName", &GROUP_DISPLAY_NAME),
    optional("Description", &SENSITIVE_STRING),
]);
pub(super) static CREATE_GROUP_MEMBERSHIP: Shape = Shape::Structure(&[STORE, GROUP, MEMBER]);
pub(super) static CREATE_USER: Shape = Shape::Structure(&[
    STORE,
    optional("UserName", &USER_NAME),
    optional("Name", &NAME),
    optional("DisplayName", &SENSITIVE_STRING),
    optional("NickName", &SENSITIVE_STRING),
    optional("ProfileUrl", &SENSITIVE_STRING),
    optional("Emails", &EMAILS),
    optional("Addresses", &ADDRESSES),
    optional("PhoneNumbers", &PHONE_NUMBERS),
    optional("UserType", &SENSITIVE_STRING),
    optional("Title", &SENSITIVE_STRING),
    optional("PreferredLanguage", &SENSITIVE_STRING),
    optional("Locale", &SENSITIVE_STRING),
    optional("Timezone", &SENSITIVE_STRING),
    optional("Photos", &PHOTOS),
    optional("Website", &SENSITIVE_STRING),
    optional("Birthdate", &SENSITIVE_STRING),
    optional("Roles", &ROLES),
    optional("Extensions", &EXTENSIONS),
]);
pub(super) static DELETE_GROUP: Shape = Shape::Structure(&[STORE, GROUP, EXPECTED_REVISION]);
pub(super) static DELETE_GROUP_MEMBERSHIP: Shape = Shape::Structure(&[STORE, MEMBERSHIP]);
pub(super) static DELETE_USER: Shape = Shape::Structure(&[STORE, USER, EXPECTED_REVISION]);
pub(super) static DESCRIBE_GROUP: Shape = Shape::Structure(&[STORE, GROUP]);
pub(super) static DESCRIBE_GROUP_MEMBERSHIP: Shape = Shape::Structure(&[STORE, MEMBERSHIP]);
pub(super) static DESCRIBE_IDENTITY_STORE: Shape = Shape::Structure(&[STORE]);
pub(super) static DESCRIBE_USER: Shape = Shape::Structure(&[STORE, USER, WANTED_EXTENSIONS]);
pub(super) static GET_GROUP_ID: Shape = Shape::Structure(&[STORE, ALTERNATE]);
pub(super) static GET_GROUP_MEMBERSHIP_ID: Shape = Shape::Structure(&[STORE, GROUP, MEMBER]);
pub(super) static GET_USER_ID: Shape = Shape::Structure(&[STORE, ALTERNATE]);
pub(super) static IS_MEMBER_IN_GROUPS: Shape = Shape::Structure(&[STORE, MEMBER, required("GroupIds", &GROUP_IDS)]);
pub(super) static LIST_GROUP_MEMBERSHIPS: Shape = Shape::Structure(&[STORE, GROUP, LIMIT, TOKEN]);
pub(super) static LIST_GROUP_MEMBERSHIPS_FOR_MEMBER: Shape = Shape::Structure(&[STORE, MEMBER, LIMIT, TOKEN]);
pub(super) static LIST_GROUPS: Shape = Shape::Structure(&[STORE, LIMIT, TOKEN, FILTER_LIST]);
pub(super) static LIST_IDENTITY_STORES: Shape = Shape::Structure(&[LIMIT, TOKEN]);
pub(super) static LIST_USERS: Shape = Shape::Structure(&[STORE, WANTED_EXTENSIONS, LIMIT, TOKEN, FILTER_LIST]);
pub(super) static UPDATE_GROUP: Shape = Shape::Structure(&[STORE, GROUP, OPERATIONS, EXPECTED_REVISION]);
pub(super) static UPDATE_IDENTITY_STORE: Shape =
    Shape::Structure(&[STORE, optional("NetworkConfiguration", &NETWORK_CONFIGURATION)]);
pub(super) static UPDATE_USER: Shape = Shape::Structure(&[STORE, USER, OPERATIONS, EXPECTED_REVISION]);
