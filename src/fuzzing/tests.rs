//! Drives each target with the inputs of the repository and with random changes of these. `PROPTEST_CASES` makes a run
//! longer, `PROPTEST_RNG_SEED` repeats it.
#![allow(clippy::print_stderr, reason = "a test tells which input fails")]

use std::fs;
use std::path::{Path, PathBuf};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{TestError, TestRunner};

use super::TARGETS;

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

/// One target: the inputs of the repository, and random changes of them.
fn drive(target: &str) {
    let (_, check) = *TARGETS.iter().find(|(name, _)| *name == target).unwrap();
    let seeds = seeds(target);
    for seed in &seeds {
        check(seed);
    }
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    let outcome = TestRunner::new(config).run(&inputs(seeds), |input| {
        check(&input);
        Ok(())
    });
    if let Err(TestError::Fail(why, input)) = outcome {
        // Not by the panic: a dispatcher keeps panics from saying anything.
        eprintln!("{target}: {why}\n{}", input.escape_ascii());
        panic!("{target}");
    }
    outcome.unwrap();
}

fn inputs(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let random = vec(any::<u8>(), 0..512);
    let seed = if seeds.is_empty() { random.clone().boxed() } else { select(seeds).boxed() };
    let changed = (seed.clone(), vec(change(seed), 1..6))
        .prop_map(|(seed, changes)| changes.into_iter().fold(seed, |input, change| change.of(input)));
    prop_oneof![1 => random, 3 => changed]
}

/// A change of a part of an input.
#[derive(Debug, Clone)]
struct Change {
    begin: Index,
    length: usize,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    Replaced(Vec<u8>),
    Repeated(usize),
    /// The rest is that of another input.
    Continued(Vec<u8>, Index),
}

fn change(seed: impl Strategy<Value = Vec<u8>> + 'static) -> impl Strategy<Value = Change> {
    let kind = prop_oneof![
        Just(Kind::Replaced(Vec::new())),
        select(&TOKENS[..]).prop_map(|token| Kind::Replaced(token.into())),
        vec(any::<u8>(), 0..8).prop_map(Kind::Replaced),
        (0..20_usize).prop_map(Kind::Repeated),
        (seed, any::<Index>()).prop_map(|(other, from)| Kind::Continued(other, from)),
    ];
    (any::<Index>(), 0..32_usize, kind).prop_map(|(begin, length, kind)| Change { begin, length, kind })
}

impl Change {
    fn of(self, mut input: Vec<u8>) -> Vec<u8> {
        let begin = self.begin.index(input.len() + 1);
        let part = begin..input.len().min(begin + self.length);
        match self.kind {
            Kind::Replaced(bytes) => drop(input.splice(part, bytes)),
            Kind::Repeated(times) => drop(input.splice(begin..begin, input[part].repeat(times))),
            Kind::Continued(other, from) => {
                input.truncate(begin);
                input.extend_from_slice(&other[from.index(other.len() + 1)..]);
            }
        }
        input
    }
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

targets! { answers arguments markdown masking request session settings table tokens war_room }

#[test]
fn every_target_is_one_of_cargo_fuzz() {
    let programs = files(&root().join("fuzz/fuzz_targets"));
    // The sandbox is a crate of its own, and so is its target.
    let ours = programs.iter().map(|path| path.file_stem().unwrap()).filter(|name| *name != "sandbox_file");
    assert!(ours.eq(TARGETS.iter().map(|(name, _)| *name)));
    let manifest = fs::read_to_string(root().join("fuzz/Cargo.toml")).unwrap();
    for (name, _) in TARGETS {
        let program = format!("fuzz_targets/{name}.rs");
        assert!(manifest.contains(&format!("name = \"{name}\"\npath = \"{program}\"\n")), "{name}");
        assert!(fs::read_to_string(root().join("fuzz").join(program)).unwrap().contains(&format!("check(\"{name}\"")));
    }
}
