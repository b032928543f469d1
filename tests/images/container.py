"""Containers as XSOAR's server starts them and talks to them, in the store that `run` made (its podman is `PODMAN`)."""

import itertools
import json
import os
import queue
import subprocess
import threading
from pathlib import Path

PODMAN = os.environ["PODMAN"]
TIMEOUT = 60
MIB = 1 << 20

# What the server starts, in every image of an integration written in Python; it mounts the loop itself.
LOOP = "/tmp/pyrunner/_script_docker_python_loop.py"
HARDENED = (
    "--read-only --read-only-tmpfs=false --network host --pids-limit 256 --cap-drop all "
    "--security-opt no-new-privileges --ulimit nofile=1024:1024 --ulimit nproc=256:256 "
    "--env AWS_EC2_METADATA_DISABLED=true"
).split()

numbers = itertools.count()


def podman(*arguments, **options):
    """Runs podman to its end; what it wrote on standard output."""
    done = subprocess.run([PODMAN, *map(str, arguments)], capture_output=True, timeout=TIMEOUT, **options)
    assert done.returncode == 0, (arguments, done.stderr.decode())
    return done.stdout.decode()


class Container:
    """A hardened container with its streams attached."""

    def __init__(self, image, *command, memory, user="4000", options=()):
        self.name = f"c{next(numbers)}"
        run = [PODMAN, "run", "--rm", "--interactive", "--name", self.name, *HARDENED]
        run += ["--memory", str(memory), "--user", user, *options, f"localhost/{image}:1", *command]
        self.process = subprocess.Popen(run, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(b"")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            podman("rm", "--force", "--time", 0, "--ignore", self.name)
        self.process.wait(TIMEOUT)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            stream.close()

    def line(self):
        """The next line of its standard output; empty when there are no more."""
        return self.lines.get(timeout=TIMEOUT)

    def send(self, message):
        self.process.stdin.write((message if isinstance(message, str) else json.dumps(message)).encode() + b"\n")
        self.process.stdin.flush()

    def ping(self):
        self.send("ping")
        assert json.loads(self.line()) == {"type": "pong"}

    def ask(self, message):
        """The result lines, as they come, for one line of the server."""
        self.send(message)
        lines = []
        while (line := self.line()) and json.loads(line)["type"] != "completed":
            assert json.loads(line)["type"] == "result", line
            lines.append(line)
        assert line, f"it ended: {self.end()}"
        return lines

    def entries(self, message):
        """All entries that one line of the server is answered with."""
        return [entry for line in self.ask(message) for entry in json.loads(line)["results"]]

    def end(self):
        """Closes standard input, which ends every loop; the exit code and what standard error says."""
        self.process.stdin.close()
        return self.left()

    def left(self):
        return self.process.wait(TIMEOUT), self.process.stderr.read().decode()

    def signal(self, name):
        podman("kill", "--signal", name, self.name)

    @property
    def pid(self):
        """Its first process, as this machine counts."""
        return int(podman("inspect", "--format", "{{.State.Pid}}", self.name))

    def status(self):
        """What the kernel says of its first process."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return {name: value.split() for name, value in (line.split(":", 1) for line in lines)}

    def limit(self, controller, *names):
        """A number of its control group, by the names that it has in either version of them."""
        for line in Path(f"/proc/{self.pid}/cgroup").read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            if controller in controllers.split(",") or not controllers:
                folder = Path("/sys/fs/cgroup", controller if controllers else "", path.lstrip("/"))
                for file in (folder / name for name in names):
                    if file.exists():
                        return int(file.read_text())
        raise AssertionError(f"no control group of {controller} for {self.name}")

    def peak(self):
        """The most memory that all its processes took together, in bytes, as its limit counts it."""
        return self.limit("memory", "memory.max_usage_in_bytes", "memory.peak")


def processes(container):
    """Name and state of every process in a container but the first."""
    found = []
    namespace = os.readlink(f"/proc/{container.pid}/ns/pid")
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.readlink(folder / "ns/pid") == namespace and int(folder.name) != container.pid:
                _, name, rest = folder.joinpath("stat").read_text().replace("(", ")").split(")", 2)
                found.append((name, rest.split()[0]))
        except OSError:
            continue  # it ended meanwhile
    return found
