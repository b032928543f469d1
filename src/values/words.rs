//! Words for people.

/// "User alice" at the beginning of a sentence, from "user alice".
pub(crate) fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
