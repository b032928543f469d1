//! The way of a request through the sandbox. [`Sandbox::handle`] is its only entry.

use std::{sync::Arc, time::Duration};

use http::{HeaderMap, Request, Response, header::CONTENT_TYPE};
use serde_json::Value;

use crate::{
    api_error::ApiError,
    availability, classic,
    context::Call,
    error::SandboxError,
    protocol::{
        aws_json,
        aws_query::{self, Form},
    },
    sandbox::Sandbox,
    scenario::{CallCounter, CallEffects, Delivery, Scenario},
    services::{Handler, Operation, Service},
    session::{Caller, SESSION_TOKEN},
    signature::{self, Scope},
    store::Directory,
};

/// A response, and what the scenario does to it on its way.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) response: Response<Vec<u8>>,
    /// How long the caller waits for it.
    pub(crate) delay: Duration,
    pub(crate) delivery: Delivery,
}

impl Reply {
    /// Returns a response that arrives at once and complete.
    pub(crate) fn immediate(response: Response<Vec<u8>>) -> Self {
        Self { response, delay: Duration::ZERO, delivery: Delivery::Complete }
    }
}

/// A request, and the scenario of the moment it arrived.
struct Incoming<'a> {
    request: &'a Request<Vec<u8>>,
    scenario: Arc<Scenario>,
}

impl Sandbox {
    /// Responds to a request as AWS would.
    ///
    /// Fails if the file cannot be used.
    pub(crate) fn handle(&self, request: &Request<Vec<u8>>) -> Result<Reply, SandboxError> {
        let incoming = Incoming { request, scenario: self.scenario()? };
        let header = |name: &str| header(request.headers(), name);
        let is_form = header(CONTENT_TYPE.as_str()).is_some_and(|media| media.starts_with(aws_query::FORM));
        match header(aws_json::TARGET) {
            None if is_form => self.handle_form(&incoming),
            target => self.handle_json(target.unwrap_or("none"), &incoming),
        }
    }

    fn handle_json(&self, target: &str, incoming: &Incoming) -> Result<Reply, SandboxError> {
        let (service, operation) = aws_json::route(target);
        let input = |operation: &Operation| aws_json::input(operation, incoming.request.body());
        let (result, effects) = self.carry_out(service, operation, incoming, input)?;
        let response = aws_json::respond(service, result, &self.clock_and_ids().new_uuid());
        Ok(Reply { response, delay: effects.delay, delivery: effects.delivery })
    }

    fn handle_form(&self, incoming: &Incoming) -> Result<Reply, SandboxError> {
        let form = Form::parse(incoming.request.body());
        let (service, operation) = aws_query::route(&form);
        let input = |operation: &Operation| aws_query::input(operation, &form);
        let (result, effects) = self.carry_out(service, operation, incoming, input)?;
        let action = form.get("Action").unwrap_or_default();
        let response = aws_query::respond(service, action, result, &self.clock_and_ids().new_uuid());
        Ok(Reply { response, delay: effects.delay, delivery: effects.delivery })
    }

    /// Carries out an operation, unless it does not exist, the signature is wrong, or the scenario refuses the request.
    /// `E` is the error of the protocol.
    fn carry_out<E: From<ApiError>>(
        &self,
        service: &'static Service,
        operation: Result<&'static Operation, E>,
        incoming: &Incoming,
        input: impl FnOnce(&Operation) -> Result<Value, E>,
    ) -> Result<(Result<Value, E>, CallEffects), SandboxError> {
        let counter = operation.as_ref().map_or(CallCounter::UNKNOWN, |operation| service.counter(operation));
        let mut effects = self.traffic().count(counter, &incoming.scenario, (self.clock_and_ids().now)());
        let refusal = match self.check_signature(service, incoming)? {
            Ok(()) => effects.refusal.take(),
            Err(refusal) => Some(refusal),
        };
        let result = match (refusal, operation) {
            (Some(refusal), _) => Err(refusal.into()),
            (None, Err(unknown)) => Err(unknown),
            (None, Ok(_)) if effects.delivery == Delivery::Dropped => Ok(Value::Null),
            (None, Ok(operation)) => match input(operation) {
                Ok(input) => self.run(service, operation, input, incoming)?.map_err(E::from),
                Err(invalid) => Err(invalid),
            },
        };
        Ok((result, effects))
    }

    /// Calls the handler of an operation.
    fn run(
        &self,
        service: &'static Service,
        operation: &'static Operation,
        input: Value,
        incoming: &Incoming,
    ) -> Result<Result<Value, ApiError>, SandboxError> {
        let Incoming { request, scenario } = incoming;
        let is_classic = scenario.classic && service.has_classic_form;
        let input = match if is_classic { classic::input(input) } else { Ok(input) } {
            Ok(input) => input,
            Err(error) => return Ok(Err(error)),
        };
        let caller = Caller::from_session_token(header(request.headers(), SESSION_TOKEN));
        let call = Call {
            operation: operation.name,
            caller,
            clock_and_ids: self.clock_and_ids(),
            scenario: Arc::clone(scenario),
        };
        let check = |directory: &Directory| {
            availability::check(scenario, service, operation, &call.caller.arn, &directory.identity_store)
        };
        let result = match operation.handler {
            Handler::Read(handler) => {
                self.read(|directory| check(directory).and_then(|()| handler(directory, input, &call)))?
            }
            Handler::Write(handler) => {
                self.change(|directory| check(directory).and_then(|()| handler(directory, input.clone(), &call)))?
            }
            Handler::Stateless(handler) => handler(input, &call),
        };
        Ok(result.map(|response| if is_classic { classic::response(operation, response) } else { response }))
    }

    /// Checks the signature of a request, if the scenario says so.
    fn check_signature(&self, service: &Service, incoming: &Incoming) -> Result<Result<(), ApiError>, SandboxError> {
        if !incoming.scenario.signatures {
            return Ok(Ok(()));
        }
        let region = self.read(|directory| directory.identity_store.primary_region.clone())?;
        let regions = [region.as_str(), service.global_region.unwrap_or(&region)];
        let scope = Scope { service: service.signing_name, regions: &regions };
        Ok(signature::check(incoming.request, &scope, (self.clock_and_ids().now)()))
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
