//! Which characters of a line may be emphasis or strikethrough: one that opens it and a later one that closes it
//! (CommonMark 0.31, 6.2 Emphasis and strong emphasis; GitHub Flavored Markdown, 6.5 Strikethrough).

/// The characters that delimit.
const DELIMITERS: [u8; 3] = *b"*_~";

/// The delimiters of a line.
pub(super) struct Delimiters {
    /// By character.
    kinds: [Kind; 3],
}

/// The delimiters of one character.
#[derive(Default)]
struct Kind {
    runs: Vec<Run>,
    /// The number of the first run that may open.
    first_opener: Option<usize>,
    /// The number of the last run that may close.
    last_closer: Option<usize>,
}

/// Delimiters that stand side by side.
struct Run {
    end: usize,
    may_open: bool,
    may_close: bool,
}

impl Delimiters {
    pub(super) fn of(text: &str) -> Self {
        Self { kinds: DELIMITERS.map(|delimiter| Kind::of(text, delimiter)) }
    }

    /// Whether the delimiter at this place may open or close anything.
    pub(super) fn may_pair(&self, at: usize, delimiter: u8) -> bool {
        let kinds = DELIMITERS.iter().zip(&self.kinds);
        kinds.into_iter().any(|(kind, runs)| *kind == delimiter && runs.may_pair(at))
    }
}

impl Kind {
    fn of(text: &str, delimiter: u8) -> Self {
        let (mut kind, mut end) = (Self::default(), 0);
        while let Some(start) = text.as_bytes()[end..].iter().position(|byte| *byte == delimiter).map(|at| end + at) {
            end = start + text.as_bytes()[start..].iter().take_while(|byte| **byte == delimiter).count();
            let run = Run::of(&text[..start], &text[end..], end, delimiter);
            let number = kind.runs.len();
            if run.may_open {
                kind.first_opener.get_or_insert(number);
            }
            if run.may_close {
                kind.last_closer = Some(number);
            }
            kind.runs.push(run);
        }
        kind
    }

    fn may_pair(&self, at: usize) -> bool {
        let number = self.runs.partition_point(|run| run.end <= at);
        self.runs.get(number).is_some_and(|run| {
            let opens = run.may_open && self.last_closer.is_some_and(|last| number < last);
            let closes = run.may_close && self.first_opener.is_some_and(|first| first < number);
            opens || closes
        })
    }
}

impl Run {
    /// A run between these texts. Renderers do not agree on what is punctuation beyond ASCII, nor on where a tilde is text.
    fn of(before: &str, after: &str, end: usize, delimiter: u8) -> Self {
        let (before, after) = (before.chars().next_back(), after.chars().next());
        // A line break becomes a tag, which is punctuation.
        let is_space = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() && c != '\n');
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let is_punctuation = |c: Option<char>| c.is_some_and(|c| c.is_ascii_punctuation() || c == '\n');
        let (is_underscore, is_tilde) = (delimiter == b'_', delimiter == b'~');
        let left_flanking = !is_space(after) && (is_tilde || !is_punctuation(after) || !is_word(before));
        let right_flanking = !is_space(before) && (is_tilde || !is_punctuation(before) || !is_word(after));
        Self {
            end,
            may_open: left_flanking && !(is_underscore && is_word(before)),
            may_close: right_flanking && !(is_underscore && is_word(after)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The places of the delimiters that may pair.
    fn pairs(text: &str) -> Vec<usize> {
        let delimiters = Delimiters::of(text);
        let places = text.bytes().enumerate().filter(|(at, byte)| delimiters.may_pair(*at, *byte));
        places.map(|(at, _)| at).collect()
    }

    #[test]
    fn delimiters_pair_only_when_one_opens_and_a_later_one_closes() {
        for (text, places) in [
            ("*a*", vec![0, 2]),
            ("a*b c*d", vec![1, 5]),
            ("a*b", vec![]),
            ("*a *b", vec![]),
            ("a* b*", vec![]),
            ("a * b * c", vec![]),
            ("**a**", vec![0, 1, 3, 4]),
            ("_a_ b_c", vec![0, 2]),
            ("a_b_c", vec![]),
            ("_a -_b", vec![]),
            ("(_a_)", vec![1, 3]),
            ("~a~~", vec![0, 2, 3]),
            ("a~-b~c", vec![1, 4]),
            ("*a_", vec![]),
            ("*\n*", vec![0, 2]),
            ("“_a_”", vec![3, 5]),
        ] {
            assert_eq!(pairs(text), places, "{text}");
        }
    }
}
