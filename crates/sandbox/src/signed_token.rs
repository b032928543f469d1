//! Tokens that the sandbox gives out and accepts back only unaltered: page tokens and session tokens.
//!
//! A token is bound to a purpose and opaque to its holder. Opacity needs a cipher, although there is no secret to keep:
//! AWS's own tokens are opaque, and a client that reads ours would break on AWS's.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    digest::{SHA256, digest},
};

/// Returns a token that holds a text for a purpose. The same text and purpose give the same token.
pub(crate) fn issue(purpose: &str, text: &str) -> Option<String> {
    let nonce = nonce(purpose, text);
    let mut bytes = text.as_bytes().to_vec();
    let unique = Nonce::assume_unique_for_key(nonce);
    key()?.seal_in_place_append_tag(unique, Aad::from(purpose), &mut bytes).ok()?;
    Some(URL_SAFE_NO_PAD.encode([&nonce[..], &bytes].concat()))
}

/// Returns the text that a token holds, if it was issued for this purpose and was not altered.
pub(crate) fn read(purpose: &str, token: &str) -> Option<String> {
    let mut bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let nonce = bytes.get(..NONCE_LEN)?.try_into().ok()?;
    let unique = Nonce::assume_unique_for_key(nonce);
    let text = key()?.open_in_place(unique, Aad::from(purpose), bytes.get_mut(NONCE_LEN..)?).ok()?;
    String::from_utf8(text.to_vec()).ok()
}

/// Returns the key, which is the same in every process: a token outlives the process that issued it.
fn key() -> Option<LessSafeKey> {
    let bytes = digest(&SHA256, b"tokens of the sandbox");
    UnboundKey::new(&CHACHA20_POLY1305, bytes.as_ref()).map(LessSafeKey::new).ok()
}

/// Returns a nonce that differs for every purpose and text, as the cipher requires.
fn nonce(purpose: &str, text: &str) -> [u8; NONCE_LEN] {
    let whole = digest(&SHA256, format!("{}:{purpose}{text}", purpose.len()).as_bytes());
    let mut nonce = [0; NONCE_LEN];
    nonce.copy_from_slice(&whole.as_ref()[..NONCE_LEN]);
    nonce
}

#[cfg(test)]
mod tests {
    use super::{issue, read};

    #[test]
    fn token_altered_or_for_another_purpose_is_refused() {
        let token = issue("a list", "where it goes on").expect("a token");
        assert_eq!(read("a list", &token).as_deref(), Some("where it goes on"));
        assert_eq!(read("another list", &token), None);
        assert!(!token.contains("where"));
        for index in 0..token.len() {
            let mut altered = token.clone().into_bytes();
            altered[index] = if altered[index] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).expect("text");
            // base64 refuses any spare bits of the last letter but zeros.
            assert_eq!(read("a list", &altered), None, "{index}");
        }
        for wrong in ["", "AAAA", "no base 64!", "where it goes on"] {
            assert_eq!(read("a list", wrong), None, "{wrong}");
        }
    }
}
