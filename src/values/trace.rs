//! What a command does, step by step, for whoever asked for debugging. It costs nothing otherwise.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A command that makes more steps than this is not understood better by more lines.
const MOST: usize = 1000;

/// Shared by everything that has something to tell. Clones write to the same place.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trace(Arc<Mutex<Option<Vec<String>>>>);

impl Trace {
    /// Forgets what was, and notes what comes if it is wanted.
    pub(crate) fn begin(&self, wanted: bool) {
        *self.lines() = wanted.then(Vec::new);
    }

    /// Notes a line, which is made only if it is wanted.
    pub(crate) fn note(&self, line: impl FnOnce() -> String) {
        if let Some(lines) = self.lines().as_mut() {
            match lines.len() {
                0..MOST => lines.push(line()),
                MOST => lines.push(format!("What followed these {MOST} lines is not shown.")),
                _ => {}
            }
        }
    }

    /// The lines since the beginning.
    pub(crate) fn take(&self) -> Vec<String> {
        self.lines().take().unwrap_or_default()
    }

    fn lines(&self) -> MutexGuard<'_, Option<Vec<String>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_kept_only_if_they_are_wanted_and_not_without_end() {
        let trace = Trace::default();
        trace.note(|| panic!("nobody wants this line"));
        trace.begin(true);
        (0..MOST * 2).for_each(|number| trace.note(|| number.to_string()));
        let lines = trace.take();
        assert_eq!((lines.len(), lines[0].as_str()), (MOST + 1, "0"));
        trace.begin(false);
        trace.note(|| panic!("nobody wants this line"));
        assert!(trace.take().is_empty());
    }
}
