//! Standard output for JSON, written in pieces as large as a pipe takes at once.

use std::io::{self, BufWriter, Stdout, Write};

use super::visible_json::VisibleJson;

const PIPE: usize = 64 * 1024;

/// What JSON is written to.
pub(super) type JsonOutput<W> = BufWriter<VisibleJson<W>>;

pub(super) fn stdout() -> JsonOutput<Stdout> {
    buffered(io::stdout())
}

pub(super) fn buffered<W: Write>(output: W) -> JsonOutput<W> {
    BufWriter::with_capacity(PIPE, VisibleJson::to(output))
}
