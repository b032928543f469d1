//! Holds a request against its shape, and words what is wrong the way AWS does.

use serde_json::{Map, Value};

use super::{Member, Shape};

/// Why a request was not let in.
#[derive(Debug, PartialEq)]
pub(crate) enum Refusal {
    /// A value has the wrong JSON type.
    Type(String),
    /// Values break the model's constraints: "N validation errors detected: …".
    Constraint(String),
}

/// How AWS's service names the offending value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Wording {
    /// `Value at 'displayName' …`: Identity Store keeps values out of its messages.
    Withheld,
    /// `Value 'x' at 'roleSessionName' …`: STS.
    Quoted,
}

/// Returns the value with what the shape knows (unknown members and nulls are dropped, as AWS
/// ignores them), or why it was refused. `path` is where the value stands in the request.
pub(crate) fn admit(shape: &Shape, value: Value, path: &str, wording: Wording) -> Result<Value, Refusal> {
    let mut walk = Walk { wording, violations: Vec::new(), limit: None };
    let value = walk.visit(shape, value, path)?;
    let Walk { violations, limit, .. } = walk;
    match (violations.len(), limit) {
        (0, None) => Ok(value),
        (0, Some(limit)) => Err(Refusal::Constraint(limit)),
        (1, _) => Err(Refusal::Constraint(format!("1 validation error detected: {}", violations[0]))),
        (count, _) => {
            Err(Refusal::Constraint(format!("{count} validation errors detected: {}", violations.join("; "))))
        }
    }
}

struct Walk {
    wording: Wording,
    violations: Vec<String>,
    /// Too many values of an attribute: told only when nothing else is wrong.
    limit: Option<String>,
}

impl Walk {
    fn visit(&mut self, shape: &Shape, value: Value, path: &str) -> Result<Value, Refusal> {
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
                // Whatever does not fit 64 bits is beyond every bound of the models.
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
                Err(Refusal::Type(format!("{} cannot be converted to {}", json_type(&value), shape.type_name())))
            }
        }
    }

    fn members(
        &mut self,
        members: &[Member],
        mut given: Map<String, Value>,
        path: &str,
    ) -> Result<Map<String, Value>, Refusal> {
        let mut kept = Map::new();
        for member in members {
            let path = join(path, member.name);
            match given.remove(member.name) {
                Some(value) if !value.is_null() => {
                    let value = self.visit(member.shape, value, &path)?;
                    kept.insert(member.name.to_owned(), value);
                }
                // A document may be null: that is a value of its own.
                Some(Value::Null) if matches!(member.shape, Shape::Document) => {
                    kept.insert(member.name.to_owned(), Value::Null);
                }
                _ if member.required => self.missing(&path),
                _ => {}
            }
        }
        Ok(kept)
    }

    fn list(&mut self, shape: &Shape, values: Vec<Value>, path: &str) -> Result<Value, Refusal> {
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
        let value = match self.wording {
            Wording::Withheld => "Value",
            Wording::Quoted => "Value null",
        };
        self.violations.push(format!("{value} at '{path}' failed to satisfy constraint: Member must not be null"));
    }

    fn violated(&mut self, path: &str, value: Option<&str>, rule: &str) {
        let value = match (self.wording, value) {
            (Wording::Quoted, Some(value)) => format!("Value '{value}'"),
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

/// AWS writes the members of a path with a small first letter.
fn join(path: &str, member: &str) -> String {
    let mut characters = member.chars();
    let first = characters.next().map(|first| first.to_ascii_lowercase());
    let separator = if path.is_empty() { "" } else { "." };
    let first = first.map(String::from).unwrap_or_default();
    format!("{path}{separator}{first}{}", characters.as_str())
}
