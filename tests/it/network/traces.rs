//! What would give a secret away: the secret, and what programs make of it. Written without a look at how the executable
//! finds them.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

/// The secret in plain, base64 (by itself, within something longer at each of its three places, and in lines), hexadecimal
/// form, and escaped for addresses, JSON and HTML.
pub fn traces(secret: &str) -> Vec<String> {
    let mut traces = vec![secret.to_owned()];
    let each = |encode: &dyn Fn(u8) -> String| secret.bytes().map(encode).collect::<String>();
    traces.extend([each(&|byte| format!("{byte:02x}")), each(&|byte| format!("{byte:02X}"))]);
    for keep in ["", "-_.~", "/-_.~"] {
        let kept = |byte: u8| byte.is_ascii_alphanumeric() || keep.as_bytes().contains(&byte);
        traces.push(each(&|byte| if kept(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }));
        traces.push(each(&|byte| if kept(byte) { char::from(byte).to_string() } else { format!("%{byte:02x}") }));
    }
    let json = serde_json::to_string(secret).unwrap();
    let json = json.trim_matches('"');
    traces.extend([json.to_owned(), json.replace('/', r"\/")]);
    let kept = |byte: u8| byte.is_ascii_alphanumeric();
    traces.push(each(&|byte| if kept(byte) { char::from(byte).to_string() } else { format!("\\u{byte:04x}") }));
    traces.push(each(&|byte| if kept(byte) { char::from(byte).to_string() } else { format!("\\u{byte:04X}") }));
    traces.push(each(&|byte| format!("\\u{byte:04x}")));
    let html =
        |escape: fn(u8) -> String| move |byte: u8| if kept(byte) { char::from(byte).to_string() } else { escape(byte) };
    for escape in [|byte| format!("&#{byte};"), |byte| format!("&#x{byte:02x};"), |byte| format!("&#x{byte:02X};")] {
        traces.push(each(&html(escape)));
    }
    traces.push(each(&html(|byte| match byte {
        b'&' => "&amp;".to_owned(),
        b'"' => "&quot;".to_owned(),
        b'\'' => "&#039;".to_owned(),
        b'<' => "&lt;".to_owned(),
        b'>' => "&gt;".to_owned(),
        _ => char::from(byte).to_string(),
    })));
    traces.push(each(&html(|byte| format!("%25{byte:02X}"))));
    let lines = STANDARD.encode(format!("Authorization: Basic of the user who begins this, {secret} and more of it"));
    for (columns, end) in [(64, "\n"), (76, "\r\n")] {
        let lines: Vec<_> = lines.as_bytes().chunks(columns).map(String::from_utf8_lossy).collect();
        traces.push(lines.join(end));
    }
    for alphabet in [STANDARD, URL_SAFE] {
        for before in ["", "x", "xx"] {
            // The letters that are the same whatever surrounds the secret.
            let one = alphabet.encode(format!("{before}{secret}\0\0"));
            let other = alphabet.encode(format!("{}{secret}\u{7f}\u{7f}", before.replace('x', "\u{7f}")));
            let same: String = one.chars().zip(other.chars()).map(|(a, b)| if a == b { a } else { '\0' }).collect();
            traces.extend(same.split('\0').max_by_key(|run| run.len()).map(str::to_owned));
        }
    }
    traces.sort_unstable();
    traces.dedup();
    traces
}

/// The first trace of any of these secrets in a text, which is looked at as it is and, if it is JSON, as what it says.
pub fn first_trace<'s>(text: &str, secrets: impl IntoIterator<Item = &'s str>) -> Option<String> {
    secrets.into_iter().flat_map(traces).find(|trace| text.contains(trace.as_str()))
}

#[test]
fn traces_are_found_where_programs_leave_them() {
    let secret = "a/secret+key of 1 instance";
    for text in [
        "x a/secret+key of 1 instance y",
        "a%2Fsecret%2Bkey%20of%201%20instance",
        "a%2fsecret%2bkey%20of%201%20instance",
        r"a\/secret+key of 1 instance",
        r"a\u002fsecret\u002bkey\u0020of\u00201\u0020instance",
        &STANDARD.encode(format!("user:{secret}")),
        &STANDARD.encode(format!("user1:{secret}, and more")),
        &STANDARD.encode(secret),
        "612f7365637265742b6b6579206f66203120696e7374616e6365",
    ] {
        assert!(first_trace(text, [secret]).is_some(), "{text}");
    }
    assert_eq!(first_trace("a/secret+kex of 1 instance", [secret]), None);
}
