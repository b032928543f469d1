"""Hands the calling context to the native executable, and its entries to the War Room."""
import demistomock as demisto
from CommonServerPython import *
from CommonServerUserPython import *

import base64
import json
import signal
import subprocess
import urllib.parse

EXECUTABLE = "aws-iam-identitycenter"
SHORTEST_SECRET = 8  # as in the executable: a shorter text is a word that stands elsewhere, too
TAIL = 2000


def main():
    command = demisto.command()
    try:
        if command not in [
            # COMMANDS
        ]:
            # The executable refuses it, and names the nearest one.
            demisto.debug(f"integration.yml does not declare the command {command}")
        request = {
            "command": command,
            "args": demisto.args(),
            "params": demisto.params(),
            "context": demisto.callingContext.get("context"),
            "integration": True,
        }
        demisto.results(ask(request))
    except Exception as error:
        return_error(f"Failed to execute {command} command.\nError:\n{error}")


def ask(request: dict) -> list:
    """Runs the executable once; gives its entries, errors too. Secrets go through standard input only."""
    try:
        # With pipes of its own the child never touches the streams between the server and this container.
        child = subprocess.run([EXECUTABLE], input=json.dumps(request).encode(), capture_output=True)
    except FileNotFoundError as error:
        raise ValueError(
            f"The executable {EXECUTABLE} is not in this container. "
            "Choose this integration's own image as the Docker image in the integration's settings."
        ) from error
    except OSError as error:
        raise ValueError(f"The executable {EXECUTABLE} could not be started: {error.strerror}.") from error
    # The executable says nothing on standard error unless debugging is asked for, or it fails.
    said = masked(child.stderr.decode(errors="replace"), request["params"])
    for line in said.splitlines():
        demisto.debug(line)
    found = entries(child.stdout)
    if not found:
        raise ValueError(failure(child.returncode, said))
    return found


def entries(answer: bytes) -> list:
    """The entries that an answer holds; none if it is not an answer."""
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError):
        return []
    sound = isinstance(found, list) and all(isinstance(entry, dict) and "Type" in entry for entry in found)
    return found if sound else []


def failure(status: int, said: str) -> str:
    """How a child ended that gave no entries; a status below zero is a signal."""
    if status < 0:
        name = signal.strsignal(-status)
        end = f"was ended by signal {-status} ({name}), perhaps because the container ran out of memory"
    else:
        end = f"gave no valid answer (exit status {status})"
    words = f"\nIts last words were:\n{said.strip()[-TAIL:]}" if said.strip() else ""
    return (
        f"The executable {EXECUTABLE} {end}. What it had begun may have been done. "
        f"The command can be repeated safely.{words}"
    )


def masked(text: str, params: dict) -> str:
    """The text without what the parameters hold, in the encodings that programs use."""
    for secret in sorted(texts(params), key=len, reverse=True):
        quoted = json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], repr(secret)[1:-1]
        percent = [quote(secret, safe="", errors="replace") for quote in (urllib.parse.quote, urllib.parse.quote_plus)]
        octets = secret.encode(errors="replace")
        for form in (secret, *quoted, *percent, base64.b64encode(octets).decode(), octets.hex()):
            text = text.replace(form, "<XX_REPLACED>")
    return text


def texts(value: object) -> set:
    """Every text in a value that is long enough to be a secret, and the halves of SECRET@@@TOKEN."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return set().union(*map(texts, value))
    return {part for part in (str(value), *str(value).split("@@@")) if len(part) >= SHORTEST_SECRET}


if __name__ in ("__main__", "__builtin__", "builtins"):
    main()
