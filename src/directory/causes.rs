//! The chain of an error's causes.

use std::error::Error;
use std::io;

/// The error, its cause, the cause of that, and so on.
pub(super) fn sources<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| cause(*error))
}

/// An `io::Error` passes over the error that it wraps, which is often the one that counts.
fn cause<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e (dyn Error + 'static)> {
    let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    wrapped.map(|wrapped| wrapped as &(dyn Error + 'static)).or_else(|| error.source())
}

/// All of them in words, outermost first, each said once.
pub(super) fn causes(error: &(dyn Error + 'static)) -> String {
    words(sources(error))
}

/// These of them.
pub(super) fn words<'e>(sources: impl Iterator<Item = &'e (dyn Error + 'static)>) -> String {
    let mut said: Vec<String> = Vec::new();
    for source in sources {
        let text = source.to_string();
        // rustls leads programmers to its documentation.
        let text = text.split_once(": https://docs.rs/").map_or(text.as_str(), |(text, _)| text).to_owned();
        if !said.iter().any(|earlier| earlier.contains(&text)) {
            said.push(text);
        }
    }
    said.join(": ")
}
