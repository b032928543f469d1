"""A small server: it speaks the container protocol to a loop, as XSOAR's server does."""

import json
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path

import binary
import manifest

PYTHON_LOOP = [sys.executable, "-B", str(Path(__file__).with_name("python_loop.py"))]
EXECUTABLE = "aws-iam-identitycenter"
MESSAGES = {"pong", "result", "log", "exception", "completed"}


def put_on_path(folder, *arguments):
    """A folder for PATH in which the binary stands, started with these arguments before its own."""
    folder.mkdir(exist_ok=True)
    return program(folder, "exec " + " ".join(f"'{part}'" for part in (binary.BINARY, *arguments)) + ' "$@"')


def program(folder, script):
    """A folder for PATH in which this shell script stands for the binary."""
    file = folder / EXECUTABLE
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return folder


class Container:
    """A loop that runs until its standard input ends, and the conversation with it."""

    def __init__(self, command, folder_on_path=None):
        path = os.pathsep.join(filter(None, [folder_on_path and str(folder_on_path), os.environ["PATH"]]))
        self.child = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=binary.clean_environment(PATH=path),
        )
        self.lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.child.stdout:
            self.lines.put(line)
        self.lines.put(b"")

    def send(self, line):
        self.child.stdin.write(line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n")
        self.child.stdin.flush()

    def receive(self):
        """The next message. Whatever is no message of the protocol would confuse the server."""
        line = self.lines.get(timeout=binary.TIMEOUT)
        assert line.endswith(b"\n"), f"the loop ended: {line[:500]!r}"
        message = json.loads(line)
        assert message.get("type") in MESSAGES, line[:500]
        if message["type"] == "result":
            self.result = line
        return message

    def ping(self):
        self.send(b"ping\n")
        assert self.receive() == {"type": "pong"}

    def messages(self):
        """All messages up to the one that completes a command. Each that is for the log is answered."""
        found = []
        while not found or found[-1]["type"] != "completed":
            found.append(self.receive())
            if found[-1]["type"] == "log":
                self.send(b"{}\n")
        return found

    def entries(self, request, script):
        """The entries that a command answers with; nothing else is sent, and the loop is ready for the next one."""
        self.send({"script": script, "integration": True, "native": False, **request})
        messages = self.messages()
        assert {message["type"] for message in messages[:-1]} == {"result"}, messages
        self.ping()
        return [entry for message in messages[:-1] for entry in message["results"]]

    def children(self):
        """The processes that the loop started and that are still there, zombies included."""
        return Path(f"/proc/{self.child.pid}/task/{self.child.pid}/children").read_text().split()

    def __enter__(self):
        return self

    def __exit__(self, failure, *_):
        self.child.stdin.close()
        try:
            code = self.child.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.child.kill()
            code = self.child.wait(timeout=20)
        self.child.stdout.close()
        assert failure or code == 0, f"the loop ended with {code}"


def shim():
    """The script of integration.yml."""
    return manifest.load()["script"]["script"]
