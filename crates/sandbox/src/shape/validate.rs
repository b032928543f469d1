//! Checks a request against its shape, and words violations as AWS does.

use serde_json::{Map, Value};

use super::definition::{Member, Shape};

/// Why a request is invalid.
#[derive(Debug, PartialEq)]
pub(crate) enum InvalidInput {
    /// A value has the wrong JSON type.
    Type(String),
    /// Values violate constraints of the model: "N validation errors detected: …".
    Constraint(String),
}

/// Whether the error messages of a service quote the invalid value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ValuesInErrors {
    /// `Value at 'displayName' …`, as Identity Store has it.
    Omitted,
    /// `Value 'x' at 'roleSessionName' …`, as STS has it.
    Quoted,
}

/// Returns the value without unknown members and nulls, which AWS ignores. `path` is the value's place in the request.
///
/// Fails if the value violates its shape.
pub(crate) fn validate(shape: &Shape, value: Value, path: &str, values: ValuesInErrors) -> Result<Value, InvalidInput> {
    let mut validator = Validator { values, violations: Vec::new(), limit: None };
    let value = validator.visit(shape, value, path)?;
    let Validator { violations, limit, .. } = validator;
    match (violations.len(), limit) {
        (0, None) => Ok(value),
        (0, Some(limit)) => Err(InvalidInput::Constraint(limit)),
        (1, _) => Err(InvalidInput::Constraint(format!("1 validation error detected: {}", violations[0]))),
        (count, _) => {
            Err(InvalidInput::Constraint(format!("{count} validation errors detected: {}", violations.join("; "))))
        }
    }
}

struct Validator {
    values: ValuesInErrors,
    violations: Vec<String>,
    /// The message about too many values of an attribute. AWS reports it only if there is no other violation.
    limit: Option<String>,
}

impl Validator {
    fn visit(&mut self, shape: &Shape, value: Value, path: &str) -> Result<Value, InvalidInput> {
        match (shape, value) {
            (Shape::Text { min, max, pattern }, Value::String(text)) => {
                let length = text.chars().count();
                self.check_length(length, *min, *max, path, Some(&text));
                if let Some(pattern) = pattern.filter(|pattern| !pattern.matches(&text)) {
                    let rule = format!("Member must satisfy regular expression pattern: {}", pattern.model);
                    self.violated(path, Some(&text), &rule);
                }
                Ok(Value::String(text))
            }
            (Shape::Enum(values), Value::String(text)) => {
                if !values.contains(&text.as_str()) {
                    let rule = format!("Member must satisfy enum value set: [{}]", values.join(", "));
                    self.violated(path, Some(&text), &rule);
                }
                Ok(Value::String(text))
            }
            (Shape::Integer { min, max }, Value::Number(number)) if !number.is_f64() => {
                // A number of more than 64 bits exceeds every bound of the models.
                let integer = number.as_i64().unwrap_or(i64::MAX);
                let shown = number.to_string();
                if integer < *min {
                    let rule = format!("Member must have value greater than or equal to {min}");
                    self.violated(path, Some(&shown), &rule);
                }
                if integer > *max {
                    let rule = format!("Member must have value less than or equal to {max}");
                    self.violated(path, Some(&shown), &rule);
                }
                Ok(Value::Number(number))
            }
            (Shape::Boolean, value @ Value::Bool(_)) | (Shape::Document, value) => Ok(value),
            (shape @ Shape::List { .. }, Value::Array(values)) => self.list(shape, values, path),
            (Shape::Map { key, value: shape, min, max }, Value::Object(entries)) => {
                self.check_length(entries.len(), *min, *max, path, None);
                let mut kept = Map::new();
                for (name, value) in entries {
                    self.visit(key, Value::String(name.clone()), &format!("{path}.{name}"))?;
                    let value = self.visit(shape, value, &format!("{path}.{name}.member"))?;
                    kept.insert(name, value);
                }
                Ok(Value::Object(kept))
            }
            (Shape::Structure(members), Value::Object(given)) => self.members(members, given, path).map(Value::Object),
            (Shape::Union(members), Value::Object(given)) => {
                let kept = self.members(members, given, path)?;
                if kept.len() != 1 {
                    let names: Vec<_> = members.iter().map(|member| member.name).collect();
                    let rule = format!("Member must have exactly one of [{}]", names.join(", "));
                    self.violated(path, None, &rule);
                }
                Ok(Value::Object(kept))
            }
            (shape, value) => {
                Err(InvalidInput::Type(format!("{} cannot be converted to {}", json_type(&value), shape.type_name())))
            }
        }
    }

    fn members(
        &mut self,
        members: &[Member],
        mut given: Map<String, Value>,
        path: &str,
    ) -> Result<Map<String, Value>, InvalidInput> {
        let mut kept = Map::new();
        for member in members {
            let path = join(path, member.name);
            match given.remove(member.name) {
                Some(value) if !value.is_null() => {
                    let value = self.visit(member.shape, value, &path)?;
                    kept.insert(member.name.to_owned(), value);
                }
                // Null is a value of a document.
                Some(Value::Null) if matches!(member.shape, Shape::Document) => {
                    kept.insert(member.name.to_owned(), Value::Null);
                }
                _ if member.required => self.missing(&path),
                _ => {}
            }
        }
        Ok(kept)
    }

    fn list(&mut self, shape: &Shape, values: Vec<Value>, path: &str) -> Result<Value, InvalidInput> {
        let Shape::List { member, min, max, attribute } = shape else {
            return Ok(Value::Array(values));
        };
        if *attribute && values.len() > *max {
            self.limit = Some(format!("List attribute {path} exceeds allowed limit of {max}"));
        } else {
            self.check_length(values.len(), *min, *max, path, None);
        }
        let visited = values
            .into_iter()
            .enumerate()
            .map(|(index, value)| self.visit(member, value, &format!("{path}.{}.member", index + 1)));
        visited.collect::<Result<_, _>>().map(Value::Array)
    }

    fn check_length(&mut self, length: usize, min: usize, max: usize, path: &str, text: Option<&str>) {
        if length < min {
            let rule = format!("Member must have length greater than or equal to {min}");
            self.violated(path, text, &rule);
        }
        if length > max {
            let rule = format!("Member must have length less than or equal to {max}");
            self.violated(path, text, &rule);
        }
    }

    fn missing(&mut self, path: &str) {
        let value = match self.values {
            ValuesInErrors::Omitted => "Value",
            ValuesInErrors::Quoted => "Value null",
        };
        self.violations.push(format!("{value} at '{path}' failed to satisfy constraint: Member must not be null"));
    }

    fn violated(&mut self, path: &str, value: Option<&str>, rule: &str) {
        let value = match (self.values, value) {
            (ValuesInErrors::Quoted, Some(value)) => format!("Value '{value}'"),
            _ => "Value".to_owned(),
        };
        self.violations.push(format!("{value} at '{path}' failed to satisfy constraint: {rule}"));
    }
}

impl Shape {
    fn type_name(&self) -> &'static str {
        match self {
            Self::Text { .. } | Self::Enum(_) => "String",
            Self::Integer { .. } => "Integer",
            Self::Boolean => "Boolean",
            Self::Document => "Document",
            Self::List { .. } => "List",
            Self::Map { .. } => "Map",
            Self::Structure(_) | Self::Union(_) => "Structure",
        }
    }
}

fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "NULL_VALUE",
        Value::Bool(true) => "TRUE_VALUE",
        Value::Bool(false) => "FALSE_VALUE",
        Value::Number(number) if number.is_f64() => "DECIMAL_VALUE",
        Value::Number(_) => "NUMBER_VALUE",
        Value::String(_) => "STRING_VALUE",
        Value::Array(_) => "LIST_VALUE",
        Value::Object(_) => "OBJECT_VALUE",
    }
}

/// Appends a member to a path. AWS writes it with a small first letter.
fn join(path: &str, member: &str) -> String {
    let mut characters = member.chars();
    let first = characters.next().map(|first| first.to_ascii_lowercase());
    let separator = if path.is_empty() { "" } else { "." };
    let first = first.map(String::from).unwrap_or_default();
    format!("{path}{separator}{first}{}", characters.as_str())
}
