//! One JSON request on standard input, one JSON array of entries on standard output.

use std::io::{self, Read, Write};

use zeroize::Zeroizing;

use super::stdout::stdout;
use crate::dispatch::{Answer, Dispatcher};
use crate::values::error::Error;
use crate::values::request::Request;

/// Most requests are shorter, and are read at once. Growing leaves copies of the keys behind.
const USUAL: usize = 64 * 1024;

/// Answers the request on standard input; gives the exit code.
pub(super) fn one_shot(dispatcher: &mut Dispatcher) -> io::Result<u8> {
    // It holds the keys of the instance.
    let mut json = Zeroizing::new(Vec::with_capacity(USUAL));
    let request = match io::stdin().lock().read_to_end(&mut json) {
        Ok(_) => Request::parse(&json),
        Err(error) => Err(Error::Usage(format!("Standard input could not be read: {error}."))),
    };
    let answer = dispatcher.answer(request);
    show_trace(&answer);
    answer.write(stdout())?;
    Ok(answer.exit_code())
}

/// Tells on standard error what was done, if debugging was asked for. That nobody reads it is no reason to lose the
/// answer.
pub(super) fn show_trace(answer: &Answer) {
    let mut err = io::stderr().lock();
    let _ = answer.trace().try_for_each(|line| writeln!(err, "{line}"));
}
