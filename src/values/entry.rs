//! Entry results (XSOAR: `CommandResults`, `return_error`), with exactly the members and their order that XSOAR's own
//! Python gives them.

use std::borrow::Cow;

use serde::Serialize;
use serde::ser::{Error as _, SerializeMap, Serializer};
use serde_json::value::{RawValue, to_raw_value};

use super::long_work::Schedule;
use super::markdown::Markdown;
use super::masked_json::JsonMasker;
use super::medium::Medium;
use super::plain_text::PlainText;

/// Anything, as JSON.
pub(crate) enum Payload {
    /// Why it could not be made is told when the answer is written.
    Value(serde_json::Result<Box<RawValue>>),
    /// A list, whose items were made one by one.
    List(Vec<Payload>),
}

impl Payload {
    pub(crate) fn of(value: &impl Serialize) -> Self {
        Self::Value(to_raw_value(value))
    }

    fn mask(&mut self, masker: JsonMasker<'_>) {
        match self {
            Self::Value(value) => {
                let shown = value.as_ref().ok().and_then(|value| {
                    let shown = masker.json(value.get()).transpose()?;
                    Some(shown.and_then(RawValue::from_string))
                });
                if let Some(shown) = shown {
                    *value = shown;
                }
            }
            Self::List(items) => items.iter_mut().for_each(|item| item.mask(masker)),
        }
    }
}

impl Serialize for Payload {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.as_ref().map_err(S::Error::custom)?.serialize(serializer),
            Self::List(items) => items.serialize(serializer),
        }
    }
}

/// What an entry stores in the context: keys with their merge conditions, and values.
#[derive(Default)]
pub(crate) struct Context(Vec<(Cow<'static, str>, Payload)>);

impl Context {
    /// Stores a value under a key.
    pub(crate) fn put(&mut self, key: Cow<'static, str>, value: Payload) {
        self.0.push((key, value));
    }
}

impl Serialize for Context {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

/// One entry of the War Room.
pub(crate) enum Entry {
    /// A result: for people, for machines, for the context; and when it is to be asked for again, if it is not the last.
    Result { contents: Payload, human_readable: Markdown, context: Context, schedule: Option<Schedule> },
    /// A plain text; `ok` of `test-module` is one.
    Text(&'static str),
    /// An error. The server marks the task as failed.
    Error(PlainText),
    /// Something that a person should know and that fails nothing.
    Warning(PlainText),
}

impl Entry {
    /// Masks what may echo a secret: texts, while they are what they were, and the strings of what a command found. What
    /// XSOAR acts on is not masked: the keys of the context, and the command of the next round with its arguments, which
    /// the caller gave. Masked, they would be those of another request.
    pub(crate) fn mask(&mut self, masker: JsonMasker<'_>) {
        match self {
            Self::Result { contents, human_readable, context: Context(context), schedule } => {
                contents.mask(masker);
                human_readable.mask(masker.masker);
                for (_, value) in context.iter_mut() {
                    value.mask(masker);
                }
                if let Some(schedule) = schedule {
                    schedule.mask(masker);
                }
            }
            Self::Text(_) => {}
            Self::Error(text) | Self::Warning(text) => text.mask(masker.masker),
        }
    }
}

/// XSOAR's entry types (XSOAR: `EntryType`).
mod entry_type {
    pub(super) const NOTE: u8 = 1;
    pub(super) const ERROR: u8 = 4;
    pub(super) const WARNING: u8 = 11;
}

impl Serialize for Entry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self {
            Self::Result { contents, human_readable, context, schedule } => {
                map.serialize_entry("Type", &entry_type::NOTE)?;
                map.serialize_entry("ContentsFormat", "json")?;
                map.serialize_entry("Contents", contents)?;
                map.serialize_entry("HumanReadable", &human_readable.render(Medium::WarRoom))?;
                map.serialize_entry("EntryContext", context)?;
                map.serialize_entry("IndicatorTimeline", &[(); 0])?;
                map.serialize_entry("IgnoreAutoExtract", &false)?;
                map.serialize_entry("Note", &false)?;
                map.serialize_entry("Relationships", &[(); 0])?;
                if let Some(schedule) = schedule {
                    map.serialize_entry("PollingCommand", schedule.command)?;
                    map.serialize_entry("NextRun", &schedule.next_run.to_string())?;
                    map.serialize_entry("PollingArgs", &schedule.arguments)?;
                    map.serialize_entry("Timeout", &schedule.timeout.to_string())?;
                    map.serialize_entry("PollingItemsRemaining", &schedule.remaining)?;
                }
            }
            Self::Text(text) => {
                map.serialize_entry("Type", &entry_type::NOTE)?;
                map.serialize_entry("Contents", text)?;
                map.serialize_entry("ContentsFormat", "text")?;
            }
            Self::Error(text) => {
                map.serialize_entry("Type", &entry_type::ERROR)?;
                map.serialize_entry("ContentsFormat", "text")?;
                map.serialize_entry("Contents", &text.render(Medium::WarRoom))?;
                map.serialize_entry("EntryContext", &())?;
            }
            Self::Warning(text) => {
                map.serialize_entry("Type", &entry_type::WARNING)?;
                map.serialize_entry("ContentsFormat", "text")?;
                map.serialize_entry("Contents", &text.render(Medium::WarRoom))?;
            }
        }
        map.end()
    }
}
