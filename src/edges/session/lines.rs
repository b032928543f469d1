//! The server's lines.

use std::io::Read;
use std::mem;

use zeroize::Zeroizing;

/// The longest line that is kept, in bytes. XSOAR sends its common code with every request, half a MiB; a container may
/// have 64 MiB for all.
pub(super) const LONGEST: usize = 8 * 1024 * 1024;

/// How much is read at once: what a pipe holds.
const PIPE: usize = 64 * 1024;

/// A line of the server, with or without its end.
pub(super) enum Line {
    /// It holds the keys of the instance.
    Whole(Zeroizing<Vec<u8>>),
    TooLong,
}

/// Lines of an input.
pub(super) struct Lines<R> {
    input: R,
    /// What was read and is no line yet.
    unread: Zeroizing<Vec<u8>>,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, unread: Zeroizing::default() }
    }

    /// Returns the next line; none at the end of the input, or when it cannot be read.
    pub(super) fn next(&mut self) -> Option<Line> {
        let (mut looked_at, mut too_long) = (0, false);
        loop {
            let end = memchr::memchr(b'\n', &self.unread[looked_at..]).map(|place| looked_at + place + 1);
            looked_at = self.unread.len();
            too_long |= end.unwrap_or(looked_at) > LONGEST || (end.is_none() && looked_at == LONGEST);
            if end.is_none() {
                if too_long {
                    self.unread.clear();
                    looked_at = 0;
                }
                if self.read() > 0 {
                    continue;
                }
            }
            let following = self.unread.split_off(end.unwrap_or(looked_at));
            let line = Zeroizing::new(mem::replace(&mut *self.unread, following));
            return match (too_long, line.is_empty()) {
                (true, _) => Some(Line::TooLong),
                (false, true) => None,
                (false, false) => Some(Line::Whole(line)),
            };
        }
    }

    /// Reads what is there; nothing at the end.
    fn read(&mut self) -> usize {
        let filled = self.unread.len();
        self.unread.resize(filled + PIPE, 0);
        let read = self.input.read(&mut self.unread[filled..]).unwrap_or_default();
        self.unread.truncate(filled + read);
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(input: &[u8]) -> Vec<Option<Vec<u8>>> {
        let (mut lines, mut all) = (Lines::new(input), Vec::new());
        while let Some(line) = lines.next() {
            all.push(match line {
                Line::Whole(line) => Some(line.to_vec()),
                Line::TooLong => None,
            });
        }
        all
    }

    /// How long each is: a failure would print megabytes.
    fn lengths(input: &[u8]) -> Vec<Option<usize>> {
        all(input).into_iter().map(|line| line.map(|line| line.len())).collect()
    }

    #[test]
    fn a_line_that_is_too_long_is_left_out_and_the_next_is_read() {
        for (length, is_kept) in [(LONGEST - 1, true), (LONGEST, false), (LONGEST + 10, false), (3 * LONGEST, false)] {
            let text = [&vec![b'x'; length][..], b"\nping\nlast"].concat();
            assert_eq!(lengths(&text), [is_kept.then_some(length + 1), Some(5), Some(4)], "{length}");
            assert_eq!(lengths(&text[..length]), [is_kept.then_some(length)], "{length}");
        }
        assert_eq!(all(&b""[..]), Vec::<Option<_>>::new());
    }
}
