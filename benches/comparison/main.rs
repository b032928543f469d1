//! `cargo bench --bench comparison [-- cold|warm|scale|bulk]`: what the production executable costs, beside what the same
//! would cost otherwise. All that is compared is measured in one run and in turn, so that the ratios mean something on a
//! busy machine. Without a word it measures all and writes docs/performance.md and its plots; with some it prints these.

#![allow(dead_code, unused_imports, reason = "the servers of the tests are used here, and not their tests")]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a benchmark that fails says so by a panic")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "its numbers are what it is for")]

use std::fs;
use std::process::Command;
use std::time::Instant;

mod bulk;
mod cold;
mod document;
mod endpoint;
mod plot;
mod run;
mod scale;
mod setup;
mod size;
mod warm;

#[path = "../bare/src/http.rs"]
mod bare;
#[path = "../../tests/it/network/mod.rs"]
mod network;
#[path = "../../tests/it/process.rs"]
mod process;
#[path = "../../tests/it/test_data.rs"]
mod test_data;

fn main() {
    let wanted: Vec<_> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let setup = setup::Setup::build();
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(process::root().join("docs/performance")).unwrap();
    let parts: [(&str, &dyn Fn() -> String); 5] = [
        ("cold", &|| cold::measure(&setup, folder.path())),
        ("warm", &|| warm::measure(&setup)),
        ("scale", &|| scale::measure(&setup)),
        ("bulk", &bulk::measure),
        ("size", &|| size::measure(&setup)),
    ];
    let (begun, mut texts) = (Instant::now(), vec![machine()]);
    for (name, measure) in parts {
        if wanted.is_empty() || wanted.iter().any(|word| word == name) {
            texts.push(measure());
            eprintln!("{name}: done after {} s", begun.elapsed().as_secs());
        }
    }
    let text = texts.join("\n");
    if wanted.is_empty() {
        document::write(&text);
    } else {
        println!("{text}");
    }
}

/// Where and when it was measured.
fn machine() -> String {
    let processors = std::thread::available_parallelism().map_or(0, usize::from);
    let rustc = setup::run(Command::new("rustc").arg("--version"));
    let today = setup::run(Command::new("date").args(["--utc", "+%Y-%m-%d"]));
    let debian = fs::read_to_string("/etc/debian_version")
        .map_or_else(|_| String::new(), |it| format!(", Debian {}", it.trim()));
    format!(
        "Written by `cargo bench --bench comparison` on {}: {} with {processors} processors{debian}, {}.\n",
        today.trim(),
        std::env::consts::ARCH,
        rustc.split('(').next().unwrap_or_default().trim(),
    )
}
