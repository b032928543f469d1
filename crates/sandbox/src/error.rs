//! What can go wrong with the sandbox itself, worded for the person who has to put it right.

use std::{io, net::SocketAddr, path::PathBuf};

/// The sandbox cannot do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    #[error("cannot open the sandbox file {}: its symbolic links lead in a circle", .path.display())]
    Circle { path: PathBuf },
    #[error("cannot read the sandbox file {}: {source}", .path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error(
        "cannot write the sandbox file {}: {source}; nothing was changed", .path.display()
    )]
    Write { path: PathBuf, source: io::Error },
    #[error(
        "cannot change the sandbox file {}: it is marked read-only; nothing was changed",
        .path.display()
    )]
    ReadOnly { path: PathBuf },
    #[error(
        "cannot lock the sandbox for a change, by the lock file {}: {source}; nothing was changed",
        .path.display()
    )]
    Lock { path: PathBuf, source: io::Error },
    #[error(
        "cannot change the sandbox file {}: another process has held its lock for {seconds} \
         seconds; nothing was changed",
        .path.display()
    )]
    Locked { path: PathBuf, seconds: u64 },
    #[error(
        "cannot change the sandbox file {}: another program, which does not wait for its lock, wrote it each of the \
         {tries} times this one was about to; nothing was changed; try again when that program is done",
        .path.display()
    )]
    Restless { path: PathBuf, tries: usize },
    #[error(
        "cannot use the sandbox file {}, line {line}: {reason}; it was left as it is: correct the \
         line, or move the file away to start again with the sample directory",
        .path.display()
    )]
    Damaged { path: PathBuf, line: usize, reason: String },
    #[error(
        "cannot use the sandbox file {}, line {line}: it is of version {version}, which a later \
         program wrote and this one does not know; it was left as it is: use that program, or name \
         another file",
        .path.display()
    )]
    Newer { path: PathBuf, line: usize, version: u64 },
    #[error(
        "cannot generate {memberships} memberships: {users} users and {groups} groups have room \
         for {room}"
    )]
    TooManyMemberships { users: usize, groups: usize, memberships: usize, room: usize },
    #[error("cannot generate a directory: {reason}; another seed number will do")]
    Generate { reason: String },
    #[error("cannot serve the sandbox on {listen}: {source}")]
    Listen { listen: SocketAddr, source: io::Error },
}
