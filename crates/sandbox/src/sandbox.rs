//! A sandbox: the directory in memory, kept equal to the one in its file.

use std::{
    convert::Infallible,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::{
    ambient::Ambient,
    document::Timestamp,
    error::SandboxError,
    file::{Seen, StateFile},
    scenario::{Scenario, Traffic},
    seed::{self, Size},
    settings::Setting,
    store::Directory,
};

/// How often a change is made anew because an editor wrote the file meanwhile.
pub(crate) const TRIES: usize = 5;

/// A sandbox: a directory kept in a file. Clones share it.
#[derive(Clone, Debug)]
pub struct Sandbox {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    file: StateFile,
    pub(crate) ambient: Ambient,
    /// Settings for this process alone, beside those of the file.
    settings: Vec<Setting>,
    pub(crate) traffic: Traffic,
    state: Mutex<State>,
}

/// The directory, and the file it was read from; without one it has to be read again.
#[derive(Debug)]
struct State {
    directory: Directory,
    seen: Option<Seen>,
}

impl Sandbox {
    /// Opens the sandbox in `file`. A file that does not exist is created with the sample directory.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be read or created, or is not a sandbox file.
    pub fn open(file: impl Into<PathBuf>) -> Result<Self, SandboxError> {
        Self::open_with(file, Vec::new())
    }

    /// Opens the sandbox in `file` with settings that add to those of the file, for as long as it is open.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn open_with(file: impl Into<PathBuf>, settings: Vec<Setting>) -> Result<Self, SandboxError> {
        Self::open_in(&file.into(), settings, Ambient::real())
    }

    pub(crate) fn open_in(file: &Path, settings: Vec<Setting>, ambient: Ambient) -> Result<Self, SandboxError> {
        let file = StateFile::new(file)?;
        let (directory, seen) = file.load()?;
        let state = Mutex::new(State { directory, seen: Some(seen) });
        Ok(Self { inner: Arc::new(Inner { file, ambient, settings, traffic: Traffic::default(), state }) })
    }

    /// Returns the path of the file, symbolic links followed.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.inner.file.path()
    }

    /// Replaces what the file holds by the sample directory.
    ///
    /// # Errors
    ///
    /// Fails if the file is not a sandbox file or cannot be written.
    pub fn reset(&self) -> Result<(), SandboxError> {
        let sample = self.inner.file.sample()?;
        self.set(sample)
    }

    /// Replaces what the file holds by a generated directory of that size. The same size and seed give the same
    /// directory.
    ///
    /// # Errors
    ///
    /// As [`reset`](Self::reset), and if the directory has no room for so many memberships.
    pub fn seed(&self, size: Size, seed: u64) -> Result<(), SandboxError> {
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
    pub(crate) fn scenario(&self) -> Result<Arc<Scenario>, SandboxError> {
        let mut scenario = self.read(|directory| directory.scenario.clone())?;
        if !self.inner.settings.is_empty() {
            let own = Arc::make_mut(&mut scenario);
            self.inner.settings.iter().for_each(|setting| setting.add_to(own));
        }
        Ok(scenario)
    }

    /// Answers from the directory as the file has it now.
    pub(crate) fn read<T>(&self, answer: impl FnOnce(&Directory) -> T) -> Result<T, SandboxError> {
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
    pub(crate) fn change<T, E>(
        &self,
        change: impl Fn(&mut Directory) -> Result<T, E>,
    ) -> Result<Result<T, E>, SandboxError> {
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

    pub(crate) fn now(&self) -> Timestamp {
        (self.inner.ambient.now)().into()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic in an earlier request left `seen` empty, so that nothing half done is used.
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
