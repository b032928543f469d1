//! Commands that may take long: they are carried on in rounds, or waited for.

use std::time::Duration;

use schemars::{JsonSchema, SchemaGenerator};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Prepared, Route};
use crate::directory::Directory;
use crate::values::arguments::{ArgumentError, Arguments, Problem, decode, shortened};
use crate::values::error::Error;
use crate::values::kinds::Json;
use crate::values::long_work::{Interval, Patience, Polling, Rest, Schedule, WholeTime};
use crate::values::markdown::Markdown;
use crate::values::output::Output;
use crate::values::report::Report;
use crate::values::request::Request;
use crate::values::settings::ConnectionArguments;

/// A command of XSOAR that may take long.
pub(crate) trait LongCommand: DeserializeOwned + JsonSchema + 'static {
    /// The full name.
    const NAME: &'static str;
    /// Whether XSOAR warns that it is potentially harmful: it takes something away, or gives it back (XSOAR: `execution`).
    const HARMFUL: bool = false;
    /// The operations that it may call.
    const CALLS: &'static [&'static str];
    /// What it puts into the context.
    type Output: Output;
    /// What one round leaves for the next.
    type Progress: DeserializeOwned + 'static;

    /// Does it, or goes on with it, as far as the patience reaches.
    async fn run(
        self,
        directory: &Directory,
        progress: Option<Self::Progress>,
        patience: &Patience,
    ) -> Result<Report<Self::Output>, Error>;
}

/// The arguments of a call: the command's own, those of long work, and those that every command takes.
#[derive(Deserialize, JsonSchema)]
struct LongCall<C> {
    own: Own<C>,
    connection: ConnectionArguments,
}

#[derive(Deserialize, JsonSchema)]
struct Own<C> {
    command: C,
    polling: Polling,
}

impl Route {
    pub(crate) const fn long<C: LongCommand>() -> Self {
        Self {
            name: C::NAME,
            harmful: C::HARMFUL,
            polling: true,
            calls: C::CALLS,
            prepare: prepare::<C>,
            arguments: |generator: &mut SchemaGenerator| {
                let mut schema = Own::<C>::json_schema(generator);
                let described = C::json_schema(generator);
                if let Some(description) = described.get("description") {
                    schema.insert("description".to_owned(), description.clone());
                }
                schema
            },
            outputs: C::Output::declare,
        }
    }
}

/// What is the same in every round.
struct Rounds {
    command: &'static str,
    /// Whether XSOAR can be asked to call again.
    can_be_scheduled: bool,
    interval: Interval,
    whole: WholeTime,
    so_far: Duration,
    /// Whether AWS refused a call of an earlier round to these credentials.
    denied_so_far: bool,
    arguments: Arguments,
}

fn prepare<C: LongCommand>(request: &Request) -> Result<Prepared, ArgumentError> {
    let LongCall { own: Own { command, polling }, connection } = decode::<LongCall<C>>(&request.args)?;
    let (can_be_scheduled, whole) = (request.integration && polling.is_wanted(), polling.whole_time());
    let progress = polling.progress.map(|given| serde_json::from_value(given.0)).transpose().map_err(|error| {
        ArgumentError::from(Problem::Custom(format!(
            "is not what an earlier round left: {}",
            shortened(&error.to_string())
        )))
        .at(Schedule::PROGRESS)
    })?;
    let rounds = Rounds {
        command: C::NAME,
        can_be_scheduled,
        whole,
        interval: polling.interval_in_seconds.unwrap_or_default(),
        so_far: Duration::from_secs(polling.seconds_so_far.unwrap_or_default().try_into().unwrap_or_default()),
        denied_so_far: polling.denied_so_far,
        arguments: request.args.clone(),
    };
    Ok(Prepared {
        connection,
        run: Box::new(|reached, layout| {
            Box::pin(async move {
                let patience = rounds.patience();
                let (done, directory) = match reached {
                    Ok(directory) => (command.run(directory, progress, &patience).await, Some(directory)),
                    Err(error) => (Err(error), None),
                };
                match (done, rounds.earlier()) {
                    (Ok(report), _) => {
                        let is_stopped = directory.is_some_and(Directory::is_stopped);
                        Ok(rounds.carried_on(report, &patience, is_stopped).entries(C::NAME, C::CALLS, layout))
                    }
                    // What an earlier round left is not lost because this one could not even begin.
                    (Err(error), Some(progress)) if error.is_of_the_moment() && rounds.has_another(&patience) => {
                        let text = Markdown::heading("This round could not go on, and the next one tries again")
                            .paragraph(error.to_string());
                        let rest = Rest { progress: progress.clone(), remaining: 1 };
                        let report = Report::new(text, progress, ()).leaving(Some(rest));
                        Ok(rounds.carried_on(report, &patience, false).entries(C::NAME, C::CALLS, layout))
                    }
                    (Err(error), _) => Err(error),
                }
            })
        }),
    })
}

impl Rounds {
    fn patience(&self) -> Patience {
        let whole = Duration::from_secs(self.whole.0.into());
        Patience::new(self.can_be_scheduled, whole.saturating_sub(self.so_far))
    }

    /// What an earlier round left.
    fn earlier(&self) -> Option<Value> {
        let given = self.arguments.get(Schedule::PROGRESS).cloned()?;
        Json::try_from(given).ok().map(|json| json.0)
    }

    /// How long all rounds have taken when the next one begins.
    fn spent(&self, patience: &Patience) -> Duration {
        self.so_far + patience.elapsed() + Duration::from_secs(self.interval.0.into())
    }

    /// Whether there is time for another round.
    fn has_another(&self, patience: &Patience) -> bool {
        self.can_be_scheduled && self.spent(patience) < Duration::from_secs(self.whole.0.into())
    }

    /// The report, with a further round if there is anything left to do and time to do it.
    fn carried_on<O: Output>(self, report: Report<O>, patience: &Patience, is_stopped: bool) -> Report<O> {
        let mut report = report.denied(self.denied_so_far);
        let Some(rest) = report.take_rest() else { return report };
        if !self.has_another(patience) {
            let unfinished = Error::Unfinished { remaining: rest.remaining, seconds: self.whole.0 };
            return report.ended_by(Some(if is_stopped { Error::Interrupted } else { unfinished }));
        }
        let spent = self.spent(patience);
        let mut arguments = self.arguments;
        arguments.insert(Schedule::PROGRESS.to_owned(), rest.progress);
        arguments.insert("seconds_so_far".to_owned(), spent.as_secs().into());
        if report.is_denied() {
            arguments.insert("denied_so_far".to_owned(), true.into());
        }
        report.scheduled(Schedule {
            command: self.command,
            arguments,
            next_run: self.interval.0,
            timeout: self.whole.0,
            remaining: rest.remaining,
        })
    }
}
