"""The native image: one executable that is what the server takes for Python, and nothing else."""

import io
import subprocess
import tarfile
import time

import pytest
from conftest import NATIVE, size
from container import MIB, PODMAN, podman

# What podman adds to every container.
MOUNTED = {"dev", "proc", "run", "sys", "etc/hosts", "etc/hostname", "etc/mtab", "etc/resolv.conf", "run/.containerenv"}


def test_it_holds_one_executable_and_no_interpreter(measured):
    name = podman("create", "localhost/native:1").strip()
    exported = subprocess.run([PODMAN, "export", name], capture_output=True, check=True).stdout
    podman("rm", name)
    with tarfile.open(fileobj=io.BytesIO(exported)) as files:
        members = {member.name.rstrip("/"): member for member in files if not member.isdir()}
        folders = {member.name.rstrip("/"): member for member in files if member.isdir()}
    programs = "usr/local/bin"
    assert members.keys() - MOUNTED == {
        "etc/group",
        "etc/passwd",
        "etc/ssl/certs/ca-certificates.crt",
        f"{programs}/aws-iam-identitycenter",
        f"{programs}/python",
        f"{programs}/python3",
    }
    for link in ("python", "python3"):
        assert members[f"{programs}/{link}"].linkname == "aws-iam-identitycenter"
    assert members[f"{programs}/aws-iam-identitycenter"].mode & 0o777 == 0o755
    assert folders["tmp"].mode & 0o7777 == 0o1777
    measured("native image: size", size("native"))
    assert size("native") < 16 * MIB


@pytest.mark.parametrize("signal", ["TERM", "INT"])
def test_a_signal_ends_it_promptly(ask, signal):
    with NATIVE.start() as container:
        assert container.entries(ask("test-module"))[0]["Contents"] == "ok"
        container.signal(signal)
        start = time.monotonic()
        code, said = container.left()
        assert (code, said) == (0, "")
        assert time.monotonic() - start < 3
