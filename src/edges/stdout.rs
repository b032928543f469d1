//! Standard output, written in pieces as large as a pipe takes at once.

use std::io::{self, BufWriter, Stdout, Write};

const PIPE: usize = 64 * 1024;

pub(super) fn stdout() -> BufWriter<Stdout> {
    buffered(io::stdout())
}

pub(super) fn buffered<W: Write>(output: W) -> BufWriter<W> {
    BufWriter::with_capacity(PIPE, output)
}
