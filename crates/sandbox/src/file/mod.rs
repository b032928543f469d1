//! The sandbox's file: read without a lock, changed under one.
//!
//! The file is complete at any time. A writer holds the lock, and either writes a new file and renames it into place, or
//! appends a line. A killed writer leaves at most a temporary file or an incomplete line. Readers ignore both, and the next
//! writer removes them.
//!
//! Each change replaces a small file as a whole, so that it stays one JSON document. To a large file each change appends a
//! line, which takes time in proportion to the change and not to the directory. When the lines have grown to half of the
//! document, the file is replaced. The drawback: such a file is a document with lines after it, not one JSON value.

#[cfg(any(test, fuzzing))]
mod fuzzing;
mod links;
mod lock;
mod parse;
mod render;
mod stamp;
#[cfg(test)]
mod tests;

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

#[cfg(fuzzing)]
pub use fuzzing::check_file;
pub(crate) use lock::WriteLock;
use lock::beside;
use parse::ParseError;
pub(crate) use stamp::SeenFile;
use stamp::{Extent, OpenedFile};

use crate::{error::SandboxError, sample, store::Directory};

/// The size in bytes below which each change replaces the file, which takes less than a millisecond.
const SMALL: u64 = 256 << 10;

/// A sandbox file.
#[derive(Debug)]
pub(crate) struct StateFile {
    path: PathBuf,
}

impl StateFile {
    /// Returns the file that a path leads to.
    pub(crate) fn new(path: &Path) -> Result<Self, SandboxError> {
        links::resolve(path).map(|path| Self { path })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns whether the file is still the one that was seen.
    pub(crate) fn is_current(&self, seen: &SeenFile) -> Result<bool, SandboxError> {
        match seen.is_current(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            result => result.map_err(|source| self.unreadable(source)),
        }
    }

    /// Reads the directory. A missing file is created with the sample directory.
    pub(crate) fn load(&self) -> Result<(Directory, SeenFile), SandboxError> {
        match self.load_existing()? {
            Some(loaded) => Ok(loaded),
            None => self.load_locked(&self.lock()?),
        }
    }

    /// Reads the directory, as [`load`](Self::load) does, for a caller that holds the lock.
    pub(crate) fn load_locked(&self, lock: &WriteLock) -> Result<(Directory, SeenFile), SandboxError> {
        // Another process may have created the file during the wait for the lock.
        if let Some(loaded) = self.load_existing()? {
            return Ok(loaded);
        }
        let directory = self.sample()?;
        let seen = self.replace(sample::TEXT, lock)?;
        Ok((directory, seen))
    }

    /// Waits for the right to write the file. A writer needs it from reading the directory until saving it.
    pub(crate) fn lock(&self) -> Result<WriteLock, SandboxError> {
        self.create_parent()?;
        WriteLock::acquire(&self.path)
    }

    /// Makes the changes of the lines that other processes appended, if the file changed in no other way.
    ///
    /// If it returns `None`, the directory may have some of the changes, and has to be loaded.
    pub(crate) fn follow(&self, seen: &SeenFile, directory: &mut Directory) -> Option<SeenFile> {
        let (opened, added) = seen.added(&self.path)?;
        let whole = added.iter().rposition(|byte| *byte == b'\n')? + 1;
        let text = std::str::from_utf8(&added[..whole]).ok()?;
        parse::replay(directory, text).ok()?;
        let extent = seen.extent();
        let extent = Extent { whole: extent.whole + u64::try_from(whole).ok()?, ..extent };
        Some(opened.into_seen(extent, &[seen.tail(), text.as_bytes()].concat()))
    }

    /// Writes the changes of the directory. Editors ignore the lock: if the file is no longer the one that was seen, this
    /// writes nothing and returns `None`.
    pub(crate) fn save(
        &self,
        directory: &mut Directory,
        seen: SeenFile,
        lock: &WriteLock,
    ) -> Result<Option<SeenFile>, SandboxError> {
        let Some(change) = directory.take_change() else { return Ok(Some(seen)) };
        let Extent { document, whole } = seen.extent();
        if document < SMALL || whole - document > document / 2 {
            return if self.is_current(&seen)? { self.save_whole(directory, lock).map(Some) } else { Ok(None) };
        }
        let mut line = render::line(&change);
        line.push('\n');
        self.append(&seen, &line, lock)
    }

    /// Replaces the contents of the file by the directory.
    pub(crate) fn save_whole(&self, directory: &Directory, lock: &WriteLock) -> Result<SeenFile, SandboxError> {
        self.replace(&render::text(directory), lock)
    }

    /// Returns the sample directory.
    pub(crate) fn sample(&self) -> Result<Directory, SandboxError> {
        self.parse(sample::TEXT).map(|(directory, _)| directory)
    }

    fn load_existing(&self) -> Result<Option<(Directory, SeenFile)>, SandboxError> {
        let (opened, bytes) = match self.read() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            result => result.map_err(|source| self.unreadable(source))?,
        };
        let (directory, extent) = match std::str::from_utf8(&bytes) {
            Ok(text) => self.parse(text)?,
            Err(error) => self.parse_start(&bytes, error.valid_up_to())?,
        };
        let whole = usize::try_from(extent.whole).unwrap_or(bytes.len());
        Ok(Some((directory, opened.into_seen(extent, &bytes[..whole]))))
    }

    fn read(&self) -> io::Result<(OpenedFile, Vec<u8>)> {
        let opened = OpenedFile::new(File::open(&self.path)?)?;
        let bytes = opened.read()?;
        Ok((opened, bytes))
    }

    fn parse(&self, text: &str) -> Result<(Directory, Extent), SandboxError> {
        parse::directory(text).map_err(|error| match error {
            ParseError::Damaged { line, reason } => SandboxError::Damaged { path: self.path.clone(), line, reason },
            ParseError::NewerVersion { line, version } => {
                SandboxError::NewerVersion { path: self.path.clone(), line, version }
            }
        })
    }

    /// Parses a file that is not UTF-8 from `valid` on. It is sound if its incomplete last line was cut within a character.
    fn parse_start(&self, bytes: &[u8], valid: usize) -> Result<(Directory, Extent), SandboxError> {
        let start = String::from_utf8_lossy(&bytes[..valid]);
        let is_last_line = !bytes[valid..].contains(&b'\n');
        self.parse(&start).ok().filter(|_| is_last_line).ok_or_else(|| SandboxError::Damaged {
            path: self.path.clone(),
            line: start.split('\n').count(),
            reason: "it is not UTF-8".to_owned(),
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

    /// Replaces the file by a new one. The lock protects the temporary file, which has one name, so leftovers do not pile up.
    ///
    /// It does not sync to the disk: renaming keeps the file complete if a process is killed. A power failure may lose the
    /// last second of a sandbox, which does not justify the latency of a disk for each of a thousand removals.
    fn replace(&self, text: &str, _lock: &WriteLock) -> Result<SeenFile, SandboxError> {
        let old = self.writable()?;
        let temporary = beside(&self.path, "tmp");
        match fs::remove_file(&temporary) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(self.unwritable(error)),
            _ => {}
        }
        let written = write_new(&temporary, text, old.as_ref());
        let opened = written.and_then(|file| {
            fs::rename(&temporary, &self.path)?;
            OpenedFile::new(file)
        });
        let opened = opened.map_err(|error| {
            // Best effort: the first error is the one to report.
            let _ = fs::remove_file(&temporary);
            self.unwritable(error)
        })?;
        let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
        Ok(opened.into_seen(Extent { document: length, whole: length }, text.as_bytes()))
    }

    /// Appends a line to the part of the file that was parsed, if it is still the file that was seen.
    fn append(&self, seen: &SeenFile, line: &str, _lock: &WriteLock) -> Result<Option<SeenFile>, SandboxError> {
        self.writable()?;
        let extent = seen.extent();
        // An editor may have left out the last line break.
        let open = !seen.tail().ends_with(b"\n");
        let line = if open { format!("\n{line}") } else { line.to_owned() };
        let mut file = match OpenOptions::new().write(true).open(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            result => result.map_err(|error| self.unwritable(error))?,
        };
        // Checks the open file, because another one may have its path by now.
        if !seen.is(&file).map_err(|error| self.unwritable(error))? {
            return Ok(None);
        }
        let written = file
            .set_len(extent.whole)
            .and_then(|()| file.seek(SeekFrom::Start(extent.whole)))
            .and_then(|_| file.write_all(line.as_bytes()))
            .and_then(|()| OpenedFile::new(file.try_clone()?));
        let opened = written.map_err(|error| {
            // Best effort: readers ignore an incomplete line.
            let _ = file.set_len(extent.whole);
            self.unwritable(error)
        })?;
        let whole = extent.whole + u64::try_from(line.len()).unwrap_or(u64::MAX);
        Ok(Some(opened.into_seen(Extent { whole, ..extent }, &[seen.tail(), line.as_bytes()].concat())))
    }

    /// Returns the metadata of the file. Fails if it is read-only.
    fn writable(&self) -> Result<Option<fs::Metadata>, SandboxError> {
        let old = fs::metadata(&self.path).ok();
        if old.as_ref().is_some_and(|old| old.permissions().readonly()) {
            return Err(SandboxError::ReadOnly { path: self.path.clone() });
        }
        Ok(old)
    }

    fn unwritable(&self, source: io::Error) -> SandboxError {
        SandboxError::Write { path: self.path.clone(), source }
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

/// Keeps the owner, so that root does not take over the file of another user. Others cannot give files away, and need not.
#[cfg(unix)]
fn keep_owner(file: &File, old: &fs::Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    let _ = fchown(file, Some(old.uid()), Some(old.gid()));
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &fs::Metadata) {}
