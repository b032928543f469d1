//! The repository's own promises.

use std::fs;
use std::path::Path;

use crate::process::root;

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn the_commands_of_the_readme_are_those_that_ci_runs() {
    let readme = read("README.md");
    assert!(readme.contains("bash tests/all"), "the README names the test command");
    assert!(read(".ci/run").contains("bash tests/all"), "CI runs the README's test command");
}

#[test]
fn the_changelog_knows_this_version() {
    assert!(read("CHANGELOG.md").contains(concat!("## ", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn the_changelog_names_every_command() {
    let changelog = read("CHANGELOG.md");
    let integration = read("integration.yml");
    let commands = integration.lines().filter_map(|line| line.strip_prefix("  - name: aws-iam-identitycenter-"));
    let forgotten: Vec<_> = commands.clone().filter(|name| !changelog.contains(&format!("`{name}`"))).collect();
    assert!(commands.count() > 20 && forgotten.is_empty(), "the changelog does not name {forgotten:?}");
}

#[test]
fn ci_takes_no_obstacle_for_a_success() {
    let run = read(".ci/run");
    let exported = run.find("\nexport CI=true").expect("tests/images/run fails only with CI=true");
    assert!(exported < run.find("bash tests/all").unwrap(), "CI=true is exported before the tests run");
}

/// Every document that is written for people, by its path.
fn documents() -> Vec<String> {
    let others = ["README.md", "CHANGELOG.md", "packaging/pack/files/README.md"].map(str::to_owned);
    ["docs", "docs/adr"].into_iter().flat_map(documents_in).chain(others).collect()
}

/// The documents of a folder, in order.
fn documents_in(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(folder)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let documents = names.filter(|name| Path::new(name).extension().is_some_and(|it| it == "md"));
    let mut paths: Vec<_> = documents.map(|name| format!("{folder}/{name}")).collect();
    paths.sort();
    paths
}

#[test]
fn decision_records_are_numbered_without_gaps() {
    let records = documents_in("docs/adr");
    for (number, path) in records.iter().enumerate() {
        let (place, title) = (format!("docs/adr/{:04}-", number + 1), format!("# {:04}: ", number + 1));
        assert!(path.starts_with(&place) && read(path).starts_with(&title), "{path} is not record {}", number + 1);
    }
    assert!(!records.is_empty());
}

/// The lines of a document that are prose, tables and headings, and not the text of a fenced block.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut fenced = false;
    text.lines().filter(move |line| {
        let fence = line.starts_with("```");
        fenced ^= fence;
        !fence && !fenced
    })
}

/// The anchors of a document's headings, as GitHub makes them: a repeated one gets a number.
fn anchors(text: &str) -> Vec<String> {
    let mut anchors: Vec<String> = Vec::new();
    for line in prose(text) {
        let heading = line.trim_start_matches('#');
        if heading.len() == line.len() || !heading.starts_with(' ') {
            continue;
        }
        let kept = heading.trim().chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        let anchor: String = kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect();
        let numbered = (1..).map(|number| format!("{anchor}-{number}"));
        let free = std::iter::once(anchor.clone()).chain(numbered).find(|anchor| !anchors.contains(anchor));
        anchors.extend(free);
    }
    anchors
}

/// What is wrong with the links of a document.
fn broken_links(name: &str, text: &str) -> Vec<String> {
    let prose: Vec<_> = prose(text).collect();
    let prose = prose.join("\n");
    let links = prose.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let broken = |link: &&str| {
        let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
        let target = if path.is_empty() { root().join(name) } else { root().join(name).parent().unwrap().join(path) };
        let has_anchor = || anchors(&fs::read_to_string(&target).unwrap_or_default()).iter().any(|it| it == anchor);
        !link.starts_with("http") && !(target.exists() && (anchor.is_empty() || has_anchor()))
    };
    links.filter(broken).map(|link| format!("{name} links to {link}")).collect()
}

#[test]
fn links_between_the_documents_lead_somewhere() {
    let documents = documents();
    assert!(documents.len() > 9, "{documents:?}");
    let broken: Vec<_> = documents.iter().flat_map(|name| broken_links(name, &read(name))).collect();
    assert!(broken.is_empty(), "{broken:#?}");

    let text = "[a](performance.md#calls) [b](performance.md#nothing) [c](nothing.md) [d](#here) [e](#there)\n# Here\n";
    let found = broken_links("docs/none.md", text);
    let ends = ["performance.md#nothing", "nothing.md", "#here", "#there"];
    assert!(found.len() == ends.len() && found.iter().zip(ends).all(|(found, end)| found.ends_with(end)), "{found:?}");
    assert_eq!(anchors("# A b: c?\n```\n# no\n```\n## a-b, C\n## A b c"), ["a-b-c", "a-b-c-1", "a-b-c-2"]);
}

#[test]
fn the_tests_of_the_invariants_exist() {
    let architecture = read("docs/architecture.md");
    let table = architecture.split("## Invariants").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows: Vec<_> = table.lines().filter(|line| line.starts_with("| ")).skip(2).collect();
    assert!(rows.len() > 15);
    for row in rows {
        let tests = row.split(" | ").nth(1).unwrap().split('`').skip(1).step_by(2);
        let gone: Vec<_> = tests.clone().filter(|path| !root().join(path).exists()).collect();
        assert!(tests.count() > 0 && gone.is_empty(), "{row} names {gone:?}");
    }
}

#[test]
fn the_version_of_the_documented_images_is_this_one() {
    let texts = ["docs/install.md", "docs/sandbox.md", "integration.yml"].map(|name| (name, read(name)));
    for (name, text) in texts {
        let tags =
            ["aws-iam-identitycenter:", "aws-iam-identitycenter-sandbox:"].map(|image| text.split(image).skip(1));
        let tags: Vec<_> =
            tags.into_iter().flatten().filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())).collect();
        assert!(!tags.is_empty(), "{name} names no image");
        for rest in tags {
            let tag: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || ".-".contains(*c)).collect();
            assert_eq!(tag.trim_end_matches('.'), env!("CARGO_PKG_VERSION"), "the tag of an image in {name}");
        }
    }
}

/// What follows the first of these words on its line.
fn value(file: &str, start: &str) -> String {
    let text = read(file);
    let found = text.lines().find_map(|line| line.trim().strip_prefix(start));
    found.unwrap_or_else(|| panic!("{file} has no {start:?}")).to_owned()
}

#[test]
fn rust_version_in_cargo_toml_is_the_pinned_toolchain() {
    assert_eq!(value("Cargo.toml", "rust-version = "), first_word(&value("rust-toolchain.toml", "channel = ")));
}

fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

#[test]
fn the_images_have_one_base() {
    let [standard, native, sandbox] = ["Dockerfile", "Dockerfile.native", "Dockerfile.sandbox"]
        .map(|name| value(&format!("packaging/{name}"), "ARG BASE="));
    assert_eq!(standard, native);
    assert_eq!(standard, sandbox);
}

#[test]
fn the_shim_and_the_executable_mask_from_the_same_length_on() {
    let number = |text: String| text.chars().take_while(char::is_ascii_digit).collect::<String>();
    let executable = number(value("src/values/secret.rs", "const SHORTEST: usize = "));
    assert!(!executable.is_empty());
    assert_eq!(number(value("packaging/shim.py", "SHORTEST_SECRET = ")), executable);
}
