"""A playbook that was written for the Marketplace pack runs unchanged: its commands, arguments, parameters and outputs
are all there, nothing more is required, and with `contextPaths=AWS.IAMIdentityCenter` the same keys are written.

marketplace.json holds what that pack declares; its exceptions are the only ones."""

import json
from pathlib import Path

import pytest

import binary
import manifest

PACK = json.loads(Path(__file__).with_name("marketplace.json").read_text(encoding="utf-8"))
ROOT = "AWS.IAMIdentityCenter"
USER = f"{ROOT}.User(val.UserId && val.UserId == obj.UserId)"
GROUP = f"{ROOT}.Group(val.GroupId && val.GroupId == obj.GroupId)"
TOKENS = f"{ROOT}(true)"
PARAMS = {"contextPaths": ROOT}


def test_every_command_takes_what_the_pack_takes_and_requires_no_more():
    ours = manifest.commands()
    missing = []
    for name, pack in PACK["commands"].items():
        command = ours[binary.full_name(name)]
        arguments = {argument["name"]: argument for argument in command["arguments"]}
        missing += [f"{name} {argument}" for argument in pack["required"] + pack["optional"] + PACK["common"] if argument not in arguments]
        required = {argument for argument, there in arguments.items() if there.get("required")}
        missing += [f"{name} requires {argument}" for argument in required - set(pack["required"])]
        declared = manifest.outputs(binary.full_name(name))
        missing += [f"{name} {output}" for output in pack["outputs"] if f"{ROOT}.{output}" not in declared]
    assert sorted(missing) == sorted(PACK["exceptions"])


def test_every_parameter_of_the_pack_is_there():
    ours = {parameter["name"] for parameter in manifest.load()["configuration"]}
    assert set(PACK["parameters"]) <= ours


def run(sandbox, command, **args):
    return binary.succeed(command, args, params=PARAMS, sandbox=sandbox)


def leaves(value, path=""):
    """Every path to something that is neither an object nor a list."""
    if isinstance(value, dict):
        return {leaf for name, inner in value.items() for leaf in leaves(inner, f"{path}.{name}" if path else name)}
    if isinstance(value, list):
        return {leaf for inner in value for leaf in leaves(inner, path)}
    return {path}


def test_the_keys_and_the_members_are_those_of_the_pack(sandbox):
    created = run(
        sandbox, "create-user", userName="max", familyName="Muster", givenName="Max", displayName="Max Muster",
        userEmailAddress="max@example.com", userEmailAddressPrimary="yes", profileUrl="https://example.com/max",
        userType="Employee", title="Analyst",
    )
    assert set(created.context) == {USER}
    user_id = created.context[USER]["UserId"]

    got = run(sandbox, "get-user", userName="max").context[USER]
    assert got["Emails"] == [{"Value": "max@example.com", "Type": "work", "Primary": True}]
    assert "Email" not in got and run(sandbox, "get-user-by-email", emailAddress="max@example.com").context[USER] == got

    listed = run(sandbox, "list-users", limit="2")
    assert set(listed.context) == {USER, TOKENS} and len(listed.context[USER]) == 2
    token = listed.context[TOKENS]["UserNextToken"]
    assert token
    rest = run(sandbox, "list-users", nextToken=token)
    assert rest.context[TOKENS] == {"UserNextToken": ""}

    group_id = run(sandbox, "create-group", displayName="Analysts", description="Day").context[GROUP]["GroupId"]
    assert run(sandbox, "get-group", displayName="Analysts").context[GROUP]["Description"] == "Day"
    assert set(run(sandbox, "list-groups", limit=50).context) == {GROUP, TOKENS}

    assert run(sandbox, "add-user-to-group", userName="max", groupName="Analysts").context == {}
    user = run(sandbox, "list-groups-for-user", userName="max", limit="50").context
    assert set(user) == {USER, TOKENS}
    membership = user[USER]["GroupMemberships"][0]
    assert membership == {"MembershipId": membership["MembershipId"], "GroupId": group_id}
    assert user[USER]["GroupMemeberships"] == [membership] and user[USER]["GroupsUserNextToken"] == ""
    assert user[TOKENS] == {"GroupsUserNextToken": ""}

    group = run(sandbox, "list-memberships", groupName="Analysts").context
    assert group[GROUP] == {
        "GroupId": group_id,
        "GroupMemberships": [{"MembershipId": membership["MembershipId"], "UserId": user_id}],
        "GroupMembershipNextToken": "",
    }
    assert group[TOKENS] == {"GroupMembershipNextToken": ""}

    for command, args in [
        ("update-user", {"userName": "max", "title": "Lead", "userEmailAddress": "m@example.com", "userEmailAddressPrimary": "no"}),
        ("update-group", {"displayName": "Analysts", "description": "Night"}),
        ("delete-group-membership", {"membershipId": f"{membership['MembershipId']},"}),
        ("delete-group-membership", {"userName": "max"}),
        ("delete-user", {"userName": "max"}),
        ("delete-group", {"groupName": "Analysts"}),
    ]:
        assert run(sandbox, command, **args).context == {}, command


def test_all_33_members_of_a_user_are_written_where_aws_sends_them(sandbox):
    """The pack's 33, by a user who has them all; Formatted and ExternalIds come from an identity provider only."""
    run(
        sandbox, "create-user", userName="full", familyName="F", givenName="G", displayName="G F", middleName="M",
        honorificPrefix="Dr", honorificSuffix="PhD", nickName="N", profileUrl="https://example.com", title="T",
        userEmailAddress="full@example.com", streetAddress="S", locality="L", addressRegion="R", postalCode="1",
        country="C", addressType="home", phoneNumber="1", phoneNumberType="home", userType="U",
        preferredLanguage="en", locale="en-US", timezone="Europe/Berlin",
    )
    written = leaves(run(sandbox, "get-user", userName="full").context[USER])
    pack = {output.removeprefix("User.") for output in PACK["commands"]["get-user"]["outputs"]}
    assert len(pack) == 33
    assert pack - written == {"ExternalIds.Issuer", "ExternalIds.Id", "Name.Formatted", "Addresses.Formatted"}


@pytest.mark.parametrize("limit", ["3", 3, 3.0, " 3 ", "120"])
def test_limits_are_taken_as_playbooks_write_them(sandbox, limit):
    users = run(sandbox, "list-users", limit=limit).context[USER]
    assert len(users) == 3 or limit == "120"


@pytest.mark.parametrize("ids", [lambda a, b: f"{a},{b}", lambda a, b: [a, b], lambda a, b: json.dumps([a, b]), lambda a, b: f" {a} , {b} ,"])
def test_lists_are_taken_as_playbooks_write_them(sandbox, ids):
    rows = run(sandbox, "list-groups-for-user", userName="alice").context[USER]["GroupMemberships"]
    first, second = rows[0]["MembershipId"], rows[1]["MembershipId"]
    run(sandbox, "delete-group-membership", membershipId=ids(first, second))
    left = run(sandbox, "list-groups-for-user", userName="alice").context[USER]["GroupMemberships"]
    assert [row["MembershipId"] for row in left] == [row["MembershipId"] for row in rows[2:]]
