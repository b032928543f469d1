//! XSOAR arguments as a serde format: a flat object of loosely written values, decoded into a plain struct.
//!
//! - Every way of writing a value that XSOAR's own helpers accept is accepted: `5` and `"5"`, `true` and `"yes"`,
//!   `["a"]`, `"a,b"` and `"[\"a\"]"`.
//! - Null, the empty string and an absent argument are the same. An absent `Option` is `None`, an absent flag is false,
//!   an absent list is empty; any other absent argument is missing.
//! - Arguments are flat, so a struct inside a struct reads from the same object: that is how commands share arguments.
//! - What nobody reads is an unknown argument, an error that names the nearest.

mod error;
mod value;

use std::cell::RefCell;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::de::{DeserializeOwned, DeserializeSeed, MapAccess, Visitor};
use serde::{Deserializer, forward_to_deserialize_any};
use serde_json::{Map, Value};

pub(crate) use error::{ArgumentError, Problem, shortened};
use value::Slot;

/// Arguments or parameters as they came: names and JSON values of any type.
pub(crate) type Arguments = Map<String, Value>;

/// What the XSOAR server may add to any command (XSOAR: War Room CLI, "Run commands"), and no command reads.
const SERVER_EXTRAS: [&str; 6] =
    ["debug-mode", "raw-response", "execution-timeout", "extend-context", "ignore-outputs", "auto-extract"];
const SERVER_EXTRA_PREFIXES: [&str; 2] = ["using", "retry-"];

/// Decodes the arguments of a command; one that the struct does not know is an error.
pub(crate) fn decode<T: DeserializeOwned + JsonSchema>(arguments: &Arguments) -> Result<T, ArgumentError> {
    let known = RefCell::default();
    let decoded = T::deserialize(Flat { arguments, known: &known });
    let unknown = |known: &[&str]| {
        let strange = arguments.keys().find(|name| !known.contains(&name.as_str()) && !is_server_extra(name))?;
        Some(ArgumentError::unknown(strange, known))
    };
    match decoded {
        Ok(decoded) => unknown(&known.into_inner()).map_or(Ok(decoded), Err),
        // Decoding broke off before it came to every name, so the type is asked for them. A misspelt name also looks
        // like a missing argument, and the misspelling is the better news.
        Err(error) => {
            let mut names = Vec::new();
            let schema = SchemaSettings::default().with(|settings| settings.inline_subschemas = true);
            collect_names(schema.into_generator().into_root_schema_for::<T>().as_value(), &mut names);
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            Err(unknown(&names).unwrap_or(error))
        }
    }
}

/// The names of all arguments: a struct within a struct stands for its fields.
fn collect_names(schema: &Value, names: &mut Vec<String>) {
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, field) in properties.into_iter().flatten() {
        if field.get("properties").is_some() {
            collect_names(field, names);
        } else {
            names.push(name.clone());
        }
    }
}

/// Decodes the parameters of an instance, where servers add members of their own.
pub(crate) fn decode_lenient<T: DeserializeOwned>(arguments: &Arguments) -> Result<T, ArgumentError> {
    T::deserialize(Flat { arguments, known: &RefCell::default() })
}

fn is_server_extra(name: &str) -> bool {
    SERVER_EXTRAS.contains(&name) || SERVER_EXTRA_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// The whole object, from which a struct takes its fields.
#[derive(Clone, Copy)]
struct Flat<'a> {
    arguments: &'a Arguments,
    known: &'a RefCell<Vec<&'static str>>,
}

impl<'de> Deserializer<'de> for Flat<'_> {
    type Error = ArgumentError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ArgumentError> {
        visitor.visit_unit()
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ArgumentError> {
        self.known.borrow_mut().extend(fields);
        visitor.visit_map(Fields { all: self, rest: fields, current: "" })
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ArgumentError> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// Gives a struct each of its fields once, present or not: what absence means is the field type's to say.
struct Fields<'a> {
    all: Flat<'a>,
    rest: &'static [&'static str],
    current: &'static str,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = ArgumentError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, ArgumentError> {
        let Some((first, rest)) = self.rest.split_first() else { return Ok(None) };
        self.current = first;
        self.rest = rest;
        seed.deserialize(serde::de::value::StrDeserializer::new(first)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, ArgumentError> {
        let name = self.current;
        let slot = Slot { value: present(self.all.arguments.get(name)), nested: Some((name, self.all)) };
        seed.deserialize(slot).map_err(|error| {
            // A nested struct's field is no argument, so its name would mean nothing to a person.
            if self.all.known.borrow().contains(&name) { error.at(name).with_value(slot.value) } else { error }
        })
    }
}

/// Null and the empty string are an absent value, and so is a blank one.
fn present(value: Option<&Value>) -> Option<&Value> {
    value.filter(|value| !value.is_null() && value.as_str().is_none_or(|text| !text.trim().is_empty()))
}

#[cfg(test)]
mod tests;
