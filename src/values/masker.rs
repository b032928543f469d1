//! Finds secrets in texts, whoever encoded them, and puts masks in their place.

use std::borrow::Cow;
use std::cell::OnceCell;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::encodings::encodings;
use super::secret::Secret;
use super::sieve::Sieve;

/// What stands where a secret stood (the same as in XSOAR's own masking).
pub(crate) const MASK: &str = "<XX_REPLACED>";

/// Finds secrets in texts. What finds them exactly takes longer to make than most commands run, so it is made only for
/// a text that the sieve does not let through.
#[derive(Debug)]
pub(crate) struct Masker {
    patterns: Vec<Secret>,
    sieve: Sieve,
    finder: OnceCell<Option<AhoCorasick>>,
}

impl Masker {
    /// Finds these secrets.
    pub(crate) fn of<S: AsRef<str>>(secrets: &[S]) -> Self {
        let mut patterns: Vec<Secret> = secrets.iter().flat_map(|secret| encodings(secret.as_ref())).collect();
        patterns.sort_unstable_by(|a, b| a.as_str().cmp(b));
        patterns.dedup();
        Self { sieve: Sieve::of(&patterns), patterns, finder: OnceCell::new() }
    }

    /// Whether the text holds no secret for sure. A text that is JSON without a backslash is told by this as a whole.
    pub(crate) fn is_clean(&self, text: &str) -> bool {
        self.sieve.is_clean(text.as_bytes())
    }

    /// The text with every secret masked.
    pub(crate) fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut shown = Cow::from(text);
        if let Some(finder) = self.finder(text) {
            let masks = vec![MASK; finder.patterns_len()];
            shown = finder.replace_all(text, &masks).into();
        }
        let mut depth = 0;
        while depth < DEEPEST && is_escaped(&shown, depth) {
            depth += 1;
            shown = self.without_escaped(shown, depth);
        }
        shown
    }

    /// Masks every secret in the text.
    pub(crate) fn mask_in_place(&self, text: &mut String) {
        if let Cow::Owned(masked) = self.mask(text) {
            *text = masked;
        }
    }

    /// What finds secrets in this text, if there may be any.
    fn finder(&self, text: &str) -> Option<&AhoCorasick> {
        let build = || {
            // The kind that is chosen by itself takes 25 ms and 20 MiB for a session token, this one 1 ms and 0.5 MiB.
            let built = AhoCorasick::builder()
                .kind(Some(AhoCorasickKind::ContiguousNFA))
                .match_kind(MatchKind::LeftmostLongest)
                .build(&self.patterns);
            built.ok()
        };
        if self.is_clean(text) { None } else { self.finder.get_or_init(build).as_ref() }
    }

    /// Masks what is a secret only when JSON's escapes are undone so many times: each library escapes other characters
    /// than it must.
    fn without_escaped<'t>(&self, text: Cow<'t, str>, depth: usize) -> Cow<'t, str> {
        let (unescaped, places) = unescaped(&text, depth);
        let (mut masked, mut end) = (String::new(), 0);
        for found in self.finder(&unescaped).into_iter().flat_map(|finder| finder.find_iter(&unescaped)) {
            masked.push_str(&text[end..places[found.start()]]);
            masked.push_str(MASK);
            end = places[found.end()];
        }
        if end == 0 { text } else { (masked + &text[end..]).into() }
    }
}

/// How often a text is looked at for JSON within JSON.
const DEEPEST: usize = 4;

/// Whether characters are escaped in the text when its escapes have been undone so many times.
fn is_escaped(text: &str, depth: usize) -> bool {
    text.contains(r"\u") && (depth == 0 || unescaped(text, depth).0.contains(r"\u"))
}

/// The text with its escapes undone so many times, and for each of its bytes, and its end, where that begins in the text.
fn unescaped(text: &str, depth: usize) -> (String, Vec<usize>) {
    let (mut plain, mut places) = unescaped_once(text);
    for _ in 1..depth {
        let (again, inner) = unescaped_once(&plain);
        places = inner.into_iter().map(|place| places[place]).collect();
        plain = again;
    }
    (plain, places)
}

/// The text without JSON's escapes, and for each of its bytes, and its end, where that begins in the text.
fn unescaped_once(text: &str) -> (String, Vec<usize>) {
    let (mut plain, mut places, mut place) = (String::new(), Vec::new(), 0);
    while let Some(first) = text[place..].chars().next() {
        let (c, length) = escape(&text[place..]).unwrap_or((first, first.len_utf8()));
        plain.push(c);
        places.resize(plain.len(), place);
        place += length;
    }
    places.push(place);
    (plain, places)
}

/// The character that an escape at the beginning of the text stands for, and the escape's length.
fn escape(text: &str) -> Option<(char, usize)> {
    let c = match text.strip_prefix('\\')?.chars().next()? {
        c @ ('"' | '\\' | '/') => c,
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'b' => '\u{8}',
        'f' => '\u{c}',
        _ => return unicode_escape(text),
    };
    Some((c, 2))
}

fn unicode_escape(text: &str) -> Option<(char, usize)> {
    let unit = |text: &str| u16::from_str_radix(text.strip_prefix(r"\u")?.get(..4)?, 16).ok();
    let first = unit(text)?;
    let pair = [first, text.get(6..).and_then(unit).unwrap_or_default()];
    match char::from_u32(first.into()) {
        Some(c) => Some((c, 6)),
        None => char::decode_utf16(pair).next()?.ok().map(|c| (c, 12)),
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

    use super::*;

    const SECRETS: [&str; 4] =
        ["a/secret+key with\"quote", "session/token==", "AKIAEXAMPLE123456789", "Pässwörter & <more> \\ 🔑"];

    #[test]
    fn every_encoding_of_every_secret_is_masked() {
        let masker = Masker::of(&SECRETS);
        for secret in SECRETS {
            for encoded in encodings(secret) {
                assert_eq!(
                    masker.mask(&format!("(({}))", encoded.as_str())),
                    format!("(({MASK}))"),
                    "{}",
                    encoded.as_str()
                );
            }
        }
        // As Python's urllib, base64, json and binascii write them, and PHP's, Go's and .NET's json.
        for encoded in [
            "a%2Fsecret%2Bkey%20with%22quote",
            "a%2fsecret%2bkey+with%22quote",
            "session%2Ftoken%3D%3D",
            "c2Vzc2lvbi90b2tlbj09",
            r"session\/token==",
            "73657373696f6e2f746f6b656e3d3d",
            r"P\u00e4ssw\u00f6rter & <more> \\ \ud83d\udd11",
            r"P\u00E4ssw\u00F6rter \u0026 \u003Cmore\u003E \\ \uD83D\uDD11",
            r"a/secret\u002Bkey with\u0022quote",
            r#"a\/secret\u002Bkey with\"quote"#,
            "QUtJQUVYQU1QTEUxMjM0NTY3ODk=",
            r"\u0073\u0065\u0073\u0073\u0069\u006f\u006e\u002f\u0074\u006f\u006b\u0065\u006e\u003d\u003d",
        ] {
            assert_eq!(masker.mask(&format!("x {encoded} y")), format!("x {MASK} y"));
        }
        let odd = Masker::of(&["one\u{8}two\u{c}three\nfour\rfive\tsix\\", "pass-word_1.2~ 3"]);
        for encoded in [r"\u006fne\btwo\fthree\nfour\rfive\tsix\\", "pass-word_1.2~%203", "cGFzcy13b3JkXzEuMn4gMw=="] {
            assert_eq!(odd.mask(encoded), MASK, "{encoded}");
        }
        assert_eq!(masker.mask("eu-central-1 is no secret"), "eu-central-1 is no secret");
        for encoded in
            [r"\\u0073ession\\u002ftoken==", r"\\\\u0073ession\\\\u002ftoken==", r"\u005cu0073ession/token=="]
        {
            assert_eq!(masker.mask(encoded), MASK, "{encoded}");
        }
        assert_eq!(masker.mask(r"\\u0073ession\u002ftoken=="), MASK, "a backslash before what is escaped");
        assert_eq!(masker.mask(r"\u0020 \ud800 \u12 \u is no secret"), r"\u0020 \ud800 \u12 \u is no secret");
    }

    #[test]
    fn within_longer_base64_no_more_than_shared_letters_are_left() {
        let masker = Masker::of(&SECRETS);
        for secret in SECRETS {
            for before in ["", "u", "us", "use", "user:"] {
                for alphabet in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
                    let encoded = alphabet.encode(format!("{before}{secret} and more"));
                    let shown = masker.mask(&encoded);
                    let (head, tail) = shown.split_once(MASK).unwrap_or_else(|| panic!("{encoded} is shown"));
                    assert!(head.len() <= (before.len() * 8).div_ceil(6), "{shown}");
                    assert!(tail.len() <= (" and more".len() * 8).div_ceil(6) + 1, "{shown}");
                }
            }
        }
    }
}
