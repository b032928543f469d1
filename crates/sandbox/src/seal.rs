//! What the sandbox gives out and wants back unaltered: page tokens, session tokens.
//!
//! A sealed text tells nothing to who holds it, and is opened only for the purpose it was sealed for. That needs a
//! cipher, though there is no secret to keep: AWS's own tokens are opaque, and a client that looks into ours would
//! break on AWS's.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    digest::{SHA256, digest},
};

/// Seals a text for a purpose. The same text and purpose give the same seal.
pub(super) fn seal(purpose: &str, text: &str) -> Option<String> {
    let nonce = nonce(purpose, text);
    let mut bytes = text.as_bytes().to_vec();
    let unique = Nonce::assume_unique_for_key(nonce);
    key()?.seal_in_place_append_tag(unique, Aad::from(purpose), &mut bytes).ok()?;
    Some(URL_SAFE_NO_PAD.encode([&nonce[..], &bytes].concat()))
}

/// The text that was sealed, if it was sealed for this purpose and not altered.
pub(super) fn open(purpose: &str, sealed: &str) -> Option<String> {
    let mut bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
    let nonce = bytes.get(..NONCE_LEN)?.try_into().ok()?;
    let unique = Nonce::assume_unique_for_key(nonce);
    let text = key()?.open_in_place(unique, Aad::from(purpose), bytes.get_mut(NONCE_LEN..)?).ok()?;
    String::from_utf8(text.to_vec()).ok()
}

/// A key that every process has, so that a token serves in the next one too.
fn key() -> Option<LessSafeKey> {
    let bytes = digest(&SHA256, b"tokens of the sandbox");
    UnboundKey::new(&CHACHA20_POLY1305, bytes.as_ref()).map(LessSafeKey::new).ok()
}

/// Unlike for unlike texts, which is what a nonce has to be.
fn nonce(purpose: &str, text: &str) -> [u8; NONCE_LEN] {
    let whole = digest(&SHA256, format!("{}:{purpose}{text}", purpose.len()).as_bytes());
    let mut nonce = [0; NONCE_LEN];
    nonce.copy_from_slice(&whole.as_ref()[..NONCE_LEN]);
    nonce
}

#[cfg(test)]
mod tests {
    use super::{open, seal};

    #[test]
    fn what_is_sealed_is_opened_for_its_purpose_only() {
        let sealed = seal("a list", "where it goes on").expect("a seal");
        assert_eq!(open("a list", &sealed).as_deref(), Some("where it goes on"));
        assert_eq!(open("another list", &sealed), None);
        assert!(!sealed.contains("where"));
        for index in 0..sealed.len() {
            let mut altered = sealed.clone().into_bytes();
            altered[index] = if altered[index] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).expect("text");
            // The last letter's spare bits say nothing, and base64 refuses any other than zeros.
            assert_eq!(open("a list", &altered), None, "{index}");
        }
        for wrong in ["", "AAAA", "no base 64!", "where it goes on"] {
            assert_eq!(open("a list", wrong), None, "{wrong}");
        }
    }
}
