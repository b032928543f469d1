//! Masking: no secret comes out, whatever it is, wherever it stands and whoever encoded it; and JSON stays JSON.

use arbitrary::Unstructured;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::draw::{any, below, text};
use crate::values::entry::{Context, Entry, Payload};
use crate::values::markdown::Markdown;
use crate::values::masked_json::JsonMasker;
use crate::values::masker::{MASK, Masker};
use crate::values::medium::Medium;
use crate::values::secret::Secrets;

pub(super) fn check(input: &[u8]) {
    let bytes = &mut Unstructured::new(input);
    let given: Vec<String> = (0..=below(bytes, 3)).map(|_| secret(bytes)).collect();
    let params = json!({"credentials": {"identifier": given[0], "password": given.join("@@@")}, "tokens": given});
    let secrets = Secrets::default();
    if secrets.add_all(params.as_object().expect("an object")).is_err() {
        return;
    }
    let finder = Masker::of(&secrets.all());
    let secret = given[below(bytes, given.len())].trim().to_owned();
    let (before, after) = (text(bytes), text(bytes));
    let each = |write: &dyn Fn(char) -> String| secret.chars().map(write).collect::<String>();
    let shown = match below(bytes, 9) {
        0 => STANDARD.encode(format!("{before}{secret}{after}")),
        1 => URL_SAFE_NO_PAD.encode(format!("{before}{secret}{after}")),
        2 => Value::from(format!("{before}{secret}{after}")).to_string(),
        3 => before + &secret.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>() + &after,
        4 => before + &secret.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect::<String>() + &after,
        5 => before + &each(&|c| format!("&#{};", u32::from(c))) + &after,
        6 => before + &each(&|c| format!("&#x{:x};", u32::from(c))) + &after,
        7 => {
            let encoded = STANDARD.encode(format!("{before}{secret}{after}"));
            let lines: Vec<_> = encoded.as_bytes().chunks(76).map(String::from_utf8_lossy).collect();
            lines.join("\r\n")
        }
        _ => before + &secret + &after,
    };
    let masked = finder.mask(&shown);
    assert!(masked.len() <= shown.len() * 2 + 64, "{} of {}", masked.len(), shown.len());
    let told = secret.len() >= 8 && !MASK.contains(&secret) && !is_repetitive(&secret);
    if told {
        assert!(!masked.contains(&secret), "{secret:?} in {masked:?}");
        assert!(masked.contains(MASK), "{shown:?} is shown");
    }
    let value = json!({"text": shown, "members": {secret.clone(): [secret, any::<f64>(bytes)]}});
    let mut entry = Entry::Result {
        contents: Payload::of(&value),
        human_readable: shown.clone().into(),
        context: Context::default(),
        schedule: None,
    };
    entry.mask(JsonMasker { masker: &finder, is_own_name: |name| name == "text" });
    let read = serde_json::to_value(&entry).expect("JSON");
    assert_eq!(read["HumanReadable"], Markdown::from(masked.as_ref()).render(Medium::WarRoom));
    assert_eq!(read["Contents"]["text"], *masked);
    let written = read["Contents"].to_string();
    assert!(!told || !written.contains(&Value::from(secret.as_str()).to_string()), "{secret:?} in {written}");
}

/// A text, or what looks like the keys of AWS.
fn secret(bytes: &mut Unstructured<'_>) -> String {
    if below(bytes, 4) == 0 { text(bytes) } else { STANDARD.encode(any::<[u8; 15]>(bytes)) + &text(bytes) }
}

/// Whether a text is made of the same few letters: then its pieces are in everything that is made of these.
fn is_repetitive(text: &str) -> bool {
    let mut letters: Vec<char> = text.chars().collect();
    letters.sort_unstable();
    letters.dedup();
    letters.len() < 5
}
