//! Tells whether a file is still the one that was read.

use std::{
    fs::{self, File, Metadata},
    io,
    path::Path,
    time::SystemTime,
};

/// A file as it was when it was read.
///
/// It stays open: as long as it does, no other file gets its inode number, so that a replaced
/// file can be told from this one even when size and time are the same.
#[derive(Debug)]
pub(in crate::sandbox) struct Seen {
    file: File,
    stamp: Stamp,
}

#[derive(Debug, PartialEq)]
struct Stamp {
    identity: (u64, u64),
    length: u64,
    modified: Option<SystemTime>,
}

impl Seen {
    pub(super) fn new(file: File) -> io::Result<Self> {
        let stamp = Stamp::of(&file.metadata()?);
        Ok(Self { file, stamp })
    }

    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// Whether the file at `path` is this one, unchanged.
    pub(super) fn is_current(&self, path: &Path) -> io::Result<bool> {
        Ok(Stamp::of(&fs::metadata(path)?) == self.stamp)
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
