//! What an error of AWS comes down to, in the words that XSOAR's scripts look for, and what to do about it.

use super::{FAILED_WITHIN, NOT_FOUND, ServiceError};

impl ServiceError {
    pub(super) fn verdict(&self) -> (&'static str, String) {
        if let Some(denial) = self.denial() {
            let is_about_the_key = self.is_about_the_key();
            let verdict =
                if is_about_the_key { "Access denied to the KMS key of the identity store" } else { "Access denied" };
            return (verdict, denial.advice(self.operation, is_about_the_key));
        }
        if let Some(reason) = self.known_reason() {
            return (reason.verdict(), reason.advice().to_owned());
        }
        let (verdict, advice) = self.verdict_of_code();
        (verdict, advice.to_owned())
    }

    /// The same where only the code and the message say what is wrong.
    fn verdict_of_code(&self) -> (&'static str, &'static str) {
        match self.code.as_str() {
            "ConflictException" => ("It conflicts with what is there", ""),
            "ExpiredTokenException" | "ExpiredToken" => {
                ("The credentials have expired", "Give the instance new credentials.")
            }
            FAILED_WITHIN => ("AWS failed internally", "Try again later."),
            "InvalidSignatureException" | "SignatureDoesNotMatch" => {
                ("AWS refused the signature", "Check the secret key of the instance and the clock of the host.")
            }
            NOT_FOUND if self.resource_type.as_deref() == Some("IDENTITY_STORE") => {
                ("The identity store was not found", "Check the Identity Store ID and the AWS region of the instance.")
            }
            NOT_FOUND => ("It was not found", ""),
            "ServiceQuotaExceededException" => {
                ("A quota of AWS is reached", "Ask AWS to raise it, or delete what is not needed.")
            }
            "ThrottlingException" => {
                ("AWS allows no more calls at the moment", "Try again later, or give the instance more retries.")
            }
            "UnrecognizedClientException" | "InvalidClientTokenId" => (
                "AWS does not know the access key",
                "Check the access key of the instance, and its session token if it has one.",
            ),
            "UnknownOperationException" => (
                "The service that answers does not know the operation",
                "It may be an additional region of the instance or an older service; or a legacy Active Directory \
                 source, which finds users and groups by userName, groupName or id only.",
            ),
            "ValidationException" if self.says("Filter is required") => (
                "This directory lists nothing without a filter",
                "It is a legacy Active Directory source: name users by userName or userId.",
            ),
            _ if self.is_unsupported() => (
                "This instance of IAM Identity Center has nothing of the kind",
                "An instance of one account has no permission sets and no account assignments.",
            ),
            "ValidationException" => ("AWS refused the input", ""),
            _ => ("AWS refused it", ""),
        }
    }
}
