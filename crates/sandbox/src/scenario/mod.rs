//! What may be made of a sandbox that AWS can be and the sandbox usually is not: slow, full, faulty, of another kind.
//!
//! A scenario is a list of settings, each a word or a word with a value. They stand in the file, or are given to
//! `sandbox serve` for as long as it runs.

mod fault;
mod traffic;

use std::time::Duration;

use serde::Serialize;

pub(super) use fault::{Arrives, Course, Fault, What};
pub(super) use traffic::{Account, Traffic};

/// The settings of a sandbox, as a person wrote them and as they are used.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(into = "Vec<String>")]
pub(super) struct Scenario {
    pub(super) written: Vec<String>,
    /// How long each answer takes.
    pub(super) latency: Duration,
    pub(super) throttling: Option<Throttling>,
    pub(super) faults: Vec<Fault>,
    /// What a page holds at most, whatever was asked for.
    pub(super) short_pages: Option<usize>,
    /// Whether signatures are checked.
    pub(super) signatures: bool,
    /// Whether the service is the one before Revision and ARNs.
    pub(super) classic: bool,
    pub(super) source: Source,
    pub(super) place: Place,
    pub(super) unknown: Unknown,
}

/// How many calls an operation may get, or the operations of sso-admin together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Throttling {
    /// Calls a second; as many may come at once.
    pub(super) a_second: u32,
    /// Whether the refusal says how long to wait.
    pub(super) says_when: bool,
}

/// Where users and groups come from.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Source {
    /// They are made in the directory itself.
    #[default]
    IdentityCenter,
    /// An identity provider writes them by SCIM.
    ExternalIdp,
    /// They are synchronised from Active Directory in the way of the first years.
    LegacyAd,
}

/// From where the directory is called.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Place {
    /// The account that owns it, in its primary region.
    #[default]
    Owner,
    /// The account that owns it, and no organization: it has no permission sets.
    AccountInstance,
    /// Another account of the organization.
    MemberAccount,
    /// A region to which the instance was extended.
    SecondaryRegion,
}

/// What is not known about AWS. As long as it is not, both ways can be tried; the default is the first one told.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub(super) struct Unknown {
    /// Names and addresses are compared exactly, or without regard to letter case.
    pub(super) ignore_case: bool,
    /// Deleting a user or group takes its memberships along, or leaves them.
    pub(super) keep_memberships: bool,
    /// Deleting what is not there is refused, or succeeds.
    pub(super) delete_missing: bool,
    /// A request to delete the assignment of somebody who is gone fails, or succeeds.
    pub(super) delete_orphans: bool,
    /// `UpdateUser` may change the user name, or may not.
    pub(super) fixed_user_name: bool,
    /// An update happens as a whole or not at all, or up to the first operation that is refused.
    pub(super) partial_updates: bool,
    /// `ListAccountAssignmentsForPrincipal` gives a user's own assignments, or those of its groups too.
    pub(super) group_rows: bool,
    /// What a page holds when the request does not say: 100.
    pub(super) page_size: Option<usize>,
    /// How long a page token is good for: for ever.
    pub(super) token_lifetime: Option<Duration>,
    /// How long a change of an account assignment takes: a second.
    pub(super) assignment_time: Option<Duration>,
}

impl From<Scenario> for Vec<String> {
    fn from(scenario: Scenario) -> Self {
        scenario.written
    }
}
