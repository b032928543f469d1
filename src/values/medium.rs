//! Where an answer is read, and what would be more than text there.

use std::borrow::Cow;

/// Where an answer is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Medium {
    /// XSOAR: Markdown with marks of its own.
    WarRoom,
    /// A terminal: characters as they are.
    Terminal,
}

/// Breaks a mark where a backslash or an entity would not: it survives rendering and is invisible. No text of a stranger
/// holds one, because none is printable.
pub(crate) const BREAK: char = '\u{200b}';

/// Finds XSOAR's own marks (demisto/content and demisto/sane-doc-reports): a button `%%%{…}%%%`, a color
/// `{{background:…}}(…)`, a value of the context `${…}`.
#[derive(Default)]
pub(crate) struct Marks {
    /// How many percent signs stand side by side.
    percents: usize,
}

impl Marks {
    /// Whether the character at this place completes the beginning of a mark. It is asked of every place with a `%`, in
    /// order.
    pub(crate) fn completes(&mut self, text: &str, place: usize) -> bool {
        let before = place.checked_sub(1).map(|before| text.as_bytes()[before]);
        match text.as_bytes()[place] {
            b'{' => matches!(before, Some(b'{' | b'$')),
            b'%' => {
                self.percents = if before == Some(b'%') { self.percents + 1 } else { 1 };
                self.percents > 1 && !self.percents.is_multiple_of(2)
            }
            _ => false,
        }
    }
}

/// Breaks XSOAR's marks in a text that is read as it is.
pub(crate) fn without_marks(text: &str) -> Cow<'_, str> {
    if !text.contains(['{', '%']) {
        return text.into();
    }
    let (mut marks, mut inert) = (Marks::default(), String::with_capacity(text.len()));
    for (place, c) in text.char_indices() {
        if marks.completes(text, place) {
            inert.push(BREAK);
        }
        inert.push(c);
    }
    inert.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_mark_of_xsoar_survives_and_its_text_does() {
        for text in ["%%%{\"message\":\"OK\"}%%%", "%%%%%%%{{{{", "{{color:red}}(x)", "${incident.id}", "$%%%${{%%%{"] {
            let inert = without_marks(text);
            assert!(["%%%", "{{", "${"].iter().all(|mark| !inert.contains(mark)), "{inert}");
            assert_eq!(inert.replace(BREAK, ""), text);
        }
    }

    #[test]
    fn what_is_no_mark_stays_as_it_is() {
        for text in ["50% off", "100%% {x} $5 }}", "{a} {b}", "%{x}", ""] {
            assert_eq!(without_marks(text), text);
        }
    }
}
