//! Containments, restorations, off-boardings and searches for orphaned assignments: where a service fails, and where a
//! script asks.

mod scripts;
mod secondary_reads;
