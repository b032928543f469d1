"""What demisto-sdk says of the pack: its validators, and its linter for the script."""

import re
from pathlib import Path

import content
import sdk

VALIDATORS = Path(__file__).with_name("validators")
FINDING = re.compile(
    r"^(?:\x1b\[\d+m)*(?P<path>Packs/[^:\n]+): \[(?P<code>[A-Z]+\d+)\] - (?P<message>.*(?:\n(?!\x1b|Packs/).+)*)",
    re.MULTILINE,
)
LINT = re.compile(r"^(?P<path>/[^:\n]+):\d+:\d+: (?P<code>[EW]\d+) ", re.MULTILINE)


def validators():
    """The validators that are run, and those that are left out with the reason."""
    lines = [line for line in VALIDATORS.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    without = dict(line.removeprefix("without ").split(": ", 1) for line in lines if line.startswith("without "))
    listed = [code for line in lines if not line.startswith("without ") for code in line.split()]
    return [code for code in listed if code not in without], without


def validate(repository):
    """Runs the validators on all that the branch changes: what is said of each pair of a file's name and a code."""
    run, _ = validators()
    validate = "validate", "-g", "-pc", "--prev-ver", "origin/master", "--ignore-support-level"
    done = sdk.run(repository, *validate, "-sv", ",".join(run))
    said = done.stdout + done.stderr
    found = {(Path(finding["path"]).name, finding["code"]): finding["message"] for finding in FINDING.finditer(said)}
    if "Starting validate items" not in said or (done.returncode != 0) != bool(found):
        raise RuntimeError(f"demisto-sdk validate did not do its work ({done.returncode}):\n{said}")
    return found


def lint(repository, *names):
    """Runs the linter on integrations of the pack: the findings, as pairs of an integration's name and a code."""
    scripts = [content.pack(repository) / "Integrations" / name / f"{name}.py" for name in names]
    done = sdk.run(repository, "xsoar-lint", *scripts)
    said = done.stdout + done.stderr
    found = {(Path(finding["path"]).stem, finding["code"]) for finding in LINT.finditer(said)}
    if (done.returncode != 0) != any(code.startswith("E") for _, code in found):
        raise RuntimeError(f"demisto-sdk xsoar-lint did not do its work ({done.returncode}):\n{said}")
    return found
