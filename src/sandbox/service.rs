//! Routes a request to what answers it. [`Sandbox::handle`] is the sandbox's one entrance.

use http::{HeaderMap, Request, Response, header::CONTENT_TYPE};

use super::{
    Sandbox, SandboxError, json_protocol,
    operations::{Call, Run},
    query_protocol::{self, Form},
    sts::{self, Caller},
};

/// The header with the session token of temporary credentials.
const SESSION_TOKEN: &str = "x-amz-security-token";
const FORM: &str = "application/x-www-form-urlencoded";

impl Sandbox {
    /// Answers a request as AWS would. An error is the sandbox's own, about its file.
    pub(super) fn handle(&self, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, SandboxError> {
        let header = |name: &str| header(request.headers(), name);
        let caller = Caller::of(header(SESSION_TOKEN));
        let is_form = header(CONTENT_TYPE.as_str()).is_some_and(|media| media.starts_with(FORM));
        match header(json_protocol::TARGET) {
            None if is_form => Ok(self.query(request.body(), &caller)),
            target => self.json(target.unwrap_or("none"), request.body(), caller),
        }
    }

    fn json(&self, target: &str, body: &[u8], caller: Caller) -> Result<Response<Vec<u8>>, SandboxError> {
        let ambient = self.inner.ambient;
        let (service, operation) = json_protocol::route(target);
        let admitted = operation.and_then(|operation| Ok((operation, json_protocol::input(operation, body)?)));
        let result = match admitted {
            Ok((operation, input)) => {
                let call = Call { operation: operation.name, caller: caller.arn, ambient };
                match operation.run {
                    Run::Read(run) => self.read(|directory| run(directory, input, &call))?,
                    Run::Write(run) => self.change(|directory| run(directory, input, &call))?,
                }
            }
            Err(error) => Err(error),
        };
        Ok(json_protocol::answer(service, result, ambient.uuid()))
    }

    fn query(&self, body: &[u8], caller: &Caller) -> Response<Vec<u8>> {
        let ambient = &self.inner.ambient;
        let form = Form::parse(body);
        let result = sts::run(&form, caller, ambient);
        let action = form.get("Action").unwrap_or_default();
        query_protocol::answer(action, result, &ambient.uuid())
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
