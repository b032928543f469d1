//! What commands put into the context. A `Row` says what is stored where in each layout, once; from it the paths are
//! declared for integration.yml and the values are written, so that the two cannot differ.

mod access;
mod checks;
mod containment;
mod groups;
mod identity_stores;
mod listed;
mod members;
mod memberships;
mod steps;
mod tokens;
mod users;

use std::marker::PhantomData;
use std::rc::Rc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};

use super::context::{ContextPath, Layout};
use super::entry::{Context, Payload};

pub(crate) use access::{AccessList, AccessRow, Via};
pub(crate) use checks::{CheckedGroup, CheckedGroups};
pub(crate) use containment::{Containment, OrphanedAssignments, Restoration, SnapshotCheck, TakenBy};
pub(crate) use listed::{Collect, Listed};
pub(crate) use members::{MemberRow, MembersOfGroup};
pub(crate) use memberships::{GroupMembershipRow, GroupsOfUser};
pub(crate) use steps::{AssignmentStep, GroupStep, OrphanStep, Outcome, Progress, Status};
pub(crate) use tokens::{GroupMembershipNextToken, GroupNextToken, GroupsUserNextToken, UserNextToken};
pub(crate) use users::InBrief;

/// What the context holds of an item.
pub(crate) trait Row: 'static {
    type Item: 'static;
    /// The item as the documented layout has it.
    type Documented<'a>: From<&'a Self::Item> + Serialize + JsonSchema;
    /// The item as the Marketplace pack has it.
    type Marketplace<'a>: From<&'a Self::Item> + Serialize + JsonSchema;

    /// Where it is stored; nowhere in a layout that does not know it.
    fn path(layout: Layout) -> Option<ContextPath>;
}

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

/// Items, stored as these rows.
pub(crate) struct Stored<R: Row>(pub(crate) Items<R::Item>);

impl<R: Row> Output for Stored<R> {
    fn declare(declarations: &mut Declarations, layout: Layout) {
        let Some(path) = R::path(layout) else { return };
        let schema = match layout {
            Layout::Documented => R::Documented::json_schema(declarations.generator),
            Layout::Marketplace => R::Marketplace::json_schema(declarations.generator),
        };
        declarations.declared.push((path.path(), schema));
    }

    fn write(self, context: &mut Context, layout: Layout) {
        if let Some(path) = R::path(layout) {
            context.put(path.key(), Payload::of(&InLayout::<R> { items: self.0, layout, row: PhantomData }));
        }
    }
}

/// Rows that are made when they are written, one at a time.
struct InLayout<R: Row> {
    items: Items<R::Item>,
    layout: Layout,
    row: PhantomData<R>,
}

impl<R: Row> Serialize for InLayout<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.layout {
            Layout::Documented => self.items.serialize_as(serializer, R::Documented::from),
            Layout::Marketplace => self.items.serialize_as(serializer, R::Marketplace::from),
        }
    }
}

/// Context paths and the schemas of what is stored there.
pub(crate) struct Declarations<'g> {
    pub(crate) generator: &'g mut SchemaGenerator,
    pub(crate) declared: Vec<(&'static str, Schema)>,
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

    fn serialize_as<'a, R: Serialize, S: Serializer>(
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

/// The items are shared, not copied.
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
        self.serialize_as(serializer, |item| item)
    }
}
