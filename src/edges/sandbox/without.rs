//! What a build without the sandbox says of it.

use std::io;

use super::{Choice, Verb};
use crate::directory::Backend;
use crate::edges::refusal::refuse;
use crate::values::error::Error;

fn absent() -> Error {
    Error::Usage("This build has no sandbox: it talks to AWS only.".to_owned())
}

#[expect(clippy::needless_pass_by_value, reason = "the build with a sandbox takes it")]
pub(in crate::edges) fn backend(choice: Choice) -> Result<Backend, Error> {
    if choice.is_some() { Err(absent()) } else { Ok(Backend::default()) }
}

pub(in crate::edges) fn main(_: Verb, _: Choice) -> io::Result<u8> {
    refuse(&absent())
}
