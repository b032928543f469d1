//! Drives one target with libFuzzer's inputs: the one that FUZZ_TARGET names, of the library's `fuzzing` module or of the
//! sandbox.
#![no_main]

use std::sync::LazyLock;

use aws_iam_identitycenter::fuzzing::check;

static TARGET: LazyLock<String> = LazyLock::new(|| std::env::var("FUZZ_TARGET").expect("FUZZ_TARGET names a target"));

libfuzzer_sys::fuzz_target!(|input: &[u8]| match TARGET.as_str() {
    "sandbox_file" => identity_center_sandbox::check_file(input),
    target => check(target, input),
});
