//! The settings of a scenario, as the operations read them.

use std::time::Duration;

use serde::Serialize;

use super::fault::{CallEffects, Fault};

/// The settings of a sandbox, as a person wrote them and as the operations use them.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(into = "Vec<String>")]
pub(crate) struct Scenario {
    /// The settings as they were written.
    pub(crate) written: Vec<String>,
    /// How long each response takes.
    pub(crate) latency: Duration,
    pub(crate) throttling: Option<Throttling>,
    pub(crate) faults: Vec<Fault>,
    /// The largest page, even if the request asks for more.
    pub(crate) short_pages: Option<usize>,
    /// Whether signatures are checked.
    pub(crate) signatures: bool,
    /// Whether the service is the one before `Revision` and ARNs.
    pub(crate) classic: bool,
    pub(crate) source: DirectorySource,
    pub(crate) caller_location: CallerLocation,
    pub(crate) undocumented: UndocumentedBehavior,
}

/// The rate limit of an operation, or of a service whose operations share one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Throttling {
    /// The calls per second, and the largest burst.
    pub(crate) calls_per_second: u32,
    /// Whether the refusal says how long to wait.
    pub(crate) says_when: bool,
}

/// Where users and groups come from.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum DirectorySource {
    /// Identity Center's own directory.
    #[default]
    IdentityCenter,
    /// An external identity provider, which writes them by SCIM.
    ExternalIdp,
    /// Active Directory, synchronized in the way of the first years.
    LegacyAd,
}

/// From where the directory is called.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum CallerLocation {
    /// The account that owns the directory, in its primary region.
    #[default]
    Owner,
    /// The account that owns the directory, without an organization. Such an instance has no permission sets.
    AccountInstance,
    /// Another account of the organization.
    MemberAccount,
    /// A region to which the instance was extended.
    SecondaryRegion,
}

/// Behavior that AWS does not document. Each question has two answers to try; the default is the first that is named.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub(crate) struct UndocumentedBehavior {
    /// Names and addresses are compared exactly, or without regard to letter case.
    pub(crate) ignore_case: bool,
    /// Deleting a user or group deletes its memberships, or keeps them.
    pub(crate) keep_memberships: bool,
    /// Deleting an object that does not exist is refused, or succeeds.
    pub(crate) delete_missing: bool,
    /// A request to delete the assignment of a deleted principal fails, or succeeds.
    pub(crate) delete_orphans: bool,
    /// `UpdateUser` may change the user name, or may not.
    pub(crate) fixed_user_name: bool,
    /// An update is all or nothing, or applies the operations before the one that is refused.
    pub(crate) partial_updates: bool,
    /// `ListAccountAssignmentsForPrincipal` returns a user's own assignments, or those of its groups too.
    pub(crate) group_rows: bool,
    /// The size of a page if the request names none: 100, or this.
    pub(crate) page_size: Option<usize>,
    /// How long a page token is valid: for ever, or this long.
    pub(crate) token_lifetime: Option<Duration>,
    /// How long a change of an account assignment takes: a second, or this long.
    pub(crate) assignment_time: Option<Duration>,
}

impl Scenario {
    /// Returns what the scenario does to this call of an operation.
    pub(crate) fn effects_on(&self, operation: &str, call: u64) -> CallEffects {
        let mut effects = CallEffects { delay: self.latency, ..CallEffects::default() };
        self.faults.iter().for_each(|fault| fault.apply(operation, call, &mut effects));
        effects
    }
}

impl From<Scenario> for Vec<String> {
    fn from(scenario: Scenario) -> Self {
        scenario.written
    }
}
