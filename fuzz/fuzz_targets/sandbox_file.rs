#![no_main]

use identity_center_sandbox::check_file;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| check_file(input));
