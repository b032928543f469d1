//! Ids and revisions.

use serde::{Deserialize, Serialize};

/// An id that an external identity provider gave to a user or group.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct ExternalId {
    pub(crate) issuer: String,
    pub(crate) id: String,
}

/// The number of times an object was written. Clients of AWS see an opaque string of digits.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Revision(u64);

impl Revision {
    /// Returns the next revision.
    pub(crate) fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl Default for Revision {
    fn default() -> Self {
        Self(1)
    }
}

impl TryFrom<String> for Revision {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| format!("the Revision {text:?} is not a number in quotes"))
    }
}

impl From<Revision> for String {
    fn from(revision: Revision) -> Self {
        revision.0.to_string()
    }
}

/// Returns whether `text` has the form of a user, group or membership id: a UUID, in older directories after ten
/// hexadecimal digits and a hyphen. Not a regular expression, because a large file has many ids.
pub(crate) fn is_resource_id(text: &str) -> bool {
    let uuid = match text.len() {
        36 => text,
        47 if text.as_bytes()[10] == b'-' && text.is_char_boundary(11) => &text[11..],
        _ => return false,
    };
    let hyphens = [8, 13, 18, 23];
    let legacy = &text.as_bytes()[..text.len() - uuid.len()];
    legacy.iter().take(10).all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        && uuid.bytes().enumerate().all(
            |(index, byte)| {
                if hyphens.contains(&index) { byte == b'-' } else { byte.is_ascii_hexdigit() }
            },
        )
}

#[cfg(test)]
mod tests {
    use super::is_resource_id;

    #[test]
    fn resource_id_of_either_form_is_recognized() {
        for (text, expected) in [
            ("b46834d8-b0f1-70d1-5344-e7493e0333ba", true),
            ("9067f2a1b3-b46834d8-b0f1-70d1-5344-e7493e0333ba", true),
            ("9067F2a1b3-b46834d8-b0f1-70d1-5344-e7493e0333ba", false),
            ("b46834d8-b0f1-70d1-5344-e7493e0333bg", false),
            ("b46834d8b0f170d15344e7493e0333ba", false),
            ("ünïcödé-ünïcödé-ünïcödé-ünï", false),
            ("", false),
        ] {
            assert_eq!(is_resource_id(text), expected, "{text}");
        }
    }
}
