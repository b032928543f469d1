"""integration.yml before demisto-sdk's StrictIntegration (issue 2, item 4; reference/xsoar.md 3)."""

import copy
import json
import subprocess
import sys
from pathlib import Path

import pytest

import binary
import manifest


def verdicts(documents):
    """For each document null, or why demisto-sdk refuses it."""
    lines = "".join(json.dumps(document) + "\n" for document in documents)
    done = subprocess.run(
        [sys.executable, "-B", str(Path(__file__).with_name("strict_child.py"))],
        input=lines,
        capture_output=True,
        text=True,
        timeout=120,
        env=binary.clean_environment(
            DEMISTO_SDK_SKIP_VERSION_CHECK="true", DEMISTO_SDK_IGNORE_CONTENT_WARNING="1", NO_COLOR="1"
        ),
    )
    assert done.returncode == 0, done.stderr[-3000:]
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(documents), done.stdout
    return answers


def test_strict_integration_accepts_the_manifest():
    """Issue 2: `StrictIntegration.parse_obj` of demisto-sdk accepts integration.yml."""
    assert verdicts([manifest.load()]) == [None]


def first_command(document):
    return next(command for command in document["script"]["commands"] if command.get("arguments") and command.get("outputs"))


BREAKS = {
    "a key nobody knows": lambda document: document.update(bogus=1),
    "no category": lambda document: document.pop("category"),
    "no version": lambda document: document["commonfields"].pop("version"),
    "a parameter without a type": lambda document: document["configuration"][0].pop("type"),
    "camel case default of a parameter": lambda document: document["configuration"][0].update(defaultValue="x"),
    "a command without a description": lambda document: first_command(document).pop("description"),
    "an argument without a name": lambda document: first_command(document)["arguments"][0].pop("name"),
    "an argument with a lower case default": lambda document: first_command(document)["arguments"][0].update(defaultvalue="x"),
    "an output without a description": lambda document: first_command(document)["outputs"][0].pop("description"),
    "a script of an unknown language": lambda document: document["script"].update(type="rust"),
}


@pytest.mark.parametrize("break_it", BREAKS.values(), ids=BREAKS.keys())
def test_strict_integration_refuses_what_is_broken(break_it):
    """The test above can fail: each of these faults is refused."""
    document = copy.deepcopy(manifest.load())
    break_it(document)
    assert verdicts([document])[0]


def test_the_nine_commands_are_declared():
    """DESIGN 4: the nine commands of the founding documentation; `!` lists them by these names."""
    wanted = """create-user get-user get-user-by-email list-users list-groups list-groups-for-user
        add-user-to-group get-group remove-user-from-all-groups""".split()
    assert {binary.PREFIX + name for name in wanted} <= set(manifest.commands())


def test_destructive_commands_are_marked_as_such():
    """DESIGN 4: destructive commands carry `execution: true`; commands that only read do not."""
    commands = manifest.commands()
    assert commands["aws-iam-identitycenter-remove-user-from-all-groups"].get("execution") is True
    for name, command in commands.items():
        if name.startswith((binary.PREFIX + "get-", binary.PREFIX + "list-")):
            assert not command.get("execution"), name


def test_every_command_takes_the_overrides_of_the_instance():
    """DESIGN 3: every command also takes these."""
    shared = {"region", "roleArn", "roleSessionName", "roleSessionDuration", "IdentityStoreId", "timeout", "retries"}
    for name, command in manifest.commands().items():
        assert shared <= {argument["name"] for argument in command["arguments"]}, name


def test_names_that_must_not_change():
    """DESIGN 1: id, name and display are those of the pack it replaces."""
    document = manifest.load()
    names = document["commonfields"]["id"], document["name"], document["display"]
    assert names == ("AWS - IAM Identity Center",) * 3


def test_the_binary_agrees_that_the_manifest_is_current():
    """DESIGN 2: `manifest --check` writes nothing and exits 1 if there are differences."""
    before = manifest.FILE.read_bytes()
    code, stdout, stderr = binary.execute(["manifest", "--check"])
    assert code == 0, (stdout.decode("utf-8", "replace")[-3000:], stderr[-3000:])
    assert manifest.FILE.read_bytes() == before


def test_manifest_check_sees_a_difference(tmp_path):
    """DESIGN 2: `manifest --root DIR` writes both files under DIR; `--check` shows a change in one and exits 1."""
    code, _, stderr = binary.execute(["manifest", "--root", tmp_path])
    assert code == 0, stderr
    written = tmp_path / "integration.yml"
    assert written.read_bytes() == manifest.FILE.read_bytes() and (tmp_path / "docs" / "commands.md").is_file()
    changed = written.read_text(encoding="utf-8").replace("aws-iam-identitycenter-get-group", "aws-iam-identitycenter-got-group")
    written.write_text(changed, encoding="utf-8")
    code, stdout, stderr = binary.execute(["manifest", "--check", "--root", tmp_path])
    assert code == 1 and "got-group" in stdout.decode("utf-8") + stderr
    assert written.read_text(encoding="utf-8") == changed


def test_every_select_box_offers_something():
    """XSOAR, "Integration metadata YAML file": parameters of type 15 and 16 have options."""
    for parameter in manifest.load()["configuration"]:
        assert parameter["type"] not in (15, 16) or len(parameter.get("options", [])) > 1, parameter["name"]
