//! Answers that prove nothing of what was asked for: the KMS key was not found, or something else answered in AWS's place.
//! No command takes them for "gone" or for "none", in any operation that it calls.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use serde_json::{Value, json};

use super::aws::{self, Spelling};
use super::client::{Answer, ask, params};
use super::commands::samples;
use super::fault::Fault;
use super::fault_server::Server;
use super::request::Request;
use super::response::Response;
use super::upstream::{Upstream, play};

const WORKERS: usize = 8;

const NO_KEY: &str = "The KMS key of the identity store was not found";
const NOT_AWS: &str = "is not AWS (HTTP status 200, application/json)";

/// The answer to a request that proves nothing, and how it is told.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Unproven {
    /// AWS does not find the key, and may say of what it was asked for that it is what is missing.
    NoKey { typed: bool },
    /// A gateway blocks the request.
    Blocked,
}

impl Unproven {
    const ALL: [Self; 3] = [Self::NoKey { typed: false }, Self::NoKey { typed: true }, Self::Blocked];

    fn answer(self, request: &Request) -> Response {
        let operation = request.operation();
        let Self::NoKey { typed } = self else {
            let mut blocked = Response::new(200, "application/json", json!({"error": "blocked"}).to_string());
            blocked.headers.retain(|(name, _)| name != "x-amzn-requestid");
            return blocked;
        };
        let is_sso_admin =
            request.header("x-amz-target").is_some_and(|target| target.starts_with("SWBExternalService"));
        let mut more = json!({"Reason": if is_sso_admin { "KMS_NotFoundException" } else { "KMS_KEY_NOT_FOUND" }});
        if typed {
            more["ResourceType"] = json!(match operation.as_str() {
                operation if operation.contains("Membership") || operation.contains("Member") => "GROUP_MEMBERSHIP",
                operation if operation.contains("Group") => "GROUP",
                _ => "USER",
            });
        }
        aws::error("ResourceNotFoundException", Spelling::ALL[operation.len() % 4], &more)
    }

    fn sentence(self) -> &'static str {
        if self == Self::Blocked { NOT_AWS } else { NO_KEY }
    }
}

/// What a command does although an operation proves nothing.
#[derive(Debug, PartialEq)]
enum Rest {
    /// Nothing: it fails and says why, and everything is as it was.
    Nothing,
    /// It fails and says why, and what the operation is about is as it was: so much of the directory. The rest is done.
    Independent(&'static [&'static str]),
    /// All of it, and it says what it could not ask.
    AllAndSaysWhy,
    /// All of it: the operation would have told a name, or what is seen in another way as well.
    All,
}

fn rest(command: &str, operation: &str) -> Rest {
    let is_long = ["contain-user", "offboard-user", "restore-user"].contains(&command);
    match operation {
        "ListGroups" | "ListUsers" if !["list-groups", "list-users", "test-module"].contains(&command) => Rest::All,
        "DescribeGroup" if ["list-group-access", "restore-user"].contains(&command) => Rest::All,
        "ListIdentityStores" if command == "get-identity-store" => Rest::All,
        "DescribePermissionSet"
        | "DescribeAccountAssignmentCreationStatus"
        | "DescribeAccountAssignmentDeletionStatus" => Rest::All,
        "DeleteUser" if is_long => Rest::Independent(&["users"]),
        "CreateGroupMembership" | "DeleteGroupMembership" if is_long => Rest::Independent(&["users", "memberships"]),
        // What is there is taken and given, whatever else AWS is working on. Before a user is deleted it has to be known.
        "ListAccountAssignmentCreationStatus" | "ListAccountAssignmentDeletionStatus" if command == "offboard-user" => {
            Rest::Independent(&["users"])
        }
        "ListAccountAssignmentCreationStatus" | "ListAccountAssignmentDeletionStatus" => Rest::AllAndSaysWhy,
        "ListInstances" => Rest::Independent(&["users", "assignments"]),
        _ if is_long && operation.contains("AccountAssignment") => Rest::Independent(&["users", "assignments"]),
        _ => Rest::Nothing,
    }
}

struct Case {
    command: String,
    args: Value,
    operation: String,
    unproven: Unproven,
}

impl Case {
    fn run(&self, upstream: &Arc<Upstream>) -> Result<(), String> {
        upstream.reset();
        let (operation, unproven, before) = (self.operation.clone(), self.unproven, upstream.state());
        let server = Server::faulty(upstream, move |request, _| {
            (request.operation() == operation).then(|| Fault::Say(unproven.answer(request)))
        });
        let answer = ask(&self.command, &self.args, &params(&server));
        self.check(&answer, &before, &upstream.state())
            .map_err(|wrong| format!("{} {} {:?}: {wrong}", self.command, self.operation, self.unproven))
    }

    fn check(&self, answer: &Answer, before: &Value, after: &Value) -> Result<(), String> {
        let own = self.command.trim_start_matches("aws-iam-identitycenter-");
        let is_told = answer.output.stdout.contains(self.unproven.sentence());
        let is_as_before = match rest(own, &self.operation) {
            Rest::AllAndSaysWhy if answer.succeeded() && is_told => return Ok(()),
            Rest::AllAndSaysWhy => return Err(format!("it fails, or does not say why: {}", answer.output.stdout)),
            Rest::All if answer.succeeded() => return Ok(()),
            Rest::All => return Err("it fails".to_owned()),
            Rest::Independent(parts) => parts.iter().all(|part| before[part] == after[part]),
            Rest::Nothing => before == after,
        };
        match (answer.succeeded(), is_told, is_as_before) {
            (false, true, true) => Ok(()),
            (true, ..) => Err("it claims success".to_owned()),
            (false, false, _) => Err(format!("it does not say why: {}", answer.output.stdout)),
            (false, true, false) => Err("something was changed".to_owned()),
        }
    }
}

/// Every command, with the operations that it calls when nothing goes wrong.
fn cases() -> VecDeque<Case> {
    let upstream = Arc::new(Upstream::sample());
    let of_command = |(command, args): (String, Value)| {
        upstream.reset();
        let server = Server::sound(&upstream);
        ask(&command, &args, &params(&server)).success();
        let operations: BTreeSet<String> = server.seen().into_iter().map(|seen| seen.operation).collect();
        operations.into_iter().flat_map(move |operation| {
            let case = |unproven| Case {
                command: command.clone(),
                args: args.clone(),
                operation: operation.clone(),
                unproven,
            };
            Unproven::ALL.map(case)
        })
    };
    samples().into_iter().flat_map(of_command).collect()
}

#[test]
fn command_with_one_unproven_answer_claims_nothing() {
    let cases = cases();
    assert!(cases.len() > 200);
    let wrong = play(cases, WORKERS, |upstream, case| case.run(upstream));
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn command_with_only_unproven_answers_changes_nothing() {
    let upstream = Arc::new(Upstream::sample());
    let before = upstream.state();
    for (command, args) in samples() {
        for unproven in Unproven::ALL {
            let server = Server::faulty(&upstream, move |request, _| Some(Fault::Say(unproven.answer(request))));
            let answer = ask(&command, &args, &params(&server));
            answer.error_with(&[unproven.sentence()]);
        }
    }
    assert_eq!(before, upstream.state());
}
