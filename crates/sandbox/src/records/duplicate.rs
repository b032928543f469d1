//! Values that no two objects may share.

/// A value that must be unique, and that another object has.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub(crate) enum Duplicate {
    #[error("UserName")]
    UserName,
    #[error("primary e-mail address")]
    Email,
    #[error("DisplayName")]
    GroupDisplayName,
    #[error("group and member")]
    Membership,
}
