//! The executable. What it does is in the library, whose doc comment is the map.

use std::process::ExitCode;

fn main() -> ExitCode {
    aws_iam_identitycenter::main()
}
