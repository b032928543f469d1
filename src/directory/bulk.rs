//! The same change to many things, several at once.

use futures_util::StreamExt;
use futures_util::stream;

use super::Directory;
use crate::values::error::Error;

/// How many calls of a bulk change are under way at once. AWS allows 20 a second for each operation, which this many
/// use up at a latency of 0.8 seconds.
const AT_ONCE: usize = 16;

impl Directory {
    /// Changes each item, and says of each what became of it, in their order. After an interruption no further item is
    /// begun, and those have not been changed.
    pub(crate) async fn change_each<T, R>(
        &self,
        items: impl IntoIterator<Item = T>,
        change: impl AsyncFn(&T) -> Result<R, Error>,
    ) -> Vec<(T, Result<R, Error>)> {
        let change = &change;
        let changes = items.into_iter().map(async |item| {
            let outcome = if self.stop.is_requested() { Err(Error::Interrupted) } else { change(&item).await };
            (item, outcome)
        });
        stream::iter(changes).buffered(AT_ONCE).collect().await
    }
}
