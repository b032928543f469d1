//! Regular expressions, written and enforced exactly as AWS's models write them.

use std::{fmt::Write as _, sync::OnceLock};

use icu_properties::{
    CodePointMapData,
    props::{GeneralCategory, GeneralCategoryGroup},
};
use regex_lite::Regex;

/// A regular expression of a service model, compiled at its first use.
#[derive(Debug)]
pub(crate) struct Pattern {
    /// The text in the model, which error messages quote.
    pub(super) model: &'static str,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    pub(crate) const fn new(model: &'static str) -> Self {
        Self { model, compiled: OnceLock::new() }
    }

    /// Returns whether all of `text` matches the pattern.
    pub(super) fn matches(&self, text: &str) -> bool {
        let compiled = self.compiled.get_or_init(|| Regex::new(&format!("^(?:{})$", expand(self.model))).ok());
        // A pattern that does not compile refuses everything, which the tests against AWS's models notice.
        compiled.as_ref().is_some_and(|regex| regex.is_match(text))
    }
}

/// Replaces `\p{L}` and other Unicode categories by their code points. `regex_lite`, which the SDK depends on anyway,
/// supports no categories.
fn expand(model: &str) -> String {
    // The models write code points of more than four digits without braces.
    let model = model.replace("\\u10000", "\\u{10000}").replace("\\u10FFFF", "\\u{10FFFF}");
    let mut expanded = String::new();
    let mut in_class = false;
    let mut rest = model.as_str();
    while let Some(character) = rest.chars().next() {
        if let Some((group, after)) = category(rest) {
            if in_class {
                push_ranges(&mut expanded, group);
            } else {
                expanded.push('[');
                push_ranges(&mut expanded, group);
                expanded.push(']');
            }
            rest = after;
            continue;
        }
        let mut length = character.len_utf8();
        match character {
            '\\' => length += rest[length..].chars().next().map_or(0, char::len_utf8),
            '[' => in_class = true,
            ']' => in_class = false,
            _ => {}
        }
        expanded.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    expanded
}

fn category(text: &str) -> Option<(GeneralCategoryGroup, &str)> {
    let (name, after) = text.strip_prefix("\\p{")?.split_once('}')?;
    let group = match name {
        "L" => GeneralCategoryGroup::Letter,
        "M" => GeneralCategoryGroup::Mark,
        "N" => GeneralCategoryGroup::Number,
        "P" => GeneralCategoryGroup::Punctuation,
        "S" => GeneralCategoryGroup::Symbol,
        "Z" => GeneralCategoryGroup::Separator,
        _ => return None,
    };
    Some((group, after))
}

fn push_ranges(expanded: &mut String, group: GeneralCategoryGroup) {
    for range in CodePointMapData::<GeneralCategory>::new().iter_ranges_for_group(group) {
        // Writing to a `String` cannot fail.
        let _ = write!(expanded, "\\u{{{:x}}}-\\u{{{:x}}}", range.start(), range.end());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pattern_with_unicode_categories_matches_exactly() {
        static NAME: Pattern = Pattern::new(r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+");
        static PATH: Pattern = Pattern::new(r"\p{L}+(?:\.\p{L}+){0,2}");
        for (pattern, text, expected) in [
            (&NAME, "alice|`+1_ü名́", true),
            (&NAME, "two words", false),
            (&NAME, "tab\t", false),
            (&NAME, "zero\u{200b}width", false),
            (&NAME, "private\u{e000}", false),
            (&NAME, "", false),
            (&PATH, "name.givenName", true),
            (&PATH, "emails[0].value", false),
            (&PATH, "a.b.c.d", false),
        ] {
            assert_eq!(pattern.matches(text), expected, "{text:?} {}", pattern.model);
        }
    }
}
