//! Indexes from an owner to its records: a group's memberships, a principal's assignments.

use std::{
    borrow::Borrow,
    collections::{BTreeSet, HashMap},
    hash::Hash,
};

use super::table::Ordinal;

/// The ordinals of records by owner, in the order of the file.
#[derive(Debug)]
pub(super) struct Index<K>(HashMap<K, BTreeSet<Ordinal>>);

impl<K: Eq + Hash> Index<K> {
    pub(super) fn new() -> Self {
        Self(HashMap::new())
    }

    pub(super) fn insert(&mut self, key: K, ordinal: Ordinal) {
        self.0.entry(key).or_default().insert(ordinal);
    }

    pub(super) fn remove<Q: ?Sized + Eq + Hash>(&mut self, key: &Q, ordinal: Ordinal)
    where
        K: Borrow<Q>,
    {
        if let Some(ordinals) = self.0.get_mut(key) {
            ordinals.remove(&ordinal);
            if ordinals.is_empty() {
                self.0.remove(key);
            }
        }
    }

    /// Returns the ordinals from `start` on.
    pub(super) fn from<Q: ?Sized + Eq + Hash>(&self, key: &Q, start: Ordinal) -> impl Iterator<Item = Ordinal> + '_
    where
        K: Borrow<Q>,
    {
        self.0.get(key).into_iter().flat_map(move |ordinals| ordinals.range(start..).copied())
    }
}
