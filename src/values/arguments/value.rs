//! One value, read as whatever type the field asks for. The rules are those of CommonServerPython's `argToList`,
//! `argToBoolean` and `arg_to_number`.

use serde::de::value::{MapDeserializer, SeqDeserializer, StrDeserializer};
use serde::de::{IntoDeserializer, Visitor};
use serde::{Deserializer, forward_to_deserialize_any};
use serde_json::Value;

use super::{ArgumentError, Flat, Problem, present};

/// A value or its absence; at the top level also the object it came from, for a struct that reads several arguments.
#[derive(Clone, Copy)]
pub(super) struct Slot<'a> {
    pub(super) value: Option<&'a Value>,
    pub(super) nested: Option<(&'static str, Flat<'a>)>,
}

impl<'a> Slot<'a> {
    fn get(self) -> Result<&'a Value, ArgumentError> {
        self.value.ok_or_else(|| Problem::Missing.into())
    }

    /// The text of a scalar. A list or an object is no text, however short.
    fn text(self) -> Result<String, ArgumentError> {
        match self.get()? {
            Value::String(text) => Ok(text.clone()),
            // A number too long for JSON's own has lost digits already.
            Value::Number(number) if number.to_string().contains('e') => {
                Err(Problem::wrong("in quotes, because it is a long number", &Value::from("a number")).into())
            }
            Value::Number(number) => Ok(number.to_string()),
            Value::Bool(flag) => Ok(flag.to_string()),
            other => Err(Problem::wrong("a single value", other).into()),
        }
    }

    /// `arg_to_number`: a number, or text that holds one; `"5.0"` is 5, as Python's `int(float())` makes it.
    fn integer(self) -> Result<i64, ArgumentError> {
        let value = self.get()?;
        let parsed = match value {
            Value::Number(number) => number.as_i64().or_else(|| number.as_f64().and_then(whole)),
            Value::String(text) => {
                let text = text.trim();
                text.parse().ok().or_else(|| text.parse().ok().and_then(whole))
            }
            _ => None,
        };
        parsed.ok_or_else(|| Problem::wrong("a whole number", value).into())
    }

    /// `argToBoolean`: true, false, yes, no in any letter case. An absent flag is false.
    fn flag(self) -> Result<bool, ArgumentError> {
        let Some(value) = self.value else { return Ok(false) };
        let word = match value {
            Value::Bool(flag) => return Ok(*flag),
            Value::String(text) => text.trim().to_ascii_lowercase(),
            _ => String::new(),
        };
        match word.as_str() {
            "true" | "yes" => Ok(true),
            "false" | "no" => Ok(false),
            _ => Err(Problem::wrong("true or false (or yes or no)", value).into()),
        }
    }

    /// `argToList`: a list, a JSON list as text, or text with commas. What stands between commas is trimmed; the elements
    /// of a list are as they are, because names may begin and end with spaces. Blank elements say nothing and are left out.
    fn list(self) -> Result<Vec<Value>, ArgumentError> {
        let elements = match self.value {
            None => Vec::new(),
            Some(Value::Array(elements)) => elements.clone(),
            Some(Value::String(text)) => {
                let json = text.trim().starts_with('[').then(|| serde_json::from_str(text).ok()).flatten();
                let parts = || text.split(',').map(str::trim).filter(|part| !part.is_empty());
                json.unwrap_or_else(|| parts().map(Value::from).collect())
            }
            Some(scalar @ (Value::Number(_) | Value::Bool(_))) => vec![scalar.clone()],
            Some(other) => return Err(Problem::wrong("a list", other).into()),
        };
        Ok(elements.into_iter().filter(|element| present(Some(element)).is_some()).collect())
    }
}

/// A floating point number that is a whole one. One that is too large is as large as can be: there is no maximum.
fn whole(number: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "without a fraction, and it saturates")]
    (number.fract() == 0.0).then_some(number as i64)
}

impl<'de> Deserializer<'de> for Slot<'_> {
    type Error = ArgumentError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ArgumentError> {
        let value = self.value.cloned().unwrap_or(Value::Null);
        value.into_deserializer().deserialize_any(visitor).map_err(|error| Problem::Custom(error.to_string()).into())
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ArgumentError> {
        visitor.visit_bool(self.flag()?)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ArgumentError> {
        visitor.visit_i64(self.integer()?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ArgumentError> {
        visitor.visit_string(self.text()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ArgumentError> {
        visitor.visit_string(self.text()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ArgumentError> {
        if self.value.is_some() { visitor.visit_some(self) } else { visitor.visit_none() }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ArgumentError> {
        let elements = self.list()?;
        visitor.visit_seq(SeqDeserializer::new(elements.iter().map(Element)))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ArgumentError> {
        let value = self.get()?;
        let parsed = match value {
            Value::String(text) => serde_json::from_str(text).ok(),
            other => Some(other.clone()),
        };
        let Some(Value::Object(members)) = parsed else { return Err(Problem::wrong("an object", value).into()) };
        let entries = members.iter().map(|(name, value)| (name.as_str(), Element(value)));
        visitor.visit_map(MapDeserializer::new(entries))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ArgumentError> {
        let text = self.text()?;
        let variant = variants.iter().find(|variant| variant.eq_ignore_ascii_case(text.trim()));
        visitor.visit_enum(StrDeserializer::new(variant.copied().unwrap_or(&text)))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ArgumentError> {
        let Some((field, all)) = self.nested else { return self.deserialize_map(visitor) };
        all.known.borrow_mut().retain(|known| *known != field);
        all.deserialize_struct(name, fields, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ArgumentError> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct identifier
        ignored_any
    }
}

/// A value inside a list or an object.
struct Element<'a>(&'a Value);

impl<'a> IntoDeserializer<'_, ArgumentError> for Element<'a> {
    type Deserializer = Slot<'a>;

    fn into_deserializer(self) -> Slot<'a> {
        Slot { value: present(Some(self.0)), nested: None }
    }
}
