//! The body of an error of AWS's JSON services. They are told apart by `__type`, never by HTTP status (AWS: Identity Store
//! API, "Common Errors": all but one have status 400).

use serde_json::{Map, Value};

/// The members of an error's body, each read by itself: one of an odd form must not hide another.
#[derive(Debug, Default)]
pub(super) struct ErrorBody(Map<String, Value>);

impl ErrorBody {
    pub(super) fn of(body: &[u8]) -> Self {
        Self(serde_json::from_slice(body).unwrap_or_default())
    }

    /// The code of the error, without its namespace.
    pub(super) fn code(&self) -> Option<&str> {
        self.0.get("__type").and_then(Value::as_str).map(without_namespace)
    }

    /// A member as text, if it is there. It may begin with a small letter: both `Message` and `message` occur.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let is_it = |member: &&String| member.eq_ignore_ascii_case(name);
        let mut named = self.0.keys().filter(is_it).filter_map(|member| self.0.get(member));
        match named.find(|value| !value.is_null())? {
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }
}

/// An error's type may come as `namespace#Type`, or as `Type:http://…` in older services.
pub(super) fn without_namespace(code: &str) -> &str {
    let code = code.split_once('#').map_or(code, |(_, code)| code);
    code.split_once(':').map_or(code, |(code, _)| code)
}

#[cfg(test)]
mod tests {
    use super::{ErrorBody, without_namespace};

    #[test]
    fn the_type_is_what_counts_whatever_surrounds_it() {
        for code in [
            "ConflictException",
            "com.amazonaws.identitystore#ConflictException",
            "ConflictException:http://internal.amazon.com/coral/com.amazon.coral.service/",
        ] {
            assert_eq!(without_namespace(code), "ConflictException");
        }
    }
    #[test]
    fn error_member_is_read_whatever_form_the_others_have() {
        for (body, reason) in [
            (r#"{"Reason": "KMS_KEY_NOT_FOUND"}"#, Some("KMS_KEY_NOT_FOUND")),
            (r#"{"reason": "KMS_KEY_NOT_FOUND", "Reason": null}"#, Some("KMS_KEY_NOT_FOUND")),
            (r#"{"Message": "a", "message": "b", "Reason": "KMS_KEY_NOT_FOUND"}"#, Some("KMS_KEY_NOT_FOUND")),
            (r#"{"Message": {}, "RequestId": 7, "Reason": ["KMS_KEY_NOT_FOUND"]}"#, Some(r#"["KMS_KEY_NOT_FOUND"]"#)),
            (r#"{"Reason": ""}"#, Some("")),
            (r#"{"Reason": null}"#, None),
            ("{}", None),
            ("<html>", None),
        ] {
            assert_eq!(ErrorBody::of(body.as_bytes()).text("Reason").as_deref(), reason, "{body}");
        }
    }
}
