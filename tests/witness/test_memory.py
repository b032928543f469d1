"""A process holds the pages of the functions that run, because packaging/order put these side by side in the executable."""

import json
import subprocess

import pytest

import binary
import instructions

AIM = 8 * 1024  # in KiB, for the whole process
PAGES = 4 * 1024  # of the executable; three times as many without the order


def resident(process):
    """The most memory that it had, and what of that it has now is pages of the executable, in KiB."""
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        fields = dict(line.split(":", 1) for line in status)
    return [int(fields[name].split()[0]) for name in ("VmHWM", "RssFile")]


def test_a_process_that_lists_users_holds_few_pages_of_the_executable():
    if reason := instructions.obstacle():
        pytest.skip(reason)
    line = json.dumps(instructions.request(instructions.Endpoint(10))) + "\n"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "env": binary.clean_environment()}
    with subprocess.Popen([instructions.PRODUCTION, "loop"], **pipes) as process:
        process.stdin.write(line.encode())
        process.stdin.flush()
        assert b"given9.family9@example.com" in process.stdout.readline()
        process.stdout.readline()
        peak, pages = resident(process)
        process.stdin.close()
    assert process.returncode == 0
    assert peak <= AIM
    assert pages <= PAGES, "run packaging/order, which records anew what stands side by side"
