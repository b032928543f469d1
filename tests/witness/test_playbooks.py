"""The playbooks of docs/playbooks: they name only what integration.yml declares, and they do what they say."""

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
USERS = "AWS.IAM.IdentityCenter.Users"
REMEMBERED = "IdentityCenterContainment"  # Contain writes it with the script Set, Give Back reads it, and nothing else does


def references(value):
    """Every context path that a playbook reads: whole texts, references in texts, accessors behind a root."""
    if isinstance(value, dict) and "root" in value and "accessor" in value:
        yield f"{value['root']}.{value['accessor']}"
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
        yield from references(inner)
    if isinstance(value, str):
        yield from re.findall(rf"(?:AWS|{REMEMBERED})\.[\w.]*\w", value)


def remembered(paths):
    """These paths, and those of the users among them that Contain remembers: it copies what is there."""
    return paths | {path.replace(USERS, REMEMBERED) for path in paths}


@pytest.mark.parametrize("file", FILES.values(), ids=FILES.keys())
def test_a_playbook_names_only_what_integration_yml_declares(file):
    document, declared = playbook.load(file), remembered(set().union(*OUTPUTS.values()))
    inputs = {input_["key"] for input_ in document["inputs"]}
    used = [task for task in document["tasks"].values() if playbook.command(task)]
    assert used
    for task in used:
        command = COMMANDS[playbook.command(task)]
        assert task["task"]["iscommand"] is True
        assert set(task["scriptarguments"]) <= {argument["name"] for argument in command["arguments"]}, task
    assert set(re.findall(r"inputs\.(\w+)", file.read_text(encoding="utf-8"))) == inputs
    for path in references(document):
        assert path == USERS or path in declared, path
    scripts = [task for task in document["tasks"].values() if "scriptName" in task["task"]]
    assert {task["scriptarguments"]["key"]["simple"] for task in scripts} <= {REMEMBERED}
    written = {path for task in used for path in OUTPUTS[playbook.command(task)]}
    written = remembered(written) if scripts else written
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


def test_the_lines_for_the_war_room_work_as_they_are_written(sandbox):
    """One after the other, on the sample directory: what is cut is given back."""
    assert len(LINES) == 11
    for line in LINES:
        arguments = dict(part.split("=", 1) for part in shlex.split(line)[1:])
        command = COMMANDS[line.split()[0][1:]]
        assert set(arguments) <= {argument["name"] for argument in command["arguments"]}, line
        code, stdout, stderr = binary.execute([f"--sandbox={sandbox}", "run", line])
        assert (code, stderr) == (0, "") and stdout, (line, stderr)


def groups(sandbox, user="alice"):
    found = binary.succeed("list-groups-for-user", {"userName": user}, sandbox=sandbox).item(USERS)
    return {membership["GroupId"] for membership in found["GroupMemeberships"]}


def run(name, inputs, context, sandbox, answer=None):
    return playbook.Run(playbook.load(FILES[name]), inputs, context, sandbox, choose=lambda _: answer)


@pytest.mark.parametrize("inputs", [{"UserName": "alice"}, {"EmailAddress": "alice@example.com"}])
def test_look_up_and_enrich(sandbox, inputs):
    context = {}
    run("look-up-and-enrich", inputs, context, sandbox)
    (user,) = context["AWS"]["IAM"]["IdentityCenter"]["Users"]
    assert user["UserName"] == "alice" and user["DisplayName"] and user["Email"]
    assert {membership["GroupId"] for membership in user["GroupMemeberships"]} == groups(sandbox) != set()


def contain(context, sandbox, user="alice"):
    return run("contain", {"UserName": user}, context, sandbox, answer="Yes")


def give_back(context, sandbox, user="alice"):
    return run("give-back", {"UserName": user}, context, sandbox)


def ask(command, arguments, context, sandbox):
    """What an analyst or another playbook does in the same case."""
    for entry in binary.succeed(command, arguments, sandbox=sandbox).entries:
        playbook.merge(context, entry.get("EntryContext") or {})


def groups_of_the_directory(sandbox):
    found = binary.succeed("list-groups", sandbox=sandbox).items("AWS.IAM.IdentityCenter.Groups")
    return {group["GroupId"] for group in found}


def test_what_is_contained_is_given_back(sandbox):
    before, bobs, context = groups(sandbox), groups(sandbox, "bob"), {}
    run("look-up-and-enrich", {"UserName": "bob"}, context, sandbox)
    contained = contain(context, sandbox)
    assert groups(sandbox) == set() and len(before) > 1 and groups(sandbox, "bob") == bobs
    assert contained.commands[-2:] == [f"{binary.PREFIX}list-groups-for-user", f"{binary.PREFIX}remove-user-from-all-groups"]

    given_back = give_back(context, sandbox)
    assert groups(sandbox) == before and "4" in given_back.visited
    assert given_back.commands.count(f"{binary.PREFIX}add-user-to-group") == len(before)
    assert groups(sandbox, "bob") == bobs, "what the case knows of others is not given to alice, nor changed"


@pytest.mark.parametrize("when", ["before", "after", "before and after"])
@pytest.mark.parametrize("what", ["a check", "a limited list"])
def test_what_others_write_into_the_case_is_neither_given_nor_lost(sandbox, what, when):
    """A check writes a row for each group that the user is not in, into the same list of the context."""
    before, context = groups(sandbox), {}
    everything = groups_of_the_directory(sandbox)
    assert len(everything) > len(before) > 1

    def others():
        if what == "a check":
            ask("check-group-membership", {"userName": "alice", "groups": sorted(everything)}, context, sandbox)
        else:
            ask("list-groups-for-user", {"userName": "alice", "limit": 1}, context, sandbox)

    if "before" in when:
        others()
    contain(context, sandbox)
    if "after" in when:
        others()
    give_back(context, sandbox)
    assert groups(sandbox) == before


def test_a_second_containment_forgets_nothing(sandbox):
    """Neither when all groups are gone by then, nor when the first stopped half way and others are listed."""
    before, context = groups(sandbox), {}
    contain(context, sandbox)
    contain(context, sandbox)
    given_back = give_back(context, sandbox)
    assert groups(sandbox) == before
    assert given_back.commands.count(f"{binary.PREFIX}add-user-to-group") == len(before), "each of them once"

    context = {}
    some, others = sorted(before)[:1], sorted(before)[1:]
    contain(context, sandbox)
    for group in some:
        binary.succeed("add-user-to-group", {"userName": "alice", "groupId": group}, sandbox=sandbox)
    contain(context, sandbox)
    assert groups(sandbox) == set() and others
    give_back(context, sandbox)
    assert groups(sandbox) == before


def test_two_users_of_one_case_get_their_own_groups_back(sandbox):
    alices, bobs, context = groups(sandbox), groups(sandbox, "bob"), {}
    contain(context, sandbox)
    contain(context, sandbox, "bob")
    give_back(context, sandbox, "bob")
    assert groups(sandbox) == set() and groups(sandbox, "bob") == bobs
    give_back(context, sandbox)
    assert groups(sandbox) == alices != bobs


def another(user, groups):
    """A user of the same name, who was deleted, or is in another identity store."""
    rows = [{"GroupId": group, "MembershipId": f"membership of {group}"} for group in groups]
    return {"UserId": "another", "UserName": user, "GroupMemeberships": rows}


def test_the_groups_of_another_user_of_the_same_name_are_not_given(sandbox):
    before, everything = groups(sandbox), groups_of_the_directory(sandbox)
    context = {"AWS": {"IAM": {"IdentityCenter": {"Users": [another("alice", everything)]}}}}
    contained = contain(context, sandbox)
    assert "6" in contained.visited and groups(sandbox) == set(), "a person notes the groups"
    asked = give_back(context, sandbox)
    assert "5" in asked.visited and groups(sandbox) == set(), "a person is asked which groups are meant"

    context = {REMEMBERED: another("alice", everything)}
    context["AWS"] = {"IAM": {"IdentityCenter": {"Users": [another("alice", everything)]}}}
    asked = give_back(context, sandbox)
    assert "5" in asked.visited and groups(sandbox) == set()
    run("give-back", {"UserName": "alice", "GroupIds": sorted(before)}, context, sandbox)
    assert groups(sandbox) == before


def test_nothing_is_removed_without_a_yes(sandbox):
    before, context = groups(sandbox), {}
    run("contain", {"UserName": "alice"}, context, sandbox, answer="No")
    assert groups(sandbox) == before != set() and REMEMBERED not in context


def test_groups_of_another_case_are_given_back_by_their_ids(sandbox):
    before = groups(sandbox)
    contain({}, sandbox)
    asked = give_back({}, sandbox)
    assert "5" in asked.visited and groups(sandbox) == set(), "a person is asked where nothing is remembered"
    for ids in (sorted(before), ", ".join(sorted(before))):
        run("give-back", {"UserName": "alice", "GroupIds": ids}, {}, sandbox)
        assert groups(sandbox) == before
