//! The directory in memory: the contents of the file, indexed, and the changes that operations may make.
//!
//! Invariant: a change is made as a whole, or refused before it touches anything.

mod access;
mod assignments;
mod directory;
mod groups;
mod inconsistency;
mod index;
mod memberships;
mod replay;
mod requests;
mod table;
mod users;

pub(crate) use directory::Directory;
pub(crate) use inconsistency::Inconsistency;
pub(crate) use table::{Ordinal, Record, Table};
