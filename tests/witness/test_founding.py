"""integration.yml against the tables that this project was founded on, row by row (DESIGN 3).

founding.json holds the tables; the table "Deviations" in docs/architecture.md is the list of the only exceptions, so
that a deviation nobody wrote down fails, and so does one that is written down and no longer there."""

import json
from pathlib import Path

import manifest

FOUNDING = json.loads(Path(__file__).with_name("founding.json").read_text(encoding="utf-8"))


def written_down():
    text = Path("docs/architecture.md").read_text(encoding="utf-8")
    table = text.split("## Deviations from the founding documentation", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("|").split("|") for line in table.splitlines() if line.startswith("| ")][2:]
    return {row[0].strip().strip("`"): row[1].strip() for row in rows}


def displayed(configuration):
    """Display text -> parameter. A pair of credentials shows two texts; hidden parameters show none."""
    shown = {}
    for parameter in configuration:
        if not parameter.get("hidden"):
            for text in (parameter.get("display"), parameter.get("displaypassword")):
                if text:
                    shown[text] = parameter
    return shown


def differences(document):
    """What is different, each as what and how."""
    found = {}
    parameters = displayed(document["configuration"])
    for row in FOUNDING["parameters"]:
        there = parameters.get(row["display"])
        if there is None:
            found[f"parameter {row['display']}"] = "absent"
        elif bool(there.get("required")) != row["required"]:
            found[f"parameter {row['display']}: required"] = f"{row['required']} became {bool(there.get('required'))}"
    commands = {command["name"]: command for command in document["script"]["commands"]}
    for row in FOUNDING["commands"]:
        name = row["name"].removeprefix("aws-iam-identitycenter-")
        command = commands.get(row["name"])
        if command is None:
            found[f"command {name}"] = "absent"
            continue
        arguments = {argument["name"]: argument for argument in command["arguments"]}
        for argument in row["arguments"]:
            there = arguments.get(argument["name"])
            if there is None:
                found[f"{name} {argument['name']}"] = "absent"
            elif bool(there.get("required")) != argument["required"]:
                found[f"{name} {argument['name']}: required"] = (
                    f"{argument['required']} became {bool(there.get('required'))}"
                )
        outputs = {output["contextPath"]: output for output in command.get("outputs") or []}
        for output in row["outputs"]:
            there = outputs.get(output["contextPath"])
            if there is None:
                found[f"{name} {output['contextPath']}"] = "absent"
            elif there["type"].lower() != output["type"]:
                found[f"{name} {output['contextPath']}: type"] = f"{output['type']} became {there['type'].lower()}"
    return found


def test_every_deviation_is_written_down_and_every_one_written_down_is_there():
    assert differences(manifest.load()) == written_down()


def test_a_new_deviation_would_be_seen():
    document = manifest.load()
    known = differences(document)
    document["configuration"].pop(3)
    command = document["script"]["commands"][0]
    command["arguments"][0].pop("required")
    command["outputs"] = command["outputs"][3:]
    assert len(differences(document)) > len(known) + 1
