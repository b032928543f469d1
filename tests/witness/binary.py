"""The binary under test, run as a child process and read as a black box.

`BINARY` names it (default: the static one with the sandbox, which packaging/build makes). Every call has a
timeout, gets a clean environment without AWS or proxy settings of the machine, and is held against what DESIGN 2
and 5.8 say of every answer: a well-formed JSON array, no panic text, an exit code that agrees with the entries.
"""

import json
import os
import queue
import subprocess
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path

PREFIX = "aws-iam-identitycenter-"
BINARY = os.path.abspath(os.environ.get("BINARY", "target/static/sandbox/aws-iam-identitycenter"))
TIMEOUT = 120
NOTE, ERROR, WARNING = 1, 4, 11

HOME = tempfile.mkdtemp(prefix="witness-home-")


def clean_environment(**extra):
    """The machine's environment without what could reach AWS, a proxy or a person's files."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith("AWS_") and not name.upper().endswith("_PROXY") and not name.startswith("XDG_")
    }
    return {**kept, "AWS_EC2_METADATA_DISABLED": "true", "HOME": HOME, **extra}


def full_name(command):
    """`get-user` as XSOAR calls it; `test-module` and full names stay."""
    return command if command == "test-module" or command.startswith(PREFIX) else PREFIX + command


@dataclass
class Process:
    """What a process left behind."""

    code: int
    stdout: bytes
    stderr: str

    def __post_init__(self):
        assert "panicked at" not in self.stderr and "RUST_BACKTRACE" not in self.stderr, self.stderr
        assert self.code >= 0, f"killed by signal {-self.code}: {self.stderr}"


@dataclass
class Answer(Process):
    """A process whose stdout is one JSON array of entries (DESIGN 1)."""

    entries: list = field(init=False)

    def __post_init__(self):
        super().__post_init__()
        try:
            self.entries = json.loads(self.stdout.decode("utf-8"))
        except ValueError as problem:
            raise AssertionError(f"stdout is not JSON ({problem}): {self.stdout[:2000]!r}; stderr: {self.stderr}")
        assert isinstance(self.entries, list) and self.entries, self.stdout[:2000]
        assert all(isinstance(entry, dict) and "Type" in entry for entry in self.entries), self.entries

    def of_type(self, kind):
        return [entry for entry in self.entries if entry["Type"] == kind]

    @property
    def errors(self):
        return self.of_type(ERROR)

    @property
    def error(self):
        """The text of the one error entry."""
        assert len(self.errors) == 1, self.entries
        return self.errors[0]["Contents"]

    @property
    def text(self):
        """All that a person reads: tables and texts of all entries."""
        parts = []
        for entry in self.entries:
            parts += [entry.get("HumanReadable") or ""]
            parts += [entry["Contents"]] if isinstance(entry.get("Contents"), str) else []
        return "\n".join(parts)

    @property
    def human(self):
        return "\n".join(entry.get("HumanReadable") or "" for entry in self.entries)

    @property
    def everything(self):
        return json.dumps(self.entries, ensure_ascii=False)

    @property
    def context(self):
        """Context key -> value, of all entries together; a key written twice gives a list of both."""
        merged = {}
        for entry in self.entries:
            for key, value in (entry.get("EntryContext") or {}).items():
                if key in merged and merged[key] != value:
                    value = _as_list(merged[key]) + _as_list(value)
                merged[key] = value
        return merged

    def items(self, path):
        """The objects under a context path, whatever merge condition its key carries."""
        return [
            item
            for key, value in self.context.items()
            if key.split("(", 1)[0] == path and not key.endswith("(true)")
            for item in _as_list(value)
        ]

    def item(self, path):
        found = self.items(path)
        assert len(found) == 1, f"{path}: {found}"
        return found[0]

    def token(self, name, parent="AWS.IAM.IdentityCenter"):
        """A next token, which every answer of its list writes at `parent(true)` (DESIGN 5.2)."""
        tokens = self.context[f"{parent}(true)"]
        assert isinstance(tokens[name], str), tokens
        return tokens[name]


def _as_list(value):
    return value if isinstance(value, list) else [value]


def execute(arguments, stdin=b"", timeout=TIMEOUT, **environment):
    """Runs the binary to its end; subprocess.run kills the child by its pid when the time is over."""
    done = subprocess.run(
        [BINARY, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        timeout=timeout,
        env=clean_environment(**environment),
    )
    return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")


def answer(stdin, *, sandbox=None, **options):
    """The entries for these bytes on stdin, in one-shot mode."""
    stdin = stdin if isinstance(stdin, bytes) else stdin.encode("utf-8")
    return Answer(*execute([f"--sandbox={sandbox}"] if sandbox else [], stdin, **options))


def run(command, args=None, params=None, *, sandbox=None, integration=False, **options):
    """One request. The exit code must be 1 when any error entry was written, else 0 (DESIGN 2)."""
    request = {"command": full_name(command), "args": args or {}, "params": params or {}, "context": {}}
    request |= {"integration": True} if integration else {}
    result = answer(json.dumps(request), sandbox=sandbox, **options)
    assert result.code == (1 if result.errors else 0), (result.code, result.entries)
    return result


def succeed(command, args=None, params=None, **options):
    """A request that must not answer with any error entry."""
    result = run(command, args, params, **options)
    assert not result.errors, result.entries
    return result


def fail(command, args=None, params=None, **options):
    """A request that must answer with exactly one entry, an error; its text."""
    result = run(command, args, params, **options)
    assert [entry["Type"] for entry in result.entries] == [ERROR], result.entries
    assert isinstance(result.error, str) and result.error.strip(), result.entries
    return result.error


class Service:
    """A child process that prints one ready line with its endpoint and serves until it is stopped."""

    def __init__(self, command, **environment):
        self.child = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=clean_environment(**environment),
        )
        self.endpoint = json.loads(self._first_line())["endpoint"]
        assert self.endpoint.startswith("http://127.0.0.1:"), self.endpoint

    def _first_line(self, timeout=60):
        lines = queue.Queue()
        threading.Thread(target=lambda: lines.put(self.child.stdout.readline()), daemon=True).start()
        try:
            line = lines.get(timeout=timeout)
        except queue.Empty:
            line = b""
        if not line:
            self.stop()
            raise AssertionError(f"no ready line from {self.child.args}")
        return line

    def stop(self):
        """SIGTERM to this child and, when it does not end, SIGKILL. Says whether SIGTERM was enough."""
        if self.child.poll() is None:
            self.child.terminate()
        try:
            self.child.wait(timeout=20)
            return True
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait(timeout=20)
            return False
        finally:
            self.child.stdin.close()
            self.child.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def serve_sandbox(file, *options):
    """`sandbox serve` on a free port of 127.0.0.1 (DESIGN 2)."""
    assert Path(BINARY).is_file(), BINARY
    return Service([BINARY, f"--sandbox={file}", "sandbox", "serve", "--listen", "127.0.0.1:0", *options])


def set_scenario(sandbox, *settings):
    """Writes a scenario into a sandbox file, on its fourth line, as docs/sandbox.md says."""
    lines = sandbox.read_text(encoding="utf-8").splitlines(keepends=True)
    assert lines[3].startswith('"scenario": ['), lines[3]
    lines[3] = f'"scenario": {json.dumps(settings)},\n'
    sandbox.write_text("".join(lines), encoding="utf-8")
