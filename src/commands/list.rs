//! Commands that list all there is, however much that is: of each item only what the answer holds of it is kept.

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Call, Prepared, Route, shown};
use crate::directory::{Directory, End};
use crate::values::arguments::{ArgumentError, decode};
use crate::values::context::Layout;
use crate::values::entry::Payload;
use crate::values::error::Error;
use crate::values::markdown::{Column, Table};
use crate::values::output::{Collect, Output};
use crate::values::report::Report;
use crate::values::request::Request;

/// A command of XSOAR that lists.
pub(crate) trait ListCommand: DeserializeOwned + JsonSchema + 'static {
    /// The full name.
    const NAME: &'static str;
    /// The operations that it may call.
    const CALLS: &'static [&'static str];
    /// What stands above the table.
    const TITLE: &'static str;
    /// What the table shows of an item.
    const COLUMNS: &'static [Column<Self::Item>];
    /// What is listed; as it is, it is the contents of the answer.
    type Item: Serialize;
    /// What it puts into the context of the items.
    type Rows: Collect<Self::Item>;
    /// What it puts into the context of where the list goes on.
    type Token: Output;

    /// Finds the items.
    async fn run(self, directory: &Directory, found: &mut impl Extend<Self::Item>) -> Result<Ended, Error>;

    /// Where the list goes on, for the context.
    fn token(token: Option<String>) -> Self::Token;
}

/// How a list ended, and what a person should know of it.
pub(crate) struct Ended {
    pub(crate) end: End,
    pub(crate) warning: Option<String>,
}

impl Route {
    pub(crate) const fn list<C: ListCommand>() -> Self {
        Self {
            name: C::NAME,
            harmful: false,
            polling: false,
            calls: C::CALLS,
            prepare: prepare::<C>,
            arguments: C::json_schema,
            outputs: <(C::Rows, C::Token)>::declare,
        }
    }
}

fn prepare<C: ListCommand>(request: &Request) -> Result<Prepared, ArgumentError> {
    let Call { command, connection } = decode::<Call<C>>(&request.args)?;
    Ok(Prepared {
        connection,
        run: Box::new(|reached, layout| {
            Box::pin(async move {
                let directory = reached?;
                let mut answer = Answer::<C>::begun(layout);
                let ended = command.run(directory, &mut answer).await?;
                Ok(answer.report(ended).entries(C::NAME, C::CALLS, layout))
            })
        }),
    })
}

/// What the answer holds of the items that were found.
struct Answer<C: ListCommand> {
    layout: Layout,
    contents: Vec<Payload>,
    rows: C::Rows,
    table: Table,
}

impl<C: ListCommand> Answer<C> {
    fn begun(layout: Layout) -> Self {
        let table = Table::first_of_none(C::TITLE, C::COLUMNS, "context");
        Self { layout, contents: Vec::new(), rows: C::Rows::empty(), table }
    }

    fn report(self, ended: Ended) -> Report<(C::Rows, C::Token)> {
        let Ended { end: End { next_token, ended_by }, warning } = ended;
        let human_readable = shown::to_be_continued(self.table, next_token.as_deref());
        let report = Report::made(human_readable, Payload::List(self.contents), (self.rows, C::token(next_token)));
        report.warn(warning).ended_by(ended_by)
    }
}

impl<C: ListCommand> Extend<C::Item> for Answer<C> {
    fn extend<I: IntoIterator<Item = C::Item>>(&mut self, items: I) {
        for item in items {
            self.contents.push(Payload::of(&item));
            self.rows.add(&item, self.layout);
            self.table.add(C::COLUMNS, &item);
        }
    }
}
