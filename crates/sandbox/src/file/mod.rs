//! The sandbox's file: read without a lock, changed under one.
//!
//! A reader opens whatever file stands there, and what stands there is complete. A writer holds the lock, and either
//! writes a new file beside it and renames it into place, or adds a line to it. Killing a writer leaves at most the
//! beginnings of a file or of a line, which nobody reads and the next writer removes.
//!
//! A small file is always written anew, so that it stays one JSON document. A large one gets a line for each change,
//! which costs what the change costs and not what the directory costs; it is written anew when the lines have grown to
//! half of the document. The price is that such a file is a document with lines after it.

#[cfg(any(test, fuzzing))]
mod fuzzing;
mod location;
mod lock;
mod parse;
pub(crate) mod render;
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
pub(super) use lock::Lock;
use lock::beside;
use parse::Fault;
pub(super) use stamp::Seen;
use stamp::{Extent, Opened};

use super::{error::SandboxError, sample, store::Directory};

/// Below this many bytes a file is written anew with each change, within a millisecond.
const SMALL: u64 = 256 << 10;

/// A sandbox file.
#[derive(Debug)]
pub(super) struct StateFile {
    path: PathBuf,
}

impl StateFile {
    /// The file that was named.
    pub(super) fn new(named: &Path) -> Result<Self, SandboxError> {
        location::follow(named).map(|path| Self { path })
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

    /// Takes in what other processes added to the file, if that is all that happened to it. Where nothing is returned
    /// the directory is half changed at worst, and has to be loaded.
    pub(super) fn follow(&self, seen: &Seen, directory: &mut Directory) -> Option<Seen> {
        let (opened, added) = seen.added(&self.path)?;
        let whole = added.iter().rposition(|byte| *byte == b'\n')? + 1;
        let text = std::str::from_utf8(&added[..whole]).ok()?;
        parse::replay(directory, text).ok()?;
        let extent = seen.extent();
        let extent = Extent { whole: extent.whole + u64::try_from(whole).ok()?, ..extent };
        Some(opened.seen(extent, &[seen.tail(), text.as_bytes()].concat()))
    }

    /// Writes what changed of the directory since it was seen. Nothing is written, and nothing returned, if the file
    /// is not the one that was seen any more: editors do not ask for the lock.
    pub(super) fn save(
        &self,
        directory: &mut Directory,
        seen: Seen,
        lock: &Lock,
    ) -> Result<Option<Seen>, SandboxError> {
        let Some(change) = directory.take_change() else { return Ok(Some(seen)) };
        let Extent { document, whole } = seen.extent();
        if document < SMALL || whole - document > document / 2 {
            return if self.is_current(&seen)? { self.save_whole(directory, lock).map(Some) } else { Ok(None) };
        }
        let mut line = render::line(&change);
        line.push('\n');
        self.append(&seen, &line, lock)
    }

    /// Writes the directory in the place of whatever the file holds.
    pub(super) fn save_whole(&self, directory: &Directory, lock: &Lock) -> Result<Seen, SandboxError> {
        self.replace(&render::text(directory), lock)
    }

    /// The sample directory.
    pub(super) fn sample(&self) -> Result<Directory, SandboxError> {
        self.parse(sample::TEXT).map(|(directory, _)| directory)
    }

    fn load_existing(&self) -> Result<Option<(Directory, Seen)>, SandboxError> {
        let (opened, bytes) = match self.read() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            result => result.map_err(|source| self.unreadable(source))?,
        };
        let (directory, extent) = match std::str::from_utf8(&bytes) {
            Ok(text) => self.parse(text)?,
            Err(error) => self.parse_start(&bytes, error.valid_up_to())?,
        };
        let whole = usize::try_from(extent.whole).unwrap_or(bytes.len());
        Ok(Some((directory, opened.seen(extent, &bytes[..whole]))))
    }

    fn read(&self) -> io::Result<(Opened, Vec<u8>)> {
        let opened = Opened::new(File::open(&self.path)?)?;
        let bytes = opened.read()?;
        Ok((opened, bytes))
    }

    fn parse(&self, text: &str) -> Result<(Directory, Extent), SandboxError> {
        parse::directory(text).map_err(|fault| match fault {
            Fault::Damaged { line, reason } => SandboxError::Damaged { path: self.path.clone(), line, reason },
            Fault::Newer { line, version } => SandboxError::Newer { path: self.path.clone(), line, version },
        })
    }

    /// A file that is not UTF-8 from `valid` on may end with a line that was cut within a character, and be sound.
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

    /// Puts a new file in the place of the old one. The lock makes the temporary file's one name
    /// safe, and one name means that leftovers never pile up.
    ///
    /// Nothing is synced to the disk: renaming keeps the file whole when a process dies, and a
    /// power cut that loses the last second of a sandbox is not worth a disk's latency on each of
    /// a thousand removals.
    fn replace(&self, text: &str, _lock: &Lock) -> Result<Seen, SandboxError> {
        let old = self.writable()?;
        let temporary = beside(&self.path, "tmp");
        match fs::remove_file(&temporary) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(self.unwritable(error)),
            _ => {}
        }
        let written = write_new(&temporary, text, old.as_ref());
        let opened = written.and_then(|file| {
            fs::rename(&temporary, &self.path)?;
            Opened::new(file)
        });
        let opened = opened.map_err(|error| {
            // Best effort: the error to report is the first one.
            let _ = fs::remove_file(&temporary);
            self.unwritable(error)
        })?;
        let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
        Ok(opened.seen(Extent { document: length, whole: length }, text.as_bytes()))
    }

    /// Adds a line after what was understood of the file, if it is still the file that was seen.
    fn append(&self, seen: &Seen, line: &str, _lock: &Lock) -> Result<Option<Seen>, SandboxError> {
        self.writable()?;
        let extent = seen.extent();
        // An editor may have left the last line open.
        let open = !seen.tail().ends_with(b"\n");
        let line = if open { format!("\n{line}") } else { line.to_owned() };
        let mut file = match OpenOptions::new().write(true).open(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            result => result.map_err(|error| self.unwritable(error))?,
        };
        // Asked of the file that is open: another one may have been renamed to its path by now.
        if !seen.is(&file).map_err(|error| self.unwritable(error))? {
            return Ok(None);
        }
        let written = file
            .set_len(extent.whole)
            .and_then(|()| file.seek(SeekFrom::Start(extent.whole)))
            .and_then(|_| file.write_all(line.as_bytes()))
            .and_then(|()| Opened::new(file.try_clone()?));
        let opened = written.map_err(|error| {
            // Best effort: what has no line's end does not count anyway.
            let _ = file.set_len(extent.whole);
            self.unwritable(error)
        })?;
        let whole = extent.whole + u64::try_from(line.len()).unwrap_or(u64::MAX);
        Ok(Some(opened.seen(Extent { whole, ..extent }, &[seen.tail(), line.as_bytes()].concat())))
    }

    /// The file as it is, if it may be changed.
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

/// Root editing another user's file should not take it away. Others cannot give files away, and
/// need not.
#[cfg(unix)]
fn keep_owner(file: &File, old: &fs::Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    let _ = fchown(file, Some(old.uid()), Some(old.gid()));
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &fs::Metadata) {}
