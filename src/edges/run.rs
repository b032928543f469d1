//! `run '!command key=value'`: a War Room line typed in a terminal.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::one_shot::show_trace;
use super::stdout::stdout;
use super::visible_json::VisibleJson;
use super::war_room;
use crate::commands::COMMANDS;
use crate::dispatch::{Answer, Dispatcher};
use crate::values::entry::Entry;
use crate::values::error::Error;
use crate::values::masked_json;
use crate::values::medium::Medium;
use crate::values::request::{Object, Request, asks_for_debugging};

/// What a line takes from files.
#[derive(Default)]
pub(super) struct Sources {
    /// The parameters of the instance, a JSON object.
    pub(super) params: Option<PathBuf>,
    /// Arguments, by name, whose value is what the file holds.
    pub(super) arguments: Vec<(String, PathBuf)>,
}

/// Runs a line; gives the exit code. A person gets the text, with errors on standard error; `json` gives the entries.
pub(super) fn run(dispatcher: &mut Dispatcher, line: &str, sources: &Sources, json: bool) -> io::Result<u8> {
    let request = request(line, sources);
    // What long work answers is needed afterwards: a snapshot, or what is left.
    let is_kept = |request: &Request| COMMANDS.iter().any(|route| route.polling && route.name == request.command);
    let with_contents = request.as_ref().is_ok_and(is_kept);
    let answer = dispatcher.answer(request);
    show_trace(&answer);
    if json {
        answer.write(stdout())?;
    } else {
        show(&answer, with_contents)?;
    }
    Ok(answer.exit_code())
}

fn request(line: &str, sources: &Sources) -> Result<Request, Error> {
    let mut request = war_room::parse(line).map_err(Error::Usage)?;
    for (name, path) in &sources.arguments {
        let value = fs::read_to_string(path).map_err(|error| {
            let path = path.display();
            Error::Usage(format!("The argument {name} could not be read from {path}: {error}."))
        })?;
        if request.args.insert(name.clone(), value.into()).is_some() {
            request.doubled_argument.get_or_insert_with(|| name.clone());
        }
    }
    let params = sources.params.as_deref().map_or_else(|| Ok(Object::default()), read_params)?;
    let debug = asks_for_debugging(&request.args);
    Ok(Request { params: params.members, doubled_parameter: params.doubled, debug, ..request })
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
    show(&answer, false)?;
    Ok(answer.exit_code())
}

fn show(answer: &Answer, with_contents: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let mut err = io::stderr().lock();
    for entry in &answer.entries {
        match entry {
            Entry::Result { human_readable, contents, .. } => {
                writeln!(out, "{}", human_readable.render(Medium::Terminal).trim_end())?;
                if with_contents {
                    out.write_all(b"\n")?;
                    masked_json::write(VisibleJson::to(&mut out), contents, &answer.masker)?;
                    out.write_all(b"\n")?;
                }
            }
            Entry::Text(text) => writeln!(out, "{text}")?,
            Entry::Warning(text) | Entry::Error(text) => {
                writeln!(err, "{}", text.render(Medium::Terminal).trim_end())?;
            }
        }
    }
    out.flush()
}
