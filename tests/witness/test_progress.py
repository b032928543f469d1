"""A person at a terminal sees how far long work is; nobody else does."""

import os
import pty
import subprocess

import binary


def removal(sandbox, stderr):
    """Removes a user from 150 groups, at 50 ms a call; gives the text on standard output."""
    seed = [binary.BINARY, f"--sandbox={sandbox}", "sandbox", "seed", "--users=1", "--groups=150", "--memberships=150"]
    subprocess.run(seed, check=True, capture_output=True)
    text = sandbox.read_text(encoding="utf-8")
    sandbox.write_text(text.replace('"scenario": []', '"scenario": ["latency=50ms"]', 1), encoding="utf-8")
    name = text.split('"UserName": "', 1)[1].split('"', 1)[0]
    line = f"!aws-iam-identitycenter-remove-user-from-all-groups userName={name}"
    command = [binary.BINARY, f"--sandbox={sandbox}", "run", line]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=stderr, timeout=60, check=True)
    return done.stdout.decode()


def test_a_terminal_shows_how_far_the_work_is(tmp_path):
    terminal, end = pty.openpty()
    try:
        stdout = removal(tmp_path / "sandbox.json", end)
    finally:
        os.close(end)
    shown = b""
    try:
        while chunk := os.read(terminal, 65536):
            shown += chunk
    except OSError:
        pass  # A terminal without its other end.
    finally:
        os.close(terminal)
    assert b" of 150" in shown, shown[-500:]
    assert stdout.startswith("### User ") and "\x1b" not in stdout


def test_a_file_gets_no_progress(tmp_path):
    with open(tmp_path / "stderr", "wb") as stderr:
        removal(tmp_path / "sandbox.json", stderr)
    assert (tmp_path / "stderr").read_bytes() == b""
