//! The `Reason` of an error, which says more than its code. Nearly all are about the customer managed key of AWS KMS that
//! an identity store is encrypted with (AWS: IAM Identity Center User Guide, "Troubleshoot customer managed keys").

/// What a `Reason` of AWS means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    KeyDenied,
    KeyNotFound,
    KeyThrottled,
    KeyArnInvalid,
    KeyUsageInvalid,
    KeyStateInvalid,
    KeyDisabled,
    /// One that this version does not know, of an error that is about the key.
    KeyUnusable,
    NotUnique,
    Modified,
}

impl Reason {
    /// Returns whether the key is at fault.
    pub(crate) fn is_about_the_key(self) -> bool {
        !matches!(self, Self::NotUnique | Self::Modified)
    }

    /// Returns what it comes down to.
    pub(crate) fn verdict(self) -> &'static str {
        match self {
            Self::KeyDenied => "Access denied to the KMS key of the identity store",
            Self::KeyNotFound => "The KMS key of the identity store was not found",
            Self::KeyThrottled => "AWS KMS allows no more calls at the moment",
            Self::KeyArnInvalid => "The ARN of the KMS key of the identity store is invalid",
            Self::KeyUsageInvalid => "The KMS key of the identity store has the wrong key usage",
            Self::KeyStateInvalid => "The state of the KMS key of the identity store allows no use",
            Self::KeyDisabled => "The KMS key of the identity store is disabled",
            Self::KeyUnusable => "AWS cannot use the KMS key of the identity store",
            Self::NotUnique => "The name or the address is taken",
            Self::Modified => "It was modified after it was read",
        }
    }

    /// Returns what to do about it.
    pub(crate) fn advice(self) -> &'static str {
        match self {
            Self::KeyDenied => {
                "Allow kms:Decrypt on the key to the credentials in use, in their IAM policy and in the key policy."
            }
            Self::KeyNotFound => {
                "Check the key in the settings of IAM Identity Center, and in AWS KMS. Without it AWS cannot read the \
                 identity store."
            }
            Self::KeyThrottled => "Try again later, or have the request quota of AWS KMS raised.",
            Self::KeyArnInvalid => "Check the ARN of the key in the settings of IAM Identity Center.",
            Self::KeyUsageInvalid => {
                "Choose a symmetric key for encryption and decryption in the settings of IAM Identity Center."
            }
            Self::KeyStateInvalid => {
                "Check the state of the key in AWS KMS, and cancel its deletion if one is pending."
            }
            Self::KeyDisabled => "Enable the key in AWS KMS.",
            Self::KeyUnusable => "Check the key in AWS KMS, and its key policy.",
            Self::NotUnique => "Choose another one, or use what has it.",
            Self::Modified => "Review the current values, then run the command again.",
        }
    }
}
