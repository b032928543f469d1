//! What a request is answered with.

use std::io::{self, Write};
use std::rc::Rc;

use crate::commands::is_own_name;
use crate::values::entry::Entry;
use crate::values::error::Error;
use crate::values::masked_json::JsonMasker;
use crate::values::masker::Masker;
use crate::values::printable::printable;
use crate::values::report::error_entry;

/// The entries that answer a request. Nothing in them holds a secret.
pub(crate) struct Answer {
    pub(crate) entries: Vec<Entry>,
    masker: Rc<Masker>,
    /// What was done, step by step, if debugging was asked for.
    trace: Vec<String>,
    /// Whether a command was dispatched at all.
    dispatched: bool,
}

impl Answer {
    /// Masks the entries.
    pub(super) fn of(mut entries: Vec<Entry>, masker: Rc<Masker>, trace: Vec<String>, dispatched: bool) -> Self {
        for entry in &mut entries {
            entry.mask(JsonMasker { masker: &masker, is_own_name });
        }
        Self { entries, masker, trace, dispatched }
    }

    /// The answer to what never came to be a request.
    pub(crate) fn refused(error: &Error) -> Self {
        Self {
            entries: vec![error_entry("", error.to_string().into())],
            masker: Rc::new(Masker::of::<&str>(&[])),
            trace: Vec::new(),
            dispatched: !error.undispatched(),
        }
    }

    /// Writes the entries as a JSON array.
    pub(crate) fn write(&self, mut writer: impl Write) -> io::Result<()> {
        serde_json::to_writer(&mut writer, &self.entries)?;
        writer.write_all(b"\n")?;
        writer.flush()
    }

    /// What was done, step by step, masked, a line each; nothing unless debugging was asked for.
    pub(crate) fn trace(&self) -> impl Iterator<Item = String> {
        self.trace.iter().map(|line| printable(&self.masker.mask(line)).into_owned())
    }

    /// 2 if nothing could be dispatched, 1 if any entry is an error, else 0.
    pub(crate) fn exit_code(&self) -> u8 {
        let failed = self.entries.iter().any(|entry| matches!(entry, Entry::Error(_)));
        if self.dispatched { u8::from(failed) } else { 2 }
    }
}
