//! The names that members of answers have from this program.

use std::collections::HashSet;
use std::sync::LazyLock;

use schemars::JsonSchema as _;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::COMMANDS;
use crate::values::context::Layout;
use crate::values::model::{ENTERPRISE, Membership};
use crate::values::output::Declarations;
use crate::values::settings::ConnectionArguments;

/// Names of members that are in contents or progress only, so that no output declares them, and the extension of users.
/// Contents hold memberships as well, as AWS describes them.
const UNDECLARED: [&str; 3] = ["Attribute", "LookedAt", ENTERPRISE];

/// Whether an argument, or a member of what a command answers, has this name.
pub(crate) fn is_own_name(name: &str) -> bool {
    static NAMES: LazyLock<HashSet<String>> = LazyLock::new(|| {
        let settings = SchemaSettings::default().with(|settings| settings.inline_subschemas = true);
        let (mut generator, mut names) = (settings.into_generator(), HashSet::from(UNDECLARED.map(str::to_owned)));
        for route in COMMANDS {
            collect_names((route.arguments)(&mut generator).as_value(), &mut names);
            for layout in Layout::ALL {
                let mut declarations = Declarations { generator: &mut generator, declared: Vec::new() };
                (route.outputs)(&mut declarations, layout);
                declarations.declared.iter().for_each(|(_, schema)| collect_names(schema.as_value(), &mut names));
            }
        }
        for schema in [ConnectionArguments::json_schema(&mut generator), Membership::json_schema(&mut generator)] {
            collect_names(schema.as_value(), &mut names);
        }
        names
    });
    NAMES.contains(name)
}

/// The names of all members that a schema tells of.
fn collect_names(schema: &Value, names: &mut HashSet<String>) {
    match schema {
        Value::Array(schemas) => schemas.iter().for_each(|schema| collect_names(schema, names)),
        Value::Object(members) => {
            let properties = members.get("properties").and_then(Value::as_object);
            names.extend(properties.into_iter().flat_map(|properties| properties.keys().cloned()));
            members.values().for_each(|schema| collect_names(schema, names));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Orphans;

    #[test]
    fn names_of_arguments_outputs_and_progress_are_own() {
        let progress = serde_json::to_value(Orphans::default()).unwrap();
        // Nothing shorter than eight bytes is ever masked.
        let progress = progress.as_object().unwrap().keys().filter(|name| name.len() >= 8).map(String::as_str);
        let others =
            ["GroupMemeberships", "UserNextToken", "IdentityStoreId", "roleSessionName", "interval_in_seconds"];
        for name in progress.chain(others) {
            assert!(is_own_name(name), "{name}");
        }
        assert!(!is_own_name("AKIAEXAMPLE123456789") && !is_own_name(""));
    }
}
