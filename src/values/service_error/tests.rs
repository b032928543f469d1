use super::*;
use crate::values::error::Error;

fn service_error(code: &str) -> ServiceError {
    ServiceError {
        doing: "get user alice".to_owned(),
        operation: "DescribeUser",
        code: code.to_owned(),
        message: None,
        request_id: None,
        reason: None,
        resource_type: None,
        lost_answer: None,
        needs: &[],
    }
}

fn told(error: ServiceError) -> Error {
    Error::Service(Box::new(error))
}

fn with_message(code: &str, message: &str) -> ServiceError {
    ServiceError { message: Some(message.to_owned()), ..service_error(code) }
}

fn with_reason(code: &str, reason: &str) -> ServiceError {
    ServiceError { reason: Some(reason.to_owned()), ..service_error(code) }
}

#[test]
fn each_error_of_aws_has_its_words_and_its_advice() {
    let of_a_store = ServiceError { resource_type: Some("IDENTITY_STORE".to_owned()), ..service_error(NOT_FOUND) };
    let of_a_role = ServiceError { operation: "AssumeRole", ..service_error("AccessDenied") };
    let of_stores = ServiceError { operation: "ListIdentityStores", ..service_error("AccessDeniedException") };
    let of_instances = ServiceError { operation: "ListInstances", ..service_error("AccessDeniedException") };
    let of_assignments = ServiceError { operation: "ListAccountAssignments", ..service_error("AccessDeniedException") };
    let cases = [
        (of_a_role, "Access denied. ", "trust policy"),
        (of_stores, "Access denied. ", "identitystore:ListIdentityStores or sso:ListInstances"),
        (of_instances, "Access denied. ", "sso:ListInstances to"),
        (of_assignments, "Access denied. ", "sso:ListAccountAssignments to"),
        (service_error("AccessDeniedException"), "Access denied. ", "identitystore:DescribeUser to"),
        (service_error("ConflictException"), "It conflicts with what is there. ", "without a message."),
        (service_error("ExpiredToken"), "have expired. ", "new credentials"),
        (service_error("ExpiredTokenException"), "have expired. ", "new credentials"),
        (service_error(FAILED_WITHIN), "AWS failed internally. ", "Try again later"),
        (service_error("InvalidSignatureException"), "refused the signature. ", "the clock of the host"),
        (service_error("SignatureDoesNotMatch"), "refused the signature. ", "the secret key"),
        (of_a_store, "The identity store was not found. ", "Check the Identity Store ID"),
        (service_error(NOT_FOUND), "It was not found. ", "without a message."),
        (service_error("ServiceQuotaExceededException"), "A quota of AWS is reached. ", "raise it"),
        (service_error("ThrottlingException"), "no more calls at the moment. ", "more retries"),
        (service_error("UnrecognizedClientException"), "does not know the access key. ", "session token"),
        (service_error("InvalidClientTokenId"), "does not know the access key. ", "session token"),
        (
            with_message("ValidationException", "Filter is required"),
            "lists nothing without a filter. ",
            "userName or userId",
        ),
        (
            with_message("ValidationException", "It is not supported for this one"),
            "nothing of the kind. ",
            "one account",
        ),
        (service_error("ValidationException"), "AWS refused the input. ", "without a message."),
        (service_error("UnknownOperationException"), "does not know the operation. ", "additional region"),
        (
            with_message("ValidationException", "The operation is not supported for account instances"),
            "nothing of the kind. ",
            "one account",
        ),
        (service_error("SomethingNew"), "AWS refused it. ", "AWS answered SomethingNew without a message."),
    ];
    for (error, verdict, advice) in cases {
        let told = error.to_string();
        assert!(told.starts_with("Failed to get user alice: ") && told.contains(verdict), "{verdict}: {told}");
        assert!(told.contains(advice), "{advice}: {told}");
    }
}

#[test]
fn reason_of_any_service_has_its_own_words_and_advice() {
    let mut said = Vec::new();
    for service in SERVICES {
        for (code, reason, meaning) in service.reasons {
            let told = with_reason(code, reason).to_string();
            let advice = format!("({reason}) without a message. {}", meaning.advice());
            assert!(told.contains(&format!(": {}. ", meaning.verdict())) && told.ends_with(&advice), "{told}");
            said.push(meaning.advice());
        }
    }
    said.sort_unstable();
    said.dedup();
    assert_eq!(said.len(), 9, "each meaning has its own advice: {said:?}");
    // What AWS may add.
    let new = with_reason("ValidationException", "KMS_SOMETHING").to_string();
    assert!(new.contains("cannot use the KMS key"), "{new}");
    let other = with_reason("ValidationException", "SOMETHING").to_string();
    assert!(other.contains("AWS refused the input. AWS answered ValidationException (SOMETHING)"), "{other}");
}

#[test]
fn not_found_with_a_reason_is_never_gone() {
    let types = [None, Some("USER"), Some("GROUP"), Some("GROUP_MEMBERSHIP"), Some("IDENTITY_STORE")];
    for reason in ["KMS_KEY_NOT_FOUND", "KMS_NotFoundException", "SOMETHING_NEW", ""] {
        for named in types {
            let resource_type = named.map(str::to_owned);
            let error = ServiceError { resource_type, ..with_reason(NOT_FOUND, reason) };
            assert!(error.to_string().contains("The KMS key of the identity store was not found. "), "{error}");
            let error = told(error);
            assert!(!error.is_any_not_found() && !error.is_not_found_without_a_type());
            for asked in types.into_iter().flatten() {
                assert!(!error.is_not_found(asked) && !error.is_exactly_not_found(asked), "{reason} {named:?} {asked}");
            }
        }
    }
}

#[test]
fn validation_with_a_reason_is_neither_invalid_nor_unsupported() {
    let unsupported = ServiceError {
        message: Some("The operation is not supported for this key".to_owned()),
        ..with_reason("ValidationException", "KMS_INVALID_KEY_USAGE")
    };
    assert!(unsupported.to_string().contains("wrong key usage"), "{unsupported}");
    let error = told(unsupported);
    assert!(!error.is_unsupported() && !error.is_invalid());
}

#[test]
fn denial_that_cannot_be_allowed_asks_for_no_permissions() {
    let explicit = with_message(
        "AccessDeniedException",
        "not authorized to perform: a:B with an explicit deny in a session policy",
    );
    let of_the_key = with_message("AccessDeniedException", "not authorized to perform: kms:Decrypt on it");
    for error in [explicit, of_the_key, with_reason("AccessDeniedException", "KMS_ACCESS_DENIED")] {
        assert!(error.to_string().contains("Access denied"), "{error}");
        let error = told(error);
        assert!(error.is_forbidden() && !error.is_denied() && !error.is_of_the_moment(), "{error}");
    }
    let open = told(service_error("AccessDeniedException"));
    assert!(open.is_forbidden() && open.is_denied());
}

#[test]
fn what_aws_says_is_told_once_and_what_it_does_not_say_as_well() {
    let words = |error: &ServiceError| error.to_string();
    assert!(words(&with_message("X", "No such thing. ")).ends_with("AWS answered X: No such thing."));
    assert!(words(&with_message("X", "  ")).ends_with("AWS answered X without a message."));
    let with_id = ServiceError { request_id: Some("id-1".to_owned()), ..service_error("X") };
    assert!(words(&with_id).ends_with("without a message (request id id-1)."));
    let needing = |needs| words(&ServiceError { needs, ..service_error("X") });
    assert!(!needing(&["DescribeUser"]).contains("may need"));
    let all = "may need all of: identitystore:GetUserId, sso:ListInstances.";
    assert!(needing(&["GetUserId", "ListInstances"]).ends_with(all));
}

#[test]
fn only_of_a_change_nobody_knows_whether_it_was_made() {
    let lost = |operation| ServiceError {
        operation,
        lost_answer: Some(LostAnswer::since(UNIX_EPOCH)),
        ..service_error("ThrottlingException")
    };
    for operation in ["CreateUser", "UpdateGroup", "DeleteGroupMembership"] {
        assert!(lost(operation).to_string().contains("is not known"), "{operation}");
        let within = ServiceError { operation, ..service_error(FAILED_WITHIN) };
        assert!(within.to_string().contains("is not known"), "{operation}");
        let refused = ServiceError { operation, ..service_error("ThrottlingException") };
        assert!(!refused.to_string().contains("is not known"), "{operation}");
    }
    assert!(!lost("ListUsers").to_string().contains("is not known"));
}

#[test]
fn what_an_error_means_for_what_was_to_be_done() {
    type Question = fn(&Error) -> bool;
    let questions: [(Question, &[&str]); 8] = [
        (Error::is_any_not_found, &[NOT_FOUND]),
        (Error::is_conflict, &["ConflictException"]),
        (Error::is_invalid, &["ValidationException"]),
        (Error::is_full, &["ServiceQuotaExceededException", "ThrottlingException"]),
        (Error::may_be_done, &[FAILED_WITHIN]),
        (Error::is_denied, &["AccessDenied", "AccessDeniedException"]),
        (
            Error::is_unauthenticated,
            &[
                "ExpiredToken",
                "ExpiredTokenException",
                "InvalidClientTokenId",
                "InvalidSignatureException",
                "SignatureDoesNotMatch",
                "UnrecognizedClientException",
            ],
        ),
        (Error::is_concurrent_modification, &[]),
    ];
    let mut codes: Vec<&str> = questions.iter().flat_map(|(_, codes)| *codes).copied().collect();
    codes.push("SomethingNew");
    for (question, of) in questions {
        let asked: Vec<&str> = codes.iter().copied().filter(|code| question(&told(service_error(code)))).collect();
        assert_eq!(asked, of);
        assert!(!question(&Error::Interrupted));
    }
}

#[test]
fn refinements_of_an_error_count() {
    let conflict =
        |reason: &str| told(ServiceError { reason: Some(reason.to_owned()), ..service_error("ConflictException") });
    let (changed, taken) = (conflict("CONCURRENT_MODIFICATION"), conflict("UNIQUENESS_CONSTRAINT_VIOLATION"));
    assert!(changed.is_concurrent_modification() && !changed.is_conflict());
    assert!(!taken.is_concurrent_modification() && taken.is_conflict());

    let missing =
        |of: Option<&str>| told(ServiceError { resource_type: of.map(str::to_owned), ..service_error(NOT_FOUND) });
    assert!(missing(Some("USER")).is_not_found("USER") && missing(Some("USER")).is_exactly_not_found("USER"));
    assert!(!missing(Some("GROUP")).is_not_found("USER") && !missing(Some("GROUP")).is_exactly_not_found("USER"));
    assert!(missing(None).is_not_found("USER") && !missing(None).is_exactly_not_found("USER"));
    assert!(missing(None).is_not_found_without_a_type() && !missing(Some("USER")).is_not_found_without_a_type());

    let unsupported = |code| told(with_message(code, "not supported here")).is_unsupported();
    assert!(unsupported("ValidationException") && !unsupported("ConflictException"));
    assert!(!told(service_error("ValidationException")).is_unsupported());

    let lost =
        ServiceError { lost_answer: Some(LostAnswer::since(UNIX_EPOCH)), ..service_error("ThrottlingException") };
    assert!(told(lost).may_be_done());
    let connection = Error::Connection { doing: "get user alice".to_owned(), reason: "it is gone".to_owned() };
    assert!(connection.may_be_done() && connection.is_of_the_moment());
    assert!(Error::Interrupted.is_of_the_moment() && !Error::NoCommand.is_of_the_moment());
    let denied = told(service_error("AccessDenied"));
    assert!(!denied.is_of_the_moment() && told(service_error("SomethingNew")).is_of_the_moment());
}
