//! Rules out quickly that a text holds a secret. docs/adr/0007-secret-prefilter.md says why no library does it.

use zeroize::Zeroizing;

use super::secret::Secret;

/// How many bytes are compared at once.
const WINDOW: usize = 8;

/// Only this many bytes of each pattern are known: more makes the filter larger, and hardly more exact.
const LONGEST: usize = 64;

/// A Bloom filter of the windows of patterns, with the windows themselves behind it. It looks at a few windows of a text:
/// as far apart as a pattern can be without a whole window of it being looked at.
#[derive(Debug)]
pub(super) struct Prefilter {
    /// The length of the shortest pattern, or `LONGEST`. All windows of this much of each pattern are known.
    shortest: usize,
    /// The distance of the windows that are looked at.
    stride: usize,
    /// The hashes of the known windows, a bit each.
    hashes: Box<[u64; 1 << 10]>,
    /// The known windows, in order. Together they are the secrets.
    known: Zeroizing<Vec<u64>>,
}

impl Prefilter {
    pub(super) fn new(patterns: &[Secret]) -> Self {
        let shortest = patterns.iter().map(|pattern| pattern.len()).min().unwrap_or(LONGEST).min(LONGEST);
        let stride = shortest.saturating_sub(WINDOW) + 1;
        let windows = patterns.len() * stride;
        let mut filter =
            Self { shortest, stride, hashes: Box::new([0; 1 << 10]), known: Vec::with_capacity(windows).into() };
        for pattern in patterns {
            for window in pattern.as_bytes()[..shortest].windows(WINDOW).filter_map(read) {
                let (word, bit) = place(window);
                filter.hashes[word] |= bit;
                filter.known.push(window);
            }
        }
        filter.known.sort_unstable();
        filter.known.dedup();
        filter
    }

    /// Returns true only if none of the patterns is in the text.
    pub(super) fn is_clean(&self, text: &[u8]) -> bool {
        if self.shortest < WINDOW {
            return text.len() < self.shortest;
        }
        !text.windows(WINDOW).step_by(self.stride).filter_map(read).any(|window| self.knows(window))
    }

    fn knows(&self, window: u64) -> bool {
        let (word, bit) = place(window);
        self.hashes[word] & bit != 0 && self.known.binary_search(&window).is_ok()
    }
}

fn read(window: &[u8]) -> Option<u64> {
    window.first_chunk().copied().map(u64::from_le_bytes)
}

/// Returns the word and the bit of a window's hash: sixteen bits of a product that mixes all of its bytes.
fn place(window: u64) -> (usize, u64) {
    let hash = window.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes();
    let word = usize::from(u16::from_be_bytes([hash[0], hash[1]]) >> 6);
    (word, 1 << (hash[1] & 63))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(patterns: &[&str]) -> Prefilter {
        Prefilter::new(&patterns.iter().map(|pattern| Secret::new((*pattern).to_owned())).collect::<Vec<_>>())
    }

    #[test]
    fn a_pattern_is_seen_wherever_it_stands() {
        let patterns = ["AKIAEXAMPLE123456789", "a/secret+key with\"quote and more", "session!"];
        for known in [&patterns[..], &patterns[..2], &patterns[..1]] {
            let filter = filter(known);
            for pattern in known {
                for before in 0..64 {
                    for after in [0, 1, 7, 64] {
                        let text = format!("{}{pattern}{}", "x".repeat(before), "y".repeat(after));
                        assert!(!filter.is_clean(text.as_bytes()), "{text}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_holds_no_pattern_goes_through() {
        let known = filter(&["AKIAEXAMPLE123456789", "session/token=="]);
        for text in ["", "AKIA", "9067f2a1b3-00000001-7051-7022-f6c4-b2f1c0a1d2e3", &"x".repeat(100_000)] {
            assert!(known.is_clean(text.as_bytes()), "{text}");
        }
        assert!(filter(&[]).is_clean(b"anything at all"));
    }

    #[test]
    fn a_pattern_that_is_shorter_than_a_window_lets_nothing_through_that_could_hold_it() {
        let filter = filter(&["\n\n\n\n", "a longer pattern"]);
        assert!(filter.is_clean(b"\n\n\n") && !filter.is_clean(b"\n\n\n\n") && !filter.is_clean(b"abcde"));
    }
}
