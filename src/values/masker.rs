//! Finds secrets in texts, whoever encoded them, and puts masks in their place.

use std::borrow::Cow;
use std::ops::Deref;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde_json::Value;

/// What stands where a secret stood (the same as in XSOAR's own masking).
pub(crate) const MASK: &str = "<XX_REPLACED>";

/// Finds secrets in texts.
#[derive(Debug)]
pub(crate) struct Masker {
    finder: Option<AhoCorasick>,
    shortest: usize,
}

impl Masker {
    /// Finds these secrets.
    pub(crate) fn of<S: Deref<Target: AsRef<str>>>(secrets: &[S]) -> Self {
        let mut patterns: Vec<String> = secrets.iter().flat_map(|secret| encodings(secret.deref().as_ref())).collect();
        patterns.sort_unstable();
        patterns.dedup();
        let shortest = patterns.iter().map(String::len).min().unwrap_or(usize::MAX);
        // The kind that is chosen by itself takes 25 ms and 20 MiB for a session token, this one takes 1 ms and 0.5 MiB.
        let finder = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .match_kind(MatchKind::LeftmostLongest)
            .build(&patterns);
        Self { finder: finder.ok().filter(|_| !patterns.is_empty()), shortest }
    }

    /// The text with every secret masked.
    pub(crate) fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let Some(finder) = self.finder.as_ref().filter(|_| text.len() >= self.shortest) else { return text.into() };
        let mut shown = Cow::from(text);
        if finder.is_match(text) {
            let masks = vec![MASK; finder.patterns_len()];
            shown = finder.replace_all(text, &masks).into();
        }
        if shown.contains(r"\u") {
            shown = without_escaped(finder, shown);
        }
        shown
    }
}

/// Masks what is a secret only when JSON's escapes are undone: each library escapes other characters than it must.
fn without_escaped<'t>(finder: &AhoCorasick, text: Cow<'t, str>) -> Cow<'t, str> {
    let (unescaped, places) = unescaped(&text);
    let (mut masked, mut end) = (String::new(), 0);
    for found in finder.find_iter(&unescaped) {
        masked.push_str(&text[end..places[found.start()]]);
        masked.push_str(MASK);
        end = places[found.end()];
    }
    if end == 0 { text } else { (masked + &text[end..]).into() }
}

/// The text without JSON's escapes, and for each of its bytes, and its end, where that begins in the text.
fn unescaped(text: &str) -> (String, Vec<usize>) {
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

/// The secret as it is and as programs encode it: hex, percent, JSON, with doubled or undone backslashes, base64.
fn encodings(secret: &str) -> Vec<String> {
    let hex: String = secret.bytes().map(|b| format!("{b:02x}")).collect();
    let percent = |space: &str, safe: &[u8], upper: bool| {
        let quote = |b: u8| match b {
            b' ' => space.to_owned(),
            b if b.is_ascii_alphanumeric() || b"-_.~".contains(&b) || safe.contains(&b) => char::from(b).to_string(),
            b if upper => format!("%{b:02X}"),
            b => format!("%{b:02x}"),
        };
        secret.bytes().map(quote).collect::<String>()
    };
    let json = Value::from(secret).to_string();
    let json = &json[1..json.len() - 1];
    let mut all = vec![
        secret.to_owned(),
        secret.replace('\\', r"\\"),
        secret.replace(r"\n", "\n"),
        json.to_owned(),
        json.replace('/', r"\/"),
        hex.to_uppercase(),
        hex,
    ];
    for upper in [true, false] {
        // Python's quote_plus and quote, JavaScript's encodeURIComponent and encodeURI, and all that can be quoted.
        for (space, safe) in
            [("+", ""), ("%20", ""), ("%20", "/"), ("%20", "!'()*"), ("%20", "!'()*;,/?:@&=+$#"), ("+", "*")]
        {
            all.push(percent(space, safe.as_bytes(), upper));
        }
        all.push(secret.bytes().map(|b| if upper { format!("%{b:02X}") } else { format!("%{b:02x}") }).collect());
    }
    for alphabet in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
        let whole = alphabet.encode(secret);
        let padding = "=".repeat((4 - whole.len() % 4) % 4);
        all.extend([whole.clone() + &padding, whole]);
        // Within something longer the bytes before it move the secret, and share their letters with its ends.
        all.extend((0..3).map(|before| {
            let encoded = alphabet.encode([&[0; 2][..before], secret.as_bytes()].concat());
            let (start, end) = ((before * 8).div_ceil(6), (before + secret.len()) * 8 / 6);
            encoded[start..end].to_owned()
        }));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRETS: [&str; 4] =
        ["a/secret+key with\"quote", "session/token==", "AKIAEXAMPLE123456789", "Pässwörter & <more> \\ 🔑"];

    #[test]
    fn every_encoding_of_every_secret_is_masked() {
        let masker = Masker::of(&SECRETS);
        for secret in SECRETS {
            for encoded in encodings(secret) {
                assert_eq!(masker.mask(&format!("(({encoded}))")), format!("(({MASK}))"), "{encoded}");
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
            r"\u0073\u0065\u0073\u0073\u0069\u006f\u006e\u002f\u0074\u006f\u006b\u0065\u006e\u003d\u003d",
        ] {
            assert_eq!(masker.mask(&format!("x {encoded} y")), format!("x {MASK} y"));
        }
        assert_eq!(masker.mask("eu-central-1 is no secret"), "eu-central-1 is no secret");
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
