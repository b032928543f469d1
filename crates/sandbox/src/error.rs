//! Errors of the sandbox itself, worded for the person who has to fix them.

use std::{io, net::SocketAddr, path::PathBuf};

/// Why the sandbox cannot do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    #[error("cannot open the sandbox file {}: its symbolic links lead in a circle", .path.display())]
    SymlinkLoop { path: PathBuf },
    #[error("cannot read the sandbox file {}: {source}", .path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("cannot write the sandbox file {}: {source}; no changes were made", .path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("cannot change the sandbox file {}: it is marked read-only; no changes were made", .path.display())]
    ReadOnly { path: PathBuf },
    #[error(
        "cannot lock the sandbox for a change, by the lock file {}: {source}; no changes were made",
        .path.display()
    )]
    Lock { path: PathBuf, source: io::Error },
    #[error(
        "cannot change the sandbox file {}: another process has held its lock for {seconds} seconds; no changes were \
         made",
        .path.display()
    )]
    Locked { path: PathBuf, seconds: u64 },
    #[error(
        "cannot change the sandbox file {}: another program, which ignores the lock, wrote it before each of {attempts} \
         attempts; no changes were made; try again when that program is done",
        .path.display()
    )]
    ConcurrentEdits { path: PathBuf, attempts: usize },
    #[error(
        "cannot use the sandbox file {}, line {line}: {reason}; no changes were made: correct the line, or move the file \
         away to start again with the sample directory",
        .path.display()
    )]
    Damaged { path: PathBuf, line: usize, reason: String },
    #[error(
        "cannot use the sandbox file {}, line {line}: a newer program wrote it, in version {version}; no changes were made: \
         use that program, or name another file",
        .path.display()
    )]
    NewerVersion { path: PathBuf, line: usize, version: u64 },
    #[error("cannot generate {memberships} memberships: {users} users and {groups} groups have room for {room}")]
    TooManyMemberships { users: usize, groups: usize, memberships: usize, room: usize },
    #[error("cannot generate a directory: {reason}; try another seed")]
    Generate { reason: String },
    #[error("cannot serve the sandbox on {listen}: {source}")]
    Listen { listen: SocketAddr, source: io::Error },
}
