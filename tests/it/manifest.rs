//! integration.yml and docs/commands.md are what the types say, and a difference does not go unseen.

use std::fs;

use crate::process::{command, root, run};

#[test]
fn what_is_checked_in_is_what_the_types_say() {
    let output = run(command().args(["manifest", "--check", "--root"]).arg(root()), b"");
    assert_eq!((output.stdout.as_str(), output.code), ("", 0), "run `cargo run -- manifest` and commit what it writes");
}

#[test]
fn every_kind_of_drift_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = |args: &[&str]| run(command().arg("manifest").args(args).arg("--root").arg(folder.path()), b"");
    assert_eq!(manifest(&["--check"]).code, 1, "nothing is there yet");
    assert!(!folder.path().join("integration.yml").exists(), "--check writes nothing");
    assert_eq!(manifest(&[]).code, 0);
    assert_eq!(manifest(&["--check"]).code, 0);

    for (name, from, to) in [
        ("integration.yml", "name: userName", "name: username"),
        ("integration.yml", "    execution: true\n", ""),
        ("integration.yml", "defaultvalue: 60,10", "defaultvalue: 30,10"),
        ("integration.yml", "contextPath: AWS.IAM.IdentityCenter.Groups.GroupName", "contextPath: AWS.GroupName"),
        ("integration.yml", "description: The display name of the user to create.", "description: Its name."),
        ("docs/commands.md", "| limit |", "| max |"),
        ("docs/commands.md", "| Required |\n", "| Optional |\n"),
    ] {
        let path = folder.path().join(name);
        let sound = fs::read_to_string(&path).unwrap();
        assert!(sound.contains(from), "{name} does not contain {from}");
        fs::write(&path, sound.replacen(from, to, 1)).unwrap();
        let output = manifest(&["--check"]);
        assert_eq!(output.code, 1, "{from} became {to}, and nobody saw it");
        assert!(output.stdout.contains(name), "{output:?}");
        let shown: Vec<_> = output.stdout.lines().collect();
        let line = sound[..sound.find(from).unwrap()].matches('\n').count() + 1;
        assert_eq!(shown[1], format!("@@ line {line}"), "{output:?}");
        assert!(shown.len() <= 4, "only what differs is shown: {output:?}");
        fs::write(&path, sound).unwrap();
    }
}

#[test]
fn a_file_that_cannot_be_read_is_not_taken_for_none() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("integration.yml")).unwrap();
    let output = run(command().args(["manifest", "--check", "--root"]).arg(folder.path()), b"");
    let said = output.entries()[0]["Contents"].to_string();
    assert!(output.code == 1 && said.contains("integration.yml cannot be used"), "{output:?}");
}
