//! The directory behind the servers: the sandbox, served by a process of its own.

use std::collections::VecDeque;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::Value;

use super::request::Request;
use super::response::Response;
use crate::process::{Sandbox, root};

pub struct Upstream {
    sandbox: Sandbox,
    server: Child,
    pub address: String,
}

impl Upstream {
    /// Holds the sample directory.
    pub fn sample() -> Self {
        let sandbox = Sandbox::new();
        reset(&sandbox);
        Self::serve(sandbox)
    }

    /// Holds the sample directory, and behaves as these settings of a scenario say.
    pub fn sample_with(scenario: &[&str]) -> Self {
        let sandbox = Sandbox::new();
        let sample = fs::read_to_string(root().join("crates/sandbox/src/sample.json")).unwrap();
        let scenario = format!("\"scenario\": {}", serde_json::to_string(scenario).unwrap());
        fs::write(sandbox.file(), sample.replacen("\"scenario\": []", &scenario, 1)).unwrap();
        Self::serve(sandbox)
    }

    /// Holds one user, who is in this many groups.
    pub fn user_in_groups(count: usize) -> Self {
        Self::serve(Sandbox::seeded(1, count, count))
    }

    /// Holds so many users, all of them in one group.
    pub fn users_in_group(count: usize) -> Self {
        Self::serve(Sandbox::seeded(count, 1, count))
    }

    pub fn serve(sandbox: Sandbox) -> Self {
        let (server, address) = start(&sandbox);
        Self { sandbox, server, address }
    }

    /// Kills the server, and starts another on the same file.
    pub fn kill_and_serve_again(&mut self) {
        self.kill();
        (self.server, self.address) = start(&self.sandbox);
    }

    fn kill(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }

    /// The sample directory again.
    pub fn reset(&self) {
        reset(&self.sandbox);
    }

    pub fn state(&self) -> Value {
        self.sandbox.state()
    }

    /// Changes the directory behind the server's back.
    pub fn edit(&self, edit: impl FnOnce(&mut Value)) {
        let mut state = self.state();
        edit(&mut state);
        replace(&self.sandbox, state.to_string() + "\n");
    }

    /// Gives whoever has this name in a list another.
    pub fn rename(&self, list: &str, old: &str, new: &str) {
        let member = if list == "users" { "UserName" } else { "DisplayName" };
        self.edit(|state| {
            let items = state[list].as_array_mut().unwrap();
            items.iter_mut().find(|item| item[member] == old).unwrap()[member] = new.into();
        });
    }

    pub fn memberships(&self) -> usize {
        self.state()["memberships"].as_array().unwrap().len()
    }
}

/// Plays the cases on as many directories at a time as there are workers, and returns what was wrong.
pub fn play<C: Send>(
    cases: VecDeque<C>,
    workers: usize,
    run: impl Fn(&Arc<Upstream>, &C) -> Result<(), String> + Sync,
) -> Vec<String> {
    let (cases, wrong) = (Mutex::new(cases), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                let upstream = Arc::new(Upstream::sample());
                let next = || cases.lock().unwrap().pop_front();
                while let Some(case) = next() {
                    if let Err(problem) = run(&upstream, &case) {
                        wrong.lock().unwrap().push(problem);
                    }
                }
            });
        }
    });
    wrong.into_inner().unwrap()
}

fn start(sandbox: &Sandbox) -> (Child, String) {
    let mut command = crate::process::command();
    command.arg(format!("--sandbox={}", sandbox.file().display())).args(["sandbox", "serve"]);
    // How often a request is looked after would depend on the clock.
    command.args(["--scenario", "assignment-time=0s"]);
    let mut server = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut ready = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut ready).unwrap();
    let ready: Value = serde_json::from_str(&ready).unwrap();
    let address = ready["endpoint"].as_str().unwrap().trim_start_matches("http://").to_owned();
    (server, address)
}

/// Carries out what is asked for at this address.
pub fn answer(address: &str, request: &Request) -> io::Result<Response> {
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(&request.bytes("/"))?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    Ok(Response::parse(&bytes))
}

fn reset(sandbox: &Sandbox) {
    replace(sandbox, fs::read_to_string(root().join("crates/sandbox/src/sample.json")).unwrap());
}

/// As the sandbox itself writes: a whole file takes the place of the old one.
fn replace(sandbox: &Sandbox, text: String) {
    let new = sandbox.folder().join("new.json");
    fs::write(&new, text).unwrap();
    fs::rename(new, sandbox.file()).unwrap();
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.kill();
    }
}
