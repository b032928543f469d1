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

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[derive(Debug, Default, Clone)]
    struct Seen(Rc<RefCell<Vec<String>>>);

    impl Watcher for Seen {
        fn at(&self, what: &str, done: usize, total: Option<usize>) {
            self.0.borrow_mut().push(format!("{what} {done} {total:?}"));
        }

        fn end(&self) {
            self.0.borrow_mut().push("end".to_owned());
        }
    }

    #[test]
    fn whoever_watches_sees_all_and_nobody_has_to() {
        let seen = Seen::default();
        for watch in [Watch::by(seen.clone()), Watch::default()] {
            watch.at("list the users", 100, None);
            watch.at("remove memberships", 1, Some(3));
            watch.end();
        }
        assert_eq!(*seen.0.borrow(), ["list the users 100 None", "remove memberships 1 Some(3)", "end"]);
    }
}
