//! The faults of a step: which requests meet them, and what became of each request.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::network::aws::{self, Spelling};
use crate::network::fault::Fault;
use crate::network::request::Request;

/// A fault, and the requests of a step that meet it.
#[derive(Debug, Clone)]
pub struct Planned {
    pub on: On,
    /// How many such requests are spared before.
    pub from: usize,
    pub times: usize,
    pub kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    Any,
    Reading,
    Changing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Throttled,
    Denied,
    Conflict,
    /// AWS fails before it has done anything.
    Internal,
    /// AWS fails after it has done what was asked for.
    InternalAfter,
    /// A proxy answers instead.
    BadGateway,
    /// A proxy answers after AWS has done it.
    BadGatewayAfter,
    Reset,
    Close,
    /// It is done, and the connection closed.
    Lost,
    /// It is done, and the answer breaks off.
    Truncated,
    /// It is done, and answered a little later.
    Late,
    Stalled,
    /// It is done, and never answered.
    LostAndStalled,
}

impl Kind {
    pub const QUICK: [Self; 12] = [
        Self::Throttled,
        Self::Denied,
        Self::Conflict,
        Self::Internal,
        Self::InternalAfter,
        Self::BadGateway,
        Self::BadGatewayAfter,
        Self::Reset,
        Self::Close,
        Self::Lost,
        Self::Truncated,
        Self::Late,
    ];
    pub const SLOW: [Self; 2] = [Self::Stalled, Self::LostAndStalled];

    /// Whether AWS said what became of the request: else nobody knows, whatever became of it.
    fn is_answer(self) -> bool {
        matches!(self, Self::Throttled | Self::Denied | Self::Conflict | Self::Late)
    }

    fn fault(self) -> Option<Fault> {
        let error = |code| aws::error(code, Spelling::ALL[0], &json!({}));
        Some(match self {
            Self::Throttled => Fault::Say(error("ThrottlingException")),
            Self::Denied => Fault::Say(error("AccessDeniedException")),
            Self::Conflict => Fault::Say(error("ConflictException")),
            Self::Internal => Fault::Say(error("InternalServerException")),
            Self::InternalAfter => Fault::DoAndSay(error("InternalServerException")),
            Self::BadGateway => Fault::Say(aws::html(502)),
            Self::BadGatewayAfter => Fault::DoAndSay(aws::html(502)),
            Self::Reset => Fault::Reset,
            Self::Close => Fault::Close,
            Self::Lost => Fault::Lost,
            Self::Truncated => Fault::Truncate,
            Self::Late => return None,
            Self::Stalled => Fault::Stall,
            Self::LostAndStalled => Fault::LostAndStalled,
        })
    }
}

/// What goes wrong in the step that is under way, and what went wrong so far.
#[derive(Clone, Default)]
pub struct Faults(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    planned: Vec<(Planned, usize)>,
    met: Vec<(String, Value, Kind)>,
    changing: usize,
}

impl Faults {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a step.
    pub fn plan(&self, planned: &[Planned]) {
        *self.state() =
            State { planned: planned.iter().map(|planned| (planned.clone(), 0)).collect(), ..State::default() };
    }

    /// What this request meets.
    pub fn of(&self, request: &Request) -> Option<Fault> {
        let operation = request.operation();
        let changes = ["Create", "Update", "Delete"].iter().any(|verb| operation.starts_with(verb));
        let kind = {
            let mut state = self.state();
            state.changing += usize::from(changes);
            let mut met = None;
            for (planned, seen) in &mut state.planned {
                let is_meant = match planned.on {
                    On::Any => true,
                    On::Reading => !changes,
                    On::Changing => changes,
                };
                if is_meant {
                    *seen += 1;
                    let hit = (planned.from + 1..=planned.from + planned.times).contains(seen);
                    met = met.or(hit.then_some(planned.kind));
                }
            }
            let kind = met?;
            let body = serde_json::from_slice(&request.body).unwrap_or_default();
            state.met.push((operation, body, kind));
            kind
        };
        if kind == Kind::Late {
            thread::sleep(Duration::from_millis(30));
        }
        kind.fault()
    }

    /// Whether anything went wrong in this step.
    pub fn any(&self) -> bool {
        !self.state().met.is_empty()
    }

    /// How many requests wanted to change something.
    pub fn changing(&self) -> usize {
        self.state().changing
    }

    /// Whether an answer to a change was lost, of all or of those with this membership.
    pub fn lost(&self, membership: Option<&str>) -> bool {
        self.state().met.iter().any(|(operation, body, kind)| {
            let changes = ["Create", "Update", "Delete"].iter().any(|verb| operation.starts_with(verb));
            let is_meant = membership.is_none_or(|id| body["MembershipId"] == id);
            changes && is_meant && !kind.is_answer()
        })
    }
}
