"""The AWS CLI on the sandbox: the session that a person has who tries commands by hand.

Its models are older than the sandbox's: it knows neither Revision nor ARNs, and must not stumble over them. Signatures
are checked, so that the CLI's own signing is judged, too.
"""

import json
import subprocess
import sys
import time

import pytest

import binary

KEYS = {"AWS_ACCESS_KEY_ID": "AKIASANDBOX000000000", "AWS_SECRET_ACCESS_KEY": "sandbox/not/a/secret/0000000000000000000"}


def failure(answer):
    """What the CLI says of an error; its exit codes for them are 254 and, in older versions, 255."""
    code, error = answer
    assert code in (254, 255), error
    return error


@pytest.fixture
def aws(sandbox, tmp_path):
    """Runs `aws …` on the sandbox's endpoint: the answer, or (exit code, error)."""
    with binary.serve_sandbox(sandbox, "--scenario", "signatures") as server:

        def run(*arguments, keys=KEYS):
            environment = binary.clean_environment(
                AWS_DEFAULT_REGION="us-east-1", AWS_CONFIG_FILE=str(tmp_path / "config"), AWS_MAX_ATTEMPTS="1", AWS_PAGER="", **keys
            )
            command = [sys.executable, "-m", "awscli", "--endpoint-url", server.endpoint, "--output", "json", *arguments]
            done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment)
            if done.returncode:
                return done.returncode, done.stderr
            return json.loads(done.stdout) if done.stdout.strip() else None

        yield run


def test_a_session_of_the_directory(aws):
    """Creating, finding, listing in pages, changing, removing; and the errors as the CLI shows them."""
    store = ("--identity-store-id", "d-9067f2a1b3")
    ids = lambda *arguments: aws("identitystore", arguments[0], *store, *arguments[1:])
    assert aws("sts", "get-caller-identity")["Account"] == "111122223333"

    user = ids("create-user", "--user-name", "cli", "--display-name", "C L I", "--name", "GivenName=C,FamilyName=I", "--emails", "Value=cli@x.example,Primary=true")["UserId"]
    found = ids("get-user-id", "--alternate-identifier", json.dumps({"UniqueAttribute": {"AttributePath": "emails.value", "AttributeValue": "cli@x.example"}}))
    assert found["UserId"] == user
    described = ids("describe-user", "--user-id", user)
    assert (described["UserName"], described["Name"]["FamilyName"]) == ("cli", "I")
    names = ids("list-users", "--page-size", "4", "--query", "Users[].UserName")
    assert len(names) == 10 and "alice" in names and "cli" in names

    group = ids("create-group", "--display-name", "cli-group")["GroupId"]
    ids("create-group-membership", "--group-id", group, "--member-id", f"UserId={user}")
    memberships = ids("list-group-memberships-for-member", "--member-id", f"UserId={user}")["GroupMemberships"]
    assert [row["GroupId"] for row in memberships] == [group]
    assert ids("is-member-in-groups", "--member-id", f"UserId={user}", "--group-ids", group)["Results"][0]["MembershipExists"] is True
    ids("update-user", "--user-id", user, "--operations", json.dumps([{"AttributePath": "title", "AttributeValue": "Tester"}]))
    assert ids("describe-user", "--user-id", user)["Title"] == "Tester"
    ids("delete-group-membership", "--membership-id", memberships[0]["MembershipId"])
    ids("delete-user", "--user-id", user)

    error = failure(ids("describe-user", "--user-id", user))
    assert "An error occurred (ResourceNotFoundException) when calling the DescribeUser operation: USER not found." in error
    error = failure(ids("create-group", "--display-name", "cli-group"))
    assert "(ConflictException)" in error and "Duplicate GroupDisplayName" in error


def test_a_session_of_access(aws):
    """An assignment made by hand, followed to its end, and deleted."""
    sso = lambda *arguments: aws("sso-admin", *arguments)
    instance = ("--instance-arn", sso("list-instances", "--query", "Instances[0].InstanceArn"))
    sets = sso("list-permission-sets", *instance)["PermissionSets"]
    described = {arn: sso("describe-permission-set", *instance, "--permission-set-arn", arn)["PermissionSet"]["Name"] for arn in sets}
    assert set(described.values()) == {"AdministratorAccess", "ViewOnlyAccess", "Billing"}
    billing = next(arn for arn, name in described.items() if name == "Billing")
    dora = "bc67ba94-637d-6efa-609e-467ada679f81"
    target = (*instance, "--target-id", "444455556666", "--target-type", "AWS_ACCOUNT", "--permission-set-arn", billing, "--principal-type", "USER", "--principal-id", dora)
    request = sso("create-account-assignment", *target)["AccountAssignmentCreationStatus"]["RequestId"]
    follow = ("describe-account-assignment-creation-status", *instance, "--account-assignment-creation-request-id", request)
    begun = time.monotonic()
    while (status := sso(*follow)["AccountAssignmentCreationStatus"]["Status"]) == "IN_PROGRESS":
        assert time.monotonic() - begun < 20
    assert status == "SUCCEEDED"
    own = (*instance, "--principal-type", "USER", "--principal-id", dora)
    assert [row["AccountId"] for row in sso("list-account-assignments-for-principal", *own)["AccountAssignments"]] == ["444455556666"]
    assert sso("delete-account-assignment", *target)["AccountAssignmentDeletionStatus"]["Status"] == "IN_PROGRESS"


def test_a_wrong_secret_and_an_assumed_role(aws):
    """Signing: a wrong secret gets AWS's own error; the keys of AssumeRole are good."""
    error = failure(aws("sso-admin", "list-instances", keys={**KEYS, "AWS_SECRET_ACCESS_KEY": "wrong"}))
    assert "(InvalidSignatureException)" in error and "The request signature we calculated does not match" in error
    error = failure(aws("sts", "get-caller-identity", keys={**KEYS, "AWS_SECRET_ACCESS_KEY": "wrong"}))
    assert "(SignatureDoesNotMatch)" in error
    role = aws("sts", "assume-role", "--role-arn", "arn:aws:iam::111122223333:role/soar", "--role-session-name", "cli")["Credentials"]
    keys = {"AWS_ACCESS_KEY_ID": role["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": role["SecretAccessKey"], "AWS_SESSION_TOKEN": role["SessionToken"]}
    assert aws("sts", "get-caller-identity", keys=keys)["Arn"].endswith("assumed-role/soar/cli")
    altered = {**keys, "AWS_SESSION_TOKEN": role["SessionToken"][:-1] + ("A" if role["SessionToken"][-1] != "A" else "B")}
    error = failure(aws("identitystore", "list-users", "--identity-store-id", "d-9067f2a1b3", keys=altered))
    assert "(UnrecognizedClientException)" in error
