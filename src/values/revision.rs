//! Optimistic locking (AWS: Identity Store API, `Revision`): what was looked at must still be what is there.

use super::error::Error;

/// Compares the revision of what is there with the one that a caller looked at, if it gave one. A server that tells no
/// revisions cannot guard anything by them.
pub(crate) fn check(what: &str, there: Option<&str>, wanted: Option<&str>) -> Result<(), Error> {
    match (wanted, there) {
        (None, _) => Ok(()),
        (Some(wanted), Some(there)) if wanted == there => Ok(()),
        (Some(_), Some(_)) => Err(Error::Changed { what: what.to_owned() }),
        (Some(_), None) => Err(Error::Setup(format!(
            "This server tells no revision of {what}, so none can guard the change, and nothing was changed. Leave \
             revision away to change it all the same."
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_revision_passes() {
        assert!(check("user u", None, None).is_ok() && check("user u", Some("1"), None).is_ok());
        assert!(check("user u", Some("1"), Some("1")).is_ok());
        assert!(check("user u", Some("2"), Some("1")).unwrap_err().to_string().contains("changed by somebody else"));
        assert!(check("user u", None, Some("1")).unwrap_err().to_string().contains("tells no revision"));
    }
}
