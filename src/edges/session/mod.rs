//! The protocol between XSOAR's server and its containers: a line a message, both ways (XSOAR: content,
//! `Utils/_script_docker_python_loop_example.py`). The server asks for one script after the other; here each is a command.

mod lines;
mod messages;
mod reader;
mod stdin;

use std::io::{self, Read, Write};

use self::lines::Line;
use self::messages::Messages;
use self::reader::LineReader;
use self::stdin::Stdin;
use crate::dispatch::{Answer, Dispatcher};
use crate::values::error::Error;
use crate::values::request::Request;

/// Speaks on standard input and standard output; gives the exit code.
pub(super) fn session(dispatcher: &mut Dispatcher) -> io::Result<u8> {
    speak(dispatcher, Stdin::open()?, io::stdout()).map(|()| 0)
}

/// Answers the server until it closes its input, a request says that it is the only one, or a signal comes. Whoever
/// closes the output ends it as well: no further command is begun that nobody could be told of.
pub(crate) fn speak(
    dispatcher: &mut Dispatcher,
    input: impl Read + Send + 'static,
    output: impl Write,
) -> io::Result<()> {
    let mut session = Session { dispatcher, lines: LineReader::start(input)?, messages: Messages::to(output) };
    while let Some(line) = session.next()? {
        let request = match line {
            Line::Whole(line) if line.trim_ascii() == b"ping" => {
                session.messages.pong()?;
                continue;
            }
            Line::Whole(line) if line.trim_ascii().is_empty() => continue,
            Line::Whole(line) => Request::parse(&line),
            Line::TooLong => Err(Error::Usage(format!(
                "The request is longer than {} MiB, so it was not read.",
                lines::LONGEST / 1024 / 1024
            ))),
        };
        let is_last = request.as_ref().is_ok_and(|request| request.native);
        let answer = session.dispatcher.answer(request);
        session.tell(&answer)?;
        if is_last {
            break;
        }
    }
    Ok(())
}

struct Session<'d, W: Write> {
    dispatcher: &'d mut Dispatcher,
    lines: LineReader,
    messages: Messages<W>,
}

impl<W: Write> Session<'_, W> {
    /// The server's next line; none when there will be no more, or none is wanted.
    fn next(&mut self) -> io::Result<Option<Line>> {
        let line = self.dispatcher.until_stopped(self.lines.next());
        line.map(Option::flatten).map_err(|error| io::Error::other(error.to_string()))
    }

    fn tell(&mut self, answer: &Answer) -> io::Result<()> {
        for line in answer.trace() {
            self.messages.debug(&line)?;
            // The server answers each of these messages with a line that says nothing.
            if self.next()?.is_none() {
                break;
            }
        }
        self.messages.result_and_completed(&answer.entries)
    }
}
