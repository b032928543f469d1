//! `run '!command key=value'`: a War Room line typed in a terminal.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use zeroize::Zeroizing;

use super::one_shot::show_trace;
use super::war_room;
use crate::dispatch::{Answer, Dispatcher};
use crate::values::entry::Entry;
use crate::values::error::Error;
use crate::values::request::{Object, Request};

/// Runs a line; gives the exit code. A person gets the text, with errors on standard error; `json` gives the entries.
pub(super) fn run(dispatcher: &mut Dispatcher, line: &str, params: Option<&Path>, json: bool) -> io::Result<u8> {
    let request = request(line, params);
    let answer = dispatcher.answer(request);
    show_trace(&answer);
    if json {
        answer.write(BufWriter::new(io::stdout().lock()))?;
    } else {
        show(&answer)?;
    }
    Ok(answer.exit_code())
}

fn request(line: &str, params: Option<&Path>) -> Result<Request, Error> {
    let request = war_room::parse(line).map_err(Error::Usage)?;
    let params = params.map_or_else(|| Ok(Object::default()), read_params)?;
    Ok(Request { params: params.members, doubled_parameter: params.doubled, ..request })
}

/// Where what is wrong in the file is said, but never what stands there: it may be a secret.
fn read_params(path: &Path) -> Result<Object, Error> {
    let shown = path.display();
    let text = fs::read(path)
        .map(Zeroizing::new)
        .map_err(|error| Error::Usage(format!("The parameters could not be read from {shown}: {error}.")))?;
    serde_json::from_slice(&text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Error::Usage(format!("The parameters in {shown} are not one JSON object (line {line}, column {column})."))
    })
}

/// Shows an error that comes before any request; gives the exit code.
pub(super) fn show_error(error: &Error) -> io::Result<u8> {
    let answer = Answer::refused(error);
    show(&answer)?;
    Ok(answer.exit_code())
}

fn show(answer: &Answer) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let mut err = io::stderr().lock();
    for entry in &answer.entries {
        match entry {
            Entry::Result { human_readable, .. } => writeln!(out, "{}", answer.masker.mask(human_readable).trim_end())?,
            Entry::Text(text) => writeln!(out, "{text}")?,
            Entry::Warning(text) | Entry::Error(text) => writeln!(err, "{}", answer.masker.mask(text).trim_end())?,
        }
    }
    out.flush()
}
