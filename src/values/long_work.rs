//! Long work: it is carried on in rounds. Where XSOAR asks it is scheduled (XSOAR: "Scheduled Commands"), so that no
//! container waits; else it is waited for.

use std::cell::Cell;
use std::time::{Duration, Instant};

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::arguments::Arguments;
use super::kinds::Json;
use super::masked_json::JsonMasker;

/// How many seconds pass between two rounds of long work (XSOAR: `interval_in_seconds`), 10 or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "i64")]
pub(crate) struct Interval(pub(crate) u32);

impl Default for Interval {
    fn default() -> Self {
        Self(10)
    }
}

impl TryFrom<i64> for Interval {
    type Error = String;

    fn try_from(number: i64) -> Result<Self, String> {
        u32::try_from(number)
            .ok()
            .filter(|seconds| *seconds >= 10)
            .map(Self)
            .ok_or_else(|| "must be 10 seconds or more, because XSOAR asks no sooner".to_owned())
    }
}

/// How many seconds long work may take as a whole (XSOAR: `timeout_in_seconds`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "i64")]
pub(crate) struct WholeTime(pub(crate) u32);

impl Default for WholeTime {
    fn default() -> Self {
        Self(600)
    }
}

impl WholeTime {
    /// How long a script waits unless it says otherwise: XSOAR ends scripts after a few minutes.
    const OF_SCRIPTS: Self = Self(120);
}

impl TryFrom<i64> for WholeTime {
    type Error = String;

    fn try_from(number: i64) -> Result<Self, String> {
        u32::try_from(number)
            .ok()
            .filter(|seconds| *seconds >= 1)
            .map(Self)
            .ok_or_else(|| "must be a number of seconds, 1 or more".to_owned())
    }
}

/// The arguments of every command that may take long.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(crate) struct Polling {
    /// After how many seconds XSOAR looks again, if the work is not finished at once: 10 (the default) or more.
    pub(crate) interval_in_seconds: Option<Interval>,
    /// How many seconds the whole work may take. The default is 600, and 120 with polling=false.
    pub(crate) timeout_in_seconds: Option<WholeTime>,
    /// Whether XSOAR calls the command again until the work is finished. The default is true. Automation scripts must give
    /// false, because XSOAR does not poll for executeCommand: the command then waits, and its answer is the last.
    pub(crate) polling: Option<bool>,
    /// How far the work is. XSOAR passes it on from one round to the next.
    #[schemars(extend("xsoar" = {"hidden": true}))]
    pub(crate) progress: Option<Json>,
    /// The seconds that the earlier rounds took. XSOAR passes it on from one round to the next.
    #[schemars(extend("xsoar" = {"hidden": true}))]
    pub(crate) seconds_so_far: Option<i64>,
    /// Whether AWS refused a call of an earlier round. XSOAR passes it on from one round to the next.
    #[schemars(extend("xsoar" = {"hidden": true}))]
    #[serde(default)]
    pub(crate) denied_so_far: bool,
}

impl Polling {
    /// Whether the work is done in rounds where XSOAR can ask for them.
    pub(crate) fn is_wanted(&self) -> bool {
        self.polling != Some(false)
    }

    /// How many seconds the whole work may take.
    pub(crate) fn whole_time(&self) -> WholeTime {
        let usual = if self.is_wanted() { WholeTime::default() } else { WholeTime::OF_SCRIPTS };
        self.timeout_in_seconds.unwrap_or(usual)
    }
}

/// How long a round may last, and whether it waits for what AWS is still working on.
#[derive(Debug, Clone)]
pub(crate) struct Patience {
    begun: Instant,
    /// Nothing new is begun after this.
    until: Instant,
    waits: bool,
    pauses: Cell<u32>,
}

/// The most that a round lasts where the next one is scheduled: XSOAR ends commands after a few minutes.
const ROUND: Duration = Duration::from_secs(60);

impl Patience {
    /// A round of work that is scheduled lasts a while and does not wait; else there is one round.
    pub(crate) fn new(scheduled: bool, whole: Duration) -> Self {
        let begun = Instant::now();
        let until = begun + if scheduled { whole.min(ROUND) } else { whole };
        Self { begun, until, waits: !scheduled, pauses: Cell::new(0) }
    }

    /// Whether there may be another round.
    pub(crate) fn is_scheduled(&self) -> bool {
        !self.waits
    }

    pub(crate) fn is_over(&self) -> bool {
        Instant::now() >= self.until
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    /// How long to pause before AWS is asked again, a little longer each time; nothing when this round shall end.
    pub(crate) fn pause(&self) -> Option<Duration> {
        let left = self.until.saturating_duration_since(Instant::now());
        if !self.waits || left.is_zero() {
            return None;
        }
        let pauses = self.pauses.get();
        self.pauses.set(pauses + 1);
        let next = Duration::from_millis(500) * (pauses + 1);
        Some(next.min(Duration::from_secs(5)).min(left))
    }
}

/// What a round left.
#[derive(Debug)]
pub(crate) struct Rest {
    /// What the next round goes on from.
    pub(crate) progress: Value,
    /// How many things are not finished.
    pub(crate) remaining: usize,
}

/// When XSOAR is to call a command again, and with what.
#[derive(Debug)]
pub(crate) struct Schedule {
    pub(crate) command: &'static str,
    pub(crate) arguments: Arguments,
    pub(crate) next_run: u32,
    pub(crate) timeout: u32,
    pub(crate) remaining: usize,
}

impl Schedule {
    /// The argument that holds what a round left. The others are as the caller gave them, or numbers.
    pub(crate) const PROGRESS: &str = "progress";

    /// Masks what this program and AWS said: the progress, and names that are no argument's.
    pub(super) fn mask(&mut self, masker: JsonMasker<'_>) {
        let arguments = std::mem::take(&mut self.arguments);
        self.arguments = arguments
            .into_iter()
            .map(|(name, value)| {
                let shown = if name == Self::PROGRESS { masker.json(&value.to_string()) } else { Ok(None) };
                let shown = match shown {
                    Ok(None) => value,
                    Ok(Some(json)) => serde_json::from_str(&json).unwrap_or_default(),
                    Err(_) => Value::Null,
                };
                (masker.name(&name).into_owned(), shown)
            })
            .collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xsoar_asks_again_after_ten_seconds_and_work_lasts_one_at_least() {
        let numbers = [i64::MIN, -1, 0, 1, 9, 10, 600, i64::from(u32::MAX), i64::from(u32::MAX) + 1];
        let intervals = numbers.map(|number| Interval::try_from(number).ok().map(|interval| interval.0));
        assert_eq!(intervals, [None, None, None, None, None, Some(10), Some(600), Some(u32::MAX), None]);
        let times = numbers.map(|number| WholeTime::try_from(number).ok().map(|time| time.0));
        assert_eq!(times, [None, None, None, Some(1), Some(9), Some(10), Some(600), Some(u32::MAX), None]);
    }

    #[test]
    fn script_without_a_timeout_waits_for_two_minutes() {
        let polling = |args: &str| serde_json::from_str::<Polling>(args).unwrap();
        for (args, is_wanted, seconds) in [
            ("{}", true, 600),
            (r#"{"polling": true}"#, true, 600),
            (r#"{"polling": false}"#, false, 120),
            (r#"{"polling": false, "timeout_in_seconds": 30}"#, false, 30),
            (r#"{"polling": false, "timeout_in_seconds": 900}"#, false, 900),
        ] {
            let polling = polling(args);
            assert_eq!((polling.is_wanted(), polling.whole_time()), (is_wanted, WholeTime(seconds)), "{args}");
        }
    }

    #[test]
    fn a_round_that_is_scheduled_ends_after_a_minute_and_one_that_waits_when_all_has_to() {
        let lasts = |patience: Patience| patience.until - patience.begun;
        let minutes = |number: u64| Duration::from_secs(60 * number);
        assert_eq!(lasts(Patience::new(true, minutes(10))), minutes(1));
        assert_eq!(lasts(Patience::new(true, Duration::from_secs(5))), Duration::from_secs(5));
        assert_eq!(lasts(Patience::new(false, minutes(10))), minutes(10));
        assert!(Patience::new(true, minutes(1)).is_scheduled() && !Patience::new(false, minutes(1)).is_scheduled());
        let patience = Patience::new(true, minutes(1));
        std::thread::sleep(Duration::from_millis(5));
        assert!(!patience.is_over() && patience.elapsed() >= Duration::from_millis(5));
    }

    #[test]
    fn who_is_scheduled_does_not_pause_and_who_waits_pauses_longer_each_time() {
        assert_eq!(Patience::new(true, Duration::from_secs(600)).pause(), None);
        let waits = Patience::new(false, Duration::from_secs(600));
        let pauses: Vec<_> = (0..12).filter_map(|_| waits.pause()).map(|pause| pause.as_millis()).collect();
        assert_eq!((pauses[0], pauses[1], pauses[11]), (500, 1000, 5000));
        let over = Patience::new(false, Duration::ZERO);
        assert!(over.is_over() && over.pause().is_none());
    }
}
