//! What a renderer makes a link without being told to (markdown-it: linkify-it with its defaults; GitHub Flavored Markdown,
//! 6.9 Autolinks).

/// The longest host that is looked at, in bytes (RFC 1035, 2.3.4).
const LONGEST_HOST: usize = 255;

/// Whether a slash after this text is the second of the two before a host. In base64 they stand within a word.
pub(super) fn is_address(before: &str) -> bool {
    let is_in_word = |c: char| c.is_alphanumeric() || matches!(c, '+' | '/' | '=');
    before.strip_suffix('/').is_some_and(|before| !before.ends_with(is_in_word))
}

/// Whether a dot between these texts makes a host of what is around it: before the last label of a domain, and after `www`.
/// Email addresses and what is no link any more are none.
pub(super) fn is_domain(before: &str, rest: &str) -> bool {
    let near = &before[before.floor_char_boundary(before.len().saturating_sub(LONGEST_HOST))..];
    let above = near.trim_end_matches(|c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '_'));
    let labels = &near[above.len()..];
    let label = rest.split(|c: char| !c.is_alphanumeric() && c != '-').next().unwrap_or_default();
    let follows_word = before.chars().next_back().is_some_and(|c| !c.is_whitespace());
    let is_link = labels.eq_ignore_ascii_case("www") || is_top_level(label);
    let is_local_part = labels.is_ascii() && above.chars().next_back().is_none_or(char::is_whitespace);
    let is_email = is_local_part && rest[label.len()..].strip_prefix('@').is_some_and(is_host);
    follows_word && is_link && !is_email && !above.ends_with(['@', '/', ':'])
}

/// Whether the text begins with a whole host.
fn is_host(text: &str) -> bool {
    let host = text.split(char::is_whitespace).next().unwrap_or_default();
    let is_whole = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
    is_whole && host.rsplit_once('.').is_some_and(|(name, top)| !name.is_empty() && is_top_level(top))
}

/// Whether this is a top-level domain that linkify-it knows: a country, or one of these.
fn is_top_level(label: &str) -> bool {
    const KNOWN: [&str; 17] = [
        "aero", "asia", "biz", "com", "coop", "edu", "gov", "info", "museum", "name", "net", "org", "pro", "shop",
        "web", "xxx", "рф",
    ];
    let is_country = label.len() == 2 && label.bytes().all(|byte| byte.is_ascii_alphabetic());
    let label = if label.len() <= LONGEST_HOST { label.to_lowercase() } else { return false };
    is_country || label.starts_with("xn--") || KNOWN.contains(&label.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the first of these dots makes a host.
    fn domain(text: &str) -> bool {
        let (before, rest) = text.split_once('.').unwrap();
        is_domain(before, rest)
    }

    #[test]
    fn a_dot_makes_a_host_where_a_renderer_would_link_one() {
        for text in [
            "evil.com",
            "x, Evil.COM/p",
            "WWW.evil.example",
            "a@b,evil.de",
            "a.com@x",
            "é.com@b.com",
            "a.com@b.com_",
            "пример.рф",
            "a.xn--p1ai",
            "💩.la",
        ] {
            assert!(domain(text), "{text}");
        }
        for text in
            ["first.last", "a@example.com", "first.de@example.com", "v1.2", "a. com", ".com", "https:/x.com", "a.b.com"]
        {
            assert!(!domain(text), "{text}");
        }
    }

    #[test]
    fn two_slashes_are_an_address_unless_they_stand_within_a_word() {
        for before in ["https:/", "/", "see /", "(/"] {
            assert!(is_address(before), "{before}");
        }
        for before in ["", "a", "a/", "+/", "https://"] {
            assert!(!is_address(before), "{before}");
        }
    }
}
