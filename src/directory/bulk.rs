//! The same call for many things, several at once.

use futures_util::StreamExt;
use futures_util::stream;

use super::Directory;
use crate::values::error::Error;

/// How many calls are under way at once: enough to reach AWS's 20 calls a second for an operation at a latency of half a
/// second, and few enough that not many are throttled before the first answer says so.
const AT_ONCE: usize = 10;

impl Directory {
    /// Does something for each item, and says of each what became of it, in their order. After an interruption no
    /// further item is begun.
    pub(super) async fn each<T, R>(
        &self,
        items: impl IntoIterator<Item = T>,
        call: impl AsyncFn(&T) -> Result<R, Error>,
    ) -> Vec<(T, Result<R, Error>)> {
        let call = &call;
        let items: Vec<T> = items.into_iter().collect();
        let total = items.len();
        let calls = items.into_iter().enumerate().map(async |(place, item)| {
            let outcome = if self.stop.is_requested() { Err(Error::Interrupted) } else { call(&item).await };
            (place, item, outcome)
        });
        // Whoever is slow holds nobody up.
        let mut running = stream::iter(calls).buffer_unordered(AT_ONCE);
        let mut done = Vec::new();
        while let Some(outcome) = running.next().await {
            done.push(outcome);
            if total > AT_ONCE {
                self.watch.at("", done.len(), Some(total));
            }
        }
        drop(running);
        done.sort_unstable_by_key(|(place, ..)| *place);
        done.into_iter().map(|(_, item, outcome)| (item, outcome)).collect()
    }
}
