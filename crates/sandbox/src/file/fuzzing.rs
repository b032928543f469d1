//! A property for fuzzers: a file that parses is written and parses again to the same, and the error of any other names a
//! line.

#![allow(clippy::panic, reason = "a property that does not hold is a panic")]

use super::{
    parse::{self, ParseError},
    render,
};
use crate::sample;

/// Checks the property for an input. Its first byte decides what the rest is: a whole file, lines after the sample directory,
/// or an edit of it.
///
/// # Panics
///
/// If the property does not hold.
pub fn check_file(input: &[u8]) {
    let Some((first, rest)) = input.split_first() else { return };
    let text = String::from_utf8_lossy(rest);
    match first % 3 {
        0 => check_text(&text),
        1 => check_text(&(sample::TEXT.to_owned() + &text)),
        // An edit of a part of the sample.
        _ => {
            let lengths =
                rest.split_at_checked(4).map(|(head, _)| u32::from_le_bytes([head[0], head[1], head[2], head[3]]));
            let position = lengths.unwrap_or_default() as usize % sample::TEXT.len();
            let mut edited = sample::TEXT.as_bytes().to_vec();
            let end = edited.len().min(position + usize::from(first / 3));
            edited.splice(position..end, rest.get(4..).unwrap_or_default().iter().copied());
            check_text(&String::from_utf8_lossy(&edited));
        }
    }
}

fn check_text(text: &str) {
    match parse::directory(text) {
        Ok((directory, extent)) => {
            assert!(extent.document <= extent.whole && extent.whole <= text.len() as u64);
            let written = render::text(&directory);
            let (read, again) = parse::directory(&written).unwrap_or_else(|error| panic!("{error:?} in {written}"));
            assert_eq!(render::text(&read), written);
            assert_eq!((again.document, again.whole), (written.len() as u64, written.len() as u64));
        }
        Err(ParseError::Damaged { line, reason }) => {
            assert!((1..=text.split('\n').count()).contains(&line), "line {line} of {text:?}: {reason}");
            assert!(!reason.is_empty() && reason.len() < 2000 + 4 * text.len(), "{reason}");
        }
        Err(ParseError::NewerVersion { line, version }) => {
            assert!((1..=text.split('\n').count()).contains(&line) && version > 2, "line {line}, version {version}");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use proptest::{collection::vec, prelude::*};

    use super::check_file;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn file_of_random_bytes_is_understood_or_refused_by_line(input in vec(any::<u8>(), 0..512)) {
            check_file(&input);
        }
    }

    #[test]
    fn file_that_a_fuzzer_kept_is_understood_or_refused_by_line() {
        let seeds = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/seeds/sandbox_file");
        for seed in fs::read_dir(seeds).into_iter().flatten() {
            check_file(&fs::read(seed.expect("a seed").path()).expect("a seed"));
        }
    }
}
