//! What lines are read from. Standard input is waited for without a thread, so that waiting can end early, and without
//! making it a file that never waits: others may have the same one, and need not know better.

use std::io::{self, ErrorKind, IoSliceMut, Read};
use std::os::fd::AsFd;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, ReadWriteFlags, preadv2, read};
use tokio::io::Interest;
use tokio::net::unix::pipe::Receiver;

/// What can be read, as it comes.
pub(crate) trait Input {
    /// Reads what is there, at least a byte unless the input has ended.
    async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize>;
}

/// What is there already.
impl<R: Read> Input for R {
    async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Read::read(self, buffer)
    }
}

/// An open file that may have to be waited for.
pub(super) struct Awaited<F> {
    file: F,
    arrival: Arrival,
}

/// How it is known that there is something to read.
enum Arrival {
    /// It was not asked yet whether that can be told.
    Unasked,
    /// What is no pipe, terminal or socket cannot be waited for, and need not be.
    Untold,
    Told(Receiver),
}

impl<F: AsFd> Awaited<F> {
    pub(super) fn of(file: F) -> Self {
        Self { file, arrival: Arrival::Unasked }
    }
}

impl<F: AsFd> Input for Awaited<F> {
    async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let outcome = match &self.arrival {
                Arrival::Unasked => {
                    let file = self.file.as_fd().try_clone_to_owned();
                    let told = file.and_then(Receiver::from_owned_fd_unchecked);
                    self.arrival = told.map_or(Arrival::Untold, Arrival::Told);
                    continue;
                }
                Arrival::Untold => read(&self.file, &mut *buffer).map_err(io::Error::from),
                Arrival::Told(told) => {
                    let ready = told.ready(Interest::READABLE).await?;
                    let outcome = told.try_io(|| read_now(&self.file, buffer));
                    if ready.is_read_closed() && is(&outcome, ErrorKind::WouldBlock) {
                        // A named pipe that was closed, and opened by somebody else since. That it was closed would be
                        // told for ever.
                        self.arrival = Arrival::Unasked;
                    }
                    outcome
                }
            };
            if !is(&outcome, ErrorKind::Interrupted) && !is(&outcome, ErrorKind::WouldBlock) {
                return outcome;
            }
        }
    }
}

fn is<T>(outcome: &io::Result<T>, kind: ErrorKind) -> bool {
    outcome.as_ref().is_err_and(|error| error.kind() == kind)
}

/// Reads if there is something to read. It was told at some time that there is, and whoever else has the file may have
/// read it since.
fn read_now(file: &impl AsFd, buffer: &mut [u8]) -> io::Result<usize> {
    /// The place in a file that has none.
    const HERE: u64 = u64::MAX;
    match preadv2(file, &mut [IoSliceMut::new(buffer)], HERE, ReadWriteFlags::NOWAIT) {
        Ok(read) => Ok(read),
        Err(Errno::AGAIN) => Err(ErrorKind::WouldBlock.into()),
        // A terminal, or an old system, cannot do that.
        Err(_) if is_readable(file)? => Ok(read(file, buffer)?),
        Err(_) => Err(ErrorKind::WouldBlock.into()),
    }
}

fn is_readable(file: &impl AsFd) -> io::Result<bool> {
    let mut polled = [PollFd::new(file, PollFlags::IN)];
    Ok(poll(&mut polled, Some(&Timespec::default()))? > 0)
}
