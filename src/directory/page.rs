//! A page of a list.

/// What is on a page, and the token of the next.
pub(super) type Page<T> = (Vec<T>, Option<String>);
