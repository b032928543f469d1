//! Processes, timed from their start to their end, and what many measurements come to.

use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use fastrand::Rng;

/// A program with its arguments and its input.
#[derive(Clone)]
pub struct Program {
    path: String,
    args: Vec<String>,
    environment: Vec<(String, String)>,
    stdin: Vec<u8>,
}

impl Program {
    pub fn new(path: &Path, stdin: impl Into<Vec<u8>>) -> Self {
        let environment = [("AWS_EC2_METADATA_DISABLED", "true"), ("HOME", "/nonexistent")];
        let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        Self { path: path.display().to_string(), args: Vec::new(), environment, stdin: stdin.into() }
    }

    pub fn arg(mut self, arg: impl Into<String>) -> Self {
        self.args.push(arg.into());
        self
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn spawn(&self) -> (Child, ChildStdin, ChildStdout) {
        let mut command = Command::new(&self.path);
        command.args(&self.args).env_clear().envs(self.environment.iter().map(|(name, value)| (name, value)));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        (child, stdin, stdout)
    }

    fn started(&self) -> (Child, ChildStdout) {
        let (child, mut stdin, stdout) = self.spawn();
        stdin.write_all(&self.stdin).unwrap();
        (child, stdout)
    }

    fn ended(&self, mut child: Child, written: u64) -> u64 {
        let status = child.wait().unwrap();
        assert!(status.success(), "{} {:?} ends with {status}", self.path, self.args);
        written
    }

    /// From start to end, and how many bytes it wrote.
    pub fn time(&self) -> (Duration, u64) {
        let begun = Instant::now();
        let (child, stdout) = self.started();
        let written = self.ended(child, drain(stdout));
        (begun.elapsed(), written)
    }

    /// The most memory that it has, looked at all the time until it ends.
    pub fn peak(&self) -> Memory {
        let (child, stdout) = self.started();
        let reading = thread::spawn(|| drain(stdout));
        let (file, mut last) = (format!("/proc/{}/status", child.id()), Memory::default());
        while let Some(memory) = Memory::read(&file) {
            last = memory;
        }
        self.ended(child, reading.join().unwrap());
        last
    }

    /// The most of these many runs.
    pub fn peak_of(&self, runs: usize) -> Memory {
        (0..runs).map(|_| self.peak()).max_by_key(|memory| memory.peak).unwrap()
    }
}

fn drain(mut stdout: ChildStdout) -> u64 {
    let (mut part, mut written) = (vec![0; 64 * 1024], 0);
    loop {
        match stdout.read(&mut part) {
            Ok(0) => return written,
            Ok(read) => written += read as u64,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => panic!("{error}"),
        }
    }
}

/// Resident memory in KiB.
#[derive(Debug, Default, Clone, Copy)]
pub struct Memory {
    pub peak: u64,
    /// Pages of the executable, which the system can take back and share.
    pub of_files: u64,
}

impl Memory {
    /// Nothing when the process has ended.
    fn read(file: &str) -> Option<Self> {
        let status = fs::read_to_string(file).ok()?;
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_whitespace().next()?.parse().ok()
        };
        Some(Self { peak: field("VmHWM:")?, of_files: field("RssFile:")? })
    }

    pub fn mebibytes(kibibytes: u64) -> String {
        format!("{:.1} MiB", number(kibibytes) / 1024.0)
    }
}

#[expect(clippy::cast_precision_loss, reason = "it is shown with few digits")]
pub fn number(number: u64) -> f64 {
    number as f64
}

/// Times of one kind, in seconds.
#[derive(Debug, Default, Clone)]
pub struct Times(Vec<f64>);

impl Times {
    pub fn add(&mut self, time: Duration) {
        self.0.push(time.as_secs_f64());
    }

    /// What so large a part of the times does not exceed.
    fn quantile(&self, part: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index of a short list")]
        let index = ((number(sorted.len() as u64) - 1.0) * part).round() as usize;
        sorted[index]
    }

    pub fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    /// The median with the tenth and the ninetieth percentile.
    pub fn shown(&self) -> String {
        let [low, median, high] = [0.1, 0.5, 0.9].map(|part| self.quantile(part));
        let (unit, factor) = if median < 1.0 { ("ms", 1000.0) } else { ("s", 1.0) };
        let [low, median, high] = [low, median, high].map(|time| digits(time * factor));
        format!("{median} {unit} ({low}–{high})")
    }
}

/// Three digits, or all before the point.
pub fn digits(number: f64) -> String {
    match number {
        n if n >= 99.95 => format!("{n:.0}"),
        n if n >= 9.995 => format!("{n:.1}"),
        n => format!("{n:.2}"),
    }
}

/// Measures all in each round, so that what disturbs one disturbs the others, and in another order each time, because what
/// ran before leaves its traces in the processor's caches. The first round warms caches and does not count.
pub fn in_turn<const N: usize>(rounds: usize, measure: [&mut dyn FnMut() -> Duration; N]) -> [Times; N] {
    let mut times = [const { Times(Vec::new()) }; N];
    let mut measure = Vec::from(measure);
    let (mut order, mut random) = (std::array::from_fn::<usize, N, _>(|place| place), Rng::with_seed(7));
    for round in 0..=rounds {
        random.shuffle(&mut order);
        for place in order {
            let took = measure[place]();
            if round > 0 {
                times[place].add(took);
            }
        }
    }
    times
}
