//! What AWS's service models say about requests: one table for each service, one reader of them.
//!
//! A constraint stands here and nowhere else; [`validate`] holds any request against it.

pub(super) mod identity_store;
pub(super) mod pattern;
pub(super) mod sso_admin;
pub(super) mod sts;
pub(super) mod validate;

use pattern::Pattern;

/// What a value must look like.
#[derive(Debug)]
pub(super) enum Shape {
    /// A string.
    Text { min: usize, max: usize, pattern: Option<&'static Pattern> },
    /// One of these strings.
    Enum(&'static [&'static str]),
    /// A whole number.
    Integer { min: i64, max: i64 },
    /// `true` or `false`.
    Boolean,
    /// Any JSON; the operation that takes it says more.
    Document,
    /// A list.
    List {
        member: &'static Shape,
        min: usize,
        max: usize,
        /// A multi-valued attribute of a user: the directory refuses too many values with a
        /// sentence of its own, not as a constraint of the model.
        attribute: bool,
    },
    /// An object with free keys.
    Map { key: &'static Shape, value: &'static Shape, min: usize, max: usize },
    /// An object with these members.
    Structure(&'static [Member]),
    /// An object with exactly one of these members.
    Union(&'static [Member]),
}

/// A member of a structure or union.
#[derive(Debug)]
pub(super) struct Member {
    /// Its name on the wire.
    pub(super) name: &'static str,
    /// What it holds.
    pub(super) shape: &'static Shape,
    /// Whether a request without it is refused.
    pub(super) required: bool,
}

const fn required(name: &'static str, shape: &'static Shape) -> Member {
    Member { name, shape, required: true }
}

const fn optional(name: &'static str, shape: &'static Shape) -> Member {
    Member { name, shape, required: false }
}

const fn text(min: usize, max: usize, pattern: &'static Pattern) -> Shape {
    Shape::Text { min, max, pattern: Some(pattern) }
}

const fn list(member: &'static Shape, min: usize, max: usize) -> Shape {
    Shape::List { member, min, max, attribute: false }
}

const fn attribute_list(member: &'static Shape, max: usize) -> Shape {
    Shape::List { member, min: 1, max, attribute: true }
}
