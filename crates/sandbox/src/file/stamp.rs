//! Tells whether a file is still the one that was read, and what was added to it since.

use std::{
    fs::{self, File, Metadata},
    io::{self, Read, Seek, SeekFrom},
    path::Path,
    time::SystemTime,
};

/// How much of a file's end is compared to know that nothing but lines were added.
const TAIL: usize = 4096;

/// A file as it was when it was read.
///
/// It stays open: as long as it does, no other file gets its inode number, so that a replaced
/// file can be told from this one even when size and time are the same.
#[derive(Debug)]
pub(crate) struct Seen {
    _file: File,
    stamp: Stamp,
    extent: Extent,
    tail: Vec<u8>,
}

/// How far a file was understood, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    /// The document alone; nothing where it has to be written anew with the next change.
    pub(super) document: u64,
    /// The document with the changes after it. A line that a dying writer began is beyond.
    pub(super) whole: u64,
}

#[derive(Debug, PartialEq)]
struct Stamp {
    identity: (u64, u64),
    length: u64,
    modified: Option<SystemTime>,
}

/// A file that was opened, and what it was like then: whoever writes in place while it is read makes that stale.
pub(super) struct Opened {
    file: File,
    stamp: Stamp,
}

impl Opened {
    pub(super) fn new(file: File) -> io::Result<Self> {
        let stamp = Stamp::of(&file.metadata()?);
        Ok(Self { file, stamp })
    }

    pub(super) fn read(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        (&self.file).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// The file has been read, and `end` is the last that was understood of it.
    pub(super) fn seen(self, extent: Extent, end: &[u8]) -> Seen {
        let tail = end[end.len().saturating_sub(TAIL)..].to_vec();
        Seen { _file: self.file, stamp: self.stamp, extent, tail }
    }
}

impl Seen {
    pub(super) fn extent(&self) -> Extent {
        self.extent
    }

    /// The last bytes that were understood.
    pub(super) fn tail(&self) -> &[u8] {
        &self.tail
    }

    /// Whether the file at `path` is this one, unchanged.
    pub(super) fn is_current(&self, path: &Path) -> io::Result<bool> {
        Ok(Stamp::of(&fs::metadata(path)?) == self.stamp)
    }

    /// Whether an open file is this one, unchanged.
    pub(super) fn is(&self, file: &File) -> io::Result<bool> {
        Ok(Stamp::of(&file.metadata()?) == self.stamp)
    }

    /// What was added to the file at `path` since, if it is this one and nothing else happened to it.
    pub(super) fn added(&self, path: &Path) -> Option<(Opened, Vec<u8>)> {
        let opened = Opened::new(File::open(path).ok()?).ok()?;
        if opened.stamp.identity != self.stamp.identity || opened.stamp.length <= self.extent.whole {
            return None;
        }
        let start = self.extent.whole - u64::try_from(self.tail.len()).ok()?;
        (&opened.file).seek(SeekFrom::Start(start)).ok()?;
        let bytes = opened.read().ok()?;
        let added = bytes.strip_prefix(self.tail.as_slice())?.to_vec();
        Some((opened, added))
    }
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        Self { identity: identity(metadata), length: metadata.len(), modified: metadata.modified().ok() }
    }
}

#[cfg(unix)]
fn identity(metadata: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.dev(), metadata.ino())
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> (u64, u64) {
    (0, 0)
}
