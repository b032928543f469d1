//! A secret as other programs write it.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::secret::Secret;
use super::undone::without_line_breaks;

/// The secret as it is and as programs encode it: hex, base64, a form's `+` for a space, line breaks in environment
/// variables. Some are the same. Escapes are not among these, because they are undone in what is looked at; nor is what no
/// program writes that speaks HTTP, such as base32 and quoted-printable.
pub(super) fn encodings(secret: &str) -> impl Iterator<Item = Secret> {
    let as_text = [
        secret.to_owned(),
        secret.replace(r"\n", "\n"),
        secret.replace(' ', "+"),
        without_line_breaks(secret),
        hex(secret, b"0123456789ABCDEF"),
        hex(secret, b"0123456789abcdef"),
    ];
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
    as_text.into_iter().chain(base64).map(Secret::new)
}

fn hex(secret: &str, digits: &[u8; 16]) -> String {
    let digit = |half: u8| char::from(digits[usize::from(half)]);
    secret.bytes().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
