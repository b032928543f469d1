//! The parameters of an XSOAR instance: the fields, in their order, are those of the configuration dialogue. A title is
//! the display text, a doc comment the help text, and `xsoar` holds what else integration.yml says of it.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use zeroize::Zeroize as _;

use super::arguments::{ArgumentError, Arguments, Problem, decode_lenient};
use super::context::Layout;
use super::ids::IdentityStoreId;
use super::kinds::{EndpointUrl, Region, Retries, RoleArn, SessionDuration, SessionName, Timeout};
use super::secret::wipe;

/// The parameters as the server sends them. Each is checked; how they fit together is `Settings`' to say.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Params {
    /// The role to assume for every command. Leave empty to use the keys, or the host's own credentials, directly.
    #[schemars(title = "Role Arn", extend("xsoar" = {"type": 0, "section": "Connect"}))]
    pub(super) role_arn: Option<RoleArn>,
    /// The role to assume, as credentials of other AWS integrations hold it.
    #[schemars(with = "Option<String>", extend("xsoar" = {
        "type": 9, "section": "Connect", "hidden": true, "hiddenusername": true, "displaypassword": "Role Arn"
    }))]
    pub(super) role_arn_credentials: Option<Map<String, Value>>,
    /// The name that AWS's logs show for the sessions of the role.
    #[schemars(title = "Role Session Name", extend("xsoar" = {"type": 0, "section": "Connect"}))]
    pub(super) role_session_name: Option<SessionName>,
    /// The AWS region of IAM Identity Center.
    #[schemars(title = "AWS Default Region", extend("xsoar" = {
        "type": 15, "section": "Connect", "required": true, "options": "regions"
    }))]
    pub(super) default_region: Option<Region>,
    /// How long an assumed role lasts, in seconds: 900 to 43200, and no longer than the role allows.
    #[schemars(title = "Role Session Duration", extend("xsoar" = {"type": 0, "section": "Connect"}))]
    pub(super) session_duration: Option<SessionDuration>,
    /// The identity store's id (d- and ten characters) or ARN. Leave empty to have it found, if there is exactly one.
    #[serde(rename = "IdentityStoreId")]
    #[schemars(title = "Identity Store ID", extend("xsoar" = {"type": 0, "section": "Connect"}))]
    pub(super) identity_store_id: Option<IdentityStoreId>,
    /// The access key and the secret key. A session token follows the secret key after @@@. Leave empty to use the
    /// host's own credentials.
    #[schemars(title = "Access Key", with = "Option<String>", extend("xsoar" = {
        "type": 9, "section": "Connect", "displaypassword": "Secret Key"
    }))]
    pub(super) credentials: Option<Map<String, Value>>,
    /// The access key, as instances without a credentials object hold it.
    #[serde(rename = "access_key")]
    #[schemars(title = "Access Key", extend("xsoar" = {"type": 4, "section": "Connect", "hidden": true}))]
    pub(super) access_key: Option<String>,
    /// The secret key, as instances without a credentials object hold it.
    #[serde(rename = "secret_key")]
    #[schemars(title = "Secret Key", extend("xsoar" = {"type": 4, "section": "Connect", "hidden": true}))]
    pub(super) secret_key: Option<String>,
    /// The time in seconds until a timeout is reached: the read timeout alone (for example 60), which bounds one
    /// attempt, or the connect timeout after a comma as well (for example 60,10). The connect timeout is 10 seconds
    /// if it is not given.
    #[schemars(title = "Timeout", extend("xsoar" = {
        "type": 0, "section": "Connect", "advanced": true, "defaultvalue": "60,10"
    }))]
    pub(super) timeout: Option<Timeout>,
    /// How often a call is repeated when the connection fails or AWS limits the calls: 0 (never) to 10. More retries
    /// make a failing command take longer.
    #[schemars(title = "Retries", extend("xsoar" = {
        "type": 0, "section": "Connect", "advanced": true, "defaultvalue": "5"
    }))]
    pub(super) retries: Option<Retries>,
    /// Whether STS is called at its regional endpoint (the default) or at the global one (legacy).
    #[serde(rename = "sts_regional_endpoint")]
    #[schemars(title = "AWS STS Regional Endpoints", extend("xsoar" = {
        "type": 15, "section": "Connect", "advanced": true
    }))]
    pub(super) sts_regional_endpoint: Option<StsRegionalEndpoint>,
    /// An address that is called instead of AWS's own, such as a VPC endpoint.
    #[serde(rename = "endpoint_url")]
    #[schemars(title = "Endpoint URL", extend("xsoar" = {"type": 0, "section": "Connect", "advanced": true}))]
    pub(super) endpoint_url: Option<EndpointUrl>,
    /// An address that is called instead of AWS's own for STS, where it is not the endpoint URL.
    #[serde(rename = "sts_endpoint_url")]
    #[schemars(title = "STS Endpoint URL", extend("xsoar" = {"type": 0, "section": "Connect", "advanced": true}))]
    pub(super) sts_endpoint_url: Option<EndpointUrl>,
    /// The context paths: AWS.IAM.IdentityCenter as documented, or AWS.IAMIdentityCenter as the Marketplace pack has
    /// them.
    #[schemars(title = "Context paths", extend("xsoar" = {
        "type": 15, "section": "Connect", "advanced": true, "defaultvalue": "AWS.IAM.IdentityCenter"
    }))]
    pub(super) context_paths: Option<Layout>,
    /// Users that no command may change, such as break-glass accounts: a comma list of user names or ids. Letter case,
    /// width and composition of letters do not matter.
    #[schemars(title = "Protected users", extend("xsoar" = {"type": 0, "section": "Connect", "advanced": true}))]
    pub(super) protected_users: Vec<String>,
    /// Groups that no command may change, by themselves or by their memberships: a comma list or a JSON list of names or
    /// ids. Letter case, width and composition of letters, and spaces at the ends do not matter.
    #[schemars(title = "Protected groups", extend("xsoar" = {"type": 0, "section": "Connect", "advanced": true}))]
    pub(super) protected_groups: Vec<String>,
    #[schemars(title = "Trust any certificate (not secure)", extend("xsoar" = {
        "type": 8, "section": "Connect", "advanced": true
    }))]
    pub(super) insecure: bool,
    #[schemars(title = "Use system proxy settings", extend("xsoar" = {
        "type": 8, "section": "Connect", "advanced": true
    }))]
    pub(super) proxy: bool,
}

/// Which endpoint of STS is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum StsRegionalEndpoint {
    Legacy,
    Regional,
}

impl Params {
    pub(crate) fn decode(raw: &Arguments) -> Result<Self, ArgumentError> {
        decode_lenient(raw)
    }

    /// The context paths that the instance uses.
    pub(crate) fn layout(&self) -> Layout {
        self.context_paths.unwrap_or_default()
    }

    /// Overwrites the keys, which are read no more.
    pub(super) fn wipe(&mut self) {
        self.access_key.zeroize();
        self.secret_key.zeroize();
        [&mut self.credentials, &mut self.role_arn_credentials].into_iter().flatten().for_each(wipe);
    }

    /// The role's ARN, from either place.
    pub(super) fn role(&mut self) -> Result<Option<RoleArn>, ArgumentError> {
        let name = "roleArnCredentials";
        match (self.role_arn.take(), member(name, self.role_arn_credentials.as_ref(), "password")?) {
            (Some(role), _) => Ok(Some(role)),
            (None, Some(text)) => {
                let role = RoleArn::try_from(text);
                role.map(Some).map_err(|error| ArgumentError::from(Problem::Custom(error)).at(name))
            }
            (None, None) => Ok(None),
        }
    }

    /// The access key and the secret key, from either place; one without the other is an error.
    pub(super) fn keys(&self) -> Result<Option<(String, String)>, ArgumentError> {
        let own = |key| member("credentials", self.credentials.as_ref(), key);
        let pairs = [
            ("credentials", own("identifier")?, own("password")?),
            ("access_key and secret_key", self.access_key.clone(), self.secret_key.clone()),
        ];
        for (name, access_key, secret_key) in pairs {
            let lacking = match (access_key, secret_key) {
                (Some(access_key), Some(secret_key)) => return Ok(Some((access_key, secret_key))),
                (None, None) => continue,
                (Some(_), None) => "an access key without a secret key",
                (None, Some(_)) => "a secret key without an access key",
            };
            let problem = Problem::Custom(format!("holds {lacking}: give both, or neither to use the host's own"));
            return Err(ArgumentError::from(problem).at(name));
        }
        Ok(None)
    }
}

/// A text within a parameter of credentials. What is there and is no text must not count as absent: then others would
/// serve in its place.
fn member(
    parameter: &str,
    credentials: Option<&Map<String, Value>>,
    name: &str,
) -> Result<Option<String>, ArgumentError> {
    let text = match credentials.and_then(|credentials| credentials.get(name)) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        Some(_) => {
            let problem = Problem::Custom(format!("must hold a text as its {name}"));
            return Err(ArgumentError::from(problem).at(parameter));
        }
    };
    Ok(Some(text).filter(|text| !text.is_empty()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn params(value: &Value) -> Params {
        Params::decode(value.as_object().unwrap()).unwrap()
    }

    #[test]
    fn keys_that_were_read_are_overwritten_wherever_they_stood() {
        let mut params = params(&json!({
            "access_key": "an access key",
            "secret_key": "a secret key",
            "credentials": {"identifier": "an identifier", "password": "a password"},
            "roleArnCredentials": {"password": "arn:aws:iam::123456789012:role/Name"},
        }));
        params.wipe();
        let shown = format!("{params:?}");
        for word in ["an access key", "a secret key", "an identifier", "a password", "role/Name"] {
            assert!(!shown.contains(word), "{word}: {shown}");
        }
    }

    #[test]
    fn one_key_without_the_other_is_an_error_that_says_which() {
        let keys = |value: Value| params(&value).keys().map_err(|error| error.to_string());
        assert_eq!(keys(json!({})), Ok(None));
        let both = Ok(Some(("id".to_owned(), "secret".to_owned())));
        assert_eq!(keys(json!({"credentials": {"identifier": " id ", "password": "secret"}})), both);
        assert_eq!(keys(json!({"access_key": "id", "secret_key": "secret", "credentials": {}})), both);
        let half = keys(json!({"credentials": {"identifier": "id", "password": " "}})).unwrap_err();
        assert!(half.contains("credentials") && half.contains("an access key without a secret key"), "{half}");
        let half = keys(json!({"secret_key": "secret"})).unwrap_err();
        assert!(half.contains("access_key and secret_key") && half.contains("a secret key without"), "{half}");
        let number = keys(json!({"credentials": {"identifier": 5, "password": ["x"]}})).unwrap_err();
        assert!(number.contains("must hold a text as its password"), "{number}");
    }
}
