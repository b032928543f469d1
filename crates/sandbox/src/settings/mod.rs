//! The settings of a scenario: how each is written, and what it does.

mod fault;
#[cfg(test)]
mod tests;

use std::{fmt, str::FromStr, time::Duration};

use serde::Deserialize;

use super::scenario::{Fault, Place, Scenario, Source, Throttling};

/// What AWS documents for each operation of Identity Store, and for all of sso-admin together.
const CALLS_A_SECOND: u32 = 20;

/// A setting that was understood.
#[derive(Clone, Debug)]
pub struct Setting {
    text: String,
    effect: Effect,
}

/// A setting that was not understood.
#[derive(Debug, thiserror::Error)]
#[error("the scenario has no setting {text:?}: {reason}")]
pub struct Unclear {
    text: String,
    reason: String,
}

#[derive(Clone, Debug)]
enum Effect {
    Flag(fn(&mut Scenario)),
    Count(fn(&mut Scenario, u32), u32),
    Time(fn(&mut Scenario, Duration), Duration),
    Fault(Fault),
}

/// How a setting's value is read.
enum Kind {
    Flag(fn(&mut Scenario)),
    /// A number from one on; without one, the default if there is any.
    Count(fn(&mut Scenario, u32), Option<u32>),
    /// A time, such as `250ms` or `2s`.
    Time(fn(&mut Scenario, Duration)),
    Fault,
}

/// All settings, in the order of docs/sandbox.md.
#[rustfmt::skip]
const SETTINGS: &[(&str, Kind)] = &[
    ("throttling", Kind::Count(|scenario, calls| throttle(scenario, calls, true), Some(CALLS_A_SECOND))),
    ("throttling-silent", Kind::Count(|scenario, calls| throttle(scenario, calls, false), Some(CALLS_A_SECOND))),
    ("latency", Kind::Time(|scenario, time| scenario.latency = time)),
    ("fault", Kind::Fault),
    ("short-pages", Kind::Count(|scenario, most| scenario.short_pages = usize::try_from(most).ok(), Some(3))),
    ("signatures", Kind::Flag(|scenario| scenario.signatures = true)),
    ("classic", Kind::Flag(|scenario| scenario.classic = true)),
    ("external-idp", Kind::Flag(|scenario| scenario.source = Source::ExternalIdp)),
    ("legacy-ad", Kind::Flag(|scenario| scenario.source = Source::LegacyAd)),
    ("account-instance", Kind::Flag(|scenario| scenario.place = Place::AccountInstance)),
    ("member-account", Kind::Flag(|scenario| scenario.place = Place::MemberAccount)),
    ("secondary-region", Kind::Flag(|scenario| scenario.place = Place::SecondaryRegion)),
    ("ignore-case", Kind::Flag(|scenario| scenario.unknown.ignore_case = true)),
    (KEEP_MEMBERSHIPS, Kind::Flag(|scenario| scenario.unknown.keep_memberships = true)),
    (DELETE_ORPHANS, Kind::Flag(|scenario| scenario.unknown.delete_orphans = true)),
    ("delete-missing", Kind::Flag(|scenario| scenario.unknown.delete_missing = true)),
    ("fixed-user-name", Kind::Flag(|scenario| scenario.unknown.fixed_user_name = true)),
    ("partial-updates", Kind::Flag(|scenario| scenario.unknown.partial_updates = true)),
    ("group-rows", Kind::Flag(|scenario| scenario.unknown.group_rows = true)),
    ("page-size", Kind::Count(|scenario, size| scenario.unknown.page_size = usize::try_from(size).ok(), None)),
    ("token-lifetime", Kind::Time(|scenario, time| scenario.unknown.token_lifetime = Some(time))),
    ("assignment-time", Kind::Time(|scenario, time| scenario.unknown.assignment_time = Some(time))),
];

/// The settings that decide what becomes of the file's records by themselves, and so have to stand in it.
const KEEP_MEMBERSHIPS: &str = "keep-memberships";
const DELETE_ORPHANS: &str = "delete-orphans";

fn throttle(scenario: &mut Scenario, a_second: u32, says_when: bool) {
    scenario.throttling = Some(Throttling { a_second, says_when });
}

impl Setting {
    /// Adds the setting to a scenario.
    pub(super) fn add_to(&self, scenario: &mut Scenario) {
        scenario.written.push(self.to_string());
        match &self.effect {
            Effect::Flag(set) => set(scenario),
            Effect::Count(set, count) => set(scenario, *count),
            Effect::Time(set, time) => set(scenario, *time),
            Effect::Fault(fault) => scenario.faults.push(fault.clone()),
        }
    }

    /// Reads a setting of the command line, where those that belong into the file have no place.
    ///
    /// # Errors
    ///
    /// Fails if there is no such setting, if its value is wrong, or if it works only in the file.
    pub fn of_command_line(text: &str) -> Result<Self, Unclear> {
        let setting: Self = text.parse()?;
        if [KEEP_MEMBERSHIPS, DELETE_ORPHANS].contains(&setting.text.as_str()) {
            let reason = "it decides what becomes of the file's records: write it into the file's \"scenario\"";
            return Err(Unclear { text: setting.text, reason: reason.to_owned() });
        }
        Ok(setting)
    }
}

impl FromStr for Setting {
    type Err = Unclear;

    fn from_str(text: &str) -> Result<Self, Unclear> {
        let unclear = |reason: &str| Unclear { text: text.to_owned(), reason: reason.to_owned() };
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (text, None),
        };
        let Some((_, kind)) = SETTINGS.iter().find(|(known, _)| *known == name) else {
            let names: Vec<_> = SETTINGS.iter().map(|(name, _)| *name).collect();
            return Err(unclear(&format!("there are {}", names.join(", "))));
        };
        let effect = match (kind, value) {
            (Kind::Flag(set), None) => Effect::Flag(*set),
            (Kind::Flag(_), Some(_)) => return Err(unclear("it takes no value")),
            (Kind::Count(set, Some(default)), None) => Effect::Count(*set, *default),
            (Kind::Count(set, _), value) => {
                let count = value.and_then(|value| value.parse().ok()).filter(|count| *count > 0);
                Effect::Count(*set, count.ok_or_else(|| unclear("it takes a number from 1 on, such as page-size=50"))?)
            }
            (Kind::Time(set), value) => {
                let time =
                    value.and_then(time).ok_or_else(|| unclear("it takes a time, such as latency=250ms or 2s"))?;
                Effect::Time(*set, time)
            }
            (Kind::Fault, value) => {
                Effect::Fault(fault::parse(value.unwrap_or_default()).map_err(|reason| unclear(&reason))?)
            }
        };
        Ok(Self { text: text.to_owned(), effect })
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// The settings of a file, in their order.
#[derive(Debug, Default, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub(super) struct Settings(Scenario);

impl TryFrom<Vec<String>> for Settings {
    type Error = Unclear;

    fn try_from(written: Vec<String>) -> Result<Self, Self::Error> {
        let mut scenario = Scenario::default();
        for setting in &written {
            setting.parse::<Setting>()?.add_to(&mut scenario);
        }
        Ok(Self(scenario))
    }
}

impl From<Settings> for Scenario {
    fn from(settings: Settings) -> Self {
        settings.0
    }
}

/// `250ms` or `2s`, an hour at most.
fn time(text: &str) -> Option<Duration> {
    let time = match text.strip_suffix("ms") {
        Some(number) => Duration::from_millis(number.parse().ok()?),
        None => Duration::from_secs(text.strip_suffix('s')?.parse().ok()?),
    };
    (time <= Duration::from_secs(3600)).then_some(time)
}
