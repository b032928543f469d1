//! The sample directory, and the constants that its clients need.

/// The sample directory in the format of the file, checked in for people to read.
pub(crate) const TEXT: &str = include_str!("sample.json");

/// The primary region of the sample directory and of generated ones.
pub const REGION: &str = "us-east-1";
/// The identity store of the sample directory and of generated ones.
pub const IDENTITY_STORE_ID: &str = "d-9067f2a1b3";
/// The account that owns the identity store.
pub(crate) const ACCOUNT_ID: &str = "111122223333";
/// The instance of IAM Identity Center that the identity store belongs to.
pub(crate) const INSTANCE_ARN: &str = "arn:aws:sso:::instance/ssoins-7223a1b2c3d4e5f6";
/// The sandbox's access key. Any other is accepted too, unless the scenario has the setting `signatures`.
pub const ACCESS_KEY_ID: &str = "AKIASANDBOX000000000";
/// The secret of [`ACCESS_KEY_ID`], which protects nothing.
pub const SECRET_ACCESS_KEY: &str = "sandbox/not/a/secret/0000000000000000000";
