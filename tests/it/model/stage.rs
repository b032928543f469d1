//! What the models of long commands play on: a directory behind a server that goes wrong as it was planned, and a process
//! that is asked as XSOAR asks.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::TIMEOUT;
use super::access::{Access, access};
use super::fault::{Faults, Planned};
use crate::network::client::{params, with};
use crate::network::fault_server::Server;
use crate::network::upstream::Upstream;
use crate::process::{self, Sandbox};
use crate::session::Session;

pub struct Stage {
    upstream: Arc<Upstream>,
    server: Server,
    faults: Faults,
    session: Session,
    /// Whether a command of this step took so long that an attempt may have been given up without anybody's intent.
    late: bool,
}

/// What a command was answered, and what had gone wrong since its step began.
pub struct Asked {
    pub entries: Vec<Value>,
    pub faulty: bool,
    /// Whether an answer to a change was lost.
    pub lost: bool,
    /// How many calls wanted to change something.
    pub changing: usize,
}

impl Asked {
    pub fn failed(&self) -> bool {
        self.entries.iter().any(|entry| entry["Type"] == 4)
    }

    /// The arguments of the round that XSOAR is told to call.
    pub fn next_round(&self) -> Option<Value> {
        self.entries[0].get("PollingArgs").cloned()
    }
}

impl Stage {
    pub fn new(sandbox: Sandbox) -> Self {
        let upstream = Arc::new(Upstream::serve(sandbox));
        let faults = Faults::default();
        let planned = faults.clone();
        let server = Server::faulty(&upstream, move |request, _| planned.of(request));
        let session = Session::start(process::command().arg("loop"));
        Self { upstream, server, faults, session, late: false }
    }

    /// What the directory holds.
    pub fn access(&self) -> Result<Access, String> {
        access(&self.upstream.state())
    }

    /// Begins a step, whose requests meet these faults.
    pub fn plan(&mut self, faults: &[Planned]) {
        self.faults.plan(faults);
        self.late = false;
    }

    /// Gives a command, in one round or as XSOAR's server that can call again.
    pub fn ask(
        &mut self,
        name: &str,
        args: &Value,
        settings: &Value,
        in_rounds: bool,
        log: &mut Vec<String>,
    ) -> Result<Asked, String> {
        let command = format!("aws-iam-identitycenter-{name}");
        let settings = with(params(&self.server), settings.clone());
        let settings = with(settings, json!({"timeout": format!("{},30", TIMEOUT.as_secs())}));
        let request = json!({"command": command, "args": args, "params": settings, "integration": in_rounds});
        let begun = Instant::now();
        let entries = self.session.ask(request.to_string().as_bytes());
        let took = begun.elapsed();
        self.late |= took >= TIMEOUT;
        let asked = Asked {
            entries,
            faulty: self.late || self.faults.any(),
            lost: self.late || self.faults.lost(None),
            changing: self.faults.changing(),
        };
        let how = if asked.faulty { " (faulty)" } else { "" };
        log.push(format!("{name} {args}{how}\n    {}", json!(asked.entries)));
        if took > Duration::from_secs(60) { Err(format!("it took {took:?}")) } else { Ok(asked) }
    }

    /// Has AWS finish what it works on.
    pub fn settle(&mut self) -> Result<(), String> {
        self.plan(&[]);
        let asked = self.ask("list-groups", &json!({}), &json!({}), false, &mut Vec::new())?;
        if asked.failed() { Err("the groups are not listed".to_owned()) } else { Ok(()) }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.session.kill();
    }
}
