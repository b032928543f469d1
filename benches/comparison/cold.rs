//! From a process's start to its end: a list of ten users.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::endpoint::{Answers, Endpoint};
use super::network::certificates::{Authority, Flaw};
use super::plot::{Bars, Group};
use super::run::{Memory, Program, Times, digits, in_turn};
use super::setup::{Setup, request};

const ROUNDS: usize = 60;

pub fn measure(setup: &Setup, folder: &Path) -> String {
    let answers = Arc::new(Answers::of(10));
    let authority = Authority::new();
    let bundle = bundle(&authority, folder);
    let tls = Some(authority.server(Flaw::None));
    let http = Scheme::measure(setup, &Endpoint::start(&answers, Duration::ZERO, None), None);
    let https = Scheme::measure(setup, &Endpoint::start(&answers, Duration::ZERO, tls), Some(&bundle));
    draw(&http, &https);
    format!(
        "\
### Cold: a process for a list of ten users

From the start of the process to its end. Python is the script `list_users.py` with boto3, as people write it; the bare
program sends the same bytes, reads the answer and prints nothing. All verify the endpoint's certificate against the
host's roots and one more. Median of {ROUNDS} runs, with the tenth and the ninetieth percentile.

| | this program | Python, boto3 | bare program | times faster than Python | times the bare program |
| --- | --- | --- | --- | --- | --- |
{}
{}

Bounds: at least 100 times faster than Python over http and 40 times over https; at most 2.5 times the bare program over
http.

![Cold start](performance/cold.svg)

Peak memory of this process: {}. The bound is 10 MiB over http.
",
        http.row("http"),
        https.row("https"),
        [("http", &http), ("https", &https)].map(|(name, scheme)| scheme.memory(name)).join("; "),
    )
}

struct Scheme {
    product: Times,
    bare: Times,
    python: Times,
    memory: Memory,
    floor: Memory,
}

impl Scheme {
    fn measure(setup: &Setup, endpoint: &Endpoint, bundle: Option<&str>) -> Self {
        let trusting = |program: Program| match bundle {
            Some(bundle) => program.env("SSL_CERT_FILE", bundle).env("AWS_CA_BUNDLE", bundle),
            None => program,
        };
        let product = trusting(setup.product(&request(&endpoint.url(), "list-users", &json!({}))));
        let sent = endpoint.first_of(&product);
        let bare = setup.bare(endpoint, sent);
        let bare = bundle.map_or(bare.clone(), |bundle| bare.arg(bundle));
        let python = trusting(setup.python(endpoint));
        let [own, floor, script] =
            in_turn(ROUNDS, [&mut || product.time().0, &mut || bare.time().0, &mut || python.time().0]);
        Self { product: own, bare: floor, python: script, memory: product.peak_of(30), floor: bare.peak_of(30) }
    }

    fn row(&self, name: &str) -> String {
        let product = self.product.median();
        let (faster, times) = (self.python.median() / product, product / self.bare.median());
        let [own, python, bare] = [&self.product, &self.python, &self.bare].map(Times::shown);
        format!("| {name} | {own} | {python} | {bare} | {} | {} |", digits(faster), digits(times))
    }

    fn memory(&self, name: &str) -> String {
        let Memory { peak, of_files } = self.memory;
        let [peak, of_files, floor] = [peak, of_files, self.floor.peak].map(Memory::mebibytes);
        format!("{peak} over {name}, {of_files} of it pages of the executable (the bare program: {floor})")
    }
}

fn draw(http: &Scheme, https: &Scheme) {
    let group = |name, scheme: &Scheme| Group {
        name,
        values: [&scheme.product, &scheme.python, &scheme.bare].map(|times| times.median() * 1000.0).to_vec(),
    };
    Bars {
        file: "cold.svg",
        title: "A process for a list of ten users",
        axis: "ms, logarithmic",
        names: &["this program", "Python, boto3", "bare program"],
        groups: &[group("http", http), group("https", https)],
    }
    .draw();
}

/// The host's roots, as far as they are where Debian has them, and ours.
fn bundle(authority: &Authority, folder: &Path) -> String {
    let mut bundle = fs::read_to_string("/etc/ssl/certs/ca-certificates.crt").unwrap_or_default();
    bundle += &fs::read_to_string(authority.write(folder)).unwrap();
    let file = folder.join("bundle.pem");
    fs::write(&file, bundle).unwrap();
    file.display().to_string()
}
