//! The wish to end early: set by a signal, looked at before anything new is begun.

use std::sync::Arc;

use tokio::sync::watch;

/// Shared by everything that does long work. Once set, nothing new begins; what is under way ends.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stop(Arc<watch::Sender<bool>>);

impl Stop {
    pub(crate) fn request(&self) {
        self.0.send_replace(true);
    }

    pub(crate) fn is_requested(&self) -> bool {
        *self.0.borrow()
    }

    /// Ends when the wish is there.
    pub(crate) async fn requested(&self) {
        // It cannot fail: the sender lives as long as this does.
        let _ = self.0.subscribe().wait_for(|requested| *requested).await;
    }
}
