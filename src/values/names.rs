//! How names are compared. AWS does not document how it tells names apart, so there are two rules: an
//! argument selects the one name it gives and no other, and a protected name protects all that may be taken for the same.
//!
//! Both begin with Unicode's normalization (UAX #15): the same letter may be one character or a letter with marks, and
//! keyboards and systems differ in that.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;

/// For selecting: the name with its letters composed. Letter case counts, and so do spaces.
pub(crate) fn composed(name: &str) -> Cow<'_, str> {
    ComposingNormalizerBorrowed::new_nfc().normalize(name)
}

/// The same where letter case says nothing about who is meant: for email addresses and for searches.
pub(crate) fn without_case(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { composed(&text.to_lowercase()).into_owned() }
}

/// For protecting: whether a name may be taken for a protected one. Letter case, spaces at the ends, and ways of writing
/// the same letter count nothing.
pub(crate) fn may_be_taken_for(protected: &str, name: &str) -> bool {
    if protected.is_ascii() && name.is_ascii() {
        protected.trim().eq_ignore_ascii_case(name.trim())
    } else {
        blurred(protected) == blurred(name)
    }
}

/// What names have in common that may be taken for each other: NFKC and case folding (Unicode, section 3.13). Folding is
/// done by lower, upper and lower case together, which tells even fewer names apart: programs compare by one or the other.
fn blurred(name: &str) -> String {
    let compatible = |text: &str| ComposingNormalizerBorrowed::new_nfkc().normalize(text).into_owned();
    let mut blurred = compatible(name);
    // What is folded may have to be composed anew, and that folded.
    for _ in 0..2 {
        blurred = compatible(&blurred.to_lowercase().to_uppercase().to_lowercase());
    }
    // Turkish has an i of which some programs keep the dot.
    blurred.replace("i\u{307}", "i").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use icu_casemap::CaseMapper;
    use icu_normalizer::DecomposingNormalizerBorrowed;

    use super::*;

    #[test]
    fn composed_names_select_the_same_whatever_wrote_them() {
        assert_eq!(composed("Jose\u{301}"), "José");
        assert!(matches!(composed("José"), Cow::Borrowed("José")));
        for (name, other) in [("alice", "Alice"), ("alice", "alice "), ("office", "oﬃce"), ("K", "\u{212b}")] {
            assert_ne!(composed(name), composed(other));
        }
        assert_eq!(without_case("JOSE\u{301}@Example.COM"), "josé@example.com");
        assert_ne!(without_case("strasse"), without_case("straße"), "another mailbox");
    }

    #[test]
    fn look_alikes_may_be_taken_for_the_protected() {
        for (protected, name) in [
            ("breakglass", "BreakGlass"),
            ("breakglass", "breakgla\u{17f}s"),
            ("Straße", "STRASSE"),
            ("STRA\u{1e9e}E", "strasse"),
            ("admin", "adm\u{130}n"),
            ("ADMIN", "adm\u{131}n"),
            ("office", "o\u{fb03}ce"),
            ("admin", "ａｄｍｉｎ"),
            ("José", "JOSE\u{301}"),
            ("Ωμέγας", "ΩΜΈΓΑΣ"),
            ("kelvin", "\u{212a}elvin"),
            ("Break glass", " Break glass\u{3000}"),
            ("Break glass", "Break\u{a0}glass\t"),
            ("", " "),
        ] {
            assert!(may_be_taken_for(protected, name), "{protected} and {name}");
            assert!(may_be_taken_for(name, protected), "{name} and {protected}");
        }
        for (protected, name) in
            [("alice", "alicia"), ("Break glass", "Breakglass"), ("root", "rööt"), ("admin", "аdmin"), ("a", "")]
        {
            assert!(!may_be_taken_for(protected, name), "{protected} and {name}");
        }
    }

    #[test]
    fn every_character_may_be_taken_for_its_foldings() {
        let folding = CaseMapper::new();
        let canonical = DecomposingNormalizerBorrowed::new_nfd();
        let compatible = DecomposingNormalizerBorrowed::new_nfkd();
        let mut newer = 0;
        for c in '\0'..='\u{2ffff}' {
            let alone = c.to_string();
            let folded = folding.fold_string(&alone);
            let others = [
                folding.fold_turkic_string(&alone),
                canonical.normalize(&alone),
                compatible.normalize(&folded),
                alone.to_lowercase().into(),
                alone.to_uppercase().into(),
            ];
            if folded == alone && others.iter().all(|other| *other == alone) {
                continue;
            }
            let has_case = |text: &str| text.to_lowercase() != text || text.to_uppercase() != text;
            if folded != alone && !has_case(&compatible.normalize(&alone)) {
                newer += 1;
                continue;
            }
            let within = |text: &str| blurred(&format!("x{text}y"));
            let twice = folding.fold_string(&others[2]);
            for other in others.iter().chain([&folded, &twice]) {
                assert_eq!(within(other), within(&alone), "{alone:?} and {other:?}");
            }
            assert_eq!(blurred(&within(&alone)), within(&alone), "{alone:?}");
        }
        assert!(newer < 40, "{newer} letters got another case since the Unicode of Rust");
    }
}
