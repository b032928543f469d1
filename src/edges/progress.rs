//! A progress bar on standard error, where that is a terminal.

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::values::printable::printable;
use crate::values::watch::{Watch, Watcher};

/// What is done sooner needs no bar.
const SHORT: Duration = Duration::from_millis(500);

#[derive(Debug)]
struct Bar {
    begun: Instant,
    bar: ProgressBar,
}

/// A bar for a person at a terminal; nothing for anybody else.
pub(super) fn watch() -> Watch {
    if !io::stderr().is_terminal() {
        return Watch::default();
    }
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    Watch::by(Bar { begun: Instant::now(), bar })
}

impl Watcher for Bar {
    fn at(&self, what: &str, done: usize, total: Option<usize>) {
        if self.begun.elapsed() < SHORT {
            return;
        }
        let template = if total.is_some() { "{bar:30} {pos} of {len} {msg}" } else { "{spinner} {pos} {msg}" };
        // The templates are ours, and sound.
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
        }
        if let Some(total) = total {
            self.bar.set_length(total.try_into().unwrap_or(u64::MAX));
        }
        self.bar.set_message(printable(what).into_owned());
        self.bar.set_position(done.try_into().unwrap_or(u64::MAX));
    }

    fn end(&self) {
        self.bar.finish_and_clear();
    }
}
