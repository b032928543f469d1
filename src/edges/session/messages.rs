//! What is told to the server, a JSON object a line.

use std::io::{self, Write};

use serde::Serialize;

use crate::edges::stdout::{JsonOutput, buffered};
use crate::values::entry::Entry;
use crate::values::masked_json;
use crate::values::masker::Masker;

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Message<'m> {
    Completed,
    Log { command: &'static str, args: LogArguments<'m> },
    Pong,
    Result { results: &'m [Entry] },
}

#[derive(Serialize)]
struct LogArguments<'m> {
    args: [&'m str; 1],
}

pub(super) struct Messages<W: Write>(JsonOutput<W>);

impl<W: Write> Messages<W> {
    pub(super) fn to(output: W) -> Self {
        Self(buffered(output))
    }

    pub(super) fn pong(&mut self) -> io::Result<()> {
        self.send(&Message::Pong)
    }

    /// The server answers it with one line.
    pub(super) fn debug(&mut self, line: &str) -> io::Result<()> {
        self.send(&Message::Log { command: "debug", args: LogArguments { args: [line] } })
    }

    /// What every command ends with. The server is not woken twice.
    pub(super) fn result_and_completed(&mut self, results: &[Entry], masker: &Masker) -> io::Result<()> {
        masked_json::write(&mut self.0, &Message::Result { results }, masker)?;
        self.0.write_all(b"\n")?;
        self.send(&Message::Completed)
    }

    fn send(&mut self, message: &Message<'_>) -> io::Result<()> {
        serde_json::to_writer(&mut self.0, message)?;
        self.0.write_all(b"\n")?;
        self.0.flush()
    }
}
