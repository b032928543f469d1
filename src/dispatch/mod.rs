//! From a request to an answer: find the command, read its arguments, run it. Every request has exactly one answer.

mod answer;
mod connections;
mod panics;
mod runtime;

use std::pin::pin;
use std::rc::Rc;

use futures_util::future::{Either, select};
use tokio::runtime::Runtime;

pub(crate) use self::answer::Answer;
use self::connections::{Connection, Connections};
use crate::commands::{COMMANDS, Prepared, Route};
use crate::directory::{Backend, Directory};
use crate::values::arguments::{ArgumentError, Problem};
use crate::values::entry::Entry;
use crate::values::error::Error;
use crate::values::masker::Masker;
use crate::values::nearest::nearest;
use crate::values::params::Params;
use crate::values::report::error_entry;
use crate::values::request::Request;
use crate::values::secret::{self, Secret, Secrets};
use crate::values::settings::Settings;

/// A command's name without what all have in common.
fn own(name: &str) -> &str {
    name.strip_prefix("aws-iam-identitycenter-").unwrap_or(name)
}

/// Answers requests, and keeps what later requests can use again.
pub(crate) struct Dispatcher {
    backend: Backend,
    commands: &'static [Route],
    runtime: Option<Rc<Runtime>>,
    connections: Connections,
    masker: Option<(Vec<Secret>, Rc<Masker>)>,
}

impl Dispatcher {
    pub(crate) fn new(backend: Backend) -> Self {
        Self::with_commands(backend, COMMANDS)
    }

    fn with_commands(backend: Backend, commands: &'static [Route]) -> Self {
        panics::remember();
        Self { backend, commands, runtime: None, connections: Connections::default(), masker: None }
    }

    /// The answer to a request, or to what should have been one.
    pub(crate) fn answer(&mut self, request: Result<Request, Error>) -> Answer {
        let (given, mut found) = (Secrets::default(), Secrets::default());
        let (command, result) = match request {
            Err(error) => (String::new(), Err(error)),
            Ok(Request { mut params, .. }) if given.add_all(&params).is_err() => {
                // Not even the name of the command is told: it may be a secret that would not be found.
                secret::wipe(&mut params);
                (String::new(), Err(Error::TooManySecrets))
            }
            Ok(mut request) => {
                self.backend.trace.begin(request.debug);
                let result = panics::catch(|| self.run(&request, &mut found));
                self.backend.watch.end();
                secret::wipe(&mut request.params);
                if matches!(result, Err(Error::Panic { .. })) {
                    // Whatever it left behind, nobody will meet it.
                    self.connections.clear();
                }
                (request.command, result)
            }
        };
        let dispatched = !result.as_ref().is_err_and(Error::undispatched);
        let entries = result.unwrap_or_else(|error| vec![error_entry(&command, error.to_string().into())]);
        let masker = self.masker([given.all(), found.all()].concat());
        Answer::of(entries, masker, self.backend.trace.take(), dispatched)
    }

    /// What finds these secrets. It is made anew only when they are others than before.
    fn masker(&mut self, secrets: Vec<Secret>) -> Rc<Masker> {
        match &self.masker {
            Some((known, masker)) if *known == secrets => Rc::clone(masker),
            _ => {
                let masker = Rc::new(Masker::of(&secrets));
                Rc::clone(&self.masker.insert((secrets, masker)).1)
            }
        }
    }

    /// Runs the command; secrets that it comes by are added to those found.
    fn run(&mut self, request: &Request, found: &mut Secrets) -> Result<Vec<Entry>, Error> {
        let Some(route) = self.commands.iter().find(|route| route.name == request.command) else {
            return Err(self.unknown(&request.command));
        };
        self.backend.trace.note(|| format!("Command being called is {}", route.name));
        if let Some(name) = &request.doubled_argument {
            return Err(ArgumentError::from(Problem::Doubled).at(name).into());
        }
        if let Some(name) = &request.doubled_parameter {
            return Err(Error::Parameter(ArgumentError::from(Problem::Doubled).at(name)));
        }
        let Prepared { connection, run } = (route.prepare)(request)?;
        let params = Params::decode(&request.params).map_err(Error::Parameter)?;
        let layout = params.layout();
        let settings = Settings::new(params, connection)?;

        let runtime = self.runtime()?;
        let reached = runtime.block_on(async {
            let directory = self.directory(&settings, found).await?;
            directory.authenticate().await?;
            Ok(directory)
        });
        // Where a key was changed, perhaps where it is kept, the next command looks there again.
        let is_refused = reached.as_ref().is_err_and(Error::is_unauthenticated);
        let done = match reached {
            Ok(directory) => runtime.block_on(run(Ok(&directory), layout)),
            Err(error) => runtime.block_on(run(Err(error), layout)),
        };
        if is_refused || done.as_ref().is_err_and(Error::is_unauthenticated) {
            self.connections.forget(&settings);
        }
        done.map_err(|error| if error.is_denied() { error.with_needs(route.calls) } else { error })
    }

    /// What all names have in common says nothing about which is meant.
    fn unknown(&self, name: &str) -> Error {
        let meant = nearest(own(name), self.commands.iter().map(|route| own(route.name)));
        let route = self.commands.iter().find(|route| Some(own(route.name)) == meant);
        Error::UnknownCommand { name: name.to_owned(), nearest: route.map(|route| route.name) }
    }

    /// The directory that these settings reach, connected once.
    async fn directory(&mut self, settings: &Settings, found: &mut Secrets) -> Result<Rc<Directory>, Error> {
        if let Some(Connection { directory, secrets }) = self.connections.find(settings) {
            *found = secrets;
            return Ok(directory);
        }
        let directory = Rc::new(Directory::connect(settings, &self.backend, found).await?);
        let connection = Connection { directory: Rc::clone(&directory), secrets: found.clone() };
        self.connections.keep(settings.clone(), connection);
        Ok(directory)
    }

    fn runtime(&mut self) -> Result<Rc<Runtime>, Error> {
        match &self.runtime {
            Some(runtime) => Ok(Rc::clone(runtime)),
            None => Ok(Rc::clone(self.runtime.insert(Rc::new(runtime::start(&self.backend.stop)?)))),
        }
    }

    /// Waits for something, but no longer than until SIGINT or SIGTERM come: then there is nothing. Connections that are
    /// closed meanwhile are noticed.
    pub(crate) fn until_stopped<T>(&mut self, awaited: impl Future<Output = T>) -> Result<Option<T>, Error> {
        let (runtime, stop) = (self.runtime()?, self.backend.stop.clone());
        Ok(runtime.block_on(async {
            match select(pin!(stop.requested()), pin!(awaited)).await {
                Either::Left(_) => None,
                Either::Right((outcome, _)) => Some(outcome),
            }
        }))
    }
}

#[cfg(test)]
mod tests;
