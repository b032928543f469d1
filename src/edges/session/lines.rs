//! The server's lines, read by a thread of their own, so that waiting for one can end early.

use std::io::{self, BufRead, Read};
use std::thread;

use zeroize::Zeroizing;

use tokio::sync::mpsc::{self, Receiver, Sender};

/// The longest line that is kept, in bytes. XSOAR sends its common code with every request, half a MiB; a container may
/// have 64 MiB for all.
pub(super) const LONGEST: usize = 8 * 1024 * 1024;

/// A line of the server, with or without its end.
pub(super) enum Line {
    /// It holds the keys of the instance.
    Whole(Zeroizing<Vec<u8>>),
    TooLong,
}

pub(super) struct Lines(Receiver<Line>);

impl Lines {
    /// The lines of what this opens, on the thread that reads.
    pub(super) fn of<R: BufRead>(open: impl FnOnce() -> R + Send + 'static) -> Self {
        let (sender, receiver) = mpsc::channel(1);
        thread::spawn(move || read(open(), &sender));
        Self(receiver)
    }

    /// The next line; none at the end of the input, or when it cannot be read.
    pub(super) async fn next(&mut self) -> Option<Line> {
        self.0.recv().await
    }
}

fn read(mut input: impl BufRead, sender: &Sender<Line>) {
    while let Ok(Some(line)) = next(&mut input) {
        if sender.blocking_send(line).is_err() {
            return;
        }
    }
}

fn next(input: &mut impl BufRead) -> io::Result<Option<Line>> {
    let mut line = Zeroizing::new(Vec::new());
    let read = input.by_ref().take(LONGEST as u64).read_until(b'\n', &mut line)?;
    if read == 0 {
        return Ok(None);
    }
    if read == LONGEST && line.last() != Some(&b'\n') {
        input.skip_until(b'\n')?;
        return Ok(Some(Line::TooLong));
    }
    Ok(Some(Line::Whole(line)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_too_long_is_left_out_and_the_next_is_read() {
        let mut text = vec![b'x'; LONGEST + 10];
        text.extend_from_slice(b"\nping\nlast");
        let mut input = text.as_slice();
        assert!(matches!(next(&mut input), Ok(Some(Line::TooLong))));
        assert!(matches!(next(&mut input), Ok(Some(Line::Whole(line))) if *line == b"ping\n"));
        assert!(matches!(next(&mut input), Ok(Some(Line::Whole(line))) if *line == b"last"));
        assert!(matches!(next(&mut input), Ok(None)));
    }
}
