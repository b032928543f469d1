//! Where asynchronous work runs: one thread is enough, because the work is waiting for AWS.

use std::io;

use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{SignalKind, signal};

use crate::values::error::Error;
use crate::values::stop::Stop;

/// A runtime in which SIGINT and SIGTERM stop new work and let the rest end.
pub(super) fn start(stop: &Stop) -> Result<Runtime, Error> {
    let failed = |error: io::Error| Error::Setup(format!("The command could not be started: {error}."));
    let runtime = Builder::new_current_thread().enable_all().build().map_err(failed)?;
    let entered = runtime.enter();
    for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
        let mut signals = signal(kind).map_err(failed)?;
        let stop = stop.clone();
        runtime.spawn(async move {
            while signals.recv().await.is_some() {
                stop.request();
            }
        });
    }
    drop(entered);
    Ok(runtime)
}
