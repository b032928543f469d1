//! What the types say of themselves (JSON Schema), as XSOAR's manifest needs it.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value};

use crate::commands::Route;
use crate::values::context::Layout;
use crate::values::output::Declarations;
use crate::values::settings::ConnectionArguments;

/// An argument of a command, or a parameter of the instance.
pub(super) struct Argument {
    pub(super) name: String,
    pub(super) description: String,
    /// The display text; parameters have one.
    pub(super) title: Option<String>,
    pub(super) required: bool,
    /// Whether a value without a key is meant for it.
    pub(super) default: bool,
    pub(super) is_array: bool,
    /// The values to choose from, if these are few.
    pub(super) choices: Vec<String>,
    /// What else integration.yml says of a parameter.
    pub(super) xsoar: Map<String, Value>,
}

impl Argument {
    /// Whether it is not for people.
    pub(super) fn is_hidden(&self) -> bool {
        self.xsoar.get("hidden").is_some_and(|hidden| hidden == true)
    }
}

/// A path in the context.
pub(super) struct Output {
    pub(super) path: String,
    pub(super) r#type: &'static str,
    pub(super) description: String,
}

/// The arguments that a person names a thing with, so that a value without a key is meant for the first of them.
const DEFAULTS: [&str; 3] = ["userName", "emailAddress", "groupName"];

fn generator() -> SchemaGenerator {
    SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true).into_generator()
}

/// What a type says of itself as a whole.
pub(super) fn description(route: &Route) -> String {
    text((route.arguments)(&mut generator()).as_value(), "description")
}

/// The arguments of a command: its own, then those that every command takes.
pub(super) fn arguments(route: &Route) -> Vec<Argument> {
    let mut generator = generator();
    let mut arguments = Vec::new();
    collect((route.arguments)(&mut generator).as_value(), &mut arguments);
    collect(ConnectionArguments::json_schema(&mut generator).as_value(), &mut arguments);
    if let Some(name) = DEFAULTS.iter().find(|name| arguments.iter().any(|argument| argument.name == **name)) {
        for argument in &mut arguments {
            argument.default = argument.name == *name;
        }
    }
    arguments
}

/// The fields of one type.
pub(super) fn fields<T: JsonSchema>() -> Vec<Argument> {
    let mut arguments = Vec::new();
    collect(T::json_schema(&mut generator()).as_value(), &mut arguments);
    arguments
}

/// Arguments are flat: a struct inside a struct stands for its fields.
fn collect(schema: &Value, arguments: &mut Vec<Argument>) {
    let required = |name: &str| {
        let names = schema.get("required").and_then(Value::as_array);
        names.is_some_and(|names| names.iter().any(|required| required == name))
    };
    for (name, field) in members(schema, "properties") {
        let kind = unwrapped(field);
        if !members(kind, "properties").is_empty() {
            collect(kind, arguments);
            continue;
        }
        let r#type = type_name(kind);
        let item = kind.get("items").map_or(kind, unwrapped);
        let choices = if r#type == "boolean" { vec!["true".to_owned(), "false".to_owned()] } else { choices(item) };
        arguments.push(Argument {
            name: name.clone(),
            description: text(field, "description"),
            title: field.get("title").and_then(Value::as_str).map(str::to_owned),
            // An absent flag is false and an absent list is empty.
            required: required(name) && !matches!(r#type, "boolean" | "array"),
            default: false,
            is_array: r#type == "array" || said(field, "isArray"),
            choices,
            xsoar: field.get("xsoar").and_then(Value::as_object).cloned().unwrap_or_default(),
        });
    }
}

/// What a field says of itself to XSOAR.
fn said(field: &Value, member: &str) -> bool {
    field.get("xsoar").and_then(|xsoar| xsoar.get(member)).is_some_and(|flag| flag == true)
}

/// The paths that a command puts into the context, each once.
pub(super) fn outputs(route: &Route) -> Vec<Output> {
    let mut generator = generator();
    let mut declarations = Declarations { generator: &mut generator, declared: Vec::new() };
    for layout in Layout::ALL {
        (route.outputs)(&mut declarations, layout);
    }
    let mut outputs = Vec::new();
    for (path, schema) in declarations.declared {
        leaves(path, schema.as_value(), &mut outputs);
    }
    outputs
}

fn leaves(path: &str, schema: &Value, outputs: &mut Vec<Output>) {
    for (name, field) in members(schema, "properties") {
        let path = format!("{path}.{name}");
        let kind = unwrapped(field);
        let item = kind.get("items").map_or(kind, unwrapped);
        if members(item, "properties").is_empty() {
            let description = text(field, "description");
            outputs.push(Output { path, r#type: xsoar_type(item), description });
        } else {
            leaves(&path, item, outputs);
        }
    }
}

/// The schema behind an `Option`.
fn unwrapped(schema: &Value) -> &Value {
    let variants = schema.get("anyOf").and_then(Value::as_array);
    variants.and_then(|variants| variants.iter().find(|variant| type_name(variant) != "null")).unwrap_or(schema)
}

/// The words to choose from. Where some of them are described, they come one by one.
fn choices(schema: &Value) -> Vec<String> {
    let list = |name: &str| schema.get(name).and_then(Value::as_array);
    match (schema.get("const"), list("enum"), list("oneOf")) {
        (Some(Value::String(word)), ..) => vec![word.clone()],
        (_, Some(words), _) => words.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        (.., Some(variants)) => variants.iter().flat_map(choices).collect(),
        _ => Vec::new(),
    }
}

fn type_name(schema: &Value) -> &str {
    match (schema.get("type"), schema.get("oneOf")) {
        (Some(Value::String(name)), _) => name,
        (Some(Value::Array(names)), _) => {
            names.iter().filter_map(Value::as_str).find(|name| *name != "null").unwrap_or("")
        }
        (None, Some(Value::Array(variants))) => variants.first().map_or("", type_name),
        _ => "",
    }
}

/// XSOAR: "Context and Outputs", the types of outputs.
fn xsoar_type(schema: &Value) -> &'static str {
    match (type_name(schema), schema.get("format").and_then(Value::as_str)) {
        (_, Some("date-time")) => "Date",
        ("string", _) => "String",
        ("boolean", _) => "Boolean",
        ("integer" | "number", _) => "Number",
        _ => "Unknown",
    }
}

fn members<'s>(schema: &'s Value, name: &str) -> Vec<(&'s String, &'s Value)> {
    schema.get(name).and_then(Value::as_object).map(|members| members.iter().collect()).unwrap_or_default()
}

/// Doc comments are broken into lines; descriptions are not.
fn text(schema: &Value, name: &str) -> String {
    let text = schema.get(name).and_then(Value::as_str).unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::values::params::Params;

    #[test]
    fn words_to_choose_from_are_offered_whether_or_not_they_are_described() {
        let fields = fields::<Params>();
        let choices = |name: &str| fields.iter().find(|field| field.name == name).unwrap().choices.clone();
        assert_eq!(choices("sts_regional_endpoint"), ["legacy", "regional"]);
        assert_eq!(choices("contextPaths").len(), Layout::ALL.len());
    }

    #[test]
    fn types_are_told_in_the_words_of_xsoar() {
        let described = json!({"oneOf": [{"type": "string", "enum": ["a"]}, {"type": "string", "const": "b"}]});
        for (schema, expected) in [
            (json!({"type": "string"}), "String"),
            (json!({"type": ["string", "null"], "format": "date-time"}), "Date"),
            (json!({"type": ["boolean", "null"]}), "Boolean"),
            (json!({"type": "integer"}), "Number"),
            (json!({"type": ["number", "null"]}), "Number"),
            (json!({"anyOf": [{"type": "string"}, {"type": "null"}]}), "String"),
            (json!({"type": "object"}), "Unknown"),
            (described.clone(), "String"),
            (json!({"anyOf": [described, {"type": "null"}]}), "String"),
        ] {
            assert_eq!(xsoar_type(unwrapped(&schema)), expected, "{schema}");
        }
    }
}
