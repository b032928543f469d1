//! What commands put into the context. One type declares the paths for integration.yml and writes the values, so that
//! the two cannot differ.

mod groups;
mod memberships;
mod tokens;
mod users;

use std::rc::Rc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};

use super::context::{ContextPath, Layout};
use super::entry::Context;

pub(crate) use groups::Groups;
pub(crate) use memberships::{GroupMembershipRow, GroupsOfUser};
pub(crate) use tokens::{GroupNextToken, UserNextToken};
pub(crate) use users::{Users, UsersTwice};

/// The context part of an answer.
pub(crate) trait Output: 'static {
    /// Declares every path that `write` may fill.
    fn declare(declarations: &mut Declarations, layout: Layout);
    /// Writes the values.
    fn write(self, context: &mut Context, layout: Layout);
}

/// No context at all.
impl Output for () {
    fn declare(_: &mut Declarations, _: Layout) {}
    fn write(self, _: &mut Context, _: Layout) {}
}

impl<A: Output, B: Output> Output for (A, B) {
    fn declare(declarations: &mut Declarations, layout: Layout) {
        A::declare(declarations, layout);
        B::declare(declarations, layout);
    }

    fn write(self, context: &mut Context, layout: Layout) {
        self.0.write(context, layout);
        self.1.write(context, layout);
    }
}

/// Context paths and the schemas of what is stored there.
pub(crate) struct Declarations<'g> {
    pub(crate) generator: &'g mut SchemaGenerator,
    pub(crate) declared: Vec<(&'static str, Schema)>,
}

impl Declarations<'_> {
    /// Declares that objects of this type are stored under the path.
    fn rows<T: JsonSchema>(&mut self, path: ContextPath) {
        self.declared.push((path.path(), T::json_schema(self.generator)));
    }
}

/// One object, or a list of them: a command that finds one thing stores an object and no list.
pub(crate) enum Items<T> {
    One(Rc<T>),
    Many(Rc<Vec<T>>),
}

impl<T> Items<T> {
    pub(crate) fn one(item: T) -> Self {
        Self::One(Rc::new(item))
    }

    pub(crate) fn many(items: Vec<T>) -> Self {
        Self::Many(Rc::new(items))
    }

    pub(crate) fn as_slice(&self) -> &[T] {
        match self {
            Self::One(item) => std::slice::from_ref(item),
            Self::Many(items) => items,
        }
    }

    /// Writes each item as a row of the context.
    fn serialize_rows<'a, R: Serialize, S: Serializer>(
        &'a self,
        serializer: S,
        row: impl Fn(&'a T) -> R,
    ) -> Result<S::Ok, S::Error> {
        match self {
            Self::One(item) => row(item).serialize(serializer),
            Self::Many(items) => serializer.collect_seq(items.iter().map(row)),
        }
    }
}

/// The items are shared, not copied: a list of 200,000 users is in memory once.
impl<T> Clone for Items<T> {
    fn clone(&self) -> Self {
        match self {
            Self::One(item) => Self::One(Rc::clone(item)),
            Self::Many(items) => Self::Many(Rc::clone(items)),
        }
    }
}

/// As the API names it.
impl<T: Serialize> Serialize for Items<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize_rows(serializer, |item| item)
    }
}
