//! The real process, on a sandbox of its own.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use serde_json::{Value, json};
use tempfile::TempDir;

pub const BINARY: &str = env!("CARGO_BIN_EXE_aws-iam-identitycenter");

/// A folder with a sandbox file, which is made when it is first used.
pub struct Sandbox {
    folder: TempDir,
}

/// What a process wrote, and how it ended.
#[derive(Debug, Clone)]
pub struct Output {
    pub stdout: String,
    pub stderr: String,
    pub code: i32,
}

impl Sandbox {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn file(&self) -> PathBuf {
        self.folder.path().join("sandbox.json")
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A sandbox with this many users, groups and memberships.
    pub fn seeded(users: usize, groups: usize, memberships: usize) -> Self {
        let sandbox = Self::new();
        let numbers = [("--users", users), ("--groups", groups), ("--memberships", memberships)];
        let numbers = numbers.map(|(name, number)| format!("{name}={number}"));
        let seeded = sandbox.run(&["sandbox", "seed", &numbers[0], &numbers[1], &numbers[2]], b"");
        assert_eq!(seeded.code, 0, "{seeded:?}");
        sandbox
    }

    /// The arguments of a process on this sandbox.
    fn command(&self, args: &[&str]) -> Command {
        let mut command = command();
        command.arg(format!("--sandbox={}", self.file().display())).args(args);
        command
    }

    pub fn run(&self, args: &[&str], stdin: &[u8]) -> Output {
        finish(self.start(args, stdin))
    }

    /// Starts a process without waiting for its end.
    pub fn start(&self, args: &[&str], stdin: &[u8]) -> Child {
        start(&mut self.command(args), stdin)
    }

    /// One request in one-shot mode.
    pub fn ask(&self, command: &str, args: &Value) -> Output {
        self.run(&[], json!({"command": command, "args": args}).to_string().as_bytes())
    }

    /// One request that must succeed: its first entry.
    pub fn succeed(&self, command: &str, args: &Value) -> Value {
        let output = self.ask(&format!("aws-iam-identitycenter-{command}"), args);
        assert_eq!(output.code, 0, "{command} {args}: {output:?}");
        output.entries().remove(0)
    }

    /// What is in the file now: its document, with the changes that follow it in a large one.
    pub fn state(&self) -> Value {
        let text = fs::read_to_string(self.file()).unwrap();
        let whole = &text[..=text.rfind('\n').unwrap()];
        let mut values = serde_json::Deserializer::from_str(whole).into_iter::<Value>().map(Result::unwrap);
        let mut state = values.next().unwrap();
        values.for_each(|change| replay(&mut state, &change));
        state
    }
}

/// Makes a change of the file, as docs/sandbox.md describes it.
fn replay(state: &mut Value, change: &Value) {
    let lists = ["users", "groups", "memberships", "assignments", "assignmentRequests"];
    for list in lists {
        let records = state[list].as_array_mut().unwrap();
        for gone in change["removed"][list].as_array().into_iter().flatten() {
            records.retain(|record| !is_called(list, record, gone.as_str().unwrap()));
        }
        for new in change[list].as_array().into_iter().flatten() {
            let is_same = |old: &&mut Value| id(list).iter().all(|member| old[member] == new[member]);
            match records.iter_mut().find(is_same) {
                Some(old) => *old = new.clone(),
                None => records.push(new.clone()),
            }
        }
    }
}

/// Whether a record is called that in its list. Assignments are what they hold.
fn is_called(list: &str, record: &Value, name: &str) -> bool {
    id(list).iter().map(|member| record[member].as_str().unwrap()).eq(name.split(' '))
}

/// The members that make a record's id.
fn id(list: &str) -> &'static [&'static str] {
    match list {
        "users" => &["UserId"],
        "groups" => &["GroupId"],
        "memberships" => &["MembershipId"],
        "assignments" => &["AccountId", "PermissionSetArn", "PrincipalType", "PrincipalId"],
        _ => &["RequestId"],
    }
}

impl Output {
    pub fn entries(&self) -> Vec<Value> {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// The binary, in an environment that says nothing of AWS.
pub fn command() -> Command {
    let mut command = Command::new(BINARY);
    command.env_clear().env("AWS_EC2_METADATA_DISABLED", "true").env("HOME", "/nonexistent");
    command
}

/// Another program, in a folder, in the same environment.
pub fn command_in(program: &str, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("AWS_EC2_METADATA_DISABLED", "true").env("PATH", "/usr/bin:/bin").current_dir(folder);
    command
}

pub fn run(command: &mut Command, stdin: &[u8]) -> Output {
    finish(start(command, stdin))
}

/// Starts a process without waiting for its end.
pub fn start(command: &mut Command, stdin: &[u8]) -> Child {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (mut pipe, stdin) = (child.stdin.take().unwrap(), stdin.to_vec());
    // By itself, because a process may write more than a pipe holds before it has read everything. One that refuses its
    // arguments does not read its input.
    thread::spawn(move || pipe.write_all(&stdin));
    child
}

pub fn finish(child: Child) -> Output {
    let output = child.wait_with_output().unwrap();
    Output {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code().unwrap_or(-1),
    }
}

/// The names of all commands, as the generated integration.yml has them, and test-module.
pub fn all_commands() -> Vec<String> {
    let yml = fs::read_to_string(root().join("integration.yml")).unwrap();
    let names = yml.lines().filter_map(|line| line.strip_prefix("  - name: ")).map(str::to_owned);
    let names: Vec<_> = std::iter::once("test-module".to_owned()).chain(names).collect();
    assert!(names.len() >= 10 && names[1].starts_with("aws-iam-identitycenter-"), "{names:?}");
    names
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// SIGTERM, by the shell's own means, because our code has no unsafe calls.
pub fn terminate(id: u32) {
    assert!(Command::new("kill").arg(id.to_string()).status().unwrap().success());
}
