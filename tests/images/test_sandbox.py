"""The sandbox image: an AWS endpoint to try the integration on, closed to other machines unless told otherwise."""

import json
import time

from conftest import NATIVE, size
from container import MIB, Container, podman

OPEN = ("--listen", "0.0.0.0:0", "--beyond-loopback")


def sandbox(*arguments, **options):
    return Container("sandbox", *arguments, memory=64 * MIB, **options)


def test_other_machines_are_refused_unless_the_arguments_say_so():
    with sandbox(*OPEN[:2]) as closed:
        assert "--beyond-loopback" in closed.line().decode()
        assert closed.left() == (2, "")
    with sandbox(*OPEN) as opened:
        assert json.loads(opened.line())["endpoint"].startswith("http://0.0.0.0:")


def test_what_is_changed_is_there_after_a_restart(ask):
    volume = ["--volume", "directory:/sandbox"]
    join = {"userName": "bob", "groupName": "Auditors"}
    with NATIVE.start() as container:
        for outcome in ("was added", "already"):
            with sandbox("--listen", "127.0.0.1:0", options=volume) as served:
                endpoint = json.loads(served.line())["endpoint"]
                entries = container.entries(ask("add-user-to-group", join, endpoint=endpoint))
                assert outcome in entries[0]["HumanReadable"], entries


def test_its_file_can_be_changed_by_hand(ask, tmp_path):
    alice, file = ("get-user", {"userName": "alice"}), tmp_path / "directory.json"
    with sandbox("--listen", "127.0.0.1:0") as served, NATIVE.start() as container:
        endpoint = json.loads(served.line())["endpoint"]
        before = container.entries(ask(*alice, endpoint=endpoint))[0]["Contents"]["DisplayName"]
        podman("cp", f"{served.name}:/sandbox/directory.json", file)
        file.write_text(file.read_text().replace(before, "By Hand"))
        podman("cp", file, f"{served.name}:/sandbox/")
        assert container.entries(ask(*alice, endpoint=endpoint))[0]["Contents"]["DisplayName"] == "By Hand"
        entries = container.entries(ask("delete-user", {"userName": "bob"}, endpoint=endpoint))
        assert [entry["Type"] for entry in entries] == [1], entries


def test_a_generated_directory_fits_into_the_native_images_memory(ask, measured):
    volume = ["--volume", "generated:/sandbox"]
    seed = "--sandbox=/sandbox/directory.json sandbox seed --users 10000".split()
    entrypoint = ["--entrypoint", "/usr/local/bin/aws-iam-identitycenter"]
    with sandbox(*seed, options=[*volume, *entrypoint]) as seeding:
        assert b"10000 users" in seeding.line()
        assert seeding.left() == (0, "")
    with sandbox("--listen", "127.0.0.1:0", options=volume) as served, NATIVE.start() as container:
        endpoint = json.loads(served.line())["endpoint"]
        entries = container.entries(ask("list-users", endpoint=endpoint))
        assert len(entries[0]["Contents"]) == 10_000
        measured("native image: peak memory of a list of 10,000 users", container.peak())
        delete = ask("delete-user", {"userId": entries[0]["Contents"][0]["UserId"]}, endpoint=endpoint)
        assert [entry["Type"] for entry in container.entries(delete)] == [1]


def test_sigterm_ends_it_promptly(measured):
    measured("sandbox image: size", size("sandbox"))
    with sandbox("--listen", "127.0.0.1:0") as served:
        assert json.loads(served.line())["endpoint"]
        served.signal("TERM")
        start = time.monotonic()
        assert served.left() == (0, "")
        assert time.monotonic() - start < 3
