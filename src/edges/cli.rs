//! The command line: which way in is meant.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use lexopt::Parser;
use lexopt::prelude::{Long, Short, Value, ValueExt};

use super::refusal::refuse;
use super::{core_dumps, manifest, one_shot, progress, run, sandbox, session};
use crate::directory::Backend;
use crate::dispatch::Dispatcher;
use crate::values::error::Error;

const HELP: &str = include_str!("help.txt");

/// What the command line asks for.
enum Way {
    Help,
    Loop,
    Manifest { check: bool, root: PathBuf },
    OneShot,
    Run { line: String, sources: run::Sources, json: bool },
    Sandbox(sandbox::Verb),
    Version,
}

/// The whole command line.
struct CommandLine {
    sandbox: sandbox::Choice,
    way: Way,
}

/// Does what the command line asks for.
pub(crate) fn main() -> ExitCode {
    core_dumps::forbid();
    let parsed =
        if is_python() { Ok(CommandLine { sandbox: None, way: Way::Loop }) } else { parse(Parser::from_env()) };
    let done = match parsed {
        Ok(command_line) => command_line.run(),
        Err(error) => {
            let error = Error::Usage(format!("Bad usage: {error}. See aws-iam-identitycenter --help."));
            if for_a_person() { run::show_error(&error) } else { refuse(&error) }
        }
    };
    match done {
        Ok(code) => ExitCode::from(code),
        // Whoever read the answer went away. There is nobody left to tell.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(io::stderr(), "The answer could not be written: {error}.");
            ExitCode::FAILURE
        }
    }
}

/// Whether this stands in for the interpreter that XSOAR's server starts in a container: then it is the loop, whatever
/// the arguments, which name a script of the server.
fn is_python() -> bool {
    let started_as = std::env::args_os().next().map(PathBuf::from).unwrap_or_default();
    started_as.file_name().is_some_and(|name| name == "python" || name == "python3")
}

/// Whether `run` was meant, without `--json`: then errors go to standard error, even that of the line itself.
fn for_a_person() -> bool {
    let mut words = std::env::args_os().skip(1);
    words.any(|word| word == "run") && !std::env::args_os().any(|word| word == "--json")
}

impl CommandLine {
    fn run(self) -> io::Result<u8> {
        match self.way {
            Way::Help => print(HELP),
            Way::Version => print(concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"), "\n")),
            Way::Manifest { check, root } => manifest::main(check, &root),
            Way::Sandbox(verb) => sandbox::main(verb, self.sandbox),
            Way::OneShot => match sandbox::backend(self.sandbox) {
                Ok(backend) => one_shot::one_shot(&mut Dispatcher::new(watched(backend))),
                Err(error) => refuse(&error),
            },
            Way::Loop => match sandbox::backend(self.sandbox) {
                Ok(backend) => session::session(&mut Dispatcher::new(backend)),
                Err(error) => refuse(&error),
            },
            Way::Run { line, sources, json } => match sandbox::backend(self.sandbox) {
                Ok(backend) => run::run(&mut Dispatcher::new(watched(backend)), &line, &sources, json),
                Err(error) if json => refuse(&error),
                Err(error) => run::show_error(&error),
            },
        }
    }
}

/// Long work shows a person how far it is.
fn watched(backend: Backend) -> Backend {
    Backend { watch: progress::watch(), ..backend }
}

fn print(text: &str) -> io::Result<u8> {
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(0)
}

fn parse(mut parser: Parser) -> Result<CommandLine, lexopt::Error> {
    let mut sandbox = None;
    let way = loop {
        match parser.next()? {
            None => break Way::OneShot,
            Some(Long("sandbox")) => sandbox = Some(parser.optional_value().map(PathBuf::from)),
            Some(Short('h') | Long("help")) => break Way::Help,
            Some(Short('V') | Long("version")) => break Way::Version,
            Some(Value(word)) if word == "loop" => break parse_loop(&mut parser)?,
            Some(Value(word)) if word == "run" => break parse_run(&mut parser)?,
            Some(Value(word)) if word == "manifest" => break parse_manifest(&mut parser)?,
            Some(Value(word)) if word == "sandbox" => {
                break sandbox::parse(&mut parser)?.map_or(Way::Help, Way::Sandbox);
            }
            Some(other) => return Err(other.unexpected()),
        }
    };
    Ok(CommandLine { sandbox, way })
}

fn parse_loop(parser: &mut Parser) -> Result<Way, lexopt::Error> {
    match parser.next()? {
        None => Ok(Way::Loop),
        Some(Short('h') | Long("help")) => Ok(Way::Help),
        Some(other) => Err(other.unexpected()),
    }
}

fn parse_run(parser: &mut Parser) -> Result<Way, lexopt::Error> {
    let (mut line, mut sources, mut json) = (None, run::Sources::default(), false);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("params") => sources.params = Some(PathBuf::from(parser.value()?)),
            Long("file") => {
                let source = parser.value()?.string()?;
                let (name, path) =
                    source.split_once('=').ok_or("--file needs ARGUMENT=PATH, such as snapshot=a.json")?;
                sources.arguments.push((name.to_owned(), PathBuf::from(path)));
            }
            Long("json") => json = true,
            Short('h') | Long("help") => return Ok(Way::Help),
            Value(word) if line.is_none() => line = Some(word.string()?),
            Value(_) => return Err("the line of run is one argument: put single quotes around it".into()),
            other => return Err(other.unexpected()),
        }
    }
    let line = line.ok_or("run needs a line, such as '!aws-iam-identitycenter-list-users'")?;
    Ok(Way::Run { line, sources, json })
}

fn parse_manifest(parser: &mut Parser) -> Result<Way, lexopt::Error> {
    let (mut check, mut root) = (false, PathBuf::from("."));
    while let Some(argument) = parser.next()? {
        match argument {
            Long("check") => check = true,
            Long("root") => root = PathBuf::from(parser.value()?),
            Short('h') | Long("help") => return Ok(Way::Help),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Way::Manifest { check, root })
}
