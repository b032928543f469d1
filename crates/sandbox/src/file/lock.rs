//! One writer at a time, across processes.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use crate::error::SandboxError;

/// How long a writer waits for another one, which takes milliseconds.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The right to write a sandbox file. The system releases it when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct WriteLock {
    _file: File,
}

impl WriteLock {
    /// Waits for the right to write `file`.
    ///
    /// It locks another file beside it, because every change replaces the file itself.
    pub(super) fn acquire(file: &Path) -> Result<Self, SandboxError> {
        let path = beside(file, "lock");
        let failed = |source| SandboxError::Lock { path: path.clone(), source };
        let lock = open(&path).map_err(failed)?;
        let start = Instant::now();
        loop {
            match lock.try_lock() {
                Ok(()) => return Ok(Self { _file: lock }),
                Err(TryLockError::WouldBlock) if start.elapsed() < TIMEOUT => {
                    thread::sleep(Duration::from_micros(500));
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(SandboxError::Locked { path: file.to_owned(), seconds: TIMEOUT.as_secs() });
                }
                Err(TryLockError::Error(source)) => return Err(failed(source)),
            }
        }
    }
}

/// Opens a lock file. Locking needs no permission to write, and root may own the file.
fn open(path: &Path) -> io::Result<File> {
    let create = OpenOptions::new().create(true).truncate(false).write(true).open(path);
    match create {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => File::open(path),
        result => result,
    }
}

/// Returns the path of a hidden file beside `file`: `.sandbox.json.lock` for `sandbox.json`.
pub(super) fn beside(file: &Path, kind: &str) -> PathBuf {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    file.with_file_name(format!(".{name}.{kind}"))
}
