//! Drives the targets for a bounded time. `FUZZ_SEED` repeats a run, `FUZZ_INPUTS` makes it longer.
#![allow(clippy::print_stderr, reason = "a test tells how to repeat it")]

use std::env;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fastrand::Rng;

use super::TARGETS;

/// As long as each target is driven, if it is not told how many inputs it shall have.
const LONG: Duration = Duration::from_secs(2);

/// What makes JSON and War Room lines go wrong in more ways than single bytes do.
const TOKENS: [&str; 30] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\u0000",
    "\\ud800",
    "\\udc00\\ud800",
    "null",
    "true",
    "-",
    "1e999",
    "0.1",
    "18446744073709551616",
    "\n",
    "\r",
    " ",
    "\0",
    "\u{feff}",
    "\u{202e}",
    "=",
    "`",
    "@@@",
    "\"command\":",
    "\"args\":{",
    "ping\n",
    "\"native\":true,",
];

/// One target: what is in the repository, and then what chance makes of it.
fn drive(target: &str) {
    let (_, check) = *TARGETS.iter().find(|(name, _)| *name == target).unwrap();
    let seed: u64 = env::var("FUZZ_SEED").map_or_else(|_| fastrand::u64(..), |text| text.parse().unwrap());
    let wanted: Option<usize> = env::var("FUZZ_INPUTS").ok().map(|text| text.parse().unwrap());
    let seeds = seeds(target);
    let (mut rng, begun) = (Rng::with_seed(seed), Instant::now());
    for number in 0.. {
        if wanted.map_or_else(|| begun.elapsed() > LONG && number >= seeds.len(), |wanted| number >= wanted) {
            break;
        }
        let input = seeds.get(number).cloned().unwrap_or_else(|| chance(&mut rng, &seeds));
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| check(&input))) {
            let said = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref().copied());
            let shown = input.escape_ascii();
            // Not by the panic: whoever makes a dispatcher has panics say nothing.
            eprintln!("{target}: input {number} with FUZZ_SEED={seed}: {}\n{shown}", said.unwrap_or("a panic"));
            panic!("{target}");
        }
    }
}

fn chance(rng: &mut Rng, seeds: &[Vec<u8>]) -> Vec<u8> {
    if seeds.is_empty() || rng.u8(..4) == 0 {
        return (0..rng.usize(..512)).map(|_| rng.u8(..)).collect();
    }
    let mut input = rng.choice(seeds).unwrap().clone();
    for _ in 0..=rng.usize(..6) {
        let place = rng.usize(..=input.len());
        let end = (place + rng.usize(..32)).min(input.len());
        match rng.u8(..5) {
            0 => drop(input.drain(place..end)),
            1 => drop(input.splice(place..end, TOKENS[rng.usize(..TOKENS.len())].bytes())),
            2 => drop(input.splice(place..place, input[place..end].repeat(rng.usize(..20)))),
            3 => drop(input.splice(place..end, (0..rng.usize(..8)).map(|_| rng.u8(..)).collect::<Vec<_>>())),
            _ => {
                let other = rng.choice(seeds).unwrap();
                let from = rng.usize(..=other.len());
                input.truncate(place);
                input.extend_from_slice(&other[from..]);
            }
        }
    }
    input
}

/// The inputs of the repository, and for what reads requests those of the recorded cases, a line each.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let mut seeds: Vec<_> =
        files(&root().join("fuzz/seeds").join(target)).iter().map(|path| fs::read(path).unwrap()).collect();
    if ["request", "session"].contains(&target) {
        let recorded = files(&root().join("test_data"));
        let requests = recorded.iter().filter(|path| path.to_string_lossy().ends_with(".request.json"));
        // Outside of strings a line break is a space, and within there is none.
        seeds.extend(requests.map(|path| fs::read_to_string(path).unwrap().replace('\n', " ").into_bytes()));
        assert!(seeds.len() > 100);
    }
    seeds
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect();
    files.sort();
    files
}

macro_rules! targets {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                drive(stringify!($name));
            }
        )*

        #[test]
        fn every_target_is_driven() {
            assert!(TARGETS.iter().map(|(name, _)| *name).eq([$(stringify!($name)),*]));
        }
    };
}

targets! { answers arguments markdown masking request sandbox_file session settings table tokens war_room }
