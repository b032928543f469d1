//! The vocabulary of the models: what a service model says of a value.

use super::pattern::Pattern;

/// The constraints on a value.
#[derive(Debug)]
pub(crate) enum Shape {
    /// A string.
    Text { min: usize, max: usize, pattern: Option<&'static Pattern> },
    /// One of these strings.
    Enum(&'static [&'static str]),
    /// A whole number.
    Integer { min: i64, max: i64 },
    /// `true` or `false`.
    Boolean,
    /// Any JSON. The operation checks the rest.
    Document,
    /// A list.
    List {
        member: &'static Shape,
        min: usize,
        max: usize,
        /// Whether this is a multi-valued attribute of a user. For too many values AWS has an error message of its own,
        /// which is no constraint of the model.
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
pub(crate) struct Member {
    /// The name on the wire.
    pub(crate) name: &'static str,
    /// The constraints on its value.
    pub(crate) shape: &'static Shape,
    /// Whether a request must have it.
    pub(crate) required: bool,
}

/// Returns a member that a request must have.
pub(crate) const fn required(name: &'static str, shape: &'static Shape) -> Member {
    Member { name, shape, required: true }
}

/// Returns a member that a request may have.
pub(crate) const fn optional(name: &'static str, shape: &'static Shape) -> Member {
    Member { name, shape, required: false }
}

/// Returns a string of that length and pattern.
pub(crate) const fn text(min: usize, max: usize, pattern: &'static Pattern) -> Shape {
    Shape::Text { min, max, pattern: Some(pattern) }
}

/// Returns a list of that length.
pub(crate) const fn list(member: &'static Shape, min: usize, max: usize) -> Shape {
    Shape::List { member, min, max, attribute: false }
}

/// Returns a multi-valued attribute of a user.
pub(crate) const fn attribute_list(member: &'static Shape, max: usize) -> Shape {
    Shape::List { member, min: 1, max, attribute: true }
}
