//! Detects whether a file is still the one that was read, and which lines were added to it.

use std::{
    fs::{self, File, Metadata},
    io::{self, Read, Seek, SeekFrom},
    path::Path,
    time::SystemTime,
};

/// The length of the end of a file that is compared to make sure that only lines were added.
const TAIL: usize = 4096;

/// A file as it was when it was read.
///
/// It stays open. As long as it is open, no other file gets its inode number, so a replacement is detected even if size and
/// time are the same.
#[derive(Debug)]
pub(crate) struct SeenFile {
    _file: File,
    stamp: FileStamp,
    extent: Extent,
    tail: Vec<u8>,
}

/// The lengths of the parts of a file that were parsed, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    /// The document alone. It is 0 if the next change has to write the whole file.
    pub(super) document: u64,
    /// The document and the lines of changes. An incomplete line of a killed writer is not part of it.
    pub(super) whole: u64,
}

#[derive(Debug, PartialEq)]
struct FileStamp {
    identity: (u64, u64),
    length: u64,
    modified: Option<SystemTime>,
}

/// An open file, and its stamp at that time. A program that writes the file while it is read makes the stamp stale.
pub(super) struct OpenedFile {
    file: File,
    stamp: FileStamp,
}

impl OpenedFile {
    /// Takes the stamp of an open file.
    pub(super) fn new(file: File) -> io::Result<Self> {
        let stamp = FileStamp::from_metadata(&file.metadata()?);
        Ok(Self { file, stamp })
    }

    /// Reads the rest of the file.
    pub(super) fn read(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        (&self.file).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Returns the file as seen. `end` is the last part that was parsed.
    pub(super) fn into_seen(self, extent: Extent, end: &[u8]) -> SeenFile {
        let tail = end[end.len().saturating_sub(TAIL)..].to_vec();
        SeenFile { _file: self.file, stamp: self.stamp, extent, tail }
    }
}

impl SeenFile {
    pub(super) fn extent(&self) -> Extent {
        self.extent
    }

    /// Returns the last bytes that were parsed.
    pub(super) fn tail(&self) -> &[u8] {
        &self.tail
    }

    /// Returns whether the file at `path` is this one, unchanged.
    pub(super) fn is_current(&self, path: &Path) -> io::Result<bool> {
        Ok(FileStamp::from_metadata(&fs::metadata(path)?) == self.stamp)
    }

    /// Returns whether an open file is this one, unchanged.
    pub(super) fn is(&self, file: &File) -> io::Result<bool> {
        Ok(FileStamp::from_metadata(&file.metadata()?) == self.stamp)
    }

    /// Returns the bytes that were added to the file at `path`, if it is this one and changed in no other way.
    pub(super) fn added(&self, path: &Path) -> Option<(OpenedFile, Vec<u8>)> {
        let opened = OpenedFile::new(File::open(path).ok()?).ok()?;
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

impl FileStamp {
    fn from_metadata(metadata: &Metadata) -> Self {
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
