//! Standard output, written in pieces as large as a pipe takes at once.

use std::io::{self, BufWriter, Stdout};

const PIPE: usize = 64 * 1024;

pub(super) fn stdout() -> BufWriter<Stdout> {
    BufWriter::with_capacity(PIPE, io::stdout())
}
