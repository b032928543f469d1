//! The server's lines. Waiting for one can end early, and takes no thread: what a pipe has is read when it is there.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::mem;
use std::os::fd::{AsFd, OwnedFd};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tokio::net::unix::pipe::Receiver;
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
pub(crate) struct Lines<R> {
    input: R,
    arrival: Arrival,
    /// What was read and is no line yet.
    unread: Zeroizing<Vec<u8>>,
}

/// How it is known that there is something to read.
enum Arrival {
    /// Reading never waits, or nobody minds that it does.
    Now,
    /// Not asked yet.
    Of(OwnedFd),
    Told(Receiver),
}

impl Lines<File> {
    /// The lines of standard input.
    pub(super) fn of_stdin() -> io::Result<Self> {
        let stdin = io::stdin();
        let (input, told) = (stdin.as_fd().try_clone_to_owned()?, stdin.as_fd().try_clone_to_owned()?);
        Ok(Self { arrival: Arrival::Of(told), ..Self::of(input.into()) })
    }
}

impl<R: Read> Lines<R> {
    /// The lines of what can be read at once.
    pub(crate) fn of(input: R) -> Self {
        Self { input, arrival: Arrival::Now, unread: Zeroizing::default() }
    }

    /// The next line; none at the end of the input, or when it cannot be read.
    pub(super) async fn next(&mut self) -> Option<Line> {
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
                if self.read().await.is_ok_and(|read| read > 0) {
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

    /// Reads what is there, at least a byte unless the input has ended.
    async fn read(&mut self) -> io::Result<usize> {
        let filled = self.unread.len();
        self.unread.resize(filled + PIPE, 0);
        let read = self.arrival.read(&mut self.input, &mut self.unread[filled..]).await;
        self.unread.truncate(filled + read.as_ref().copied().unwrap_or_default());
        read
    }
}

impl Arrival {
    /// Reads when there is something to read, or the end.
    async fn read(&mut self, input: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
        if let Self::Of(file) = self {
            // What is no pipe, terminal or socket cannot be waited for, and need not be.
            let told = Receiver::from_owned_fd_unchecked(file.try_clone()?);
            *self = told.map_or(Self::Now, Self::Told);
        }
        loop {
            let read = match self {
                Self::Told(told) => {
                    told.readable().await?;
                    // It was told at some time, and what there was may have been read since. The file is one that
                    // waits, because whoever has it as well need not know better.
                    told.try_io(|| {
                        if is_readable(&*told)? { input.read(buffer) } else { Err(ErrorKind::WouldBlock.into()) }
                    })
                }
                _ => input.read(buffer),
            };
            match read {
                Err(error) if [ErrorKind::Interrupted, ErrorKind::WouldBlock].contains(&error.kind()) => {}
                read => return read,
            }
        }
    }
}

fn is_readable(file: &impl AsFd) -> io::Result<bool> {
    let mut polled = [PollFd::new(file, PollFlags::IN)];
    Ok(poll(&mut polled, Some(&Timespec::default()))? > 0)
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::thread;
    use std::time::Duration;

    use super::*;

    fn all<R: Read>(mut lines: Lines<R>) -> Vec<Option<Vec<u8>>> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
        runtime.block_on(async {
            let mut all = Vec::new();
            while let Some(line) = lines.next().await {
                all.push(match line {
                    Line::Whole(line) => Some(line.to_vec()),
                    Line::TooLong => None,
                });
            }
            all
        })
    }

    #[test]
    fn a_line_that_is_too_long_is_left_out_and_the_next_is_read() {
        for (length, is_kept) in [(LONGEST - 1, true), (LONGEST, false), (LONGEST + 10, false), (3 * LONGEST, false)] {
            let line = [&vec![b'x'; length][..], b"\n"].concat();
            let text = [&line[..], b"ping\nlast"].concat();
            let first = is_kept.then_some(line);
            assert_eq!(
                all(Lines::of(&text[..])),
                [first, Some(b"ping\n".to_vec()), Some(b"last".to_vec())],
                "{length}"
            );
            assert_eq!(all(Lines::of(&text[..length])), [(length < LONGEST).then(|| text[..length].to_vec())]);
        }
        assert_eq!(all(Lines::of(&b""[..])), Vec::<Option<_>>::new());
    }

    #[test]
    fn lines_of_a_pipe_are_read_as_they_come() {
        let (reader, mut writer) = io::pipe().unwrap();
        let told = OwnedFd::from(reader.try_clone().unwrap());
        let writing = thread::spawn(move || {
            for part in [&b"one\ntwo\nth"[..], b"ree\n", b"\nfour"] {
                writer.write_all(part).unwrap();
                thread::sleep(Duration::from_millis(20));
            }
        });
        let lines = Lines { arrival: Arrival::Of(told), ..Lines::of(reader) };
        let expected = [&b"one\n"[..], b"two\n", b"three\n", b"\n", b"four"];
        assert_eq!(all(lines), expected.map(|line| Some(line.to_vec())));
        writing.join().unwrap();
    }
}
