//! What is answered where there is nothing to dispatch.

use std::io;

use super::stdout::stdout;
use crate::dispatch::Answer;
use crate::values::error::Error;

/// Writes an error entry for what never came to be a request; gives the exit code.
pub(super) fn refuse(error: &Error) -> io::Result<u8> {
    let answer = Answer::refused(error);
    answer.write(stdout())?;
    Ok(answer.exit_code())
}
