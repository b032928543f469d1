//! Denials of IAM (AWS: IAM User Guide, "Troubleshoot access denied error messages").

use super::ServiceError;
use super::reason::Reason;
use crate::values::service::action;

/// The policies that may deny a call, or have to allow it, in AWS's words.
const POLICIES: [&str; 8] = [
    "service control policy",
    "resource control policy",
    "permissions boundary",
    "session policy",
    "VPC endpoint policy",
    TRUST,
    RESOURCE_BASED,
    IDENTITY_BASED,
];

const TRUST: &str = "role trust policy";
const RESOURCE_BASED: &str = "resource-based policy";
const IDENTITY_BASED: &str = "identity-based policy";
const ANY_POLICY: &str = "policy that denies it: a service control policy, a permissions boundary or the like";

/// A denial, as far as its message explains it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Denial<'m> {
    /// The action that was denied. AWS may check another than the operation's own, such as `kms:Decrypt`.
    action: Option<&'m str>,
    /// Whether a policy denies it, so that no other can allow it.
    is_explicit: bool,
    /// The policy that denies it, or does not allow it.
    policy: Option<&'static str>,
}

impl<'m> Denial<'m> {
    pub(super) fn of(message: &'m str) -> Self {
        let named = |text: &str| POLICIES.into_iter().find(|policy| text.trim_start().starts_with(policy));
        let explicit = message.split_once("explicit deny");
        let policy = match explicit {
            Some((_, rest)) => {
                let rest = rest.trim_start().strip_prefix("in ").unwrap_or_default();
                named(rest.trim_start_matches("an ").trim_start_matches("a "))
            }
            None => message.split_once("because no ").and_then(|(_, rest)| named(rest)),
        };
        Self { action: denied_action(message), is_explicit: explicit.is_some(), policy }
    }

    pub(super) fn is_explicit(&self) -> bool {
        self.is_explicit
    }

    pub(super) fn is_about_the_key(&self) -> bool {
        self.action.is_some_and(|action| action.starts_with("kms:"))
    }

    /// Returns what helps against it. An explicit deny is not helped by allowing the action.
    pub(super) fn advice(&self, operation: &str, is_about_the_key: bool) -> String {
        let asked = if is_about_the_key { "kms:Decrypt".to_owned() } else { action(operation) };
        let action = self.action.filter(|_| self.is_about_the_key() == is_about_the_key).unwrap_or(&asked);
        if self.is_explicit {
            let policy = self.policy.unwrap_or(ANY_POLICY);
            return format!(
                "A policy denies {action} explicitly, so that allowing it does not help. Have that changed in the {policy}."
            );
        }
        let own = match operation {
            _ if is_about_the_key => return Reason::KeyDenied.advice().replace("kms:Decrypt", action),
            "AssumeRole" => [IDENTITY_BASED, TRUST, RESOURCE_BASED].as_slice(),
            _ => &[IDENTITY_BASED],
        };
        match (self.policy, operation) {
            (Some(policy), _) if !own.contains(&policy) => format!("Allow {action} in the {policy} as well."),
            (_, "AssumeRole") => "Allow sts:AssumeRole on this role to the credentials of the instance, and see that \
                                  the role's trust policy names them."
                .to_owned(),
            (_, "ListIdentityStores") => "Allow identitystore:ListIdentityStores or sso:ListInstances to the \
                                          credentials in use, or give the instance its Identity Store ID."
                .to_owned(),
            _ => format!("Allow the IAM action {action} to the credentials in use."),
        }
    }
}

/// Returns the action in "… is not authorized to perform: kms:Decrypt on …".
fn denied_action(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("to perform: ")?;
    let action = rest.split_whitespace().next()?;
    let (service, operation) = action.split_once(':')?;
    let is_name = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    (is_name(service) && is_name(operation)).then_some(action)
}

impl ServiceError {
    /// Returns the denial, if IAM denied the call.
    pub(super) fn denial(&self) -> Option<Denial<'_>> {
        let is_denied = matches!(self.code.as_str(), "AccessDeniedException" | "AccessDenied");
        is_denied.then(|| Denial::of(self.message.as_deref().unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHO: &str = "User: arn:aws:sts::111122223333:assumed-role/R/s is not authorized to perform:";

    #[test]
    fn advice_names_the_policy_that_stands_in_the_way() {
        for (message, operation, advice) in [
            (
                "identitystore:DescribeUser on resource: x because no identity-based policy allows it",
                "DescribeUser",
                "Allow the IAM action identitystore:DescribeUser to",
            ),
            // AWS checks the older prefix as well (AWS: Service Authorization Reference, "AWS IAM Identity Center directory").
            (
                "sso-directory:DescribeUser on resource: x because no identity-based policy allows it",
                "DescribeUser",
                "Allow the IAM action sso-directory:DescribeUser to",
            ),
            (
                "sso:ListInstances because no service control policy allows the sso:ListInstances action",
                "ListInstances",
                "Allow sso:ListInstances in the service control policy as well.",
            ),
            (
                "sso:ListInstances because no permissions boundary allows it",
                "ListInstances",
                "Allow sso:ListInstances in the permissions boundary as well.",
            ),
            (
                "sso:ListInstances with an explicit deny in a service control policy: arn:aws:x",
                "ListInstances",
                "changed in the service control policy.",
            ),
            (
                "sso:ListInstances with an explicit deny in an identity-based policy",
                "ListInstances",
                "changed in the identity-based policy.",
            ),
            (
                "sso:ListInstances with an explicit deny",
                "ListInstances",
                "a service control policy, a permissions boundary or the like.",
            ),
            (
                "sts:AssumeRole with an explicit deny in a session policy",
                "AssumeRole",
                "A policy denies sts:AssumeRole explicitly",
            ),
            ("sts:AssumeRole because no role trust policy allows it", "AssumeRole", "trust policy names them."),
            (
                "kms:Decrypt on the resource associated with this ciphertext because no identity-based policy allows the kms:Decrypt action",
                "DescribeUser",
                "in their IAM policy and in the key policy.",
            ),
            (
                "kms:Decrypt with an explicit deny in a resource-based policy",
                "DescribeUser",
                "A policy denies kms:Decrypt explicitly",
            ),
        ] {
            let message = format!("{WHO} {message}");
            let denial = Denial::of(&message);
            let told = denial.advice(operation, denial.is_about_the_key());
            assert!(told.contains(advice), "{message}: {told}");
            assert_eq!(denial.is_explicit(), message.contains("explicit"), "{message}");
        }
    }

    #[test]
    fn action_that_is_malformed_is_not_repeated() {
        for message in ["to perform: <b>:x</b> on it", "to perform: everything", "to perform: a:", "to perform:"] {
            assert_eq!(Denial::of(message).action, None, "{message}");
        }
    }
}
