//! A page of a list.

/// What is on a page, and the token of the next.
pub(super) type Page<T> = (Vec<T>, Option<String>);

/// The same of a list that AWS's model does not require in an answer.
pub(super) type SparsePage<T> = (Option<Vec<T>>, Option<String>);
