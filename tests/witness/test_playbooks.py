"""The playbooks of docs/playbooks: they name only what integration.yml declares, and they do what they say."""

import json
import re
import shlex
from pathlib import Path

import pytest

import binary
import manifest
import playbook

FILES = {file.stem: file for file in sorted(Path("docs/playbooks").glob("*.yml"))}
LINES = re.findall(r"^!.*", Path("docs/playbooks.md").read_text(encoding="utf-8"), re.MULTILINE)
COMMANDS = manifest.commands()
OUTPUTS = {name: {output["contextPath"] for output in command.get("outputs", [])} for name, command in COMMANDS.items()}
CONTAINMENT = "AWS.IAM.IdentityCenter.Containment"
ALICE = "f6fadfa7-e5c1-5b62-9362-da5cc13da58a"


def paths(value):
    """Every context path that a playbook reads."""
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
        yield from paths(inner)
    if isinstance(value, str):
        yield from re.findall(r"\$\{(AWS\.[\w.]+)\}", value)


@pytest.mark.parametrize("file", FILES.values(), ids=FILES.keys())
def test_a_playbook_names_only_what_integration_yml_declares(file):
    document = playbook.load(file)
    inputs = {input_["key"] for input_ in document["inputs"]}
    used = [task for task in document["tasks"].values() if playbook.command(task)]
    assert used
    for task in used:
        command = COMMANDS[playbook.command(task)]
        assert task["task"]["iscommand"] is True
        assert set(task["scriptarguments"]) <= {argument["name"] for argument in command["arguments"]}, task
    assert set(re.findall(r"inputs\.(\w+)", file.read_text(encoding="utf-8"))) == inputs
    declared = set().union(*OUTPUTS.values())
    for path in paths(document):
        assert any(output.startswith(f"{path}.") for output in declared), path
    written = {path for task in used for path in OUTPUTS[playbook.command(task)]}
    assert {output["contextPath"] for output in document["outputs"]} <= written


@pytest.mark.parametrize("file", FILES.values(), ids=FILES.keys())
def test_a_playbook_is_put_together_rightly(file):
    """What demisto-sdk does not look at: task ids, that every branch leads somewhere, one id of a task in all files."""
    document = playbook.load(file)
    for number, task in document["tasks"].items():
        assert task["id"] == number and task["taskid"] == task["task"]["id"]
        for following in task.get("nexttasks", {}).values():
            assert set(following) <= set(document["tasks"])
        ends = task["type"] == "title"
        assert ends != bool(task.get("nexttasks"))
    others = [playbook.load(other) for other in FILES.values() if other != file]
    ids = {task["taskid"] for task in document["tasks"].values()}
    assert not ids & {task["taskid"] for other in others for task in other["tasks"].values()}


def test_every_playbook_is_in_the_documentation():
    text = Path("docs/playbooks.md").read_text(encoding="utf-8")
    for file in FILES.values():
        document = playbook.load(file)
        section = text.split(f"## {document['name']}\n")[1].split("\n## ")[0]
        assert f"](playbooks/{file.name})" in section
        for input_ in document["inputs"]:
            assert f"`{input_['key']}`" in section, input_
        typed = {line.split()[0][1:] for line in re.findall(r"^!.*", section, re.MULTILINE)}
        assert {playbook.command(task) for task in document["tasks"].values()} - {None} <= typed, file


def test_the_lines_for_the_war_room_work_as_they_are_written(sandbox, tmp_path):
    """One after the other in one case, on the sample directory: what is cut is given back. XSOAR puts what is in the
    context where a line refers to it; `run`, which knows no case, takes it from a file."""
    assert len(LINES) == 13
    before, context, given = has(sandbox), {}, tmp_path / "given.json"
    for line in LINES:
        arguments = dict(part.split("=", 1) for part in shlex.split(line)[1:])
        command = COMMANDS[line.split()[0][1:]]
        assert set(arguments) <= {argument["name"] for argument in command["arguments"]}, line
        options = []
        for name, path in re.findall(r" (\w+)=\$\{(.*?)\}", line):
            given.write_text(json.dumps(playbook.at(context, path)), encoding="utf-8")
            options, line = [f"--file={name}={given}"], line.replace(f" {name}=${{{path}}}", "")
        code, stdout, stderr = binary.execute([f"--sandbox={sandbox}", "run", line, "--json", *options])
        assert (code, stderr) == (0, ""), (line, stderr, stdout)
        for entry in json.loads(stdout):
            playbook.merge(context, entry.get("EntryContext") or {})
    assert has(sandbox) == before
    with pytest.raises(playbook.Stopped, match="not found"):
        ask("get-user", sandbox, userName="erik")


def run(name, inputs, context, sandbox, answer=None, **options):
    options.setdefault("choose", lambda _: answer)
    return playbook.Run(playbook.load(FILES[name]), inputs, context, sandbox, **options)


def ask(command, sandbox, **arguments):
    """What the directory says now, outside of any case."""
    context = {}
    playbook.ask(binary.full_name(command), arguments, context, sandbox=sandbox)
    return context["AWS"]["IAM"]["IdentityCenter"]


def groups(sandbox, user):
    (found,) = ask("list-groups-for-user", sandbox, userName=user)["Users"]
    return {membership["GroupId"] for membership in found.get("GroupMemeberships", [])}


def groups_of_the_directory(sandbox):
    return {group["GroupId"] for group in ask("list-groups", sandbox)["Groups"]}


def access(sandbox, user):
    rows = ask("list-user-access", sandbox, userName=user)["Access"]
    return {(row["AccountId"], row["PermissionSetArn"], row["Via"], row.get("GroupId")) for row in rows}


def has(sandbox, user="alice"):
    """The groups of a user, and all that it can reach, directly and through them: no ids and times that are new."""
    return groups(sandbox, user), access(sandbox, user)


NOTHING = (set(), set())


@pytest.fixture
def quick(sandbox):
    """The sandbox, where a change of an assignment takes long enough for a second round, and no longer."""
    binary.set_scenario(sandbox, "assignment-time=200ms")
    return sandbox


@pytest.mark.parametrize(
    "key, value", [("UserName", "alice"), ("EmailAddress", "alice@example.com"), ("UserId", ALICE)]
)
def test_look_up_and_enrich(sandbox, key, value):
    context = {}
    run("look-up-and-enrich", {key: value}, context, sandbox)
    known = context["AWS"]["IAM"]["IdentityCenter"]
    (user,) = known["Users"]
    assert user["UserName"] == "alice" and user["DisplayName"] and user["Email"]
    assert {membership["GroupId"] for membership in user["GroupMemeberships"]} == groups(sandbox, "alice") != set()
    reached = {row["AccountId"] for row in known["Access"]}
    assert reached == {account for account, *_ in access(sandbox, "alice")} != set()


def contain(context, sandbox, **inputs):
    return run("contain", inputs or {"UserName": "alice"}, context, sandbox, answer="Yes")


def restore(context, sandbox, **inputs):
    return run("restore", inputs or {"UserName": "alice"}, context, sandbox, answer="Yes")


def taken(context):
    """What a case remembers of containments, those of dry runs left out."""
    found = playbook.at(context, CONTAINMENT)
    return [each for each in playbook.as_list(found) if each["Status"] != "dry run"]


@pytest.mark.parametrize("key, value", [("UserName", "alice"), ("UserId", ALICE)])
def test_what_is_contained_is_restored(quick, key, value):
    before, bobs, context = has(quick), has(quick, "bob"), {}
    assert any(via == "direct" for *_, via, _ in before[1]) and len(before[0]) > 1
    run("look-up-and-enrich", {"UserName": "bob"}, context, quick)
    contain(context, quick, **{key: value})
    assert has(quick) == NOTHING and has(quick, "bob") == bobs
    (containment,) = taken(context)
    assert (containment["UserId"], containment["Status"]) == (ALICE, "done"), "the last round has updated the first"

    restored = restore(context, quick, **{key: value})
    assert has(quick) == before and has(quick, "bob") == bobs
    assert restored.commands[-1] == f"{binary.PREFIX}list-user-access"
    reached = {row["PermissionSetArn"] for row in context["AWS"]["IAM"]["IdentityCenter"]["Access"]}
    assert reached == {arn for _, arn, *_ in before[1]}


def test_two_users_of_one_case_get_their_own_back(quick):
    """XSOAR would run the command once for each containment of the case, if `snapshot` did not take a list."""
    alices, eriks, context = has(quick), has(quick, "erik"), {}
    contain(context, quick)
    contain(context, quick, UserName="erik")
    assert has(quick) == has(quick, "erik") == NOTHING and len(taken(context)) == 2
    restore(context, quick, UserName="erik")
    assert has(quick) == NOTHING and has(quick, "erik") == eriks != NOTHING
    restore(context, quick)
    assert has(quick) == alices != eriks


def test_who_is_contained_twice_gets_all_back(quick):
    """What was given in between is taken the second time; where all is gone by then, nothing is forgotten either."""
    before, context = has(quick), {}
    contain(context, quick)
    contain(context, quick)
    (given, *_) = sorted(before[0])
    playbook.ask(f"{binary.PREFIX}add-user-to-group", {"userName": "alice", "groupId": given}, context, sandbox=quick)
    contain(context, quick)
    assert has(quick) == NOTHING and len(taken(context)) == 3
    restore(context, quick)
    assert has(quick) == before


@pytest.mark.parametrize("fault", ["DeleteGroupMembership:2", "DeleteAccountAssignment:1"])
def test_a_containment_that_stopped_half_way_is_finished_and_restored(quick, fault):
    before, context = has(quick), {}
    binary.set_scenario(quick, "assignment-time=200ms", f"fault={fault}:AccessDeniedException")
    with pytest.raises(playbook.Stopped, match="Access denied"):
        contain(context, quick)
    binary.set_scenario(quick, "assignment-time=200ms")
    half_way = has(quick)
    assert half_way not in (before, NOTHING)
    contain(context, quick)
    assert has(quick) == NOTHING and [each["Status"] for each in taken(context)] == ["incomplete", "done"]
    restore(context, quick)
    assert has(quick) == before


def test_what_was_taken_before_a_containment_stopped_is_restored(quick):
    before, context = has(quick), {}
    binary.set_scenario(quick, "fault=DeleteGroupMembership:2:AccessDeniedException")
    with pytest.raises(playbook.Stopped):
        contain(context, quick)
    binary.set_scenario(quick, "assignment-time=200ms")
    restore(context, quick)
    assert has(quick) == before


def test_a_restoration_that_stopped_half_way_is_finished(quick):
    before, context = has(quick), {}
    contain(context, quick)
    # Each round tries again what was denied in the one before.
    binary.set_scenario(quick, "assignment-time=200ms", "fault=CreateGroupMembership:2-99:AccessDeniedException")
    with pytest.raises(playbook.Stopped, match="Access denied"):
        restore(context, quick)
    assert has(quick) not in (before, NOTHING)
    binary.set_scenario(quick, "assignment-time=200ms")
    restore(context, quick)
    assert has(quick) == before


@pytest.mark.parametrize("as_text", [False, True], ids=["object", "text"])
def test_another_case_restores_from_what_is_given(quick, as_text):
    before, context = has(quick), {}
    contain(context, quick)
    (containment,) = taken(context)
    restore({}, quick, UserName="alice", Snapshot=json.dumps(containment) if as_text else containment)
    assert has(quick) == before


def test_where_nothing_was_taken_nothing_is_given(quick):
    """Neither in a case that remembers nothing, nor what was taken from others, nor what a dry run showed."""
    before, context = has(quick), {}
    with pytest.raises(playbook.Stopped, match="snapshot"):
        restore({}, quick)
    contain(context, quick, UserName="bob")
    with pytest.raises(playbook.Stopped, match="not of user alice"):
        restore(context, quick)
    run("contain", {"UserName": "alice"}, context, quick, answer="No")
    with pytest.raises(playbook.Stopped, match="dry run"):
        restore(context, quick)
    assert has(quick) == before


@pytest.mark.parametrize("file", FILES.values(), ids=FILES.keys())
def test_no_playbook_takes_a_snapshot_that_is_not_verified(file):
    for task in playbook.load(file)["tasks"].values():
        assert "allowUnverified" not in task.get("scriptarguments", {}), task


@pytest.mark.parametrize("member", ["Signature", "TakenAt"])
def test_a_snapshot_that_is_not_verified_stops_a_restoration_before_the_question(quick, member):
    """Any script of a case can write its context."""
    context = {}
    contain(context, quick)
    (containment,) = taken(context)
    containment[member] = "2026-11-24T02:00:00Z" if member == "TakenAt" else ""
    with pytest.raises(playbook.Stopped, match="was refused. It (is not signed|was altered after it was signed)"):
        run("restore", {"UserName": "alice"}, context, quick, choose=pytest.fail)
    assert has(quick) == NOTHING


def test_how_old_a_snapshot_is_and_whether_it_is_verified_is_shown_before_the_question(quick):
    context = {}
    contain(context, quick)
    run("restore", {"UserName": "alice"}, context, quick, answer="No")
    (restoration,) = playbook.as_list(context["AWS"]["IAM"]["IdentityCenter"]["Restoration"])
    (snapshot,) = restoration["Snapshots"]
    assert (restoration["Status"], restoration["Verified"], snapshot["Verified"]) == ("dry run", True, True)
    assert snapshot["TakenAt"] == taken(context)[0]["TakenAt"]


@pytest.mark.parametrize("name", ["contain", "restore", "off-board"])
def test_nothing_is_done_without_a_yes(quick, name):
    context = {}
    if name == "restore":
        contain(context, quick)
    before, remembered = has(quick), taken(context)
    refused = run(name, {"UserName": "alice"}, context, quick, answer="No")
    assert has(quick) == before and taken(context) == remembered and len(refused.commands) == 1
    assert (before == NOTHING) == (name == "restore")


def test_who_is_off_boarded_leaves_nothing_behind(quick):
    others, context = has(quick, "bob"), {}
    run("off-board", {"UserId": ALICE}, context, quick, answer="Yes")
    (containment,) = taken(context)
    assert containment["Status"] == "done" and containment["UserDeletion"]["Outcome"] == "removed"
    with pytest.raises(playbook.Stopped, match="not found"):
        ask("get-user", quick, userName="alice")
    everybody = [ask("list-memberships", quick, groupId=group) for group in groups_of_the_directory(quick)]
    assert ALICE not in json.dumps(everybody) and len(everybody) > 1
    assert ask("find-orphaned-assignments", quick)["OrphanedAssignments"] == []
    assert has(quick, "bob") == others


def test_where_assignments_cannot_be_seen_the_groups_can_be_contained(quick):
    """In a member account, and with an account instance (issue 8, item 7)."""
    before, context = groups(quick, "alice"), {}
    binary.set_scenario(quick, "fault=ListAccountAssignmentsForPrincipal:*:AccessDeniedException")
    with pytest.raises(playbook.Stopped, match="could not be seen"):
        contain(context, quick)
    assert groups(quick, "alice") == before
    contain(context, quick, UserName="alice", Scope="groups")
    assert groups(quick, "alice") == set()
    with pytest.raises(playbook.Stopped, match="ListAccountAssignmentsForPrincipal"):
        restore(context, quick)
    assert groups(quick, "alice") == before


def test_who_is_in_a_protected_group_can_be_contained_but_for_that_group(quick):
    before, context, params = has(quick), {}, {"protectedGroups": "OnCall"}
    for name in ("contain", "off-board"):
        with pytest.raises(playbook.Stopped, match="Group OnCall is protected"):
            run(name, {"UserName": "alice"}, context, quick, answer="Yes", params=params)
    assert has(quick) == before
    run("contain", {"UserName": "alice", "KeepGroups": "OnCall"}, context, quick, answer="Yes", params=params)
    (kept,) = groups(quick, "alice")
    assert {group for *_, group in access(quick, "alice")} == {kept}
    run("restore", {"UserName": "alice"}, context, quick, answer="Yes", params=params)
    assert has(quick) == before
