//! From a request to an answer: find the command, read its arguments, run it. Every request has exactly one answer.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};

use crate::commands::{COMMANDS, Prepared, Route};
use crate::directory::{Backend, Directory};
use crate::values::arguments::{ArgumentError, Problem};
use crate::values::entry::Entry;
use crate::values::error::Error;
use crate::values::masked_json;
use crate::values::nearest::nearest;
use crate::values::params::Params;
use crate::values::report::error_entry;
use crate::values::request::Request;
use crate::values::secret::{Masker, Secrets};
use crate::values::settings::Settings;
use crate::values::stop::Stop;

/// A command's name without what all have in common.
fn own(name: &str) -> &str {
    name.strip_prefix("aws-iam-identitycenter-").unwrap_or(name)
}

/// Answers requests, and keeps what later requests can use again: the connections, by their settings.
pub(crate) struct Dispatcher {
    backend: Backend,
    commands: &'static [Route],
    runtime: Option<Rc<Runtime>>,
    directories: HashMap<Settings, Rc<Directory>>,
    secrets: Secrets,
    masker: Option<(usize, Rc<Masker>)>,
}

/// The entries that answer a request.
pub(crate) struct Answer {
    pub(crate) entries: Vec<Entry>,
    pub(crate) masker: Rc<Masker>,
    /// Whether a command was dispatched at all.
    dispatched: bool,
}

impl Answer {
    /// The answer to what never came to be a request.
    pub(crate) fn refused(error: &Error) -> Self {
        let entries = vec![error_entry("", &error.to_string())];
        Self { entries, masker: Rc::new(Secrets::default().masker()), dispatched: !error.undispatched() }
    }

    /// Writes the entries as a JSON array, masked.
    pub(crate) fn write(&self, mut writer: impl Write) -> io::Result<()> {
        masked_json::write(&mut writer, &self.entries, &self.masker)?;
        writer.write_all(b"\n")?;
        writer.flush()
    }

    /// 2 if nothing could be dispatched, 1 if any entry is an error, else 0.
    pub(crate) fn exit_code(&self) -> u8 {
        let failed = self.entries.iter().any(|entry| matches!(entry, Entry::Error(_)));
        if self.dispatched { u8::from(failed) } else { 2 }
    }
}

impl Dispatcher {
    pub(crate) fn new(backend: Backend) -> Self {
        Self::with_commands(backend, COMMANDS)
    }

    fn with_commands(backend: Backend, commands: &'static [Route]) -> Self {
        remember_where_panics_happen();
        Self {
            backend,
            commands,
            runtime: None,
            directories: HashMap::new(),
            secrets: Secrets::default(),
            masker: None,
        }
    }

    /// The answer to a request, or to what should have been one.
    pub(crate) fn answer(&mut self, request: Result<Request, Error>) -> Answer {
        let (command, result) = match request {
            Err(error) => (String::new(), Err(error)),
            Ok(request) => {
                self.secrets.add_all(&request.params);
                let result = catch_unwind(AssertUnwindSafe(|| self.run(&request)));
                (request.command, result.unwrap_or_else(|_| Err(Error::Panic { place: last_panic() })))
            }
        };
        let dispatched = !result.as_ref().is_err_and(Error::undispatched);
        let entries = result.unwrap_or_else(|error| vec![error_entry(&command, &error.to_string())]);
        Answer { entries, masker: self.masker(), dispatched }
    }

    /// What finds the secrets that are known by now. It is made anew only when there are more.
    fn masker(&mut self) -> Rc<Masker> {
        let count = self.secrets.count();
        match &self.masker {
            Some((known, masker)) if *known == count => Rc::clone(masker),
            _ => Rc::clone(&self.masker.insert((count, Rc::new(self.secrets.masker()))).1),
        }
    }

    fn run(&mut self, request: &Request) -> Result<Vec<Entry>, Error> {
        let Some(route) = self.commands.iter().find(|route| route.name == request.command) else {
            return Err(self.unknown(&request.command));
        };
        if let Some(name) = &request.doubled_argument {
            return Err(ArgumentError::from(Problem::Doubled).at(name).into());
        }
        if let Some(name) = &request.doubled_parameter {
            return Err(Error::Parameter(ArgumentError::from(Problem::Doubled).at(name)));
        }
        let Prepared { connection, run } = (route.prepare)(&request.args)?;
        let params = Params::decode(&request.params).map_err(Error::Parameter)?;
        let layout = params.layout();
        let settings = Settings::new(params, connection)?;

        let runtime = match &self.runtime {
            Some(runtime) => Rc::clone(runtime),
            None => Rc::clone(self.runtime.insert(Rc::new(new_runtime(&self.backend.stop)?))),
        };
        runtime.block_on(async {
            let directory = self.directory(settings).await?;
            directory.authenticate().await?;
            let done = run(&directory, layout).await;
            done.map_err(|error| if error.is_denied() { error.with_needs(route.calls) } else { error })
        })
    }

    /// What all names have in common says nothing about which is meant.
    fn unknown(&self, name: &str) -> Error {
        let meant = nearest(own(name), self.commands.iter().map(|route| own(route.name)));
        let route = self.commands.iter().find(|route| Some(own(route.name)) == meant);
        Error::UnknownCommand { name: name.to_owned(), nearest: route.map(|route| route.name) }
    }

    /// The directory that these settings reach, connected once.
    async fn directory(&mut self, settings: Settings) -> Result<Rc<Directory>, Error> {
        if let Some(directory) = self.directories.get(&settings) {
            return Ok(Rc::clone(directory));
        }
        let directory = Rc::new(Directory::connect(&settings, &self.backend, &self.secrets).await?);
        self.directories.insert(settings, Rc::clone(&directory));
        Ok(directory)
    }
}

/// One thread is enough: the work is waiting for AWS. SIGINT and SIGTERM stop new work and let the rest end.
fn new_runtime(stop: &Stop) -> Result<Runtime, Error> {
    let failed = |error: io::Error| Error::Setup(format!("The command could not be started: {error}."));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
    let entered = runtime.enter();
    for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
        let mut signals = signal(kind).map_err(failed)?;
        let stop = stop.clone();
        runtime.spawn(async move {
            while signals.recv().await.is_some() {
                stop.request();
            }
        });
    }
    drop(entered);
    Ok(runtime)
}

thread_local! {
    static LAST_PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// A panic says where it happened and nothing else: its message may hold anything.
fn remember_where_panics_happen() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, |place| format!(" (at {place})"));
        LAST_PANIC.set(place);
    }));
}

fn last_panic() -> String {
    LAST_PANIC.take()
}

#[cfg(test)]
mod tests;
