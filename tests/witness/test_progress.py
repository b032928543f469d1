"""A person at a terminal sees how far long work is; nobody else does."""

import contextlib
import os
import pty
import re
import subprocess

import binary


def removal(sandbox):
    """Fills a sandbox in which a call takes 50 ms; gives the command that removes a user from 150 groups."""
    seed = [binary.BINARY, f"--sandbox={sandbox}", "sandbox", "seed", "--users=1", "--groups=150", "--memberships=150"]
    subprocess.run(seed, check=True, capture_output=True)
    text = sandbox.read_text(encoding="utf-8")
    sandbox.write_text(text.replace('"scenario": []', '"scenario": ["latency=50ms"]', 1), encoding="utf-8")
    name = text.split('"UserName": "', 1)[1].split('"', 1)[0]
    line = f"!aws-iam-identitycenter-remove-user-from-all-groups userName={name}"
    return [binary.BINARY, f"--sandbox={sandbox}", "run", line]


def at_a_terminal(command, stdout=None):
    """What a terminal on standard error shows, and on standard output unless that goes elsewhere."""
    terminal, end = pty.openpty()
    with subprocess.Popen(command, stdout=stdout or end, stderr=end) as process:
        os.close(end)
        shown = b""
        with contextlib.suppress(OSError):  # A terminal without its other end.
            while chunk := os.read(terminal, 65536):
                shown += chunk
    os.close(terminal)
    assert process.returncode == 0, shown[-500:]
    return shown


def test_a_terminal_shows_how_far_the_work_is(tmp_path):
    with open(tmp_path / "stdout", "wb") as stdout:
        shown = at_a_terminal(removal(tmp_path / "sandbox.json"), stdout)
    assert [int(done) for done in re.findall(rb"(\d+) of 150", shown)][-1] > 100, shown[-500:]
    text = (tmp_path / "stdout").read_text(encoding="utf-8")
    assert text.startswith("### User ") and "\x1b" not in text


def test_the_bar_is_gone_before_the_answer_comes(tmp_path):
    shown = at_a_terminal(removal(tmp_path / "sandbox.json"))
    answer = shown.index(b"### User ")
    assert b"\x1b[2K" in shown[shown.rindex(b" of 150", 0, answer) : answer], shown[answer - 500 : answer + 100]


def test_what_is_done_at_once_needs_no_bar(sandbox, tmp_path):
    with open(tmp_path / "stdout", "wb") as stdout:
        command = [binary.BINARY, f"--sandbox={sandbox}", "run", "!aws-iam-identitycenter-list-users"]
        assert at_a_terminal(command, stdout) == b""


def test_a_file_gets_no_progress(tmp_path):
    with open(tmp_path / "stderr", "wb") as stderr:
        command = removal(tmp_path / "sandbox.json")
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=stderr, timeout=60, check=True)
    assert (tmp_path / "stderr").read_bytes() == b""
