//! What is taken from a user, what is given back, and what becomes of it when something comes in between.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use crate::process::{BINARY, Output, Sandbox, command_in, root, run};

pub const CONTAIN: &str = "aws-iam-identitycenter-contain-user";
pub const RESTORE: &str = "aws-iam-identitycenter-restore-user";
pub const OFFBOARD: &str = "aws-iam-identitycenter-offboard-user";
pub const ORPHANS: &str = "aws-iam-identitycenter-find-orphaned-assignments";
pub const CONTEXT: &str = "AWS.IAM.IdentityCenter.Containment(val.UserId && val.UserId == obj.UserId \
                       && val.TakenAt && val.TakenAt == obj.TakenAt)";

/// The sample directory with a scenario.
pub fn sample(scenario: &[&str]) -> Sandbox {
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.run(&["sandbox", "reset"], b"").code, 0);
    set_scenario(&sandbox, scenario);
    sandbox
}

pub fn set_scenario(sandbox: &Sandbox, scenario: &[&str]) {
    let text = fs::read_to_string(sandbox.file()).unwrap();
    let begin = text.find("\"scenario\":").unwrap();
    let end = begin + text[begin..].find(']').unwrap() + 1;
    let changed = format!("{}\"scenario\":{}{}", &text[..begin], json!(scenario), &text[end..]);
    fs::write(sandbox.file(), changed).unwrap();
}

/// Every membership and every assignment of the directory, without ids and times that are new each time.
pub fn access(sandbox: &Sandbox) -> BTreeSet<String> {
    let state = sandbox.state();
    let of = |list: &str| state[list].as_array().unwrap().clone();
    let memberships =
        of("memberships").into_iter().map(|row| format!("{} {}", row["MemberId"]["UserId"], row["GroupId"]));
    let assignments = of("assignments").into_iter().map(|row| row.to_string());
    memberships.chain(assignments).collect()
}

/// Gives users assignments of their own, some of them many.
pub fn give_directly(sandbox: &Sandbox, seed: usize) {
    let mut state = sandbox.state();
    let of =
        |list: &str, id: &str| state[list].as_array().unwrap().iter().map(|row| row[id].clone()).collect::<Vec<_>>();
    let (users, accounts) = (of("users", "UserId"), of("accounts", "AccountId"));
    let sets = of("permissionSets", "PermissionSetArn");
    let mut new = Vec::new();
    for (u, user) in users.iter().enumerate() {
        for (a, account) in accounts.iter().enumerate() {
            for (s, set) in sets.iter().enumerate() {
                if (u * 7 + a * 3 + s * 5 + seed).is_multiple_of(13) {
                    let principal = json!({"AccountId": account, "PermissionSetArn": set, "PrincipalType": "USER"});
                    new.push((principal, user.clone()));
                }
            }
        }
    }
    assert!(new.len() > users.len());
    for (mut assignment, user) in new {
        assignment["PrincipalId"] = user;
        state["assignments"].as_array_mut().unwrap().push(assignment);
    }
    fs::write(sandbox.file(), state.to_string() + "\n").unwrap();
}

pub fn of_user<'s>(access: &'s BTreeSet<String>, id: &str) -> BTreeSet<&'s str> {
    access.iter().map(String::as_str).filter(|row| row.contains(id)).collect()
}

/// A request of XSOAR's server, which can call again.
pub fn ask_for_xsoar(sandbox: &Sandbox, command: &str, args: &Value) -> Output {
    let request = json!({"command": command, "args": args, "integration": true});
    sandbox.run(&[], request.to_string().as_bytes())
}

pub fn id_of(sandbox: &Sandbox, name: &str) -> String {
    let state = sandbox.state();
    let user = state["users"].as_array().unwrap().iter().find(|user| user["UserName"] == name).unwrap();
    user["UserId"].as_str().unwrap().to_owned()
}

#[test]
fn what_was_taken_is_given_back_in_any_directory() {
    for seed in 1..=4 {
        let sandbox = Sandbox::new();
        let sizes = ["--users=4", "--groups=7", "--memberships=15", &format!("--seed={seed}")];
        assert_eq!(sandbox.run(&[&["sandbox", "seed"], &sizes[..]].concat(), b"").code, 0);
        give_directly(&sandbox, seed);
        set_scenario(&sandbox, &["assignment-time=0s", ["group-rows", "short-pages"][seed % 2]]);
        let state = sandbox.state();
        let before = access(&sandbox);
        for (number, user) in state["users"].as_array().unwrap().iter().enumerate() {
            let id = user["UserId"].as_str().unwrap();
            let scope = ["both", "groups", "assignments"][(number + seed) % 3];
            let kept = &state["groups"][number % 7]["GroupId"];
            let args = json!({"userId": id, "scope": scope, "keepGroups": [kept]});
            let contained = sandbox.succeed("contain-user", &args);
            let now = access(&sandbox);
            let others =
                |access: &BTreeSet<String>| access.iter().filter(|row| !row.contains(id)).cloned().collect::<Vec<_>>();
            assert_eq!(others(&now), others(&before), "seed {seed}: {args}");
            for row in of_user(&now, id) {
                let is_assignment = row.contains("PermissionSetArn");
                let may_stay = if is_assignment { scope == "groups" } else { scope == "assignments" };
                assert!(may_stay || row.contains(kept.as_str().unwrap()), "seed {seed}: {args} left {row}");
            }
            // Nothing is taken twice, and the first snapshot is enough.
            let again = sandbox.succeed("contain-user", &args);
            let snapshots = [json!([again, contained]), contained["EntryContext"][CONTEXT].clone()];
            let snapshot = if number % 2 == 0 { snapshots[0].to_string().into() } else { snapshots[1].clone() };
            sandbox.succeed("restore-user", &json!({"userId": id, "snapshot": snapshot}));
            let after = access(&sandbox);
            let differs: Vec<_> = after.symmetric_difference(&before).collect();
            assert!(differs.is_empty(), "seed {seed}: {args}: {differs:?}");
            let nothing = sandbox.succeed("restore-user", &json!({"userId": id, "snapshot": snapshot}));
            assert!(!nothing["HumanReadable"].as_str().unwrap().contains("| added |"), "{nothing}");
        }
    }
}

#[test]
fn long_work_is_scheduled_for_xsoar_and_its_first_answer_has_the_snapshot() {
    let sandbox = sample(&["assignment-time=2s"]);
    let before = access(&sandbox);
    let first = ask_for_xsoar(&sandbox, CONTAIN, &json!({"userName": "alice", "interval_in_seconds": "20"}));
    let entries = first.entries();
    let [entry] = entries.as_slice() else { panic!("{first:?}") };
    let snapshot = entry["EntryContext"][CONTEXT].clone();
    let taken = |list: &str| snapshot[list].as_array().unwrap().len();
    assert_eq!((taken("GroupMemberships"), taken("AccountAssignments")), (3, 1), "{snapshot}");
    assert_eq!((&snapshot["Status"], first.code), (&json!("in progress"), 0));
    let told = entry["HumanReadable"].as_str().unwrap();
    assert!(told.contains("lost 3 of 3 groups and 0 of 1 direct assignment so far"), "{told}");
    let schedule = ["PollingCommand", "NextRun", "Timeout", "PollingItemsRemaining"].map(|member| &entry[member]);
    assert_eq!(schedule, [&json!(CONTAIN), &json!("20"), &json!("600"), &json!(1)]);

    // AWS is still at it: the same again.
    let second = ask_for_xsoar(&sandbox, CONTAIN, &entry["PollingArgs"]).entries().remove(0);
    assert_eq!(second["PollingArgs"]["progress"]["TakenAt"], snapshot["TakenAt"]);
    std::thread::sleep(std::time::Duration::from_millis(2100));
    let last = ask_for_xsoar(&sandbox, CONTAIN, &second["PollingArgs"]);
    let done = last.entries().remove(0);
    assert_eq!((last.entries().len(), done.get("PollingCommand"), last.code), (1, None, 0), "{last:?}");
    assert_eq!((&done["EntryContext"][CONTEXT]["Status"]), &json!("done"));
    // What was done in the first round stays as it was told, its time included.
    assert_eq!(done["EntryContext"][CONTEXT]["GroupMemberships"], snapshot["GroupMemberships"]);
    assert_eq!(done["EntryContext"][CONTEXT]["AccountAssignments"][0]["Outcome"], "removed");

    let args = json!({"userName": "alice", "snapshot": done["EntryContext"][CONTEXT]});
    let given = ask_for_xsoar(&sandbox, RESTORE, &args).entries().remove(0);
    assert_eq!(given["PollingCommand"], RESTORE);
    std::thread::sleep(std::time::Duration::from_millis(2100));
    let given = ask_for_xsoar(&sandbox, RESTORE, &given["PollingArgs"]);
    assert_eq!((given.code, given.entries()[0].get("PollingCommand")), (0, None), "{given:?}");
    assert_eq!(given.entries()[0]["Contents"]["AccountAssignments"][0]["Outcome"], "added");
    assert_eq!(access(&sandbox), before);
}

#[test]
fn what_remains_is_counted() {
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.run(&["sandbox", "seed", "--users=2", "--groups=3", "--memberships=4"], b"").code, 0);
    give_directly(&sandbox, 1);
    let state = sandbox.state();
    let users = state["users"].as_array().unwrap().iter().map(|user| user["UserId"].as_str().unwrap());
    let rows = |user: &str| of_user(&access(&sandbox), user).iter().filter(|row| row.contains("PermissionSet")).count();
    let with_rows: Vec<_> = users.map(|user| (user, rows(user))).filter(|(_, direct)| *direct > 1).collect();
    assert_eq!(with_rows.len(), 2, "{state}");

    set_scenario(&sandbox, &["assignment-time=60s"]);
    let (user, direct) = with_rows[0];
    let taking = ask_for_xsoar(&sandbox, CONTAIN, &json!({"userId": user})).entries().remove(0);
    assert_eq!(taking["PollingItemsRemaining"], direct);

    set_scenario(&sandbox, &["assignment-time=0s"]);
    let (user, direct) = with_rows[1];
    let taken = sandbox.succeed("contain-user", &json!({"userId": user}));
    assert_eq!(taken.get("PollingItemsRemaining"), None);
    set_scenario(&sandbox, &["assignment-time=60s"]);
    let giving = ask_for_xsoar(&sandbox, RESTORE, &json!({"userId": user, "snapshot": taken})).entries().remove(0);
    assert_eq!(giving["PollingItemsRemaining"], direct);
    let told = giving["HumanReadable"].as_str().unwrap();
    assert!(told.contains("so far"), "{told}");
}

#[test]
fn who_waits_waits_no_longer_than_was_asked_for_and_loses_nothing() {
    let sandbox = sample(&["assignment-time=60s"]);
    let output = sandbox.ask(CONTAIN, &json!({"userName": "alice", "timeout_in_seconds": 1}));
    let entries = output.entries();
    assert_eq!((entries.len(), output.code, &entries[1]["Type"]), (2, 1, &json!(4)), "{output:?}");
    assert!(entries[1]["Contents"].as_str().unwrap().contains("1 of these could not be finished within 1 seconds"));
    assert!(entries[0].get("PollingCommand").is_none());
    let snapshot = &entries[0]["EntryContext"][CONTEXT];
    assert_eq!(
        (&snapshot["Status"], &snapshot["AccountAssignments"][0]["Outcome"]),
        (&json!("in progress"), &json!("in progress"))
    );
    assert_eq!(of_user(&access(&sandbox), &id_of(&sandbox, "alice")).len(), 1, "the groups are gone");

    // XSOAR as well gives up when the time is over: an error, and no further round.
    let args = json!({"userName": "alice", "progress": snapshot, "seconds_so_far": 595, "timeout_in_seconds": 600});
    let late = ask_for_xsoar(&sandbox, CONTAIN, &args);
    assert_eq!((late.code, late.entries()[0].get("PollingCommand")), (1, None), "{late:?}");
}

#[test]
fn what_is_given_meanwhile_is_noticed() {
    let sandbox = sample(&["assignment-time=1s"]);
    let first = ask_for_xsoar(&sandbox, CONTAIN, &json!({"userName": "alice"})).entries().remove(0);
    sandbox.succeed("add-user-to-group", &json!({"userName": "alice", "groupName": "OnCall"}));
    sandbox.succeed("add-user-to-group", &json!({"userName": "alice", "groupName": "Research"}));
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let last = ask_for_xsoar(&sandbox, CONTAIN, &first["PollingArgs"]);
    let entries = last.entries();
    assert_eq!(last.code, 1, "{last:?}");
    let failures: Vec<&str> = entries[1..].iter().map(|entry| entry["Contents"].as_str().unwrap()).collect();
    assert!(
        failures[0].contains("- Item: group OnCall\n  Reason: It was removed, and is listed again"),
        "{failures:?}"
    );
    assert!(failures[1].contains("was given more meanwhile: group Research"), "{failures:?}");
    assert_eq!(entries[0]["EntryContext"][CONTEXT]["Status"], "incomplete");
    assert_eq!(sandbox.ask(CONTAIN, &json!({"userName": "alice"})).code, 0);
    assert_eq!(of_user(&access(&sandbox), &id_of(&sandbox, "alice")), BTreeSet::new());
}

#[test]
fn progress_that_was_tampered_with_opens_nothing() {
    let sandbox = sample(&["assignment-time=60s"]);
    let before = access(&sandbox);
    let first = ask_for_xsoar(&sandbox, CONTAIN, &json!({"userName": "erik"})).entries().remove(0);
    let of_another = json!({"userName": "alice", "progress": first["PollingArgs"]["progress"]});
    let refused = ask_for_xsoar(&sandbox, CONTAIN, &of_another);
    assert!(refused.stdout.contains("and not of this one of user alice. Nothing was changed."), "{refused:?}");
    assert_eq!(of_user(&access(&sandbox), &id_of(&sandbox, "alice")), of_user(&before, &id_of(&sandbox, "alice")));

    // A protected group under a wrong name, with the id of another membership.
    let mut progress = first["PollingArgs"]["progress"].clone();
    let state = sandbox.state();
    let group = |name: &str| {
        state["groups"].as_array().unwrap().iter().find(|group| group["DisplayName"] == name).unwrap()["GroupId"]
            .clone()
    };
    progress["UserId"] = json!(id_of(&sandbox, "bob"));
    progress["GroupMemberships"] =
        json!([{"GroupId": group("OnCall"), "GroupName": "Harmless", "MembershipId": "x", "Outcome": "pending"}]);
    let request = json!({
        "command": CONTAIN, "args": {"userName": "bob", "progress": progress, "timeout_in_seconds": 1},
        "params": {"protectedGroups": "oncall"}
    });
    let output = sandbox.run(&[], request.to_string().as_bytes());
    assert!(output.stdout.contains("OnCall is protected"), "{output:?}");
    assert_eq!(of_user(&access(&sandbox), &id_of(&sandbox, "bob")), of_user(&before, &id_of(&sandbox, "bob")));
    for nonsense in ["[]", "{\"UserId\": 5}", "nonsense"] {
        let output = ask_for_xsoar(&sandbox, CONTAIN, &json!({"userName": "bob", "progress": nonsense}));
        assert!(output.code == 1 && output.stdout.contains("\\\"progress\\\""), "{output:?}");
    }
}

#[test]
fn a_user_whose_access_could_not_be_taken_is_not_deleted() {
    let sandbox = sample(&["fault=DeleteAccountAssignment:*:AccessDeniedException"]);
    let output = sandbox.ask(OFFBOARD, &json!({"userName": "erik"}));
    assert_eq!(output.code, 1);
    assert!(output.stdout.contains("so the user was not deleted"), "{output:?}");
    let erik = id_of(&sandbox, "erik");
    assert_eq!(of_user(&access(&sandbox), &erik).len(), 1, "the assignment is there, and the group is not");
    set_scenario(&sandbox, &["assignment-time=0s"]);
    sandbox.succeed("offboard-user", &json!({"userName": "erik"}));
    assert_eq!(of_user(&access(&sandbox), &erik), BTreeSet::new());
    assert!(!sandbox.state()["users"].to_string().contains(&erik));
}

#[test]
fn who_may_not_delete_the_user_learns_what_off_boarding_needs() {
    let sandbox = sample(&["assignment-time=0s", "fault=DeleteUser:*:AccessDeniedException"]);
    let output = sandbox.ask(OFFBOARD, &json!({"userName": "erik"}));
    assert_eq!(output.code, 1, "{output:?}");
    assert!(
        output.stdout.contains("The command may need all of: ") && output.stdout.contains("identitystore:DeleteUser"),
        "{output:?}"
    );
}

#[test]
fn assignments_of_nobody_are_found_and_removed_only_when_that_is_asked_for() {
    let sandbox = sample(&["delete-orphans", "assignment-time=0s"]);
    let (alice, on_call) = (id_of(&sandbox, "alice"), "dd2ee150-d284-0277-789c-1af40ce8fcc9");
    sandbox.succeed("delete-user", &json!({"userName": "alice"}));
    sandbox.succeed("delete-group", &json!({"groupName": "OnCall"}));
    let before = access(&sandbox);
    let rows = |entry: &Value| {
        let rows =
            entry["EntryContext"]["AWS.IAM.IdentityCenter(true)"]["OrphanedAssignments"].as_array().unwrap().clone();
        rows.iter()
            .map(|row| (row["PrincipalId"].as_str().unwrap().to_owned(), row["Outcome"].as_str().unwrap().to_owned()))
            .collect::<BTreeSet<_>>()
    };
    let both =
        |outcome: &str| BTreeSet::from([(alice.clone(), outcome.to_owned()), (on_call.to_owned(), outcome.to_owned())]);
    let command = "find-orphaned-assignments";
    assert_eq!(rows(&sandbox.succeed(command, &json!({}))), both("found"));
    assert_eq!(rows(&sandbox.succeed(command, &json!({"remove": true, "dryRun": true}))), both("would be removed"));
    assert_eq!(rows(&sandbox.succeed(command, &json!({"accountId": 111_122_223_333_u64}))), BTreeSet::new());
    assert_eq!(access(&sandbox), before);

    let request = json!({"command": ORPHANS, "args": {"remove": "yes"}, "params": {"protectedUsers": alice}});
    let partly = sandbox.run(&[], request.to_string().as_bytes());
    assert_eq!(partly.code, 1);
    assert!(partly.entries()[1]["Contents"].as_str().unwrap().contains("is protected (protectedUsers)"), "{partly:?}");
    let told = partly.entries()[0]["HumanReadable"].as_str().unwrap().to_owned();
    assert!(told.contains(on_call) && !told.contains(&alice), "what failed is told by itself: {told}");
    assert!(told.contains("| GROUP |") && !told.contains("| USER |"), "{told}");
    assert_eq!((before.len() - access(&sandbox).len(), of_user(&access(&sandbox), &alice).len()), (1, 1));

    set_scenario(&sandbox, &["delete-orphans"]);
    let first = ask_for_xsoar(&sandbox, ORPHANS, &json!({"remove": true})).entries().remove(0);
    assert_eq!((&first["PollingCommand"], &first["PollingItemsRemaining"]), (&json!(ORPHANS), &json!(1)));
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let last = ask_for_xsoar(&sandbox, ORPHANS, &first["PollingArgs"]);
    assert_eq!((last.code, last.entries()[0].get("PollingCommand")), (0, None), "{last:?}");
    assert_eq!(rows(&last.entries()[0]), BTreeSet::from([(alice.clone(), "removed".to_owned())]));
    assert_eq!(of_user(&access(&sandbox), &alice), BTreeSet::new());
    assert_eq!(rows(&sandbox.succeed(command, &json!({}))), BTreeSet::new());
}

#[test]
fn whoever_cannot_be_looked_at_is_not_taken_for_gone() {
    let sandbox = sample(&["fault=ListUsers:*:AccessDeniedException", "fault=DescribeUser:*:AccessDeniedException"]);
    let output = sandbox.ask(ORPHANS, &json!({}));
    let entries = output.entries();
    let found = &entries[0]["EntryContext"]["AWS.IAM.IdentityCenter(true)"]["OrphanedAssignments"];
    assert_eq!((output.code, found), (1, &json!([])), "{output:?}");
    assert!(entries[1]["Contents"].as_str().unwrap().contains("not everything could be looked at"), "{output:?}");
}

#[test]
fn where_assignments_are_out_of_reach_the_groups_are_taken_and_it_is_said() {
    let fault = "fault=ListAccountAssignmentsForPrincipal:*:AccessDeniedException";
    let sandbox = sample(&[fault]);
    let output = sandbox.ask(CONTAIN, &json!({"userName": "alice"}));
    assert_eq!(output.code, 1);
    let (entries, alice) = (output.entries(), id_of(&sandbox, "alice"));
    assert_eq!(of_user(&access(&sandbox), &alice).len(), 1, "only the direct assignment is left");
    let error = entries[1]["Contents"].as_str().unwrap();
    assert!(error.contains("assigned directly could not be seen, and was not taken"), "{error}");
    assert!(entries[0]["EntryContext"][CONTEXT]["NotSeen"].as_str().unwrap().contains("Access denied"));
    let output = sandbox.ask(OFFBOARD, &json!({"userName": "erik"}));
    assert!(output.stdout.contains("so the user was not deleted"), "{output:?}");

    // An instance of one account has no assignments that could be out of sight.
    let sandbox = sample(&["account-instance"]);
    let contained = sandbox.succeed("contain-user", &json!({"userName": "alice"}));
    assert_eq!(contained["EntryContext"][CONTEXT]["Status"], "done");
    sandbox.succeed("restore-user", &json!({"userName": "alice", "snapshot": contained}));
    sandbox.succeed("offboard-user", &json!({"userName": "erik"}));
}

#[test]
fn containment_that_may_not_list_changes_under_way_takes_and_restores_everything() {
    let sandbox = sample(&[
        "fault=ListAccountAssignmentCreationStatus:*:AccessDeniedException",
        "fault=ListAccountAssignmentDeletionStatus:*:AccessDeniedException",
    ]);
    let before = access(&sandbox);
    let contained = sandbox.ask(CONTAIN, &json!({"userName": "alice"}));
    let entries = contained.entries();
    assert_eq!((contained.code, entries.len(), &entries[1]["Type"]), (0, 2, &json!(11)), "{contained:?}");
    let warning = entries[1]["Contents"].as_str().unwrap();
    assert!(warning.contains("AWS may be about to assign more") && warning.contains("Access denied"), "{warning}");
    assert_eq!(of_user(&access(&sandbox), &id_of(&sandbox, "alice")).len(), 0);
    let restored = sandbox.ask(RESTORE, &json!({"userName": "alice", "snapshot": entries[0]}));
    assert_eq!((restored.code, restored.entries()[1]["Type"].clone()), (0, json!(11)), "{restored:?}");
    assert_eq!(access(&sandbox), before);

    for (dry_run, said) in [(true, "so the user would not be deleted"), (false, "so the user was not deleted")] {
        let output = sandbox.ask(OFFBOARD, &json!({"userName": "erik", "dryRun": dry_run}));
        assert!(output.code == 1 && output.stdout.contains(said), "{output:?}");
        assert!(sandbox.state()["users"].to_string().contains("erik"));
    }
}

#[test]
fn the_lines_of_the_readme_do_what_they_say() {
    let sandbox = sample(&[]);
    let before = access(&sandbox);
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let lines: Vec<&str> = readme.lines().filter(|line| line.starts_with("aic ")).collect();
    assert_eq!(lines.len(), 4);
    let mut said = Vec::new();
    for line in lines {
        let script = format!("aic() {{ {BINARY} --sandbox=sandbox.json run \"$@\"; }}\n{line}");
        let done = run(command_in("sh", sandbox.folder()).arg("-c").arg(script), b"");
        assert_eq!((done.code, done.stderr.as_str()), (0, ""), "{line}: {done:?}");
        said.push((done.stdout, of_user(&access(&sandbox), &id_of(&sandbox, "alice")).len()));
    }
    assert!(said[0].0.contains("User alice has access to 3 AWS accounts"), "{said:?}");
    assert!(said[2].0.contains("User alice has access to no AWS account."), "{said:?}");
    assert_eq!((said[2].1, access(&sandbox)), (0, before));
}

#[test]
fn nothing_is_taken_before_all_that_may_fail_as_a_whole() {
    let sandbox = sample(&["fault=GetGroupId:*:AccessDeniedException"]);
    let before = access(&sandbox);
    let request = json!({"command": CONTAIN, "args": {"userName": "alice"}, "params": {"protectedGroups": "Nothing"}});
    let output = sandbox.run(&[], request.to_string().as_bytes());
    assert_eq!((output.code, access(&sandbox)), (1, before), "{output:?}");
}

#[test]
fn a_round_that_cannot_begin_loses_nothing_and_is_tried_again() {
    let sandbox = sample(&["assignment-time=1s"]);
    let first = ask_for_xsoar(&sandbox, CONTAIN, &json!({"userName": "alice"})).entries().remove(0);
    set_scenario(&sandbox, &["fault=ListGroupMembershipsForMember:*:ValidationException"]);
    let second = ask_for_xsoar(&sandbox, CONTAIN, &first["PollingArgs"]);
    let entry = second.entries().remove(0);
    assert_eq!((second.code, &entry["PollingCommand"]), (0, &json!(CONTAIN)), "{second:?}");
    assert_eq!(entry["PollingArgs"]["progress"], first["PollingArgs"]["progress"]);
    std::thread::sleep(std::time::Duration::from_millis(1100));
    set_scenario(&sandbox, &[]);
    let last = ask_for_xsoar(&sandbox, CONTAIN, &entry["PollingArgs"]);
    assert_eq!((last.code, &last.entries()[0]["EntryContext"][CONTEXT]["Status"]), (0, &json!("done")), "{last:?}");
}

#[test]
fn what_may_have_been_taken_is_given_back() {
    // The removals are done and not answered, and then nothing can be read back.
    let sandbox = sample(&[
        "fault=DeleteGroupMembership:*:lost",
        "fault=ListGroupMembershipsForMember:2-99:AccessDeniedException",
    ]);
    let before = access(&sandbox);
    let output = sandbox.ask(CONTAIN, &json!({"userName": "alice", "scope": "groups", "retries": 0}));
    assert_eq!(output.code, 1);
    let snapshot = output.entries()[0]["EntryContext"][CONTEXT].clone();
    assert_eq!(snapshot["GroupMemberships"][0]["Outcome"], "unknown", "{snapshot}");
    assert!(output.stdout.contains("lost 0 of 3 groups (of 3 more it is not known)"), "{output:?}");
    assert!(access(&sandbox).len() < before.len());
    set_scenario(&sandbox, &[]);
    sandbox.succeed("restore-user", &json!({"userName": "alice", "snapshot": snapshot}));
    assert_eq!(access(&sandbox), before);
}

#[test]
fn progress_of_a_search_is_no_proof_that_somebody_is_gone() {
    let sandbox = sample(&["delete-orphans", "assignment-time=0s"]);
    let before = access(&sandbox);
    let state = sandbox.state();
    let own = &state["assignments"][0];
    let found = |account: &Value, outcome: &str| {
        let (whose, set) = (&own["PrincipalId"], &own["PermissionSetArn"]);
        json!({"PrincipalType": "USER", "PrincipalId": whose, "AccountId": account, "PermissionSetArn": set,
               "Outcome": outcome})
    };
    let rows = [found(&own["AccountId"], "pending"), found(&json!("111122223333"), "removed")];
    let progress = json!({"Left": [], "Pairs": [], "Found": rows, "Unseen": [], "LookedAt": 2});
    let output = sandbox.ask(ORPHANS, &json!({"remove": true, "progress": progress}));
    // What an earlier round removed is not told otherwise because of the rest.
    let outcomes = [0, 1].map(|place| output.entries()[0]["Contents"][place]["Outcome"].clone());
    assert_eq!(outcomes, ["failed", "removed"], "{output:?}");
    assert!(output.code == 1 && output.stdout.contains("exists, so its assignments are not removed"), "{output:?}");
    assert!(output.stdout.contains(&format!("User {} exists", own["PrincipalId"].as_str().unwrap())), "{output:?}");
    assert_eq!(access(&sandbox), before);

    // Nor is progress of another scope one that nothing was assigned.
    let mut progress = json!(null);
    set_scenario(&sandbox, &["assignment-time=60s"]);
    let first = ask_for_xsoar(&sandbox, OFFBOARD, &json!({"userName": "erik"})).entries().remove(0);
    progress.clone_from(&first["PollingArgs"]["progress"]);
    for (member, value) in [("Scope", json!("groups")), ("AccountAssignments", json!([]))] {
        let mut tampered = progress.clone();
        tampered[member] = value;
        let output = ask_for_xsoar(&sandbox, OFFBOARD, &json!({"userName": "erik", "progress": tampered}));
        assert_eq!(output.code, 1, "{output:?}");
        assert!(sandbox.state()["users"].to_string().contains("erik"));
    }
}

#[test]
fn a_dry_run_of_off_boarding_says_when_the_user_would_stay() {
    let sandbox = sample(&["fault=ListAccountAssignmentsForPrincipal:*:AccessDeniedException"]);
    for dry_run in [true, false] {
        let output = sandbox.ask(OFFBOARD, &json!({"userName": "erik", "dryRun": dry_run}));
        assert_eq!(output.code, 1);
        let said = if dry_run { "so the user would not be deleted" } else { "so the user was not deleted" };
        assert!(output.stdout.contains(said) && !output.stdout.contains("would be deleted then"), "{output:?}");
    }
}

#[test]
fn what_could_not_be_seen_for_a_moment_is_no_gift_of_somebody() {
    let sandbox = sample(&["fault=ListAccountAssignmentsForPrincipal:1:AccessDeniedException", "assignment-time=0s"]);
    let output = sandbox.ask(CONTAIN, &json!({"userName": "alice"}));
    assert!(output.code == 1 && !output.stdout.contains("was given more meanwhile"), "{output:?}");
}

#[test]
fn what_aws_is_still_working_on_is_not_overlooked() {
    let sandbox = sample(&["assignment-time=3s"]);
    let before = access(&sandbox);
    let args = json!({"userName": "alice", "timeout_in_seconds": 1});
    let contained = sandbox.ask(CONTAIN, &args).entries().remove(0);
    // The deletion is still under way: what is listed is about to go.
    let restored = sandbox.succeed("restore-user", &json!({"userName": "alice", "snapshot": contained}));
    assert!(restored["HumanReadable"].as_str().unwrap().contains("| AdministratorAccess | added |"), "{restored}");
    assert_eq!(access(&sandbox), before);

    // The creation is still under way: what is not listed is about to come.
    let contained = sandbox.succeed("contain-user", &json!({"userName": "alice"}));
    let late = json!({"userName": "alice", "snapshot": contained, "timeout_in_seconds": 1});
    assert_eq!(sandbox.ask(RESTORE, &late).code, 1);
    sandbox.succeed("contain-user", &json!({"userName": "alice"}));
    std::thread::sleep(std::time::Duration::from_secs(3));
    sandbox.succeed("list-users", &json!({}));
    assert_eq!(of_user(&access(&sandbox), &id_of(&sandbox, "alice")), BTreeSet::new());
}

#[test]
fn whether_a_user_was_deleted_is_not_known_when_the_answer_is_lost() {
    let sandbox = sample(&["fault=DeleteUser:*:lost", "assignment-time=0s"]);
    let output = sandbox.ask(OFFBOARD, &json!({"userName": "erik", "retries": 0}));
    let entries = output.entries();
    assert_eq!((output.code, &entries[0]["EntryContext"][CONTEXT]["UserDeletion"]["Outcome"]), (1, &json!("unknown")));
    assert!(entries[1]["Contents"].as_str().unwrap().contains("Whether AWS has done it is not known"), "{output:?}");
}

#[test]
fn who_was_deleted_by_somebody_else_meanwhile_is_not_said_to_be_there() {
    // The sandbox does not say what it did not find, so that it is read back.
    let gone = ["fault=DeleteUser:*:ResourceNotFoundException", "fault=DescribeUser:*:ResourceNotFoundException"];
    let sandbox = sample(&[gone[0], gone[1], "assignment-time=0s"]);
    let erik = sandbox.succeed("offboard-user", &json!({"userName": "erik"}));
    assert_eq!(erik["EntryContext"][CONTEXT]["UserDeletion"]["Outcome"], "was gone already");
    assert!(erik["HumanReadable"].as_str().unwrap().contains("User erik was gone already."), "{erik}");
}
