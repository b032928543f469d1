"""A process that lists ten users holds little memory."""

import json
import subprocess

import binary
import instructions

AIM = 10 * 1024  # KiB, for the whole process, pages of the executable included


def peak(process):
    """The most memory that the process has held, in KiB."""
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        fields = dict(line.split(":", 1) for line in status)
    return int(fields["VmHWM"].split()[0])


def test_process_that_lists_ten_users_holds_at_most_10_mib():
    line = json.dumps(instructions.request(instructions.Endpoint(10))) + "\n"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "env": binary.clean_environment()}
    with subprocess.Popen([instructions.PRODUCTION, "loop"], **pipes) as process:
        process.stdin.write(line.encode())
        process.stdin.flush()
        assert b"given9.family9@example.com" in process.stdout.readline()
        process.stdout.readline()
        held = peak(process)
        process.stdin.close()
    assert process.returncode == 0
    assert held <= AIM
