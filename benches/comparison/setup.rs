//! What is compared, built as it is shipped.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::endpoint::Endpoint;
use super::process::root;
use super::run::Program;

pub struct Setup {
    pub product: PathBuf,
    bare: PathBuf,
    python: PathBuf,
}

impl Setup {
    /// Builds what is not built yet: the production executable, the floor, Python's environment.
    pub fn build() -> Self {
        run(Command::new(root().join("packaging/build")).arg("production"));
        // As the product: static, so that the floor pays for no dynamic linker either.
        let (profile, folder) = if cfg!(debug_assertions) { ("dev", "debug") } else { ("dist", "dist") };
        let bare = ["--package=bare", "--profile", profile, "--", "-Ctarget-feature=+crt-static"];
        let flags = [&["rustc", "--locked", "--quiet"][..], &bare].concat();
        run(Command::new(env!("CARGO")).args(flags));
        let python = run(&mut Command::new(root().join("tests/witness/setup")));
        let built = Path::new(env!("CARGO_BIN_EXE_aws-iam-identitycenter")).parent().unwrap().with_file_name(folder);
        Self {
            product: root().join("target/static/production/aws-iam-identitycenter"),
            bare: built.join("bare"),
            python: PathBuf::from(python.trim()),
        }
    }

    /// The product with one request.
    pub fn product(&self, request: &Value) -> Program {
        Program::new(&self.product, request.to_string())
    }

    /// The product as XSOAR's containers keep it.
    pub fn product_in_a_loop(&self) -> Program {
        Program::new(&self.product, "").arg("loop")
    }

    /// The floor, with the bytes that the product sends.
    pub fn bare(&self, endpoint: &Endpoint, request: Vec<u8>) -> Program {
        Program::new(&self.bare, request).arg(endpoint.address.to_string())
    }

    /// The script.
    pub fn python(&self, endpoint: &Endpoint) -> Program {
        let script = root().join("benches/comparison/list_users.py");
        Program::new(&self.python, "").arg("-B").arg(script.display().to_string()).arg(endpoint.url())
    }
}

/// A request of XSOAR's for this endpoint.
pub fn request(url: &str, command: &str, args: &Value) -> Value {
    json!({
        "command": format!("aws-iam-identitycenter-{command}"),
        "args": args,
        "params": {
            "credentials": {
                "identifier": "AKIANETWORKTEST00001",
                "password": "netTest/Secret+Key/abcdefghijklmnopqrstu",
            },
            "defaultRegion": "us-east-1",
            "IdentityStoreId": "d-9067f2a1b3",
            "endpoint_url": url,
        },
    })
}

/// Its output; what it says goes to the person who waits. What cargo tells a benchmark is kept from it: another cargo
/// would build anew what it was not told of before.
pub fn run(command: &mut Command) -> String {
    let told = |name: &str| name.starts_with("CARGO_") && name != "CARGO_HOME";
    for (name, _) in std::env::vars().filter(|(name, _)| told(name)) {
        command.env_remove(name);
    }
    let output = command.current_dir(root()).stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success(), "{command:?} ends with {}", output.status);
    String::from_utf8(output.stdout).unwrap()
}
