//! Rules out quickly that a text holds any of some patterns.

use super::secret::Secret;

/// How many bytes are looked at together.
const WINDOW: usize = 8;

/// No more than this of each pattern is known: more makes the sieve larger, and hardly quicker.
const LONGEST: usize = 64;

/// Lets texts through that hold none of the patterns for sure. It looks at a few windows of a text only: the beginning of
/// each pattern, as long as the shortest one, is known at every place where one of these windows may cut it.
#[derive(Debug)]
pub(super) struct Sieve {
    shortest: usize,
    /// The windows that are looked at are so far apart.
    stride: usize,
    /// The hashes of the known windows, a bit each.
    hashes: Box<[u64; 1 << 10]>,
    /// The known windows, in order.
    known: Vec<u64>,
}

impl Sieve {
    /// Finds these patterns, and seldom something else.
    pub(super) fn of(patterns: &[Secret]) -> Self {
        let shortest = patterns.iter().map(|pattern| pattern.len()).min().unwrap_or(LONGEST).min(LONGEST);
        let stride = shortest.saturating_sub(WINDOW) + 1;
        let mut sieve = Self { shortest, stride, hashes: Box::new([0; 1 << 10]), known: Vec::new() };
        for pattern in patterns {
            for window in pattern.as_bytes()[..shortest].windows(WINDOW).filter_map(read) {
                let (word, bit) = place(window);
                sieve.hashes[word] |= bit;
                sieve.known.push(window);
            }
        }
        sieve.known.sort_unstable();
        sieve.known.dedup();
        sieve
    }

    /// Whether none of the patterns is in the text for sure.
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

/// Where the hash of a window stands: sixteen bits of a product that mixes all bytes of it.
fn place(window: u64) -> (usize, u64) {
    let hash = window.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes();
    let word = usize::from(u16::from_be_bytes([hash[0], hash[1]]) >> 6);
    (word, 1 << (hash[1] & 63))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sieve(patterns: &[&str]) -> Sieve {
        Sieve::of(&patterns.iter().map(|pattern| Secret::new((*pattern).to_owned())).collect::<Vec<_>>())
    }

    #[test]
    fn a_pattern_is_seen_wherever_it_stands() {
        let patterns = ["AKIAEXAMPLE123456789", "a/secret+key with\"quote and more", "session!"];
        for known in [&patterns[..], &patterns[..2], &patterns[..1]] {
            let sieve = sieve(known);
            for pattern in known {
                for before in 0..64 {
                    for after in [0, 1, 7, 64] {
                        let text = format!("{}{pattern}{}", "x".repeat(before), "y".repeat(after));
                        assert!(!sieve.is_clean(text.as_bytes()), "{text}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_holds_no_pattern_goes_through() {
        let known = sieve(&["AKIAEXAMPLE123456789", "session/token=="]);
        for text in ["", "AKIA", "9067f2a1b3-00000001-7051-7022-f6c4-b2f1c0a1d2e3", &"x".repeat(100_000)] {
            assert!(known.is_clean(text.as_bytes()), "{text}");
        }
        assert!(sieve(&[]).is_clean(b"anything at all"));
    }

    #[test]
    fn a_pattern_that_is_shorter_than_a_window_lets_nothing_through_that_could_hold_it() {
        let sieve = sieve(&["\n\n\n\n", "a longer pattern"]);
        assert!(sieve.is_clean(b"\n\n\n") && !sieve.is_clean(b"\n\n\n\n") && !sieve.is_clean(b"abcde"));
    }
}
