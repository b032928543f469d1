//! Standard input, read without a buffer: its bytes hold the keys of the instance, and only buffers that are overwritten
//! may hold them.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::os::fd::AsFd;

use rustix::event::{PollFd, PollFlags, poll};

pub(super) struct Stdin(File);

impl Stdin {
    pub(super) fn open() -> io::Result<Self> {
        Ok(Self(io::stdin().as_fd().try_clone_to_owned()?.into()))
    }
}

impl Read for Stdin {
    /// Waits for input, also where another process that shares the open file made it nonblocking.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.0.read(buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    poll(&mut [PollFd::new(&self.0, PollFlags::IN)], None)?;
                }
                outcome => return outcome,
            }
        }
    }
}
