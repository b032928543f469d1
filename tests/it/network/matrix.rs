//! Every command crosses every fault, in every operation that it calls: always one sound answer, and as many attempts
//! as `retries` allows.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::aws::{self, ERRORS, Spelling};
use super::client::{Answer, LIMIT, ask, ask_unchecked, params, with};
use super::commands::samples;
use super::fault::Fault;
use super::fault_server::Server;
use super::upstream::{Upstream, play};

/// Most of them wait most of the time.
const WORKERS: usize = 40;

/// A fault with its name, and whether another attempt may help.
type Named = (String, Fault, bool);

fn faults(operation: &str) -> Vec<Named> {
    let transport = [
        ("reset", Fault::Reset, true),
        ("close", Fault::Close, true),
        ("stall", Fault::Stall, true),
        ("drip", Fault::Drip, true),
        ("truncate", Fault::Truncate, true),
        ("lost", Fault::Lost, true),
        ("HTML with 200", Fault::Say(aws::html(200)), false),
        ("HTML with 503", Fault::Say(aws::html(503)), true),
    ];
    let mut faults: Vec<Named> = transport.map(|(name, fault, again)| (name.to_owned(), fault, again)).into();
    // All spellings of all errors are in errors.rs; here each operation begins with another one.
    let mut spellings = Spelling::ALL.into_iter().cycle().skip(operation.len());
    for (code, again) in ERRORS {
        let mut say = |more: &Value| {
            let spelling = spellings.next().unwrap();
            let answer =
                if operation == "AssumeRole" { aws::sts_error(code) } else { aws::error(code, spelling, more) };
            (format!("{code} {spelling:?} {more}"), Fault::Say(answer), again)
        };
        faults.push(say(&json!({})));
        if code == "ThrottlingException" {
            faults.push(say(&json!({"RetryAfterSeconds": 1})));
        }
    }
    faults
}

/// How long a fault lasts, and how many retries there are.
#[derive(Debug, Clone, PartialEq)]
enum Mode {
    /// Every attempt fails. `retries` is as given, and so many attempts are made.
    Always { retries: Value, attempts: usize },
    /// The first attempt fails, and there is another.
    Once,
}

struct Case {
    command: String,
    args: Value,
    operation: String,
    fault: Named,
    mode: Mode,
}

impl Case {
    fn name(&self) -> String {
        format!("{} {}: {} {:?}", self.command, self.operation, self.fault.0, self.mode)
    }

    /// What AWS says there is an answer to, and no error: the command goes on without it, or another way.
    fn may_succeed(&self) -> bool {
        let (operation, fault) = (self.operation.as_str(), self.fault.0.as_str());
        let code = fault.split(' ').next().unwrap();
        let own = self.command.trim_start_matches("aws-iam-identitycenter-");
        let is_one_of = |commands: &[&str]| commands.contains(&own);
        let reads_back = is_one_of(&["contain-user", "offboard-user", "restore-user"]);
        match operation {
            // It was done, and is there to be seen.
            "CreateAccountAssignment"
            | "DeleteAccountAssignment"
            | "CreateGroupMembership"
            | "DeleteGroupMembership"
                if reads_back && ["drip", "lost", "truncate"].contains(&code) =>
            {
                true
            }
            // What is there is taken and given, whatever else AWS is working on. Before a user is deleted it has to be known.
            "ListAccountAssignmentCreationStatus" | "ListAccountAssignmentDeletionStatus" => {
                is_one_of(&["contain-user", "restore-user"])
            }
            // What became of a request is seen by what is there.
            "DescribeAccountAssignmentCreationStatus" | "DescribeAccountAssignmentDeletionStatus" => reads_back,
            // An address may be found by a sweep; a legacy directory is asked with a filter.
            "GetUserId" | "GetGroupId" => ["ResourceNotFoundException", "UnknownOperationException"].contains(&code),
            // As wanted already.
            "CreateGroupMembership" => code == "ConflictException",
            "DeleteGroupMembership" | "GetGroupMembershipId" => code == "ResourceNotFoundException",
            // The user was found before; somebody else deleted it since.
            "DeleteUser" if is_one_of(&["offboard-user"]) => code == "ResourceNotFoundException",
            // Names are shown where they can be had.
            "ListGroups" => is_one_of(&[
                "list-groups-for-user",
                "remove-user-from-all-groups",
                "delete-group-membership",
                "list-user-access",
                "contain-user",
                "offboard-user",
                "find-orphaned-assignments",
            ]),
            "DescribePermissionSet" if is_one_of(&["contain-user", "offboard-user"]) => true,
            // Something is given under a name that could not be verified; what is gone is not.
            "DescribeGroup" | "DescribePermissionSet" if is_one_of(&["restore-user"]) => {
                code != "ResourceNotFoundException"
            }
            "DescribeGroup" | "DescribePermissionSet" => is_one_of(&["list-user-access", "list-group-access"]),
            "ListUsers" if is_one_of(&["find-orphaned-assignments"]) => true,
            "ListUsers" | "DescribeUser" => is_one_of(&["list-memberships"]),
            "ListIdentityStores" => is_one_of(&["get-identity-store"]),
            _ => false,
        }
    }

    /// Runs it; says what is wrong.
    fn run(&self, upstream: &Arc<Upstream>) -> Result<(), String> {
        upstream.reset();
        let (operation, fault, once) = (self.operation.clone(), self.fault.1.clone(), self.mode == Mode::Once);
        let server = Server::faulty(upstream, move |request, nth| {
            (request.operation() == operation && (nth == 1 || !once)).then(|| fault.clone())
        });
        // A sound attempt has to fit in, on a machine that has other things to do as well.
        let timeout = match (&self.fault.1, &self.mode) {
            (Fault::Stall | Fault::Drip, Mode::Always { .. }) => "2,10",
            (Fault::Stall | Fault::Drip, Mode::Once) => "3,10",
            _ => "15,15",
        };
        let retries = if let Mode::Always { retries, .. } = &self.mode { retries.clone() } else { json!(1) };
        let more = json!({"roleArn": aws::ROLE_ARN, "timeout": timeout, "retries": retries});
        // What is told of each step goes to standard error, and is looked through as well.
        let args = with(self.args.clone(), json!({"debug-mode": "true"}));
        let answer = ask_unchecked(LIMIT, &[], &self.command, &args, &with(params(&server), more));
        let answer = answer.map_err(|wrong| format!("{}: {wrong}", self.name()))?;
        let checked = answer.sound().and_then(|()| self.check(&server, &answer));
        checked.map_err(|wrong| format!("{}: {wrong}\n    {}", self.name(), answer.output.stdout))
    }

    fn check(&self, server: &Server, answer: &Answer) -> Result<(), String> {
        let mut calls: BTreeMap<String, usize> = BTreeMap::new();
        for seen in server.seen_of(&self.operation) {
            // A role is assumed once, however many calls are made with it.
            let call = if seen.operation == "AssumeRole" { seen.operation } else { seen.request.invocation() };
            *calls.entry(call).or_default() += 1;
        }
        let attempts: BTreeSet<usize> = calls.values().copied().collect();
        match &self.mode {
            Mode::Always { attempts: wanted, .. } => {
                if attempts != BTreeSet::from([*wanted]) {
                    return Err(format!("{wanted} attempts a call were allowed, and {calls:?} made"));
                }
                if answer.succeeded() && !self.may_succeed() {
                    return Err("it claims success".to_owned());
                }
            }
            Mode::Once => {
                if attempts.iter().max() != Some(&2) {
                    return Err(format!("a second attempt was expected, not {calls:?}"));
                }
                if !answer.succeeded() {
                    return Err("the second attempt should have succeeded".to_owned());
                }
            }
        }
        if answer.took > Duration::from_secs(20) {
            return Err(format!("it took {:?}", answer.took));
        }
        Ok(())
    }
}

/// Every command, with the operations that it calls when nothing goes wrong.
fn operations(upstream: &Arc<Upstream>) -> Vec<(String, Value, BTreeSet<String>)> {
    let of_command = |(command, args): (String, Value)| {
        upstream.reset();
        let server = Server::sound(upstream);
        ask(&command, &args, &with(params(&server), json!({"roleArn": aws::ROLE_ARN}))).success();
        let mut operations: BTreeSet<String> = server.seen().into_iter().map(|seen| seen.operation).collect();
        assert!(operations.len() > 1, "{command} {args} calls nothing but {operations:?}: see commands.rs");
        // Every command assumes the role in the same way: two stand for all.
        if !["test-module", "aws-iam-identitycenter-get-user"].contains(&command.as_str()) {
            operations.remove("AssumeRole");
        }
        (command, args, operations)
    };
    samples().into_iter().map(of_command).collect()
}

fn cases(upstream: &Arc<Upstream>) -> VecDeque<Case> {
    let (mut cases, mut repeated) = (VecDeque::new(), BTreeSet::new());
    for (command, args, operations) in operations(upstream) {
        for operation in operations {
            // Attempts at an operation are repeated in the same way whoever calls it: one command stands for all.
            let repeats = repeated.insert(operation.clone());
            for (number, fault) in faults(&operation).into_iter().enumerate() {
                let none = if number % 2 == 0 { json!(0) } else { json!("0") };
                let attempts = if fault.2 { 2 } else { 1 };
                let always = Mode::Always { retries: json!(1), attempts };
                let mut modes = vec![always];
                if fault.2 && repeats {
                    modes.extend([Mode::Always { retries: none, attempts: 1 }, Mode::Once]);
                }
                cases.extend(modes.into_iter().map(|mode| Case {
                    command: command.clone(),
                    args: args.clone(),
                    operation: operation.clone(),
                    fault: fault.clone(),
                    mode,
                }));
            }
        }
    }
    cases
}

#[test]
fn every_command_survives_every_fault() {
    let begun = Instant::now();
    let cases = cases(&Arc::new(Upstream::sample()));
    let total = cases.len();
    let wrong = play(cases, WORKERS, |upstream, case| case.run(upstream));
    let took = begun.elapsed();
    assert!(wrong.is_empty(), "{} of {total} in {took:?}:\n{}", wrong.len(), wrong.join("\n"));
}
