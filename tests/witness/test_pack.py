"""The content pack (issue 4, item 4): demisto-sdk's gate over it, that the gate can fail, and what the zip holds."""

import importlib.util
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest
import yaml

import binary
import manifest
import protocol

PACKAGING = Path("packaging/pack").resolve()
sys.path.append(str(PACKAGING))

import content
import gate
import logo
import sdk

NAME = content.INTEGRATION


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """The pack in a content repository. Tests that change it copy it."""
    return content.lay_out(tmp_path_factory.mktemp("pack") / "content")


@pytest.fixture
def copy(repository, tmp_path):
    return Path(shutil.copytree(repository, tmp_path / "content"))


@pytest.fixture(scope="module")
def zipped(tmp_path_factory):
    """What the one command makes, in a place that does not exist yet."""
    folder = tmp_path_factory.mktemp("zip") / "out"
    environment = {**os.environ, "PYTHON": sys.executable}  # or it might renew the one that runs this
    done = subprocess.run([PACKAGING / "build", folder], capture_output=True, text=True, timeout=300, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    file = folder / f"{content.PACK}.zip"
    assert done.stdout.strip() == str(file) and list(folder.iterdir()) == [file]
    with zipfile.ZipFile(file) as archive:
        yield {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


@pytest.fixture(scope="module")
def installed(zipped):
    """The integration as XSOAR installs it."""
    return yaml.safe_load(zipped[f"Integrations/integration-{NAME}.yml"])


def change(file, old, new):
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{file.name} has no {old!r}"
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_every_validator_accepts_the_pack(repository):
    assert gate.validate(repository) == {}


def test_the_validators_are_those_that_exist_and_none_is_left_out_silently():
    """Reference: 160 validators that work offline, and those for playbooks. What is left out has its reason."""
    run, without = gate.validators()
    assert len(run) == len(set(run)) and not set(run) & set(without)
    assert sum(not code.startswith("PB") for code in [*run, *without]) == 160
    assert set(without) == {"BA129", "DO101", "RM116"} and all(without.values())
    package = Path(importlib.util.find_spec("demisto_sdk").origin).parent
    sources = package.joinpath("commands/validate/validators").rglob("*.py")
    known = set(re.findall(r'error_code = "([A-Z]+\d+)"', "".join(source.read_text("utf-8") for source in sources)))
    assert set(run) | set(without) <= known


IMAGE = f"dockerimage: localhost/aws-iam-identitycenter:{content.version()}"
INTEGRATION = f"Integrations/{NAME}"
YML, README, NOTES = (
    f"{INTEGRATION}/{NAME}.yml",
    f"{INTEGRATION}/README.md",
    f"{content.version().replace('.', '_')}.md",
)
LOOK_UP, CONTAIN, RESTORE = (f"playbook-{name}.yml" for name in ("look-up-and-enrich", "contain", "restore"))

# In which file of the pack what is replaced by what, and the validator that sees it.
FAULTS = [
    (YML, "Trust any certificate (not secure)", "Trust all", "IN100"),
    (YML, "category: IT Services", "category: Magic", "IN104"),
    (YML, "subtype: python3", "subtype: python4", "IN108"),
    (YML, "- name: displayName\n", "- name: groupName\n", "IN113"),
    (YML, "- name: userId\n", "- name: userId\n      default: true\n", "IN134"),
    (YML, "name: AWS - IAM Identity Center\n", "name: AWS Identity Center\n", "BA101"),
    (YML, "fromversion: 6.2.0", "fromversion: 4.5.0", "BA106"),
    (YML, IMAGE, "dockerimage: example/identitycenter:latest", "DO100"),
    (YML, "version: -1", "version: 1", "BA100"),
    (YML, "display: AWS - IAM Identity Center\n", "display: AWS - IAM Identity Center Integration\n", "BA110"),
    (YML, "and cuts their access.\n", "and cuts their access\n", "DS108"),
    (README, "| AWS.IAM.IdentityCenter.Groups.GroupName |", "| AWS.IAM.IdentityCenter.Groups.Name |", "RM102"),
    (README, "aws-iam-identitycenter-get-group", "aws-iam-identitycenter-got-group", "RM110"),
    ("pack_metadata.json", f'"currentVersion": "{content.version()}"', '"currentVersion": "9.9.9"', "PA101"),
    (f"ReleaseNotes/{NOTES}", "New: AWS IAM Identity Center - Contain", "New: AWS - Contain", "RN107"),
    (f"Playbooks/{CONTAIN}", "'Yes':\n        - '3'", "'Yes':\n        - '4'", "PB103"),
    (f"Playbooks/{CONTAIN}", "    nexttasks:\n      'Yes'", "    conditions:\n      - label: perhaps\n    nexttasks:\n      'Yes'", "PB122"),
    (f"Playbooks/{RESTORE}", "${inputs.UserName}", "${inputs.UserNam}", "PB119"),
    (f"Playbooks/{LOOK_UP}", "starttaskid:", "bogus: 1\nstarttaskid:", "ST110"),
]


def test_the_gate_sees_what_is_broken(copy):
    """The gate can fail, and not only for one reason: each fault is told, all in one run."""
    pack = content.pack(copy)
    for file, there, broken, _ in FAULTS:
        change(pack / file, there, broken)
    (pack / INTEGRATION / f"{NAME}_description.md").unlink()
    (pack / INTEGRATION / f"{NAME}_image.png").write_bytes(png(width=60))
    content.git(copy, "add", "--all")
    content.git(copy, "commit", "--message", "Broken")

    # A context path is told with the integration, and the version with the pack's folder.
    told_with = {"RM102": f"{NAME}.yml", "PA101": content.PACK}
    wanted = {(told_with.get(code, Path(file).name), code) for file, _, _, code in FAULTS}
    wanted |= {(f"{NAME}.yml", "DS104"), (f"{NAME}_image.png", "IM111")}
    found = set(gate.validate(copy))
    assert wanted <= found, (sorted(wanted - found), sorted(found - wanted))
    assert sum(file == YML for file, *_ in FAULTS) >= 10


def test_xsoars_linter_accepts_the_shim_and_sees_what_is_broken(copy):
    """At the level of XSOAR's own integrations. The linter asks for the Python of an image of XSOAR's registry."""
    integration = content.integration(copy)
    change(integration / f"{NAME}.yml", IMAGE, "dockerimage: demisto/python3:3.12")
    change(content.pack(copy) / "pack_metadata.json", '"support": "community"', '"support": "xsoar"')
    broken = Path(shutil.copytree(integration, integration.parent / "Broken"))
    for file in broken.iterdir():
        file.rename(broken / file.name.replace(NAME, "Broken"))
    change(broken / "Broken.py", '            "test-module",\n', "")
    change(broken / "Broken.py", '            "aws-iam-identitycenter-get-user",\n', "")
    change(broken / "Broken.py", "demisto.debug(", "print(")

    found = gate.lint(copy, NAME, "Broken")
    # Entries go to demisto.results as they are (W9008), and unknown commands to the executable (W9018).
    assert {code for name, code in found if name == NAME} == {"W9008", "W9018"}
    assert {code for name, code in found if name == "Broken"} >= {"E9002", "E9010", "E9011"}


def test_the_prepared_script_is_the_one_that_is_installed_and_answers(repository, installed, sandbox, tmp_path):
    """prepare-content takes the imports of common modules out, which the server puts in front of the script."""
    prepared = tmp_path / "prepared.yml"
    done = sdk.run(repository, "prepare-content", "-i", content.integration(repository), "-o", prepared)
    assert done.returncode == 0, done.stdout + done.stderr
    script = yaml.safe_load(prepared.read_text(encoding="utf-8"))["script"]["script"]
    assert script == installed["script"]["script"]
    assert "demistomock" not in script and "CommonServer" not in script
    request = {"command": "aws-iam-identitycenter-get-user", "args": {"userName": "alice"}, "context": {}}
    on_path = protocol.put_on_path(tmp_path / "path", f"--sandbox={sandbox}")
    with protocol.Container(protocol.PYTHON_LOOP, on_path) as container:
        entries = container.entries(request, script)
    assert entries == binary.run("get-user", {"userName": "alice"}, sandbox=sandbox).entries


def test_what_is_installed_is_what_integration_yml_says(installed):
    """Besides the script, and the name of who supports the pack behind the display name, nothing is different."""
    ours = manifest.load()
    assert installed.pop("image").startswith("data:image/png;base64,")
    assert "Give an access key" in installed.pop("detaileddescription")
    assert installed.pop("display") == ours.pop("display") + " (Community Contribution)"
    assert "ask(request)" in installed["script"].pop("script") and ours["script"].pop("script")
    assert installed == ours


def test_the_zip_holds_the_pack(zipped):
    metadata = json.loads(zipped["metadata.json"])
    version = re.search(r'^version = "(.*)"', Path("Cargo.toml").read_text("utf-8"), re.MULTILINE)[1]
    assert (metadata["id"], metadata["currentVersion"]) == (content.PACK, version)
    assert metadata["id"] != "AWS-IAMIdentityCenter", "that is the Marketplace pack: this would be an old version of it"
    notes = zipped[f"ReleaseNotes/{version.replace('.', '_')}.md"].decode()
    assert "break-glass" in notes and "AWS IAM Identity Center - Contain" in notes and "##  " not in notes
    assert zipped["README.md"] == (PACKAGING / "files" / "README.md").read_bytes()
    playbooks = {name for name in zipped if name.startswith("Playbooks/")}
    assert playbooks == {f"Playbooks/playbook-{file.name}" for file in content.playbooks()} and len(playbooks) == 4


def test_the_readme_has_every_argument_and_output_of_every_command(repository):
    """demisto-sdk looks at commands and context paths only. The README is docs/commands.md."""
    readme = (content.integration(repository) / "README.md").read_text(encoding="utf-8")
    assert readme == Path("docs/commands.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^### (\S+)\n(.*?)(?=^### |\Z)", readme, re.MULTILINE | re.DOTALL))
    assert set(sections) == set(manifest.commands())
    for name, command in manifest.commands().items():
        arguments, _, outputs = sections[name].partition("#### Context Output")
        listed = re.findall(r"^\| (\w+) \|.*\| (Required|Optional) \|$", arguments, re.MULTILINE)
        assert [(argument, word == "Required") for argument, word in listed] == [
            (argument["name"], argument.get("required", False)) for argument in command["arguments"]
        ], name
        listed = re.findall(r"^\| (AWS\S+) \| (\w+) \|", outputs, re.MULTILINE)
        assert listed == [(output["contextPath"], output["type"]) for output in command.get("outputs", [])], name


def png(width=120):
    return logo.png()[:16] + struct.pack(">I", width) + logo.png()[20:]


def test_the_logo_is_what_xsoar_asks_for():
    """120 by 50 pixels, 10 KB at most, transparent: most of its pixels are clear, and some are not."""
    data = png()
    width, height, depth, kind = struct.unpack(">IIBB", data[16:26])
    assert (width, height, depth, kind) == (120, 50, 8, 6) and len(data) <= 10 * 1024
    pixels = zlib.decompress(data[data.index(b"IDAT") + 4 : data.index(b"IEND") - 8])
    opacity = [value for row in range(50) for value in pixels[row * 481 + 4 : (row + 1) * 481 : 4]]
    assert len(opacity) == 6000 and opacity.count(0) > 4000 and opacity.count(255) > 500
