"""Scenarios as a playbook author meets them: from outside, through boto3 and through our own commands."""

import time

import pytest
from botocore.exceptions import ConnectionClosedError, HTTPClientError

import clients
from binary import execute, run, serve_sandbox, set_scenario, succeed

STORE = "d-9067f2a1b3"
USERS = "AWS.IAM.IdentityCenter.Users"


def client(server):
    return clients.client("identitystore", server.endpoint, retries=0)


def test_connections_break_before_and_after_the_work(sandbox):
    """`cut`: nothing was done; `lost`: it was done, and the answer breaks off."""
    with serve_sandbox(sandbox, "--scenario", "fault=CreateGroup:1:cut", "--scenario", "fault=CreateGroup:2:lost") as server:
        boto = client(server)
        with pytest.raises(ConnectionClosedError):
            boto.create_group(IdentityStoreId=STORE, DisplayName="cut")
        with pytest.raises(HTTPClientError):
            boto.create_group(IdentityStoreId=STORE, DisplayName="lost")
        boto.create_group(IdentityStoreId=STORE, DisplayName="fine")
        names = {row["DisplayName"] for row in boto.list_groups(IdentityStoreId=STORE)["Groups"]}
        assert {"lost", "fine"} <= names and "cut" not in names


def test_throttling_and_latency(sandbox):
    """One operation's calls are counted by themselves; the answer says how long to wait; every answer takes its time."""
    with serve_sandbox(sandbox, "--scenario", "throttling=2,latency=300ms") as server:
        boto = client(server)
        begun = time.monotonic()
        boto.list_groups(IdentityStoreId=STORE)
        assert time.monotonic() - begun >= 0.3
    with serve_sandbox(sandbox, "--scenario", "throttling=2") as server:
        boto = client(server)
        for _ in range(2):
            boto.list_groups(IdentityStoreId=STORE)
        refused = clients.refusal(boto.list_groups, IdentityStoreId=STORE)
        assert (refused["code"], refused["message"]) == ("ThrottlingException", "Rate exceeded")
        boto.list_users(IdentityStoreId=STORE)


def test_our_commands_get_through_a_bad_day(sandbox):
    """A scenario in the file holds for every process: a lost answer, a throttled operation, short pages, slow answers."""
    set_scenario(sandbox, "throttling=5", "short-pages=2", "latency=20ms", "fault=ListUsers:2:cut", "fault=ListGroupMembershipsForMember:1:InternalServerException")
    assert len(succeed("list-users", sandbox=sandbox).items(USERS)) == 9
    removed = succeed("remove-user-from-all-groups", {"userName": "alice"}, sandbox=sandbox)
    assert "3 of 3" in removed.text


def test_places_and_kinds_of_directories(sandbox):
    """What a member account may not do is said by our command in its own words."""
    set_scenario(sandbox, "member-account")
    answer = run("create-group", {"displayName": "new"}, sandbox=sandbox)
    assert answer.code == 1 and "AccessDeniedException" in answer.error
    assert len(succeed("list-users", sandbox=sandbox).items(USERS)) == 9


def test_signatures_are_checked_on_request(sandbox):
    """The region, the key and the secret of boto3's own signing."""
    with serve_sandbox(sandbox, "--scenario", "signatures") as server:
        right = ("AKIASANDBOX000000000", "sandbox/not/a/secret/0000000000000000000", None)
        good = clients.client("identitystore", server.endpoint, keys=right)
        assert len(good.list_users(IdentityStoreId=STORE)["Users"]) == 9
        for options, code in (
            ({"keys": (right[0], "wrong", None)}, "InvalidSignatureException"),
            ({"keys": right, "region": "eu-west-1"}, "InvalidSignatureException"),
            ({}, "UnrecognizedClientException"),
        ):
            assert clients.refusal(clients.client("identitystore", server.endpoint, **options).list_users, IdentityStoreId=STORE)["code"] == code


def test_a_setting_that_is_not_understood_is_refused(sandbox):
    """With the list of those there are; nothing is served, nothing is written."""
    before = sandbox.read_bytes()
    code, stdout, stderr = execute([f"--sandbox={sandbox}", "sandbox", "serve", "--scenario", "trottling"])
    assert code == 2 and "there are throttling, " in (stdout.decode() + stderr)
    set_scenario(sandbox, "trottling")
    code, stdout, stderr = execute([f"--sandbox={sandbox}", "sandbox", "reset"])
    assert code == 1 and "line 4" in (stdout.decode() + stderr)
    assert sandbox.read_bytes() == before.replace(b'"scenario": []', b'"scenario": ["trottling"]')
