//! A setting: how it is written, and what it sets.

use std::{fmt, time::Duration};

use serde::Deserialize;

use super::{duration::parse_duration, fault::parse_fault};
use crate::scenario::{CallerLocation, DirectorySource, Fault, Scenario, Throttling};

/// The rate limit that AWS documents for each operation of Identity Store, and for all of sso-admin together.
const CALLS_A_SECOND: u32 = 20;

/// A setting of a scenario, such as `throttling` or `latency=200ms`. `docs/sandbox.md` lists them.
#[derive(Clone, Debug)]
pub struct Setting {
    text: String,
    effect: Effect,
}

/// Why a text is no setting.
#[derive(Debug, thiserror::Error)]
#[error("the scenario has no setting {text:?}: {reason}")]
pub struct SettingError {
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

/// The value that a setting takes.
enum Kind {
    Flag(fn(&mut Scenario)),
    /// A number from one on. A setting with a default may have none.
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
    ("external-idp", Kind::Flag(|scenario| scenario.source = DirectorySource::ExternalIdp)),
    ("legacy-ad", Kind::Flag(|scenario| scenario.source = DirectorySource::LegacyAd)),
    ("account-instance", Kind::Flag(|scenario| scenario.caller_location = CallerLocation::AccountInstance)),
    ("member-account", Kind::Flag(|scenario| scenario.caller_location = CallerLocation::MemberAccount)),
    ("secondary-region", Kind::Flag(|scenario| scenario.caller_location = CallerLocation::SecondaryRegion)),
    ("ignore-case", Kind::Flag(|scenario| scenario.undocumented.ignore_case = true)),
    (KEEP_MEMBERSHIPS, Kind::Flag(|scenario| scenario.undocumented.keep_memberships = true)),
    (DELETE_ORPHANS, Kind::Flag(|scenario| scenario.undocumented.delete_orphans = true)),
    ("delete-missing", Kind::Flag(|scenario| scenario.undocumented.delete_missing = true)),
    ("fixed-user-name", Kind::Flag(|scenario| scenario.undocumented.fixed_user_name = true)),
    ("partial-updates", Kind::Flag(|scenario| scenario.undocumented.partial_updates = true)),
    ("group-rows", Kind::Flag(|scenario| scenario.undocumented.group_rows = true)),
    ("page-size", Kind::Count(|scenario, size| scenario.undocumented.page_size = usize::try_from(size).ok(), None)),
    ("token-lifetime", Kind::Time(|scenario, time| scenario.undocumented.token_lifetime = Some(time))),
    ("assignment-time", Kind::Time(|scenario, time| scenario.undocumented.assignment_time = Some(time))),
];

/// The settings that decide which records of the file are valid or change by themselves. They have to stand in the file.
const KEEP_MEMBERSHIPS: &str = "keep-memberships";
const DELETE_ORPHANS: &str = "delete-orphans";

fn throttle(scenario: &mut Scenario, calls_per_second: u32, says_when: bool) {
    scenario.throttling = Some(Throttling { calls_per_second, says_when });
}

impl Setting {
    /// Adds the setting to a scenario.
    pub(crate) fn add_to(&self, scenario: &mut Scenario) {
        scenario.written.push(self.to_string());
        match &self.effect {
            Effect::Flag(set) => set(scenario),
            Effect::Count(set, count) => set(scenario, *count),
            Effect::Time(set, time) => set(scenario, *time),
            Effect::Fault(fault) => scenario.faults.push(fault.clone()),
        }
    }

    /// Reads a setting that holds for one process.
    ///
    /// # Errors
    ///
    /// Fails if there is no such setting, if its value is wrong, or if it works only in the file.
    pub fn for_process(text: &str) -> Result<Self, SettingError> {
        let setting = Self::for_file(text)?;
        if [KEEP_MEMBERSHIPS, DELETE_ORPHANS].contains(&setting.text.as_str()) {
            let reason = "it decides which records the file holds: write it into the file's \"scenario\"";
            return Err(SettingError { text: setting.text, reason: reason.to_owned() });
        }
        Ok(setting)
    }

    /// Reads a setting of a file.
    pub(crate) fn for_file(text: &str) -> Result<Self, SettingError> {
        let error = |reason: &str| SettingError { text: text.to_owned(), reason: reason.to_owned() };
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (text, None),
        };
        let Some((_, kind)) = SETTINGS.iter().find(|(known, _)| *known == name) else {
            let names: Vec<_> = SETTINGS.iter().map(|(name, _)| *name).collect();
            return Err(error(&format!("there are {}", names.join(", "))));
        };
        let effect = match (kind, value) {
            (Kind::Flag(set), None) => Effect::Flag(*set),
            (Kind::Flag(_), Some(_)) => return Err(error("it takes no value")),
            (Kind::Count(set, Some(default)), None) => Effect::Count(*set, *default),
            (Kind::Count(set, _), value) => {
                let count = value.and_then(|value| value.parse().ok()).filter(|count| *count > 0);
                Effect::Count(*set, count.ok_or_else(|| error("it takes a number from 1 on, such as page-size=50"))?)
            }
            (Kind::Time(set), value) => {
                let time = value
                    .and_then(parse_duration)
                    .ok_or_else(|| error("it takes a time, such as latency=250ms or 2s"))?;
                Effect::Time(*set, time)
            }
            (Kind::Fault, value) => {
                Effect::Fault(parse_fault(value.unwrap_or_default()).map_err(|reason| error(&reason))?)
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

/// The scenario of a file.
#[derive(Debug, Default, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub(crate) struct Settings(Scenario);

impl TryFrom<Vec<String>> for Settings {
    type Error = SettingError;

    fn try_from(written: Vec<String>) -> Result<Self, Self::Error> {
        let mut scenario = Scenario::default();
        for setting in &written {
            Setting::for_file(setting)?.add_to(&mut scenario);
        }
        Ok(Self(scenario))
    }
}

impl From<Settings> for Scenario {
    fn from(settings: Settings) -> Self {
        settings.0
    }
}
