//! The directories that were used last, so that a long-lived process pays for credentials and connections once.

use std::rc::Rc;

use crate::directory::Directory;
use crate::values::secret::Secrets;
use crate::values::settings::Settings;

/// A directory, and the secrets that were found on the way to it.
#[derive(Clone)]
pub(super) struct Connection {
    pub(super) directory: Rc<Directory>,
    pub(super) secrets: Secrets,
}

/// Connections by their settings, the last used at the end. A command gets the one whose settings are exactly its own.
#[derive(Default)]
pub(super) struct Connections(Vec<(Settings, Connection)>);

impl Connections {
    /// Instances of the integration on one host, with what their playbooks override. Each holds up to ten sockets.
    const KEPT: usize = 16;

    pub(super) fn find(&mut self, settings: &Settings) -> Option<Connection> {
        let place = self.0.iter().position(|(known, _)| known == settings)?;
        let found = self.0.remove(place);
        let connection = found.1.clone();
        self.0.push(found);
        Some(connection)
    }

    /// Keeps a connection; the one that was not used for longest goes.
    pub(super) fn keep(&mut self, settings: Settings, connection: Connection) {
        self.forget(&settings);
        if self.0.len() == Self::KEPT {
            self.0.remove(0);
        }
        self.0.push((settings, connection));
    }

    pub(super) fn forget(&mut self, settings: &Settings) {
        self.0.retain(|(known, _)| known != settings);
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}
