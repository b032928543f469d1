//! A sandbox: the directory in memory, kept equal to its file.

use std::{
    convert::Infallible,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::{
    clock_and_ids::ClockAndIds,
    error::SandboxError,
    file::{SeenFile, StateFile},
    records::Timestamp,
    scenario::{Scenario, Traffic},
    seed::{self, DirectorySize},
    settings::Setting,
    store::Directory,
};

/// How often a change is tried, because an editor replaces the file in between.
pub(crate) const MAX_SAVE_ATTEMPTS: usize = 5;

/// A sandbox: a directory kept in a file. Clones share it.
#[derive(Clone, Debug)]
pub struct Sandbox {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    file: StateFile,
    clock_and_ids: ClockAndIds,
    /// Settings for this process alone, beside those of the file.
    settings: Vec<Setting>,
    traffic: Traffic,
    state: Mutex<State>,
}

/// The directory, and the file that it was read from. Without one the directory has to be read again.
#[derive(Debug)]
struct State {
    directory: Directory,
    seen: Option<SeenFile>,
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
        Self::open_at(&file.into(), settings, ClockAndIds::of_the_system())
    }

    pub(crate) fn open_at(
        file: &Path,
        settings: Vec<Setting>,
        clock_and_ids: ClockAndIds,
    ) -> Result<Self, SandboxError> {
        let file = StateFile::new(file)?;
        let (directory, seen) = file.load()?;
        let state = Mutex::new(State { directory, seen: Some(seen) });
        Ok(Self { inner: Arc::new(Inner { file, clock_and_ids, settings, traffic: Traffic::default(), state }) })
    }

    /// Returns the path of the file, symbolic links followed.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.inner.file.path()
    }

    /// Replaces the contents of the file by the sample directory.
    ///
    /// # Errors
    ///
    /// Fails if the file is not a sandbox file or cannot be written.
    pub fn reset(&self) -> Result<(), SandboxError> {
        let sample = self.inner.file.sample()?;
        self.replace(sample)
    }

    /// Replaces the contents of the file by a generated directory. The same size and seed give the same directory.
    ///
    /// # Errors
    ///
    /// As [`reset`](Self::reset), and if the directory has no room for so many memberships.
    pub fn seed(&self, size: DirectorySize, seed: u64) -> Result<(), SandboxError> {
        self.replace(seed::generate(size, seed)?)
    }

    fn replace(&self, directory: Directory) -> Result<(), SandboxError> {
        let mut state = self.state();
        let lock = self.inner.file.lock()?;
        // Fails for a file that is not a sandbox file, so that it is not overwritten.
        self.refresh(&mut state, |file| file.load_locked(&lock))?;
        state.seen = Some(self.inner.file.save_whole(&directory, &lock)?);
        state.directory = directory;
        Ok(())
    }

    /// Returns the source of the time and of ids.
    pub(crate) fn clock_and_ids(&self) -> ClockAndIds {
        self.inner.clock_and_ids
    }

    /// Returns the counters of this process.
    pub(crate) fn traffic(&self) -> &Traffic {
        &self.inner.traffic
    }

    /// Returns the scenario of this moment.
    pub(crate) fn scenario(&self) -> Result<Arc<Scenario>, SandboxError> {
        let mut scenario = self.read(|directory| directory.scenario.clone())?;
        if !self.inner.settings.is_empty() {
            let own = Arc::make_mut(&mut scenario);
            self.inner.settings.iter().for_each(|setting| setting.add_to(own));
        }
        Ok(scenario)
    }

    /// Reads the directory as the file has it now.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Directory) -> T) -> Result<T, SandboxError> {
        let mut state = self.state();
        state.seen = Some(self.refresh(&mut state, StateFile::load)?);
        if state.directory.has_due_request(self.now()) {
            drop(state);
            let Ok(()) = self.change(|_| Ok::<_, Infallible>(()))?;
            state = self.state();
            state.seen = Some(self.refresh(&mut state, StateFile::load)?);
        }
        Ok(read(&state.directory))
    }

    /// Changes the directory, and saves the file before it returns. Requests that are due are completed first.
    ///
    /// If the file is replaced meanwhile, `change` is called again. If `change` fails, it must not have touched the
    /// directory.
    pub(crate) fn change<T, E>(
        &self,
        change: impl Fn(&mut Directory) -> Result<T, E>,
    ) -> Result<Result<T, E>, SandboxError> {
        let mut state = self.state();
        let lock = self.inner.file.lock()?;
        for _ in 0..MAX_SAVE_ATTEMPTS {
            let seen = self.refresh(&mut state, |file| file.load_locked(&lock))?;
            // From here until it is saved, the directory differs from the file. `seen` is empty meanwhile, so after an
            // error or a panic the next request reads the file again.
            state.directory.complete_due_requests(self.now());
            let changed = change(&mut state.directory);
            state.seen = self.inner.file.save(&mut state.directory, seen, &lock)?;
            if state.seen.is_some() {
                return Ok(changed);
            }
        }
        Err(SandboxError::ConcurrentEdits { path: self.path().into(), attempts: MAX_SAVE_ATTEMPTS })
    }

    /// Brings the directory up to date with the file. The caller stores what this returns in the state; until then the
    /// directory is read again.
    fn refresh(
        &self,
        state: &mut State,
        load: impl FnOnce(&StateFile) -> Result<(Directory, SeenFile), SandboxError>,
    ) -> Result<SeenFile, SandboxError> {
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
        (self.inner.clock_and_ids.now)().into()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic in an earlier request left `seen` empty, so the directory is read again.
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
