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


def references(value):
    """Every context path that a playbook reads: whole texts, references in texts, accessors behind a root."""
    if isinstance(value, dict) and "root" in value and "accessor" in value:
        yield f"{value['root']}.{value['accessor']}"
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
        yield from references(inner)
    if isinstance(value, str):
        yield from re.findall(r"AWS\.[\w.]*\w", value)


@pytest.mark.parametrize("file", FILES.values(), ids=FILES.keys())
def test_a_playbook_names_only_what_integration_yml_declares(file):
    document, declared = playbook.load(file), set().union(*OUTPUTS.values())
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


def test_the_lines_for_the_war_room_work_as_they_are_written(sandbox):
    """One after the other, on the sample directory: what is cut is given back."""
    assert len(LINES) == 10
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


def test_what_is_contained_is_given_back(sandbox):
    before, bobs, context = groups(sandbox), groups(sandbox, "bob"), {}
    run("look-up-and-enrich", {"UserName": "bob"}, context, sandbox)
    contained = run("contain", {"UserName": "alice"}, context, sandbox, answer="Yes")
    assert groups(sandbox) == set() and "1" in contained.visited and "2" in contained.visited
    assert len(before) > 1 and groups(sandbox, "bob") == bobs

    again = run("contain", {"UserName": "alice"}, context, sandbox, answer="Yes")
    assert "2" not in again.visited, "the case still knows what was removed, and does not forget it"

    given_back = run("give-back", {"UserName": "alice"}, context, sandbox)
    assert groups(sandbox) == before and "3" in given_back.visited
    assert given_back.commands.count("aws-iam-identitycenter-add-user-to-group") == len(before)
    assert groups(sandbox, "bob") == bobs, "what the case knows of others is not given to alice, nor changed"


def test_nothing_is_removed_without_a_yes(sandbox):
    before = groups(sandbox)
    run("contain", {"UserName": "alice"}, {}, sandbox, answer="No")
    assert groups(sandbox) == before != set()


def test_groups_of_another_case_are_given_back_by_their_ids(sandbox):
    before = groups(sandbox)
    run("contain", {"UserName": "alice"}, {}, sandbox, answer="Yes")
    asked = run("give-back", {"UserName": "alice"}, {}, sandbox)
    assert "4" in asked.visited and groups(sandbox) == set(), "a person is asked where nothing is remembered"
    for ids in (sorted(before), ", ".join(sorted(before))):
        run("give-back", {"UserName": "alice", "GroupIds": ids}, {}, sandbox)
        assert groups(sandbox) == before
