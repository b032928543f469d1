//! The sandbox at work: behind the SDK's HTTP client, or as a server of its own.

use std::future::Future;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::pin::pin;

use futures_util::future::select;
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};

use super::{Choice, Verb};
use crate::directory::{Backend, StandIn};
use crate::edges::refusal::refuse;
use crate::sandbox::{
    ACCESS_KEY_ID, IDENTITY_STORE_ID, REGION, SECRET_ACCESS_KEY, Sandbox, SandboxError, Setting, Size, connector, serve,
};
use crate::values::error::Error;
use crate::values::printable::printable;

/// AWS, or the sandbox if it was asked for.
pub(in crate::edges) fn backend(choice: Choice) -> Result<Backend, Error> {
    let Some(file) = choice else { return Ok(Backend::default()) };
    let sandbox = Sandbox::open(file).map_err(error)?;
    let stand_in = StandIn {
        connector: connector(sandbox),
        region: REGION,
        identity_store_id: IDENTITY_STORE_ID,
        access_key_id: ACCESS_KEY_ID,
        secret_access_key: SECRET_ACCESS_KEY,
    };
    Ok(Backend { stand_in: Some(stand_in), ..Backend::default() })
}

/// Does what is to be done with the sandbox itself; gives the exit code.
#[expect(clippy::needless_pass_by_value, reason = "the caller has no use for it")]
pub(in crate::edges) fn main(verb: Verb, choice: Choice) -> io::Result<u8> {
    match carry_out(&verb, choice) {
        Ok(()) => Ok(0),
        Err(error) => refuse(&error),
    }
}

fn carry_out(verb: &Verb, choice: Choice) -> Result<(), Error> {
    if let Verb::Serve { listen, beyond_loopback: false, .. } = verb
        && !listen.ip().is_loopback()
    {
        return Err(open_to_others(*listen));
    }
    let settings = settings(verb)?;
    let sandbox = Sandbox::open_with(choice.flatten(), settings).map_err(error)?;
    let file = sandbox.path().display().to_string();
    match verb {
        Verb::Reset => {
            sandbox.reset().map_err(error)?;
            say(&format!("The sandbox in {file} holds the sample directory again."));
            Ok(())
        }
        Verb::Seed { users, groups, memberships, seed } => {
            sandbox.seed(Size { users: *users, groups: *groups, memberships: *memberships }, *seed).map_err(error)?;
            say(&format!(
                "The sandbox in {file} holds {users} users, {groups} groups and {memberships} memberships (seed {seed})."
            ));
            Ok(())
        }
        Verb::Serve { listen, .. } => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(unstarted)?;
            runtime.block_on(async {
                let shutdown = interrupted().map_err(unstarted)?;
                let ready = |address| say(&json!({ "endpoint": format!("http://{address}") }).to_string());
                serve(sandbox, *listen, ready, shutdown).await.map_err(error)
            })
        }
    }
}

/// What the sandbox is to be like as long as it is served.
fn settings(verb: &Verb) -> Result<Vec<Setting>, Error> {
    let Verb::Serve { scenario, .. } = verb else { return Ok(Vec::new()) };
    let settings = scenario.iter().map(|text| Setting::of_command_line(text));
    settings.collect::<Result<_, _>>().map_err(|unclear| Error::Usage(format!("--scenario: {unclear}.")))
}

/// One line on standard output. Whoever does not read it still has what it speaks of.
fn say(line: &str) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{}", printable(line)).and_then(|()| out.flush());
}

/// Ends with SIGINT or SIGTERM.
fn interrupted() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        select(pin!(interrupt.recv()), pin!(terminate.recv())).await;
    })
}

fn open_to_others(listen: SocketAddr) -> Error {
    Error::Usage(format!(
        "The sandbox is not served on {listen}: other machines may reach that address, and whoever reaches the sandbox \
         may read and change it. If that is meant, add --beyond-loopback; else listen on 127.0.0.1."
    ))
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn error(error: SandboxError) -> Error {
    Error::Setup(error.to_string())
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn unstarted(error: io::Error) -> Error {
    Error::Setup(format!("The sandbox could not be served: {error}."))
}
