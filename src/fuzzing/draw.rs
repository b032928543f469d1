//! Values made of an input's bytes. What has broken programs before comes up more often than chance would have it.

use arbitrary::{Arbitrary, Unstructured};
use serde_json::{Map, Value};

/// Texts that mean something to somebody on the way.
const ODD: [&str; 40] = [
    "",
    " ",
    "\0",
    "\t",
    "\r\n",
    "\n",
    "\u{1b}[31m",
    "\u{7f}",
    "\u{85}",
    "\u{2028}",
    "\u{202e}",
    "\u{2066}",
    "\u{feff}",
    "\u{fffd}",
    "\u{10ffff}",
    "e\u{301}",
    "İ",
    "ſ",
    "ß",
    "👩‍💻",
    "|",
    "`",
    "\\",
    "\"",
    "'",
    "@@@",
    ",",
    ",,",
    "[",
    "]",
    "[\"a\",\"b\"]",
    "{\"a\":1}",
    "null",
    "true",
    "no",
    "-0",
    "1e999",
    "9223372036854775808",
    "5.0",
    "arn:aws:iam::",
];

/// A value of this type; when the bytes are at their end, its simplest.
pub(super) fn any<'b, T: Arbitrary<'b> + Default>(bytes: &mut Unstructured<'b>) -> T {
    bytes.arbitrary().unwrap_or_default()
}

/// A number below this one.
pub(super) fn below(bytes: &mut Unstructured<'_>, end: usize) -> usize {
    bytes.int_in_range(0..=end.saturating_sub(1)).unwrap_or_default()
}

/// One of these.
pub(super) fn one<T: Copy>(bytes: &mut Unstructured<'_>, choices: &[T]) -> T {
    choices[below(bytes, choices.len())]
}

/// A text that means something to a program on the way.
pub(super) fn oddity(bytes: &mut Unstructured<'_>) -> &'static str {
    one(bytes, &ODD)
}

/// A text: odd ones and others, one after the other.
pub(super) fn text(bytes: &mut Unstructured<'_>) -> String {
    let mut text = String::new();
    for _ in 0..below(bytes, 4) {
        match below(bytes, 4) {
            0 => text.push_str(oddity(bytes)),
            1 => text.push_str(&oddity(bytes).repeat(below(bytes, 500))),
            2 => text.push_str(any(bytes)),
            _ => text.push(any(bytes)),
        }
    }
    text
}

/// A JSON value that is at most this deep.
pub(super) fn json(bytes: &mut Unstructured<'_>, depth: usize) -> Value {
    match below(bytes, if depth == 0 { 7 } else { 9 }) {
        0 => Value::Null,
        1 => any::<bool>(bytes).into(),
        2 => any::<i64>(bytes).into(),
        3 => any::<u64>(bytes).into(),
        4 => any::<f64>(bytes).into(),
        5 => i64::from(any::<i8>(bytes)).into(),
        6 => text(bytes).into(),
        7 => (0..below(bytes, 4)).map(|_| json(bytes, depth - 1)).collect(),
        _ => (0..below(bytes, 4)).map(|_| (text(bytes), json(bytes, depth - 1))).collect(),
    }
}

/// An object with some of these members, and others.
pub(super) fn object(bytes: &mut Unstructured<'_>, names: &[impl AsRef<str>]) -> Map<String, Value> {
    let member = |bytes: &mut Unstructured<'_>| {
        let known = below(bytes, 8) > 0 && !names.is_empty();
        if known { names[below(bytes, names.len())].as_ref().to_owned() } else { text(bytes) }
    };
    (0..below(bytes, 8)).map(|_| (member(bytes), json(bytes, 2))).collect()
}
