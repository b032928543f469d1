//! An Identity Store, the account assignments of sso-admin and an STS that live in this program: what `--sandbox` uses
//! instead of AWS.
//!
//! It stands at the SDK's HTTP client, so that everything above it is the real thing. From the
//! outside in:
//!
//! - [`client`] answers the SDK in-process, [`server`] answers anybody over HTTP;
//! - [`service`] routes a request by its protocol: [`json_protocol`] to the [`operations`] of
//!   Identity Store and sso-admin, [`query_protocol`] to [`sts`];
//! - [`scenario`] says what AWS is like today: throttled, slow, faulty, of another kind; with `signatures` it has
//!   [`signature`] look at every request, which otherwise any key may sign;
//! - [`model`] is the table of AWS's constraints, against which every request is held first;
//! - [`store`] is the directory in memory, [`file`](mod@file) keeps it as [`document`] says.
//!
//! Invariants: a change is in the file before it is answered; a file that cannot be understood
//! is never written; nothing outside this module knows that the sandbox exists but the place
//! that chooses the HTTP client, and the `sandbox` verbs.

mod ambient;
mod api_error;
mod attribute_path;
mod classic;
mod client;
mod context;
mod document;
mod error;
mod file;
mod json_protocol;
mod model;
mod operations;
mod page;
mod place;
mod query_protocol;
mod sample;
mod scenario;
mod seal;
mod seed;
mod server;
mod service;
mod session;
mod settings;
mod signature;
mod store;
mod sts;
#[cfg(test)]
mod testing;
mod wire;

use std::{
    convert::Infallible,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use ambient::Ambient;
pub(crate) use client::connector;
use document::Timestamp;
pub(crate) use error::SandboxError;
#[cfg(any(test, fuzzing))]
pub(crate) use file::check_file;
use file::{Seen, StateFile};
use scenario::{Scenario, Traffic};
pub(crate) use seed::Size;
pub(crate) use server::serve;
pub(crate) use settings::Setting;
use store::Directory;

/// The region that serves when parameters name none.
pub(crate) const REGION: &str = "us-east-1";
/// The identity store of the sample directory and of generated ones.
pub(crate) const IDENTITY_STORE_ID: &str = "d-9067f2a1b3";
/// The account that owns the sample directory's identity store.
pub(crate) const ACCOUNT_ID: &str = "111122223333";
/// The instance of IAM Identity Center that the identity store belongs to.
const INSTANCE_ARN: &str = "arn:aws:sso:::instance/ssoins-7223a1b2c3d4e5f6";
/// The access key that serves when parameters name none. Any other is accepted too, unless the scenario says
/// `signatures`.
pub(crate) const ACCESS_KEY_ID: &str = "AKIASANDBOX000000000";
/// The secret of [`ACCESS_KEY_ID`]; it opens nothing.
pub(crate) const SECRET_ACCESS_KEY: &str = "sandbox/not/a/secret/0000000000000000000";

/// How often a change is made anew because an editor wrote the file meanwhile.
const TRIES: usize = 5;

/// A sandbox: a directory kept in a file. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Sandbox {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    file: StateFile,
    ambient: Ambient,
    /// Settings for this process alone, beside those of the file.
    settings: Vec<Setting>,
    traffic: Traffic,
    state: Mutex<State>,
}

/// The directory, and the file it was read from; without one it has to be read again.
#[derive(Debug)]
struct State {
    directory: Directory,
    seen: Option<Seen>,
}

impl Sandbox {
    /// Opens the sandbox in `file`, else in the user's own state directory. A file that does not
    /// exist is created with the sample directory.
    pub(crate) fn open(file: Option<PathBuf>) -> Result<Self, SandboxError> {
        Self::open_with(file, Vec::new())
    }

    /// The same with settings for as long as it is open, which add to those of the file.
    pub(crate) fn open_with(file: Option<PathBuf>, settings: Vec<Setting>) -> Result<Self, SandboxError> {
        Self::open_in(file, settings, Ambient::real())
    }

    fn open_in(file: Option<PathBuf>, settings: Vec<Setting>, ambient: Ambient) -> Result<Self, SandboxError> {
        let file = StateFile::new(file)?;
        let (directory, seen) = file.load()?;
        let state = Mutex::new(State { directory, seen: Some(seen) });
        Ok(Self { inner: Arc::new(Inner { file, ambient, settings, traffic: Traffic::default(), state }) })
    }

    /// The file, symbolic links followed.
    pub(crate) fn path(&self) -> &Path {
        self.inner.file.path()
    }

    /// Puts the sample directory in the place of whatever the file holds.
    pub(crate) fn reset(&self) -> Result<(), SandboxError> {
        let sample = self.inner.file.sample()?;
        self.set(sample)
    }

    /// Puts a generated directory of that size in the place of whatever the file holds. The same
    /// size and seed give the same directory.
    pub(crate) fn seed(&self, size: Size, seed: u64) -> Result<(), SandboxError> {
        self.set(seed::generate(size, seed)?)
    }

    fn set(&self, directory: Directory) -> Result<(), SandboxError> {
        let mut state = self.state();
        let lock = self.inner.file.lock()?;
        // What cannot be understood is not written over.
        self.refresh(&mut state, |file| file.load_locked(&lock))?;
        state.seen = Some(self.inner.file.save_whole(&directory, &lock)?);
        state.directory = directory;
        Ok(())
    }

    /// What the sandbox is to be like now.
    fn scenario(&self) -> Result<Arc<Scenario>, SandboxError> {
        let mut scenario = self.read(|directory| directory.scenario.clone())?;
        if !self.inner.settings.is_empty() {
            let own = Arc::make_mut(&mut scenario);
            self.inner.settings.iter().for_each(|setting| setting.add_to(own));
        }
        Ok(scenario)
    }

    /// Answers from the directory as the file has it now.
    fn read<T>(&self, answer: impl FnOnce(&Directory) -> T) -> Result<T, SandboxError> {
        let mut state = self.state();
        state.seen = Some(self.refresh(&mut state, StateFile::load)?);
        if state.directory.is_due(self.now()) {
            drop(state);
            let Ok(()) = self.change(|_| Ok::<_, Infallible>(()))?;
            state = self.state();
            state.seen = Some(self.refresh(&mut state, StateFile::load)?);
        }
        Ok(answer(&state.directory))
    }

    /// Changes the directory, in the file first of all. Work whose time has come is done before that. A change that is
    /// refused must not have touched the directory. It is made again if the file became another one meanwhile.
    fn change<T, E>(&self, change: impl Fn(&mut Directory) -> Result<T, E>) -> Result<Result<T, E>, SandboxError> {
        let mut state = self.state();
        let lock = self.inner.file.lock()?;
        for _ in 0..TRIES {
            let seen = self.refresh(&mut state, |file| file.load_locked(&lock))?;
            // Until it is saved the directory in memory is not the file's: whatever goes wrong in
            // between, a panic included, the next request reads the file again.
            state.directory.settle(self.now());
            let changed = change(&mut state.directory);
            state.seen = self.inner.file.save(&mut state.directory, seen, &lock)?;
            if state.seen.is_some() {
                return Ok(changed);
            }
        }
        Err(SandboxError::Restless { path: self.path().into(), tries: TRIES })
    }

    /// Brings the directory up to the file. As long as the state has not seen what this returns, it is read again.
    fn refresh(
        &self,
        state: &mut State,
        load: impl FnOnce(&StateFile) -> Result<(Directory, Seen), SandboxError>,
    ) -> Result<Seen, SandboxError> {
        let file = &self.inner.file;
        if let Some(seen) = state.seen.take() {
            let current = if file.is_current(&seen)? { Some(seen) } else { file.follow(&seen, &mut state.directory) };
            if let Some(seen) = current {
                return Ok(seen);
            }
        }
        let (directory, seen) = load(file)?;
        state.directory = directory;
        Ok(seen)
    }

    fn now(&self) -> Timestamp {
        (self.inner.ambient.now)().into()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic in an earlier request left `seen` empty, so that nothing half done is used.
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
