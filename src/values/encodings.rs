//! A secret as other programs write it.

use std::iter;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde_json::Value;

use super::secret::Secret;

/// What percent-encoding writes for a space, and what it leaves as it is beside letters, digits and `-_.~`: Python's
/// `quote_plus` and `quote`, JavaScript's `encodeURIComponent` and `encodeURI`, and forms.
const PERCENT: [(&str, &str); 6] =
    [("+", ""), ("%20", ""), ("%20", "/"), ("%20", "!'()*"), ("%20", "!'()*;,/?:@&=+$#"), ("+", "*")];

/// The secret as it is and as programs encode it: hex, percent, JSON, with doubled or undone backslashes, base64. Some are
/// the same.
pub(super) fn encodings(secret: &str) -> impl Iterator<Item = Secret> {
    let json = Value::from(secret).to_string();
    let json = &json[1..json.len() - 1];
    let as_text = [
        secret.to_owned(),
        secret.replace('\\', r"\\"),
        secret.replace(r"\n", "\n"),
        json.to_owned(),
        json.replace('/', r"\/"),
        hex(secret, "", Case::Upper),
        hex(secret, "", Case::Lower),
    ];
    let ways = percent_ways(secret);
    let percent = [Case::Upper, Case::Lower].into_iter().flat_map(move |case| {
        let some: Vec<_> = ways.iter().map(|(space, safe)| percent(secret, space, safe, case)).collect();
        some.into_iter().chain(iter::once_with(move || hex(secret, "%", case)))
    });
    let base64 = [STANDARD_NO_PAD, URL_SAFE_NO_PAD].into_iter().flat_map(move |alphabet| {
        let whole = alphabet.encode(secret);
        let padding = "=".repeat((4 - whole.len() % 4) % 4);
        // Within something longer the bytes before it move the secret, and share their letters with its ends.
        let within = (0..3).map(move |before| {
            let encoded = alphabet.encode([&[0; 2][..before], secret.as_bytes()].concat());
            let (start, end) = ((before * 8).div_ceil(6), (before + secret.len()) * 8 / 6);
            encoded[start..end].to_owned()
        });
        [whole.clone() + &padding, whole].into_iter().chain(within)
    });
    as_text.into_iter().chain(percent).chain(base64).map(Secret::new)
}

/// The ways of percent-encoding that differ for this secret: what is written for a space, and what is left as it is. A key
/// that is nothing but letters has none.
fn percent_ways(secret: &str) -> Vec<(&'static str, Vec<u8>)> {
    let mut special: Vec<u8> = secret.bytes().filter(|byte| !is_unreserved(*byte)).collect();
    special.sort_unstable();
    special.dedup();
    if special.is_empty() {
        return Vec::new();
    }
    let spaced = special.contains(&b' ');
    let mut ways: Vec<_> = PERCENT
        .iter()
        .map(|(space, safe)| {
            let safe = special.iter().copied().filter(|byte| safe.as_bytes().contains(byte)).collect();
            (if spaced { *space } else { "" }, safe)
        })
        .collect();
    ways.sort_unstable();
    ways.dedup();
    ways
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte)
}

#[derive(Clone, Copy)]
enum Case {
    Upper,
    Lower,
}

fn push_hex(text: &mut String, byte: u8, case: Case) {
    let digits = match case {
        Case::Upper => b"0123456789ABCDEF",
        Case::Lower => b"0123456789abcdef",
    };
    text.push(char::from(digits[usize::from(byte >> 4)]));
    text.push(char::from(digits[usize::from(byte & 15)]));
}

fn hex(secret: &str, before_each: &str, case: Case) -> String {
    let mut text = String::with_capacity(secret.len() * (2 + before_each.len()));
    for byte in secret.bytes() {
        text.push_str(before_each);
        push_hex(&mut text, byte, case);
    }
    text
}

fn percent(secret: &str, space: &str, safe: &[u8], case: Case) -> String {
    let mut text = String::with_capacity(secret.len() * 3);
    for byte in secret.bytes() {
        if byte == b' ' {
            text.push_str(space);
        } else if is_unreserved(byte) || safe.contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push('%');
            push_hex(&mut text, byte, case);
        }
    }
    text
}
