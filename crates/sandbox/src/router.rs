//! Routes a request to what answers it. [`Sandbox::handle`] is the sandbox's one entrance.

use std::{sync::Arc, time::Duration};

use http::{HeaderMap, Request, Response, header::CONTENT_TYPE};
use serde_json::Value;

use super::{
    api_error::ApiError,
    classic,
    context::Call,
    error::SandboxError,
    json_protocol,
    operations::{Operation, Run, Service},
    place,
    query_protocol::{self, Form},
    sample::REGION,
    sandbox::Sandbox,
    scenario::{Account, Arrives, Course, Scenario},
    session::{Caller, SESSION_TOKEN},
    signature::{self, Scope},
    store::Directory,
    sts,
};

const FORM: &str = "application/x-www-form-urlencoded";

/// What becomes of a request.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) response: Response<Vec<u8>>,
    /// How long the caller waits for it.
    pub(super) delay: Duration,
    /// How much of it arrives.
    pub(super) arrives: Arrives,
}

impl Reply {
    /// A response that nothing happens to.
    pub(super) fn at_once(response: Response<Vec<u8>>) -> Self {
        Self { response, delay: Duration::ZERO, arrives: Arrives::Whole }
    }
}

impl Sandbox {
    /// Answers a request as AWS would. An error is the sandbox's own, about its file.
    pub(super) fn handle(&self, request: &Request<Vec<u8>>) -> Result<Reply, SandboxError> {
        let header = |name: &str| header(request.headers(), name);
        let scenario = self.scenario()?;
        let is_form = header(CONTENT_TYPE.as_str()).is_some_and(|media| media.starts_with(FORM));
        match header(json_protocol::TARGET) {
            None if is_form => self.query(request, &scenario),
            target => self.json(target.unwrap_or("none"), request, scenario),
        }
    }

    fn json(&self, target: &str, request: &Request<Vec<u8>>, scenario: Arc<Scenario>) -> Result<Reply, SandboxError> {
        let (service, operation) = json_protocol::route(target);
        let account = operation.as_ref().map_or(Account::UNKNOWN, |operation| service.account(operation));
        let mut course = self.course(account, &scenario);
        let result = match (self.refusal(service.signing_name, request, &scenario, &mut course)?, operation) {
            (Some(refusal), _) | (None, Err(refusal)) => Err(refusal),
            (None, Ok(_)) if course.arrives == Arrives::Nothing => Ok(Value::Null),
            (None, Ok(operation)) => self.run(service, operation, request, scenario)?,
        };
        let response = json_protocol::answer(service, result, self.inner.ambient.uuid());
        Ok(Reply { response, delay: course.delay, arrives: course.arrives })
    }

    /// Carries out an operation of a JSON service.
    fn run(
        &self,
        service: &'static Service,
        operation: &'static Operation,
        request: &Request<Vec<u8>>,
        scenario: Arc<Scenario>,
    ) -> Result<Result<Value, ApiError>, SandboxError> {
        let caller = Caller::of(header(request.headers(), SESSION_TOKEN)).arn;
        let is_classic = scenario.classic && !service.manages_access;
        let admitted = json_protocol::input(operation, request.body());
        let admitted = if is_classic { admitted.and_then(classic::admit) } else { admitted };
        let input = match admitted {
            Ok(input) => input,
            Err(error) => return Ok(Err(error)),
        };
        let call = Call { operation: operation.name, caller, ambient: self.inner.ambient, scenario };
        let refuse = |directory: &Directory| {
            let store = &directory.identity_store;
            place::refusal(&call.scenario, service, operation, &call.caller, store).map_or(Ok(()), Err)
        };
        let result = match operation.run {
            Run::Read(run) => self.read(|directory| refuse(directory).and_then(|()| run(directory, input, &call)))?,
            Run::Write(run) => {
                self.change(|directory| refuse(directory).and_then(|()| run(directory, input.clone(), &call)))?
            }
        };
        Ok(result.map(|answer| if is_classic { classic::answer(operation, answer) } else { answer }))
    }

    fn query(&self, request: &Request<Vec<u8>>, scenario: &Scenario) -> Result<Reply, SandboxError> {
        let ambient = &self.inner.ambient;
        let form = Form::parse(request.body());
        let action = form.get("Action").unwrap_or_default();
        let mut course = self.course(sts::named(action).map_or(Account::UNKNOWN, Account::of), scenario);
        let caller = Caller::of(header(request.headers(), SESSION_TOKEN));
        let result = match self.refusal("sts", request, scenario, &mut course)? {
            Some(refusal) => Err(refusal.into()),
            None => sts::run(&form, &caller, ambient),
        };
        let response = query_protocol::answer(action, result, &ambient.uuid());
        Ok(Reply { response, delay: course.delay, arrives: course.arrives })
    }

    fn course(&self, account: Account, scenario: &Scenario) -> Course {
        self.inner.traffic.admit(account, scenario, (self.inner.ambient.now)())
    }

    /// Why a request is refused before anybody looks at what it asks for.
    fn refusal(
        &self,
        service: &str,
        request: &Request<Vec<u8>>,
        scenario: &Scenario,
        course: &mut Course,
    ) -> Result<Option<ApiError>, SandboxError> {
        if scenario.signatures {
            let region = self.read(|directory| directory.identity_store.primary_region.clone())?;
            // STS has an endpoint for the whole world, too.
            let regions = [region.as_str(), if service == "sts" { REGION } else { &region }];
            let scope = Scope { service, regions: &regions };
            if let Err(refusal) = signature::check(request, &scope, (self.inner.ambient.now)()) {
                return Ok(Some(refusal));
            }
        }
        Ok(course.refusal.take())
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
