//! docs/performance.md, as far as it is written by this benchmark.

use std::fs;

use super::process::root;

const BEGIN: &str = "<!-- comparison: begin -->\n";
const END: &str = "<!-- comparison: end -->\n";

/// Puts the text between the marks.
pub fn write(text: &str) {
    let path = root().join("docs/performance.md");
    let old = fs::read_to_string(&path).unwrap();
    let (before, rest) = old.split_once(BEGIN).expect("docs/performance.md has the mark of the beginning");
    let (_, after) = rest.split_once(END).expect("docs/performance.md has the mark of the end");
    fs::write(path, [before, BEGIN, text, END, after].concat()).unwrap();
}
