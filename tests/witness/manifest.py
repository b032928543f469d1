"""What integration.yml declares, read as data."""

import os
from pathlib import Path

import yaml

FILE = Path(os.environ.get("MANIFEST", "integration.yml"))


def load():
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def commands():
    """Command name -> declaration."""
    return {command["name"]: command for command in load()["script"]["commands"]}


def outputs(command):
    """The context paths that a command declares."""
    return {output["contextPath"] for output in commands()[command].get("outputs") or [] if "contextPath" in output}
