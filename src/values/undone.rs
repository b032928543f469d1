//! Texts as they were before programs escaped them: for JSON or Markdown, for HTML, for an address; and without the line
//! breaks of wrapped base64. Each place in such a text leads back to its place in the text that was escaped.

use memchr::{memchr3, memchr3_iter};

/// A way in which programs write characters otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escape {
    /// JSON, JavaScript and Markdown: `\n`, `\x2f`, `\u002f`, `\/`.
    Backslash,
    /// HTML and XML: `&amp;`, `&#38;`, `&#x26;`.
    Entity,
    /// Addresses and forms: `%2F`.
    Percent,
}

impl Escape {
    pub(super) const ALL: [Self; 3] = [Self::Backslash, Self::Entity, Self::Percent];

    /// What an escape at the beginning of the text stands for, and the escape's length.
    fn read(self, text: &[u8]) -> Option<(Bytes, usize)> {
        match self {
            Self::Backslash => backslash(text),
            Self::Entity => entity(text),
            Self::Percent => {
                let byte = hex(text.strip_prefix(b"%")?.get(..2)?)?;
                Some((Bytes::one(u8::try_from(byte).ok()?), 3))
            }
        }
    }

    /// Whether the text has an escape of this kind.
    pub(super) fn is_in(self, text: &[u8]) -> bool {
        let mut places = memchr3_iter(b'\\', b'&', b'%', text);
        places.any(|place| self.read(&text[place..]).is_some())
    }
}

/// Whether a text is as it was, in all of these ways.
pub(super) fn is_plain(text: &[u8]) -> bool {
    let escape = |place: usize| Escape::ALL.iter().find_map(|escape| escape.read(&text[place..]));
    !memchr3_iter(b'\\', b'&', b'%', text).any(|place| escape(place).is_some())
        && !memchr3_iter(b'\r', b'\n', b'<', text).any(|place| line_break(text, place).is_some())
}

/// What is done to a text, so that it is as it was.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<'e> {
    /// These escapes are undone.
    Undo(&'e [Escape]),
    /// Line breaks within what may be base64 are taken out.
    Unwrap,
}

impl Step<'_> {
    /// The text after this step; nothing if it is the same.
    pub(super) fn undo(self, text: &[u8]) -> Option<Vec<u8>> {
        self.undo_with(text, |_, _| {})
    }

    /// The same. Pairs of places are told that are the same in both texts, in order.
    fn undo_with(self, text: &[u8], mut same: impl FnMut(usize, usize)) -> Option<Vec<u8>> {
        let find = |text: &[u8]| match self {
            Self::Undo(_) => memchr3(b'\\', b'&', b'%', text),
            Self::Unwrap => memchr3(b'\r', b'\n', b'<', text),
        };
        let read = |place: usize| match self {
            Self::Undo(escapes) => escapes.iter().find_map(|escape| escape.read(&text[place..])),
            Self::Unwrap => line_break(text, place).map(|length| (Bytes::default(), length)),
        };
        let (mut plain, mut copied, mut place) = (Vec::new(), 0, 0);
        while let Some(found) = find(&text[place..]) {
            place += found;
            match read(place) {
                None => place += 1,
                Some((bytes, length)) => {
                    plain.extend_from_slice(&text[copied..place]);
                    same(plain.len(), place);
                    plain.extend_from_slice(bytes.as_slice());
                    place += length;
                    copied = place;
                    same(plain.len(), place);
                }
            }
        }
        if copied == 0 {
            return None;
        }
        plain.extend_from_slice(&text[copied..]);
        Some(plain)
    }
}

/// A text without the line breaks within what may be base64.
pub(super) fn without_line_breaks(text: &str) -> String {
    let unwrapped = Step::Unwrap.undo(text.as_bytes()).and_then(|bytes| String::from_utf8(bytes).ok());
    unwrapped.unwrap_or_else(|| text.to_owned())
}

/// A text after some steps, and where each place in it was before.
#[derive(Debug)]
pub(super) struct Undone {
    pub(super) text: Vec<u8>,
    maps: Vec<Map>,
}

impl Undone {
    /// The text after these steps; nothing if one of them changes nothing.
    pub(super) fn of(text: &str, steps: &[Step<'_>]) -> Option<Self> {
        let mut undone = Self { text: text.as_bytes().to_vec(), maps: Vec::new() };
        for step in steps {
            let mut map = Map::default();
            undone.text = step.undo_with(&undone.text, |here, there| map.0.push((here, there)))?;
            undone.maps.push(map);
        }
        Some(undone)
    }

    /// Where the byte at this place, or the end, stands in the text before all steps.
    pub(super) fn place(&self, place: usize) -> usize {
        self.maps.iter().rev().fold(place, |place, map| map.place(place))
    }
}

/// Where places in a text stand in the text that it was made of: pairs of places that are the same, in order. Between them
/// both texts are the same.
#[derive(Debug, Default)]
struct Map(Vec<(usize, usize)>);

impl Map {
    fn place(&self, place: usize) -> usize {
        let after = self.0.partition_point(|(here, _)| *here <= place);
        let (here, there) = after.checked_sub(1).map_or((0, 0), |before| self.0[before]);
        there + (place - here)
    }
}

/// The bytes of one character, or none.
#[derive(Clone, Copy, Default)]
struct Bytes {
    bytes: [u8; 4],
    length: usize,
}

impl Bytes {
    fn one(byte: u8) -> Self {
        Self { bytes: [byte, 0, 0, 0], length: 1 }
    }

    fn of(c: char) -> Self {
        let mut bytes = [0; 4];
        let length = c.encode_utf8(&mut bytes).len();
        Self { bytes, length }
    }

    fn as_slice(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// JSON escapes what it must and each library some more (RFC 8259); JavaScript and web servers write `\x2f`; Markdown
/// writes a backslash before any punctuation (CommonMark, "Backslash escapes").
fn backslash(text: &[u8]) -> Option<(Bytes, usize)> {
    let text = text.strip_prefix(b"\\")?;
    let byte = match text.first()? {
        b'u' => return unicode(text).map(|(c, length)| (Bytes::of(c), length + 1)),
        b'x' => return Some((Bytes::one(u8::try_from(hex(text.get(1..3)?)?).ok()?), 4)),
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'b' => 8,
        b'f' => 12,
        byte if byte.is_ascii_punctuation() => *byte,
        _ => return None,
    };
    Some((Bytes::one(byte), 2))
}

/// `u002f`, or two of these with a backslash between them for what needs two units of UTF-16.
fn unicode(text: &[u8]) -> Option<(char, usize)> {
    let unit = |text: &[u8]| u16::try_from(hex(text.strip_prefix(b"u")?.get(..4)?)?).ok();
    let first = unit(text)?;
    if let Some(c) = char::from_u32(first.into()) {
        return Some((c, 5));
    }
    let second = unit(text.get(5..)?.strip_prefix(b"\\")?)?;
    char::decode_utf16([first, second]).next()?.ok().map(|c| (c, 11))
}

/// A number, or one of the names that HTML has for the characters of ASCII (HTML, "Named character references").
fn entity(text: &[u8]) -> Option<(Bytes, usize)> {
    let text = text.strip_prefix(b"&")?;
    let end = text.iter().take(LONGEST_ENTITY).position(|byte| *byte == b';')?;
    let c = match &text[..end] {
        [b'#', b'x' | b'X', digits @ ..] => char::from_u32(hex(digits)?)?,
        [b'#', digits @ ..] => char::from_u32(std::str::from_utf8(digits).ok()?.parse().ok()?)?,
        name => NAMED.iter().find(|(known, _)| known.as_bytes() == name)?.1,
    };
    Some((Bytes::of(c), end + 2))
}

/// Numbers may begin with zeros.
const LONGEST_ENTITY: usize = 12;

const NAMED: [(&str, char); 40] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("AMP", '&'),
    ("LT", '<'),
    ("GT", '>'),
    ("QUOT", '"'),
    ("Tab", '\t'),
    ("NewLine", '\n'),
    ("excl", '!'),
    ("num", '#'),
    ("dollar", '$'),
    ("percnt", '%'),
    ("lpar", '('),
    ("rpar", ')'),
    ("ast", '*'),
    ("plus", '+'),
    ("comma", ','),
    ("period", '.'),
    ("sol", '/'),
    ("colon", ':'),
    ("semi", ';'),
    ("equals", '='),
    ("quest", '?'),
    ("commat", '@'),
    ("lsqb", '['),
    ("lbrack", '['),
    ("bsol", '\\'),
    ("rsqb", ']'),
    ("rbrack", ']'),
    ("Hat", '^'),
    ("lowbar", '_'),
    ("grave", '`'),
    ("lcub", '{'),
    ("lbrace", '{'),
    ("verbar", '|'),
    ("rcub", '}'),
    ("rbrace", '}'),
];

/// The value of some hex digits.
fn hex(digits: &[u8]) -> Option<u32> {
    let sound = !digits.is_empty() && digits.len() <= 8 && digits.iter().all(u8::is_ascii_hexdigit);
    if sound { u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok() } else { None }
}

/// The length of a line break at this place, with the indentation that follows it, if it stands between what may be
/// letters of base64. Our own tables write `<br>`.
fn line_break(text: &[u8], place: usize) -> Option<usize> {
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_=".contains(byte);
    let before = place.checked_sub(1)?;
    if !is_letter(&text[before]) {
        return None;
    }
    let rest = &text[place..];
    let length = [&b"\r\n"[..], b"\n", b"\r", b"<br>"].iter().find(|mark| rest.starts_with(mark))?.len();
    let indent = rest[length..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let length = length + indent;
    rest.get(length).filter(|byte| is_letter(byte)).map(|_| length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn undone(text: &str, step: Step<'_>) -> Option<String> {
        step.undo(text.as_bytes()).map(|text| String::from_utf8(text).unwrap())
    }

    #[test]
    fn escapes_of_each_kind_are_undone() {
        for (escape, text, plain) in [
            (Escape::Backslash, r#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{c}\n\r\t"),
            (Escape::Backslash, r"\u0041\u00e4\ud83d\uDD11\x2f\*\_", "Aä🔑/*_"),
            (Escape::Entity, "&amp;&lt;&gt;&quot;&apos;&#39;&#039;&#x2F;&#X2f;&#x1F511;&sol;", "&<>\"'''//🔑/"),
            (Escape::Percent, "%2F%2f%C3%A4%25", "//ä%"),
        ] {
            assert_eq!(undone(text, Step::Undo(&[escape])).as_deref(), Some(plain));
            assert_eq!(undone(text, Step::Undo(&Escape::ALL)).as_deref(), Some(plain));
            assert!(escape.is_in(text.as_bytes()) && !is_plain(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn what_is_no_escape_is_left_as_it_is() {
        for text in [
            "",
            r"\",
            r"\a",
            r"\u12",
            r"\ud83d",
            r"\ud83d\ud83d",
            r"\xZ",
            "&",
            "&;",
            "&#;",
            "&#x;",
            "&nosuch;",
            "%",
            "%4",
        ] {
            assert_eq!(undone(text, Step::Undo(&Escape::ALL)), None, "{text}");
            assert!(is_plain(text.as_bytes()), "{text}");
        }
        assert_eq!(undone("R&D, 100 %, +5%&", Step::Undo(&Escape::ALL)), None);
        assert_eq!(undone("&#x110000; &#55555555;", Step::Undo(&Escape::ALL)), None, "beyond all characters");
    }

    #[test]
    fn each_place_leads_back_to_the_escaped_text() {
        let text = r"ab&amp;\u0041c%2525d";
        let step = Step::Undo(&Escape::ALL);
        assert_eq!(Undone::of(text, &[step]).unwrap().text, b"ab&Ac%25d");
        let twice = Undone::of(text, &[step, step]).unwrap();
        assert_eq!(twice.text, b"ab&Ac%d");
        let places: Vec<_> = (0..=twice.text.len()).map(|place| twice.place(place)).collect();
        assert_eq!(places, [0, 1, 2, 7, 13, 14, 19, 20]);
        assert_eq!(places[7], text.len());
        assert!(Undone::of(text, &[step, step, step]).is_none());
    }

    #[test]
    fn line_breaks_are_taken_out_of_what_may_be_base64() {
        for (text, plain) in [
            ("QUtJ\nQUVY", "QUtJQUVY"),
            ("QUtJ\r\n    QUVY==", "QUtJQUVY=="),
            ("QUtJ<br>QUVY\r/w==", "QUtJQUVY/w=="),
            ("| a |\nb\nc\n", "| a |\nbc\n"),
        ] {
            assert_eq!(undone(text, Step::Unwrap).as_deref(), Some(plain));
            assert!(!is_plain(text.as_bytes()));
        }
        for text in ["", "\n", "a\n", "\na", "a\n\nb", "a.\nb", "a<b>c", "a <br> b"] {
            assert!(undone(text, Step::Unwrap).is_none() && is_plain(text.as_bytes()), "{text:?}");
        }
    }
}
