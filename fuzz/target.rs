//! Drives one target of the library's `fuzzing` module, the one that FUZZ_TARGET names, with libFuzzer's inputs.
#![no_main]

use std::sync::LazyLock;

use aws_iam_identitycenter::fuzzing::check;

static TARGET: LazyLock<String> = LazyLock::new(|| std::env::var("FUZZ_TARGET").expect("FUZZ_TARGET names a target"));

libfuzzer_sys::fuzz_target!(|input: &[u8]| check(&TARGET, input));
