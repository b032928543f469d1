"""The standard image: XSOAR's Python, whose loop runs the script that starts the executable."""

from conftest import STANDARD, size
from container import Container, processes


def run(*command):
    return Container("standard", *command, memory=STANDARD.memory)


def test_it_adds_the_executable_to_the_base(measured):
    measured("standard image: what it adds to its base", size("standard") - size("base"))
    with run("aws-iam-identitycenter", "--version") as container:
        assert container.line().startswith(b"aws-iam-identitycenter ")


def test_no_child_is_left_behind(ask):
    with STANDARD.start() as container:
        for number in range(200):
            assert container.entries(ask("get-user", {"userName": "alice" if number % 2 else "nobody"}))
        assert processes(container) == []


def test_names_are_looked_up_in_files_and_dns_whatever_the_base_says():
    with run("grep", "^hosts:", "/etc/nsswitch.conf") as container:
        assert container.line().split() == [b"hosts:", b"files", b"dns"]
