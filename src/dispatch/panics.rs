//! Where a panic happened. Its message is shown nowhere: it may hold anything.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::values::error::Error;

thread_local! {
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

/// From now on a panic notes where it happened, and writes nothing.
pub(super) fn remember() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, |place| format!(" (at {place})"));
        LAST.set(place);
    }));
}

/// What comes of this, a panic included.
pub(super) fn catch<T>(run: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| Err(Error::Panic { place: LAST.take() }))
}
