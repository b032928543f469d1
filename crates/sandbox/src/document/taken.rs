//! Values that no two objects may share.

/// A value that only one object may have, and another object has.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub(crate) enum Taken {
    #[error("UserName")]
    UserName,
    #[error("primary e-mail address")]
    Email,
    #[error("DisplayName")]
    GroupDisplayName,
    #[error("group and member")]
    Membership,
}
