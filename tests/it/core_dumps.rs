//! Whatever kills the process, its memory, which holds keys, does not become a file.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};

use crate::process::{BINARY, Sandbox};

/// A process that may dump as much as it likes, as far as whoever starts it is concerned.
fn start(program: &str, sandbox: &Sandbox) -> Child {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("ulimit -c unlimited; exec {program}")]).current_dir(sandbox.folder());
    command.env_clear().env("AWS_EC2_METADATA_DISABLED", "true").env("PATH", "/usr/bin:/bin");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap()
}

fn kill(mut child: Child, signal: &str) -> ExitStatus {
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
    child.wait().unwrap()
}

#[test]
fn a_process_that_is_killed_leaves_no_core() {
    let sandbox = Sandbox::new();
    // Of SIGSEGV the first is Rust's own, which looks whether the stack is full.
    // SIGQUIT is ignored by whatever a shell has started in the background.
    for signal in ["-ABRT", "-XCPU", "-FPE"] {
        let program = format!("{BINARY} --sandbox={} loop", sandbox.file().display());
        let mut child = start(&program, &sandbox);
        let mut pong = String::new();
        child.stdin.as_mut().unwrap().write_all(b"ping\n").unwrap();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut pong).unwrap();
        assert_eq!(pong, "{\"type\":\"pong\"}\n");

        let limits = fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
        assert_eq!(core.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"], "{core}");
        let status = kill(child, signal);
        assert!(status.signal().is_some() && !status.core_dumped(), "{status:?}");
        let mut names = fs::read_dir(sandbox.folder()).unwrap().map(|entry| entry.unwrap().file_name());
        assert!(names.all(|name| name.to_string_lossy().contains("sandbox")), "the sandbox, and nothing else");
    }
}
