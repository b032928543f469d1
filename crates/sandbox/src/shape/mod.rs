//! Request shapes: the constraints that AWS's service models put on requests, and the one check of them.
//!
//! Each service has its shapes in its `model.rs`. [`validate()`] checks a request against them, and no handler checks them
//! again.

mod definition;
mod pattern;
mod validate;

pub(crate) use definition::{Member, Shape, attribute_list, list, optional, required, text};
pub(crate) use pattern::Pattern;
pub(crate) use validate::{InvalidInput, ValuesInErrors, validate};
