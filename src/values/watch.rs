//! Whoever watches long work is told how far it is.

use std::fmt;
use std::rc::Rc;

/// Shows how far work is.
pub(crate) trait Watcher: fmt::Debug {
    /// So many of so many things are done; how many there will be is not always known.
    fn at(&self, what: &str, done: usize, total: Option<usize>);
    /// The work is done.
    fn end(&self);
}

/// Shared by everything that does long work. Usually nobody watches.
#[derive(Debug, Clone, Default)]
pub(crate) struct Watch(Option<Rc<dyn Watcher>>);

impl Watch {
    pub(crate) fn by(watcher: impl Watcher + 'static) -> Self {
        Self(Some(Rc::new(watcher)))
    }

    pub(crate) fn at(&self, what: &str, done: usize, total: Option<usize>) {
        if let Some(watcher) = &self.0 {
            watcher.at(what, done, total);
        }
    }

    pub(crate) fn end(&self) {
        if let Some(watcher) = &self.0 {
            watcher.end();
        }
    }
}
