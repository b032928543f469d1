"""The sandbox that the images talk to, requests as the server sends them, and what was measured."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from container import LOOP, MIB, Container, podman
from stand_ins import Dns, Tls

ROOT = Path(__file__).parents[2]
EXECUTABLE = "aws-iam-identitycenter"
PREFIX = f"{EXECUTABLE}-"
SCRIPT = yaml.safe_load((ROOT / "integration.yml").read_text())["script"]["script"]
MEASURED = []


@dataclass
class Image:
    """An image that XSOAR can run, and the memory that it has to do with."""

    name: str
    memory: int

    def start(self, *, user="4000", options=()):
        """Starts it as the server does."""
        loop = ["--volume", f"{ROOT}/tests/witness/python_loop.py:{LOOP}:ro"]
        return Container(self.name, "python", LOOP, memory=self.memory, user=user, options=[*loop, *options])


NATIVE, STANDARD = Image("native", 64 * MIB), Image("standard", 1024 * MIB)


@pytest.fixture(params=[NATIVE, STANDARD], ids=lambda image: image.name)
def image(request):
    return request.param


@pytest.fixture
def container(image):
    with image.start() as container:
        yield container


@pytest.fixture(scope="session")
def endpoint():
    """Where a sandbox image serves the sample directory."""
    with Container("sandbox", memory=64 * MIB) as sandbox:
        yield json.loads(sandbox.line())["endpoint"]


@pytest.fixture(scope="session")
def port(endpoint):
    return int(endpoint.rsplit(":", 1)[1])


@pytest.fixture(scope="session")
def dns():
    return Dns("store.example.test")


@pytest.fixture(scope="session")
def tls(tmp_path_factory, port):
    """The same sandbox behind TLS."""
    return Tls(tmp_path_factory.mktemp("tls"), port)


@pytest.fixture
def ask(endpoint):
    """Makes a line of the server."""

    def line(command, args=None, *, endpoint=endpoint, **more):
        name = command if command == "test-module" else PREFIX + command
        params = {
            "credentials": {"identifier": "AKIAIOSFODNN7EXAMPLE", "password": "a-secret-of-the-image-tests"},
            "defaultRegion": "us-east-1",
            "endpoint_url": endpoint,
            "retries": 0,
        }
        request = {"command": name, "args": args or {}, "params": params, "context": {}}
        return {"script": SCRIPT, "integration": True, "native": False, **request, **more}

    return line


def one_shot(request):
    """What the executable answers to the same request on this machine, as it writes it."""
    done = subprocess.run(
        [ROOT / "target/static/production" / EXECUTABLE],
        input=json.dumps({**request, "script": ""}).encode(),
        capture_output=True,
        timeout=60,
        env={"AWS_EC2_METADATA_DISABLED": "true"},
    )
    assert done.returncode in (0, 1), done
    return done.stdout.strip()


def size(image):
    return int(podman("image", "inspect", "--format", "{{.Size}}", f"localhost/{image}:1"))


@pytest.fixture
def measured():
    """Notes a figure, which is shown at the end."""
    return lambda what, amount: MEASURED.append((what, amount))


def pytest_terminal_summary(terminalreporter):
    for what, amount in MEASURED:
        terminalreporter.write_line(f"{amount / MIB:8.1f} MiB  {what}")
