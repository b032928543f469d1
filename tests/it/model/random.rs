//! Cases made at random, played side by side, made simpler when they fail.

use std::fmt::Debug;
use std::thread;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};

/// Most of the time is waiting: for what stalls, and between attempts.
const THREADS: u64 = 8;

/// What a number of this name in the environment says.
pub fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// How many cases are played, how long each is at most, and how many simpler ones are tried of one that fails.
pub struct Size {
    pub cases: u64,
    pub steps: usize,
    pub simpler: u32,
}

impl Size {
    /// As many as `MODEL_CASES` says, as long as `MODEL_STEPS` says.
    pub fn wanted() -> Self {
        let steps = usize::try_from(number("MODEL_STEPS", 16)).unwrap();
        Self { cases: number("MODEL_CASES", 24), steps, simpler: 60 }
    }

    /// Plays cases of this length until one has an untruth; `MODEL_SEED` says which cases.
    pub fn play<S: Strategy>(&self, case: fn(usize) -> S, play: fn(&S::Value) -> Result<(), String>)
    where
        S::Value: Debug,
    {
        let first = number("MODEL_SEED", 1);
        let failures: Vec<_> = thread::scope(|scope| {
            let runs: Vec<_> =
                (first..first + THREADS).map(|seed| scope.spawn(move || self.thread(seed, case, play))).collect();
            runs.into_iter().filter_map(|run| run.join().unwrap().err()).collect()
        });
        assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    }

    fn thread<S: Strategy>(
        &self,
        seed: u64,
        case: fn(usize) -> S,
        play: fn(&S::Value) -> Result<(), String>,
    ) -> Result<(), String>
    where
        S::Value: Debug,
    {
        let config = Config {
            cases: u32::try_from(self.cases.div_ceil(THREADS)).unwrap(),
            rng_seed: RngSeed::Fixed(seed),
            failure_persistence: None,
            max_shrink_iters: self.simpler,
            ..Config::default()
        };
        let strategy = case(self.steps.max(1));
        let outcome = TestRunner::new(config).run(&strategy, |case| play(&case).map_err(TestCaseError::fail));
        outcome.map_err(|error| match error {
            TestError::Fail(why, case) => format!("MODEL_SEED={seed}\n{case:#?}\n{why}"),
            TestError::Abort(why) => format!("MODEL_SEED={seed}: {why}"),
        })
    }
}
