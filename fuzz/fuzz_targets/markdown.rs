#![no_main]

use aws_iam_identitycenter::fuzzing::check;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| check("markdown", input));
