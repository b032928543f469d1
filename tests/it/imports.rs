//! The paths that a source file names: imports, paths in code, in macros and in attributes.
//!
//! The file is parsed, so a nested `use crate::{…}` hides nothing, and a path in a comment counts for nothing.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Attribute, File, ItemExternCrate, ItemMod, ItemUse, Macro, Path, Token, UseTree};

/// Returns the paths that a source file names, each from the root of the crate (`crate::values::error`) or from another
/// crate (`serde_json::Value`). `module` is where the file stands: `["values", "error"]`.
pub fn paths(module: &[&str], source: &str) -> BTreeSet<String> {
    let file: File = syn::parse_file(source).unwrap_or_else(|error| panic!("{module:?}: {error}"));
    let module = module.iter().map(|&name| name.to_owned()).collect();
    let mut found = Found { module, paths: BTreeSet::new() };
    found.visit_file(&file);
    found.paths
}

struct Found {
    /// The module that is being read.
    module: Vec<String>,
    paths: BTreeSet<String>,
}

impl Found {
    /// Adds a path, with `self` and `super` replaced by what they stand for.
    fn add(&mut self, names: &[String]) {
        if names.is_empty() {
            return;
        }
        let mut module = self.module.clone();
        let mut rest = names;
        let mut is_relative = false;
        while let [first, after @ ..] = rest {
            match first.as_str() {
                "crate" => module.clear(),
                "super" => drop(module.pop()),
                "self" => {}
                _ => break,
            }
            is_relative = true;
            rest = after;
        }
        let root = if is_relative { vec!["crate".to_owned()] } else { Vec::new() };
        let module = if is_relative { module } else { Vec::new() };
        self.paths.insert([root, module, rest.to_vec()].concat().join("::"));
    }

    /// Adds the paths of a tree of imports, all of which begin with `prefix`.
    fn add_tree(&mut self, prefix: &[String], tree: &UseTree) {
        let with = |name: &syn::Ident| [prefix, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.add_tree(&with(&path.ident), &path.tree),
            UseTree::Name(name) => self.add(&with(&name.ident)),
            UseTree::Rename(rename) => self.add(&with(&rename.ident)),
            UseTree::Glob(_) => self.add(prefix),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.add_tree(prefix, tree)),
        }
    }

    /// Adds the paths in the tokens of a macro or an attribute, which syn does not parse.
    fn add_tokens(&mut self, tokens: TokenStream) {
        let mut names: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(name) if colons == 2 && !names.is_empty() => names.push(name.to_string()),
                TokenTree::Ident(name) => {
                    self.add(&std::mem::take(&mut names));
                    names.push(name.to_string());
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => {
                    colons += 1;
                    continue;
                }
                TokenTree::Group(group) => {
                    let is_import = colons == 2 && group.delimiter() == Delimiter::Brace;
                    let trees = Punctuated::<UseTree, Token![,]>::parse_terminated.parse2(group.stream());
                    match trees {
                        Ok(trees) if is_import => trees.iter().for_each(|tree| self.add_tree(&names, tree)),
                        _ => self.add_tokens(group.stream()),
                    }
                    self.add(&std::mem::take(&mut names));
                }
                // Such as `deserialize_with = "crate::values::error"`.
                TokenTree::Literal(literal) => {
                    self.add(&std::mem::take(&mut names));
                    let text = literal.to_string();
                    let text = text.trim_matches('"');
                    if let Ok(path) = syn::parse_str::<Path>(text) {
                        self.visit_path(&path);
                    }
                }
                TokenTree::Punct(_) => self.add(&std::mem::take(&mut names)),
            }
            colons = 0;
        }
        self.add(&names);
    }
}

impl<'ast> Visit<'ast> for Found {
    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.add_tree(&[], &item.tree);
    }

    fn visit_item_extern_crate(&mut self, item: &'ast ItemExternCrate) {
        self.add(&[item.ident.to_string()]);
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_path(&mut self, path: &'ast Path) {
        let names: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.add(&names);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.visit_path(&call.path);
        self.add_tokens(call.tokens.clone());
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if !attribute.path().is_ident("doc") {
            visit::visit_attribute(self, attribute);
            if let syn::Meta::List(list) = &attribute.meta {
                self.add_tokens(list.tokens.clone());
            }
        }
    }
}

/// The sandbox once imported a floor so, and a search of the text for `crate::values` did not find it.
const NESTED: &str = "
    use super::{Scenario, setting::time};
    use crate::{
        sandbox::{
            api_error::{ApiError, Code},
            operations, sts,
        },
        values::nearest::nearest,
    };
";

#[test]
fn paths_of_a_nested_import_are_found() {
    let found = paths(&["sandbox", "scenario", "fault"], NESTED);
    let expected = [
        "crate::sandbox::api_error::ApiError",
        "crate::sandbox::api_error::Code",
        "crate::sandbox::operations",
        "crate::sandbox::scenario::Scenario",
        "crate::sandbox::scenario::setting::time",
        "crate::sandbox::sts",
        "crate::values::nearest::nearest",
    ];
    assert_eq!(found, expected.map(str::to_owned).into());
    assert!(!NESTED.contains("crate::values"));
}

#[test]
fn paths_outside_of_imports_are_found() {
    for (source, expected) in [
        ("fn f() { crate::edges::run(); }", "crate::edges::run"),
        ("fn f(x: &crate::edges::Verb<u8>) {}", "crate::edges::Verb"),
        ("fn f() -> Vec<crate::edges::Verb> { vec![] }", "crate::edges::Verb"),
        ("impl crate::edges::Way for u8 {}", "crate::edges::Way"),
        ("use super::super::edges::*;", "crate::edges"),
        ("use crate::{self as root, edges as e};", "crate::edges"),
        ("mod inner { use super::super::super::edges::run; }", "crate::edges::run"),
        ("fn f() { assert!(crate::edges::run()); }", "crate::edges::run"),
        ("fn f() { m!({ [crate :: edges :: run] }); }", "crate::edges::run"),
        ("macro_rules! m { () => { $crate::edges::run() } }", "crate::edges::run"),
        ("macro_rules! m { () => { use crate::{dispatch, edges::run}; } }", "crate::edges::run"),
        ("#[serde(with = \"crate::edges::run\")] struct S;", "crate::edges::run"),
        ("#[crate::edges::run] struct S;", "crate::edges::run"),
        ("pub(in crate::edges) fn f() {}", "crate::edges"),
        ("extern crate serde_json;", "serde_json"),
        ("use serde_json as json;", "serde_json"),
        ("fn f() { serde_json::to_string(&1); }", "serde_json::to_string"),
    ] {
        let found = paths(&["values", "error"], source);
        assert!(found.contains(expected), "{source}: {found:?}");
    }
}

#[test]
fn paths_in_comments_strings_and_other_crates_are_not_found() {
    for source in [
        "// crate::edges::run\nfn f() {}",
        "/// See [`crate::edges::run`].\nfn f() {}",
        "//! crate::edges::run",
        "fn f() -> &'static str { \"crate::edges::run\" }",
        "use other::edges::run;",
        "use self::edges::run;",
    ] {
        let found = paths(&["values", "error"], source);
        assert!(found.iter().all(|path| !path.starts_with("crate::edges")), "{source}: {found:?}");
    }
}
