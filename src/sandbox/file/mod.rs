//! The sandbox's file: read without a lock, replaced as a whole under one.
//!
//! A reader opens whatever file stands there, and a file that stands there is complete. A writer
//! holds the lock, writes a new file beside it and renames it into place. Killing a writer leaves
//! at most the new file's beginnings, which nobody reads and the next writer removes.

mod location;
mod lock;
mod parse;
pub(in crate::sandbox) mod render;
mod stamp;
#[cfg(test)]
mod tests;

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

pub(super) use lock::Lock;
use lock::beside;
use parse::Fault;
pub(super) use stamp::Seen;

use super::{error::SandboxError, sample, store::Directory};

/// A sandbox file.
#[derive(Debug)]
pub(super) struct StateFile {
    path: PathBuf,
}

impl StateFile {
    /// The file that was named, or the user's own.
    pub(super) fn new(named: Option<PathBuf>) -> Result<Self, SandboxError> {
        location::locate(named).map(|path| Self { path })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the file is still the one that was seen.
    pub(super) fn is_current(&self, seen: &Seen) -> Result<bool, SandboxError> {
        match seen.is_current(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            result => result.map_err(|source| self.unreadable(source)),
        }
    }

    /// Reads the directory; a missing file is created with the sample directory.
    pub(super) fn load(&self) -> Result<(Directory, Seen), SandboxError> {
        match self.load_existing()? {
            Some(loaded) => Ok(loaded),
            None => self.load_locked(&self.lock()?),
        }
    }

    /// As [`load`](Self::load), for whoever holds the lock already.
    pub(super) fn load_locked(&self, lock: &Lock) -> Result<(Directory, Seen), SandboxError> {
        // While the lock was waited for, another process may have created the file.
        if let Some(loaded) = self.load_existing()? {
            return Ok(loaded);
        }
        let directory = self.sample()?;
        let seen = self.replace(sample::TEXT, lock)?;
        Ok((directory, seen))
    }

    /// The right to write the file, which has to be held from reading what is changed to saving it.
    pub(super) fn lock(&self) -> Result<Lock, SandboxError> {
        self.create_parent()?;
        Lock::acquire(&self.path)
    }

    /// Writes the directory.
    pub(super) fn save(&self, directory: &Directory, lock: &Lock) -> Result<Seen, SandboxError> {
        self.replace(&render::text(directory), lock)
    }

    /// The sample directory.
    pub(super) fn sample(&self) -> Result<Directory, SandboxError> {
        self.parse(sample::TEXT)
    }

    fn load_existing(&self) -> Result<Option<(Directory, Seen)>, SandboxError> {
        let (seen, bytes) = match self.read() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            result => result.map_err(|source| self.unreadable(source))?,
        };
        let text = String::from_utf8(bytes).map_err(|error| {
            let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            SandboxError::Damaged {
                path: self.path.clone(),
                line: String::from_utf8_lossy(valid).split('\n').count(),
                reason: "it is not UTF-8".to_owned(),
            }
        })?;
        Ok(Some((self.parse(&text)?, seen)))
    }

    fn read(&self) -> io::Result<(Seen, Vec<u8>)> {
        // Taken before reading: whoever writes in place meanwhile makes it stale, and the next
        // request reads again.
        let seen = Seen::new(File::open(&self.path)?)?;
        let mut bytes = Vec::new();
        seen.file().read_to_end(&mut bytes)?;
        Ok((seen, bytes))
    }

    fn parse(&self, text: &str) -> Result<Directory, SandboxError> {
        parse::directory(text).map_err(|fault| match fault {
            Fault::Damaged { line, reason } => SandboxError::Damaged { path: self.path.clone(), line, reason },
            Fault::Newer { line, version } => SandboxError::Newer { path: self.path.clone(), line, version },
        })
    }

    fn unreadable(&self, source: io::Error) -> SandboxError {
        SandboxError::Read { path: self.path.clone(), source }
    }

    fn create_parent(&self) -> Result<(), SandboxError> {
        let parent = self.path.parent().unwrap_or(Path::new(""));
        if parent.as_os_str().is_empty() {
            return Ok(());
        }
        fs::create_dir_all(parent).map_err(|source| SandboxError::Write { path: self.path.clone(), source })
    }

    /// Puts a new file in the place of the old one. The lock makes the temporary file's one name
    /// safe, and one name means that leftovers never pile up.
    ///
    /// Nothing is synced to the disk: renaming keeps the file whole when a process dies, and a
    /// power cut that loses the last second of a sandbox is not worth a disk's latency on each of
    /// a thousand removals.
    fn replace(&self, text: &str, _lock: &Lock) -> Result<Seen, SandboxError> {
        let failed = |source| SandboxError::Write { path: self.path.clone(), source };
        let old = fs::metadata(&self.path).ok();
        if old.as_ref().is_some_and(|old| old.permissions().readonly()) {
            return Err(SandboxError::ReadOnly { path: self.path.clone() });
        }
        let temporary = beside(&self.path, "tmp");
        match fs::remove_file(&temporary) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        let written = write_new(&temporary, text, old.as_ref());
        let seen = written.and_then(|file| {
            fs::rename(&temporary, &self.path)?;
            Seen::new(file)
        });
        seen.map_err(|error| {
            // Best effort: the error to report is the first one.
            let _ = fs::remove_file(&temporary);
            failed(error)
        })
    }
}

fn write_new(path: &Path, text: &str, old: Option<&fs::Metadata>) -> io::Result<File> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    if let Some(old) = old {
        file.set_permissions(old.permissions())?;
        keep_owner(&file, old);
    }
    file.write_all(text.as_bytes())?;
    Ok(file)
}

/// Root editing another user's file should not take it away. Others cannot give files away, and
/// need not.
#[cfg(unix)]
fn keep_owner(file: &File, old: &fs::Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    let _ = fchown(file, Some(old.uid()), Some(old.gid()));
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &fs::Metadata) {}
