//! Finds secrets in texts, whoever encoded them, and puts masks in their place.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::slice;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::encodings::encodings;
use super::prefilter::Prefilter;
use super::secret::Secret;
use super::undone::{Escape, Step, Undone, is_plain};

/// What stands where a secret stood (the same as in XSOAR's own masking).
pub(crate) const MASK: &str = "<XX_REPLACED>";

/// Finds secrets in texts. What finds them exactly takes longer to make than most commands run, so it is made only for
/// a text that the prefilter does not let through.
#[derive(Debug)]
pub(crate) struct Masker {
    patterns: Vec<Secret>,
    prefilter: Prefilter,
    finder: OnceCell<Option<AhoCorasick>>,
}

impl Masker {
    /// Finds these secrets.
    pub(crate) fn of<S: AsRef<str>>(secrets: &[S]) -> Self {
        let mut patterns: Vec<Secret> = secrets.iter().flat_map(|secret| encodings(secret.as_ref())).collect();
        patterns.sort_unstable_by(|a, b| a.as_str().cmp(b));
        patterns.dedup();
        Self { prefilter: Prefilter::new(&patterns), patterns, finder: OnceCell::new() }
    }

    /// Whether the text holds no secret for sure, in no way in which it may be written. JSON may be told by this as a
    /// whole: what JSON escapes is not clean.
    pub(crate) fn is_clean(&self, text: &str) -> bool {
        self.patterns.is_empty() || (self.prefilter.is_clean(text.as_bytes()) && is_plain(text.as_bytes()))
    }

    /// The text with every secret masked.
    pub(crate) fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut shown = Cow::from(text);
        if self.is_clean(text) {
            return shown;
        }
        // Undone together, because programs escape what others escaped before; and each by itself, because a secret may
        // hold what looks like an escape of another kind.
        self.mask_undone(&mut shown, &Escape::ALL);
        let kinds: Vec<_> = Escape::ALL.into_iter().filter(|escape| escape.is_in(text.as_bytes())).collect();
        if kinds.len() > 1 {
            for kind in &kinds {
                self.mask_undone(&mut shown, slice::from_ref(kind));
            }
        }
        shown
    }

    /// Masks every secret in the text.
    pub(crate) fn mask_in_place(&self, text: &mut String) {
        if let Cow::Owned(masked) = self.mask(text) {
            *text = masked;
        }
    }

    /// Masks what is a secret as it is written, or when these escapes are undone, once or several times.
    fn mask_undone(&self, shown: &mut Cow<'_, str>, escapes: &[Escape]) {
        let mut steps = Vec::new();
        let mut plain = shown.as_bytes().to_vec();
        loop {
            for unwraps in [false, true] {
                let step = unwraps.then_some(Step::Unwrap);
                let unwrapped = step.and_then(|step| step.undo(&plain));
                if unwraps && unwrapped.is_none() || self.prefilter.is_clean(unwrapped.as_ref().unwrap_or(&plain)) {
                    continue;
                }
                let all: Vec<_> = steps.iter().copied().chain(step).collect();
                if let Some(masked) = Undone::of(shown, &all).and_then(|undone| self.masked(shown, &undone)) {
                    *shown = masked.into();
                    plain = Undone::of(shown, &steps).map_or_else(Vec::new, |undone| undone.text);
                }
            }
            if steps.len() == DEEPEST {
                return;
            }
            let step = Step::Undo(escapes);
            match step.undo(&plain) {
                Some(undone) => plain = undone,
                None => return,
            }
            steps.push(step);
        }
    }

    /// The text with masks where there are secrets in what was made of it, if there is any.
    fn masked(&self, text: &str, undone: &Undone) -> Option<String> {
        let finder = self.finder.get_or_init(|| self.finder()).as_ref()?;
        let (mut masked, mut end) = (String::new(), 0);
        for found in finder.find_iter(&undone.text) {
            masked.push_str(&text[end..undone.place(found.start())]);
            masked.push_str(MASK);
            end = undone.place(found.end());
        }
        if end == 0 { None } else { Some(masked + &text[end..]) }
    }

    fn finder(&self) -> Option<AhoCorasick> {
        // The kind that is chosen by itself takes 25 ms and 20 MiB for a session token, this one 1 ms and 0.5 MiB.
        let built = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .match_kind(MatchKind::LeftmostLongest)
            .build(&self.patterns);
        built.ok()
    }
}

/// How often escapes are undone: for JSON within JSON.
const DEEPEST: usize = 4;

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
    fn secrets_in_wrapped_base64_are_masked() {
        let masker = Masker::of(&SECRETS);
        for secret in SECRETS {
            for before in
                ["", "u", "us", "Authorization: Basic of a user whose name is as long as a whole line of this:"]
            {
                let encoded = URL_SAFE_NO_PAD.encode(format!("{before}{secret} and so much more that lines are full"));
                for (columns, end) in [(64, "\n"), (76, "\r\n"), (20, "\n    "), (8, "\r"), (76, "<br>")] {
                    let lines: Vec<_> = encoded.as_bytes().chunks(columns).map(String::from_utf8_lossy).collect();
                    let wrapped = lines.join(end);
                    let in_json = serde_json::Value::from(wrapped.as_str()).to_string();
                    let in_json_twice = serde_json::Value::from(in_json.as_str()).to_string();
                    for text in [wrapped, in_json, in_json_twice] {
                        assert!(masker.mask(&text).contains(MASK), "{text}");
                    }
                }
            }
        }
        let key = "-----BEGIN KEY-----\nAAAABBBB\nCCCCDDDD\n-----END KEY-----";
        let masker = Masker::of(&[key]);
        for shown in [key.to_owned(), key.replace('\n', r"\n"), key.replace('\n', "\r\n"), key.replace('\n', "\n  ")] {
            assert_eq!(masker.mask(&format!("({shown})")), format!("({MASK})"));
        }
    }

    #[test]
    fn escaped_secrets_are_masked_whoever_escaped_them() {
        let masker = Masker::of(&SECRETS);
        // Python's html.escape, PHP's htmlspecialchars and htmlentities, Mustache, OWASP's encoders, nginx's log.
        for text in [
            "a/secret+key with&quot;quote",
            "a&#x2F;secret+key with&quot;quote",
            "a&sol;secret&plus;key with&quot;quote",
            "a&#47;secret&#43;key&#32;with&#034;quote",
            "session&#x2f;token&#x3d;&#x3D;",
            r"P&#228;ssw&#xF6;rter &amp; &lt;more&gt; \ &#128273;",
            r"a\x2Fsecret\x2bkey with\x22quote",
            r#"a/secret\+key with\"quote"#,
            "a%252Fsecret%252Bkey%2520with%2522quote",
            "a%2fsecret%2bkey+with%22quote",
            "{&quot;token&quot;:&quot;session\\/token==&quot;}",
            "c2Vzc2lvbi90b2tlbj09",
            "c2Vzc2lvbi90b2tlbj0&#57;",
        ] {
            let shown = masker.mask(text);
            assert!(shown.contains(MASK) && !shown.contains("secret") && !shown.contains("token=="), "{text}: {shown}");
        }
        // What looks like an escape of another kind is the secret's own.
        let odd = Masker::of(&["100%25&amp;of\\u0041\"x"]);
        for text in ["100%25&amp;of\\u0041\"x", "100%2525%26amp;of%5Cu0041%22x", "100%25&amp;amp;of\\u0041&quot;x"] {
            assert_eq!(odd.mask(text), MASK, "{text}");
        }
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
