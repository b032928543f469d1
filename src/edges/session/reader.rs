//! A thread that reads lines, so that a signal can end the wait for the next one.

use std::io::{self, Read};
use std::sync::mpsc;
use std::thread;

use tokio::sync::mpsc::{Receiver, channel};
use tokio::task::yield_now;

use super::lines::{Line, Lines};

/// Lines of an input, read one at a time and only on request: what comes while a command runs may be for another process
/// that shares the input, and a named pipe that is closed and opened again meanwhile has not ended.
pub(super) struct LineReader {
    requests: mpsc::Sender<()>,
    lines: Receiver<Option<Line>>,
}

impl LineReader {
    /// Starts the thread. It ends with the reader, or with the process if it waits for input then.
    pub(super) fn start(input: impl Read + Send + 'static) -> io::Result<Self> {
        let (requests, requested) = mpsc::channel();
        let (sender, lines) = channel(1);
        let read = move || {
            let mut lines = Lines::new(input);
            while requested.recv().is_ok() && sender.blocking_send(lines.next()).is_ok() {}
        };
        thread::Builder::new().name("stdin".to_owned()).spawn(read)?;
        Ok(Self { requests, lines })
    }

    /// Returns the next line; none at the end of the input, or when it cannot be read. A caller that gives up waiting
    /// must not ask again.
    pub(super) async fn next(&mut self) -> Option<Line> {
        // Input that never ends must not keep the runtime from looking for signals.
        yield_now().await;
        self.requests.send(()).ok()?;
        self.lines.recv().await.flatten()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::time::Duration;

    use super::*;

    #[test]
    fn lines_of_a_pipe_are_read_as_they_come() {
        let (reader, mut writer) = io::pipe().unwrap();
        let writing = thread::spawn(move || {
            for part in [&b"one\ntwo\nth"[..], b"ree\n", b"\nfour"] {
                writer.write_all(part).unwrap();
                thread::sleep(Duration::from_millis(20));
            }
        });
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut lines = LineReader::start(reader).unwrap();
        let mut next = || match runtime.block_on(lines.next()) {
            Some(Line::Whole(line)) => line.to_vec(),
            Some(Line::TooLong) | None => Vec::new(),
        };
        for expected in [&b"one\n"[..], b"two\n", b"three\n", b"\n", b"four", b"", b""] {
            assert_eq!(next(), expected);
        }
        writing.join().unwrap();
    }

    #[test]
    fn input_is_not_read_before_a_line_is_asked_for() {
        let (mut reader, mut writer) = io::pipe().unwrap();
        let lines = LineReader::start(reader.try_clone().unwrap()).unwrap();
        writer.write_all(b"for another reader").unwrap();
        drop((lines, writer));
        let mut all = String::new();
        reader.read_to_string(&mut all).unwrap();
        assert_eq!(all, "for another reader");
    }
}
