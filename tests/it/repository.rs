//! The repository's own promises.

use std::fs;

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
fn links_between_the_documents_lead_somewhere() {
    let documents = [
        "README.md",
        "CHANGELOG.md",
        "docs/architecture.md",
        "docs/install.md",
        "docs/playbooks.md",
        "docs/sandbox.md",
    ];
    for name in documents {
        let text = read(name);
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = link.split('#').next().unwrap();
            let folder = root().join(name);
            let target = folder.parent().unwrap().join(path);
            assert!(link.starts_with("http") || path.is_empty() || target.exists(), "{name} links to {link}");
        }
    }
}
