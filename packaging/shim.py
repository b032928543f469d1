"""Hands the calling context to the native executable, and its entries to the War Room."""
import demistomock as demisto
from CommonServerPython import *
from CommonServerUserPython import *

import json
import subprocess

EXECUTABLE = "aws-iam-identitycenter"


def ask(command):
    """Runs the executable once; gives its entries. Secrets go through standard input only."""
    request = {
        "command": command,
        "args": demisto.args(),
        "params": demisto.params(),
        "context": demisto.callingContext.get("context"),
        "integration": True,
    }
    try:
        # With pipes of its own the child never touches the streams between the server and this container.
        child = subprocess.run([EXECUTABLE], input=json.dumps(request).encode(), capture_output=True)
    except FileNotFoundError:
        raise ValueError(f"The executable {EXECUTABLE} is not in this image. Use the integration's own image.")
    if child.returncode < 0:
        raise ValueError(f"The executable {EXECUTABLE} was ended by signal {-child.returncode}, perhaps for want of memory.")
    try:
        entries = json.loads(child.stdout)
    except ValueError:
        raise ValueError(f"The executable {EXECUTABLE} gave no answer (exit status {child.returncode}).")
    if not isinstance(entries, list):
        raise ValueError(f"The executable {EXECUTABLE} gave no list of entries.")
    return entries


def main():
    command = demisto.command()
    try:
        if command in [
            # COMMANDS
        ]:
            demisto.results(ask(command))
        else:
            raise NotImplementedError(f"Command {command} is not implemented.")
    except Exception as error:
        return_error(f"Failed to execute {command} command.\nError:\n{error}")


if __name__ in ("__main__", "__builtin__", "builtins"):
    main()
