//! Which mutant this process is, if it is one: `MUTANT` is its number. `MUTANT_SEEN` names a file that gets the number
//! of each mutant that the process comes by.

use std::io::Write;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

static CHOSEN: OnceLock<Option<usize>> = OnceLock::new();
static SEEN: OnceLock<Option<std::ffi::OsString>> = OnceLock::new();
static PASSED: [AtomicBool; COUNT] = [const { AtomicBool::new(false) }; COUNT];

/// Whether this process is the mutant of this number.
#[inline(never)]
pub(crate) fn on(number: usize) -> bool {
    if SEEN.get_or_init(|| std::env::var_os("MUTANT_SEEN")).is_some() && !PASSED[number].swap(true, Ordering::Relaxed) {
        note(number);
    }
    *CHOSEN.get_or_init(|| std::env::var("MUTANT").ok()?.parse().ok()) == Some(number)
}

/// At once, since the process may be killed; in one write, since others write there as well.
fn note(number: usize) {
    let Some(path) = SEEN.get().and_then(Option::as_ref) else { return };
    if let Ok(mut file) = std::fs::OpenOptions::new().append(true).create(true).open(path) {
        let _ = file.write_all(format!("{number}\n").as_bytes());
    }
}
