//! The request shapes of STS, API version 2011-06-15.

use crate::shape::{Pattern, Shape, list, optional, required, text};

static ARN_TEXT: Pattern =
    Pattern::new(r"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+");
static NAME_TEXT: Pattern = Pattern::new(r"[\w+=,.@-]*");
static EXTERNAL_ID_TEXT: Pattern = Pattern::new(r"[\w+=,.@:\/-]*");
static SERIAL_NUMBER_TEXT: Pattern = Pattern::new(r"[\w+=/:,.@-]*");
static TOKEN_CODE_TEXT: Pattern = Pattern::new(r"[\d]*");
static POLICY_TEXT: Pattern = Pattern::new(r"[\u0009\u000A\u000D\u0020-\u00FF]+");
static TAG_KEY_TEXT: Pattern = Pattern::new(r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+");
static TAG_VALUE_TEXT: Pattern = Pattern::new(r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*");

static ARN: Shape = text(20, 2048, &ARN_TEXT);
static SESSION_NAME: Shape = text(2, 64, &NAME_TEXT);
static DURATION: Shape = Shape::Integer { min: 900, max: 43_200 };
static EXTERNAL_ID: Shape = text(2, 1224, &EXTERNAL_ID_TEXT);
static SERIAL_NUMBER: Shape = text(9, 256, &SERIAL_NUMBER_TEXT);
static TOKEN_CODE: Shape = text(6, 6, &TOKEN_CODE_TEXT);
static POLICY: Shape = text(1, usize::MAX, &POLICY_TEXT);
static TAG_KEY: Shape = text(1, 128, &TAG_KEY_TEXT);
static TAG_VALUE: Shape = text(0, 256, &TAG_VALUE_TEXT);
static CONTEXT_ASSERTION: Shape = Shape::Text { min: 4, max: 2048, pattern: None };
static TOKEN_SIZE: Shape = Shape::Integer { min: 0, max: 4096 };
static TAG: Shape = Shape::Structure(&[required("Key", &TAG_KEY), required("Value", &TAG_VALUE)]);
static TAGS: Shape = list(&TAG, 0, 50);
static TAG_KEYS: Shape = list(&TAG_KEY, 0, 50);
static POLICY_ARN: Shape = Shape::Structure(&[optional("arn", &ARN)]);
static POLICY_ARNS: Shape = list(&POLICY_ARN, 0, usize::MAX);
static CONTEXT: Shape =
    Shape::Structure(&[optional("ProviderArn", &ARN), optional("ContextAssertion", &CONTEXT_ASSERTION)]);
static CONTEXTS: Shape = list(&CONTEXT, 1, 5);

pub(super) static ASSUME_ROLE: Shape = Shape::Structure(&[
    required("RoleArn", &ARN),
    required("RoleSessionName", &SESSION_NAME),
    optional("PolicyArns", &POLICY_ARNS),
    optional("Policy", &POLICY),
    optional("DurationSeconds", &DURATION),
    optional("Tags", &TAGS),
    optional("TransitiveTagKeys", &TAG_KEYS),
    optional("ExternalId", &EXTERNAL_ID),
    optional("SerialNumber", &SERIAL_NUMBER),
    optional("TokenCode", &TOKEN_CODE),
    optional("SourceIdentity", &SESSION_NAME),
    optional("ProvidedContexts", &CONTEXTS),
    optional("MinimumSessionTokenSize", &TOKEN_SIZE),
]);
pub(super) static GET_CALLER_IDENTITY: Shape = Shape::Structure(&[]);
