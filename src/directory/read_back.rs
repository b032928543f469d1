//! Deletions of what AWS does not find. Where it says of what type the missing thing is, that settles it; else it may mean
//! another thing, such as the identity store, and what was to be deleted is read back.

use crate::values::error::Error;

/// Settles a deletion that AWS answered with "not found", by what was read back.
pub(super) fn gone<T>(deletion: Error, read_back: Result<T, Error>) -> Result<(), Error> {
    match read_back {
        Err(Error::NotFound { .. }) => Ok(()),
        Ok(_) => Err(deletion.with_hint("It was read back, and is still there. Run the command again.")),
        Err(error) => Err(deletion.with_hint(&format!("It could not be read back whether it is gone. {error}"))),
    }
}
