//! Rows of a long list. They are made one by one, and the items are dropped.

use std::marker::PhantomData;

use super::{Declarations, Output, Row, Stored};
use crate::values::context::Layout;
use crate::values::entry::{Context, Payload};

/// An output that is made of items that come one by one.
pub(crate) trait Collect<T>: Output {
    /// Nothing yet.
    fn empty() -> Self;
    /// Makes what this layout has of the item.
    fn add(&mut self, item: &T, layout: Layout);
}

/// The rows of the items that there were, stored like those of `Stored`.
pub(crate) struct Listed<R: Row> {
    rows: Vec<Payload>,
    row: PhantomData<fn() -> R>,
}

impl<R: Row> Output for Listed<R> {
    fn declare(declarations: &mut Declarations, layout: Layout) {
        Stored::<R>::declare(declarations, layout);
    }

    fn write(self, context: &mut Context, layout: Layout) {
        if let Some(path) = R::path(layout) {
            context.put(path.key(), Payload::List(self.rows));
        }
    }
}

impl<R: Row> Collect<R::Item> for Listed<R> {
    fn empty() -> Self {
        Self { rows: Vec::new(), row: PhantomData }
    }

    fn add(&mut self, item: &R::Item, layout: Layout) {
        if R::path(layout).is_some() {
            self.rows.push(match layout {
                Layout::Documented => Payload::of(&R::Documented::from(item)),
                Layout::Marketplace => Payload::of(&R::Marketplace::from(item)),
            });
        }
    }
}

impl<T, A: Collect<T>, B: Collect<T>> Collect<T> for (A, B) {
    fn empty() -> Self {
        (A::empty(), B::empty())
    }

    fn add(&mut self, item: &T, layout: Layout) {
        self.0.add(item, layout);
        self.1.add(item, layout);
    }
}
