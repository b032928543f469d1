//! The loop's input, whatever it is: a pipe, a file, a device, a named pipe that others open.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::containment::set_scenario;
use crate::process::{self, Sandbox, terminate};

/// A loop that does not outlive its test.
struct Loop(Child);

impl Drop for Loop {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Loop {
    fn start(input: impl Into<Stdio>, sandbox: &Sandbox) -> Self {
        let mut command = process::command();
        command.arg(format!("--sandbox={}", sandbox.file().display())).arg("loop");
        Self(command.stdin(input).stdout(Stdio::piped()).spawn().unwrap())
    }

    /// How it ends, asked to, if it does.
    fn end(&mut self) -> ExitStatus {
        terminate(self.0.id());
        let limit = Instant::now() + Duration::from_secs(20);
        while Instant::now() < limit {
            if let Some(status) = self.0.try_wait().unwrap() {
                return status;
            }
            thread::sleep(Duration::from_millis(5));
        }
        panic!("it did not end");
    }
}

/// Reads what it says, for as long as it says something.
fn drain(Loop(child): &mut Loop) -> thread::JoinHandle<usize> {
    let mut stdout = child.stdout.take().unwrap();
    thread::spawn(move || {
        let mut all = Vec::new();
        stdout.read_to_end(&mut all).unwrap();
        String::from_utf8(all).unwrap().lines().count()
    })
}

/// More than are answered in the time.
const MANY: usize = 5_000_000;

#[test]
fn a_signal_ends_it_although_there_is_always_something_to_read() {
    let sandbox = Sandbox::new();
    let mut pings = tempfile::tempfile().unwrap();
    pings.write_all(&b"ping\n".repeat(MANY)).unwrap();
    std::io::Seek::rewind(&mut pings).unwrap();
    let mut busy = Loop::start(pings, &sandbox);
    let lines = drain(&mut busy);
    // A line that never ends.
    let mut endless = Loop::start(File::open("/dev/zero").unwrap(), &sandbox);
    let nothing = drain(&mut endless);
    thread::sleep(Duration::from_millis(500));
    assert!(busy.end().success());
    assert!(endless.end().success());
    let answered = lines.join().unwrap();
    assert!(answered > 0 && answered < MANY, "{answered} were answered");
    assert_eq!(nothing.join().unwrap(), 0);
}

#[test]
fn a_named_pipe_that_another_opens_is_waited_for_again() {
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.run(&["sandbox", "reset"], b"").code, 0);
    set_scenario(&sandbox, &["latency=2s"]);
    let fifo = sandbox.folder().join("fifo");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let write = || OpenOptions::new().write(true).open(&fifo).unwrap();
    let opening = thread::spawn({
        let fifo = fifo.clone();
        move || File::open(fifo).unwrap()
    });
    let mut first = write();
    let mut child = Loop::start(opening.join().unwrap(), &sandbox);
    let mut stdout = BufReader::new(child.0.stdout.take().unwrap());
    let mut line = || {
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        line
    };
    // Closed and opened again while a command runs.
    first.write_all(b"ping\n{\"command\": \"aws-iam-identitycenter-list-users\"}\n").unwrap();
    assert_eq!(line(), "{\"type\":\"pong\"}\n");
    drop(first);
    // So that it is seen to be closed before.
    thread::sleep(Duration::from_millis(300));
    let mut second = write();
    assert!(line().contains("\"result\""));
    assert_eq!(line(), "{\"type\":\"completed\"}\n");
    second.write_all(b"ping\n").unwrap();
    assert_eq!(line(), "{\"type\":\"pong\"}\n");
    assert!(child.end().success());
    drop(second);
}

#[test]
fn nonblocking_input_is_waited_for() {
    let sandbox = Sandbox::new();
    let (mut server, input) = UnixStream::pair().unwrap();
    input.set_nonblocking(true).unwrap();
    let mut child = Loop::start(OwnedFd::from(input), &sandbox);
    let mut stdout = BufReader::new(child.0.stdout.take().unwrap());
    for _ in 0..3 {
        server.write_all(b"ping\n").unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert_eq!(line, "{\"type\":\"pong\"}\n");
    }
    assert!(child.end().success());
}
