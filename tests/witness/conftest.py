"""Fixtures: moto's server, stores of its own for each test, sandbox files and sandbox endpoints."""

import os
import shutil
import sys
import uuid
from pathlib import Path

sys.dont_write_bytecode = True

import pytest

import binary
import clients

# boto3 runs in this process: it must not see the machine's AWS or proxy settings either.
for name in [name for name in os.environ if name.upper().startswith("AWS_") or name.upper().endswith("_PROXY")]:
    del os.environ[name]
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
os.environ["HOME"] = binary.HOME


def pytest_unconfigure():
    shutil.rmtree(binary.HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def moto(tmp_path_factory):
    """The endpoint of moto's server, a child of this process. Its recorder writes to a file of ours."""
    recording = tmp_path_factory.mktemp("moto") / "recording"
    child = Path(__file__).with_name("moto_child.py")
    with binary.Service([sys.executable, "-B", child], MOTO_RECORDER_FILEPATH=str(recording)) as service:
        yield service.endpoint


@pytest.fixture
def store(moto):
    """A store that no other test uses; moto makes one for every id it is asked for."""
    return clients.Store(moto, f"d-{uuid.uuid4().hex[:10]}")


@pytest.fixture
def params(store):
    """Instance parameters that lead our binary to that store."""
    return {
        "credentials": {"identifier": clients.ACCESS_KEY, "password": clients.SECRET_KEY},
        "defaultRegion": clients.REGION,
        "IdentityStoreId": store.id,
        "endpoint_url": store.endpoint,
    }


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    """A sandbox file as the binary makes it: the sample directory. Tests copy it and leave it alone."""
    file = tmp_path_factory.mktemp("sample") / "witness-store"
    binary.succeed("list-users", sandbox=file)
    return file


@pytest.fixture
def sandbox(sample, tmp_path):
    """A fresh sandbox file with the sample directory."""
    return Path(shutil.copy(sample, tmp_path / "witness-store"))


@pytest.fixture
def served(sandbox):
    """The same file as an AWS endpoint, driven by boto3."""
    users = binary.succeed("list-users", sandbox=sandbox).items("AWS.IAM.IdentityCenter.Users")
    with binary.serve_sandbox(sandbox) as service:
        yield clients.Store(service.endpoint, users[0]["IdentityStoreId"])
