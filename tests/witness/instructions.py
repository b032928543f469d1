"""How many instructions a command takes, counted by valgrind's callgrind: a figure that no other load of the machine moves.

`python tests/witness/instructions.py` counts those of the production executable, which packaging/build makes, and fails if
any has grown by more than a twentieth since benches/instructions.json was recorded; with `--record` it records them.
"""

import json
import os
import platform
import pwd
import re
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = ROOT / "target/static/production/aws-iam-identitycenter"
RECORDED = ROOT / "benches/instructions.json"
GROWTH = 0.05
PAGE = 100


def user(number):
    return {
        "UserName": f"given{number}.family{number}",
        "UserId": f"9067f2a1b3-{number:08x}-7051-7022-f6c4-b2f1c0a1d2e3",
        "Name": {"FamilyName": f"Family{number}", "GivenName": f"Given{number}"},
        "DisplayName": f"Given{number} Family{number}",
        "Emails": [{"Value": f"given{number}.family{number}@example.com", "Type": "work", "Primary": True}],
        "Title": "Site Reliability Engineer",
        "UserStatus": "ENABLED",
        "IdentityStoreId": "d-9067f2a1b3",
        "CreatedAt": 1768206600.5,
    }


def answers(users):
    """The pages of ListUsers, whole."""
    for first in range(0, users, PAGE):
        page = {"Users": [user(number) for number in range(first, min(users, first + PAGE))]}
        if first + PAGE < users:
            page["NextToken"] = f"token-{first + PAGE}"
        body = json.dumps(page).encode()
        yield b"HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.1\r\ncontent-length: %d\r\n\r\n%b" % (
            len(body),
            body,
        )


class Endpoint:
    """Answers ListUsers from prepared bytes, over TLS if it has a context for it; every connection has a thread."""

    def __init__(self, users, tls=None):
        self.pages = list(answers(users))
        self.tls = tls
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = "%s://127.0.0.1:%d" % ("https" if tls else "http", self.listener.getsockname()[1])
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=[connection], daemon=True).start()

    def serve(self, connection):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.tls:
            connection = self.tls.wrap_socket(connection, server_side=True)
        stream = connection.makefile("rb")
        while stream.readline():
            length = 0
            for line in iter(stream.readline, b"\r\n"):
                name, value = line.split(b":", 1)
                length = int(value) if name.lower() == b"content-length" else length
            token = json.loads(stream.read(length)).get("NextToken", "token-0")
            connection.sendall(self.pages[int(token.removeprefix("token-")) // PAGE])


def request(endpoint, command="list-users", args=()):
    return {
        "command": f"aws-iam-identitycenter-{command}",
        "args": dict(args),
        "params": {
            "credentials": {"identifier": "AKIANETWORKTEST00001", "password": "netTest/Secret+Key/abcdefghijklmnopqrstu"},
            "defaultRegion": "us-east-1",
            "IdentityStoreId": "d-9067f2a1b3",
            "endpoint_url": endpoint.url,
        },
    }


def instructions(endpoint, arguments=(), times=1):
    """Those of a process that is asked so many times."""
    counter = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    lines = (json.dumps(request(endpoint)) + "\n") * times
    environment = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true"}
    done = subprocess.run(
        [*counter, PRODUCTION, *arguments],
        input=lines.encode(),
        capture_output=True,
        env=environment,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.count(b"given9.family9@example.com") >= times, done.stdout[:2000]
    return int(re.search(rb"Collected : (\d+)", done.stderr)[1])


def measure():
    """A process for ten users, one more command of a loop, one more user of a list."""
    ten, many = Endpoint(10), Endpoint(1010)
    cold = instructions(ten)
    return {
        "a process that lists 10 users": cold,
        "one more command that lists 10 users, in the loop": (
            instructions(ten, ["loop"], 70) - instructions(ten, ["loop"], 20)
        )
        // 50,
        "one more user in a list": (instructions(many) - cold) // 1000,
    }


def toolchain():
    """What else the counts depend on. The tests have a home of their own, and rustup needs the person's."""
    environment = {**os.environ, "HOME": pwd.getpwuid(os.getuid()).pw_dir}
    told = subprocess.run(["rustc", "--version"], check=True, capture_output=True, text=True, env=environment)
    rustc = told.stdout.split(" (")[0]
    return f"{rustc}, {platform.machine()}"


def obstacle():
    """Why nothing can be counted or compared here, if so."""
    if not shutil.which("valgrind"):
        return "valgrind is not installed (Debian: apt-get install valgrind)"
    recorded = json.loads(RECORDED.read_text())["toolchain"]
    if recorded != toolchain():
        return f"{RECORDED.name} was recorded with {recorded}, and this is {toolchain()}: record it anew"
    return None


def grown(now):
    """What takes more than it did when it was recorded."""
    before = json.loads(RECORDED.read_text())["instructions"]
    return [
        f"{what}: {count:,} instructions, {count / before[what] - 1:+.1%} against {before[what]:,}"
        for what, count in now.items()
        if count > before[what] * (1 + GROWTH)
    ]


def main():
    if "--record" in sys.argv[1:]:
        recorded = {"toolchain": toolchain(), "instructions": measure()}
        RECORDED.write_text(json.dumps(recorded, indent=2) + "\n")
        print(RECORDED.read_text(), end="")
        return
    if reason := obstacle():
        sys.exit(reason)
    now = measure()
    before = json.loads(RECORDED.read_text())["instructions"]
    for what, count in now.items():
        print(f"{what}: {count:,} ({count / before[what] - 1:+.1%})")
    if worse := grown(now):
        sys.exit("Grown by more than a twentieth:\n" + "\n".join(worse))


if __name__ == "__main__":
    main()
