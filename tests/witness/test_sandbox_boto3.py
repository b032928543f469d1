"""The sandbox judged by a client that we did not write: boto3 against `sandbox serve` (DESIGN 7).

First the nineteen operations of the classic API and two of STS, valid and refused, by error code, as
reference/identity-store.md 2, 5 and 7 describe AWS; then boto3 and our commands on the same file, both ways.
"""

import json
import os
import signal
import threading
import urllib.error
import urllib.request
import uuid
from datetime import datetime

import pytest

import clients
from binary import execute, run, serve_sandbox, succeed
from clients import refusal, unique

USERS, GROUPS = "AWS.IAM.IdentityCenter.Users", "AWS.IAM.IdentityCenter.Groups"
NAME = {"GivenName": "Given", "FamilyName": "Family"}
NOBODY = "12345678-1234-1234-1234-123456789012"
ENTERPRISE = "aws:identitystore:enterprise"
VALIDATION, CONFLICT, NOT_FOUND = "ValidationException", "ConflictException", "ResourceNotFoundException"


@pytest.fixture
def loose(served):
    """The same endpoint through a client that sends wrong requests too."""
    return clients.Store(served.endpoint, served.id, validate=False)


def code(call, *arguments, **members):
    return refusal(call, *arguments, **members)["code"]


# --- users -----------------------------------------------------------------------------------------------------------

FULL_USER = {
    "UserName": "full",
    "Name": {
        "Formatted": "Dr. Full M. User Jr.",
        "GivenName": "Full",
        "FamilyName": "User",
        "MiddleName": "M.",
        "HonorificPrefix": "Dr.",
        "HonorificSuffix": "Jr.",
    },
    "DisplayName": "Full|User `李明`\nsecond line",
    "NickName": "fully",
    "ProfileUrl": "https://corp.example/full",
    "Emails": [{"Value": "full@corp.example", "Type": "work", "Primary": True}],
    "Addresses": [{"StreetAddress": "1 Way", "Locality": "Łódź", "Region": "LD", "PostalCode": "90-001", "Country": "PL", "Type": "work", "Primary": True}],
    "PhoneNumbers": [{"Value": "+48 42 000", "Type": "work", "Primary": True}],
    "UserType": "Employee",
    "Title": "Analyst",
    "PreferredLanguage": "pl-PL",
    "Locale": "pl-PL",
    "Timezone": "Europe/Warsaw",
}


def test_create_and_describe_user(served):
    """DESIGN 7: what boto3 creates is what it reads; ids have the form of reference 5; no member is null."""
    created = served.call("create_user", **FULL_USER)
    assert created["IdentityStoreId"] == served.id
    described = served.call("describe_user", UserId=created["UserId"])
    assert {key: described[key] for key in FULL_USER} == FULL_USER
    assert described["UserId"] == created["UserId"] and described["IdentityStoreId"] == served.id
    uuid.UUID(created["UserId"][-36:])
    assert isinstance(described.get("CreatedAt", datetime.now()), datetime)


def test_create_user_and_its_refusals(served, loose):
    """Reference 2 and 7: required attributes, unique userName and e-mail, reserved names, one e-mail at most."""
    served.user("first", "first@x.example")
    valid = {"UserName": "next", "Name": NAME, "DisplayName": "Next"}

    again = refusal(served.call, "create_user", **{**valid, "UserName": "first"})
    assert (again["code"], again["reason"], again["status"]) == (CONFLICT, "UNIQUENESS_CONSTRAINT_VIOLATION", 400)
    uuid.UUID(again["request"])
    address = refusal(served.call, "create_user", **valid, Emails=[{"Value": "first@x.example"}])
    assert (address["code"], address["reason"]) == (CONFLICT, "UNIQUENESS_CONSTRAINT_VIOLATION")

    for missing in valid:
        kept = {member: value for member, value in valid.items() if member != missing}
        assert code(loose.call, "create_user", **kept) == VALIDATION, missing
    for missing in NAME:
        kept = {part: value for part, value in NAME.items() if part != missing}
        assert code(served.call, "create_user", **{**valid, "Name": kept}) == VALIDATION, missing
    two = [{"Value": "a@x.example"}, {"Value": "b@x.example"}]
    assert code(served.call, "create_user", **valid, Emails=two) == VALIDATION
    assert code(loose.call, "create_user", **{**valid, "DisplayName": ""}) == VALIDATION
    assert code(loose.call, "create_user", **{**valid, "UserName": "has space"}) == VALIDATION
    assert code(loose.call, "create_user", **{**valid, "UserName": "x" * 129}) == VALIDATION
    for reserved in ("Administrator", "AWSAdministrators"):
        assert code(served.call, "create_user", **{**valid, "UserName": reserved}) in (VALIDATION, CONFLICT)
    assert code(served.call, "get_user_id", AlternateIdentifier=unique("userName", "next")) == NOT_FOUND


@pytest.mark.parametrize(
    "operation, member, resource",
    [("describe_user", "UserId", "USER"), ("describe_group", "GroupId", "GROUP"), ("describe_group_membership", "MembershipId", "GROUP_MEMBERSHIP")],
)
def test_describing_what_does_not_exist(served, operation, member, resource):
    """Reference 2: ResourceNotFoundException, status 400, with its ResourceType; a malformed id is a validation error."""
    missing = refusal(served.call, operation, **{member: NOBODY})
    assert (missing["code"], missing["status"], missing["resource"]) == (NOT_FOUND, 400, resource)
    assert code(served.call, operation, **{member: "not-an-id"}) == VALIDATION


def test_objects_are_found_by_arn(served):
    """Reference 5: ids may be ARNs without account and region."""
    user, group = served.user("by-arn", "arn@x.example"), served.group("by-arn")
    assert served.call("describe_user", UserId=f"arn:aws:identitystore:::user/{user}")["UserName"] == "by-arn"
    assert served.call("describe_group", GroupId=f"arn:aws:identitystore:::group/{group}")["DisplayName"] == "by-arn"


def test_update_user(served):
    """Reference 7: new values replace, null unsets, lists are replaced whole; paths are camelCase."""
    user = served.user("changed", "old@x.example", NickName="nick", Title="Old")
    operations = [
        {"AttributePath": "displayName", "AttributeValue": "New Name"},
        {"AttributePath": "name.familyName", "AttributeValue": "Newname"},
        {"AttributePath": "title", "AttributeValue": "New"},
        {"AttributePath": "nickName"},
        {"AttributePath": "emails", "AttributeValue": [{"value": "new@x.example", "type": "work", "primary": True}]},
    ]
    served.call("update_user", UserId=user, Operations=operations)
    described = served.call("describe_user", UserId=user)
    assert (described["DisplayName"], described["Title"]) == ("New Name", "New")
    assert (described["Name"]["FamilyName"], described["Name"]["GivenName"]) == ("Newname", "Given")
    assert "NickName" not in described
    assert described["Emails"] == [{"Value": "new@x.example", "Type": "work", "Primary": True}]
    assert served.find_user("emails.value", "new@x.example") == user
    assert code(served.call, "get_user_id", AlternateIdentifier=unique("emails.value", "old@x.example")) == NOT_FOUND


def test_update_user_refusals(served):
    """Reference 2 and 7: unknown user, taken e-mail, unknown path, empty value."""
    user = served.user("changed", "mine@x.example", Title="Kept")
    served.user("other", "taken@x.example")

    def update(path, value, who=user):
        return refusal(served.call, "update_user", UserId=who, Operations=[{"AttributePath": path, "AttributeValue": value}])

    assert update("title", "New", who=NOBODY)["code"] == NOT_FOUND
    assert update("emails", [{"value": "taken@x.example"}])["code"] == CONFLICT
    assert update("noSuchAttribute", "x")["code"] == VALIDATION
    assert update("title", "")["code"] == VALIDATION
    described = served.call("describe_user", UserId=user)
    assert (described["Title"], described["Emails"][0]["Value"]) == ("Kept", "mine@x.example")


def test_a_stale_revision_is_a_conflict(served):
    """Reference 2: Revision is in every description; Update and Delete with a stale one are ConflictException."""
    user, group = served.user("revised", "r@x.example"), served.group("revised")
    for kind, operation in (("user", {"UserId": user}), ("group", {"GroupId": group})):
        stale = served.call(f"describe_{kind}", **operation)["Revision"]
        change = [{"AttributePath": "displayName", "AttributeValue": f"new {kind}"}]
        served.call(f"update_{kind}", **operation, Operations=change, Revision=stale)
        for refused in (refusal(served.call, f"update_{kind}", **operation, Operations=change, Revision=stale), refusal(served.call, f"delete_{kind}", **operation, Revision=stale)):
            assert (refused["code"], refused["reason"]) == (CONFLICT, "CONCURRENT_MODIFICATION")


def test_extensions_are_sent_on_request_only(served):
    """Reference 2: Extensions are returned only if requested."""
    enterprise = {"department": "SOC", "costCenter": "42"}
    user = served.user("extended", "e@x.example", Extensions={ENTERPRISE: enterprise})
    assert "Extensions" not in served.call("describe_user", UserId=user)
    asked = served.call("describe_user", UserId=user, Extensions=[ENTERPRISE])
    assert asked["Extensions"] == {ENTERPRISE: enterprise}
    listed = served.pages("list_users", "Users", Extensions=[ENTERPRISE])
    assert next(row for row in listed if row["UserId"] == user)["Extensions"] == {ENTERPRISE: enterprise}


def test_delete_user(served):
    """Reference 7: the user and its memberships are gone; its name is free again; the new user has a new id."""
    user, group = served.user("gone", "gone@x.example"), served.group("team")
    membership = served.join(user, group)
    served.call("delete_user", UserId=user)
    assert code(served.call, "describe_user", UserId=user) == NOT_FOUND
    assert code(served.call, "describe_group_membership", MembershipId=membership) == NOT_FOUND
    assert served.pages("list_group_memberships", "GroupMemberships", GroupId=group) == []
    assert served.user("gone", "gone@x.example") != user


@pytest.mark.parametrize(
    "operation, member", [("delete_user", "UserId"), ("delete_group", "GroupId"), ("delete_group_membership", "MembershipId")]
)
def test_deleting_a_malformed_id_is_refused(served, operation, member):
    """Reference 2: the id's pattern. (What AWS says to a missing object is open, so nothing is asserted on that.)"""
    assert code(served.call, operation, **{member: "not-an-id"}) == VALIDATION


def test_get_user_id(served, loose):
    """Reference 7: `userName` and `emails.value`, the path in any case; other paths are refused."""
    user = served.user("looked-up", "looked-up@x.example")
    for path, value in (("userName", "looked-up"), ("UserName", "looked-up"), ("emails.value", "looked-up@x.example")):
        assert served.find_user(path, value) == user, path
    missing = refusal(served.call, "get_user_id", AlternateIdentifier=unique("userName", "nobody"))
    assert (missing["code"], missing["resource"]) == (NOT_FOUND, "USER")
    assert code(served.call, "get_user_id", AlternateIdentifier=unique("title", "x")) == VALIDATION
    assert code(loose.call, "get_user_id") == VALIDATION


def test_list_users(served, loose):
    """Reference 2: MaxResults 1..100, opaque tokens, at most one filter, UserName only."""
    created = {served.user(f"listed-{n:03}", f"listed-{n:03}@x.example") for n in range(120)}
    every = served.pages("list_users", "Users")
    ids = [row["UserId"] for row in every]
    assert len(ids) == len(set(ids)) and created <= set(ids)
    assert all(None not in row.values() for row in every)
    for size in (7, 100):
        pages = [page["Users"] for page in served.boto.get_paginator("list_users").paginate(IdentityStoreId=served.id, PaginationConfig={"PageSize": size})]
        assert [row["UserId"] for page in pages for row in page] == ids
        assert all(len(page) <= size for page in pages)

    by_name = [{"AttributePath": "UserName", "AttributeValue": "listed-077"}]
    assert [row["UserName"] for row in served.call("list_users", Filters=by_name)["Users"]] == ["listed-077"]
    assert served.call("list_users", Filters=[{"AttributePath": "UserName", "AttributeValue": "nobody"}])["Users"] == []
    assert code(served.call, "list_users", Filters=by_name * 2) == VALIDATION
    assert code(served.call, "list_users", Filters=[{"AttributePath": "Title", "AttributeValue": "x"}]) == VALIDATION
    for wrong in ({"MaxResults": 0}, {"MaxResults": 101}, {"NextToken": "made+up/token=="}):
        assert code(loose.call, "list_users", **wrong) == VALIDATION, wrong


# --- groups ----------------------------------------------------------------------------------------------------------


def test_create_describe_update_and_delete_group(served):
    """DESIGN 7: what boto3 writes is what it reads. Reference 7: null unsets."""
    group = served.group("Zespół|SOC", Description="first line")
    described = served.call("describe_group", GroupId=group)
    assert (described["GroupId"], described["DisplayName"], described["Description"]) == (group, "Zespół|SOC", "first line")
    assert described["IdentityStoreId"] == served.id

    operations = [{"AttributePath": "displayName", "AttributeValue": "renamed"}, {"AttributePath": "description"}]
    served.call("update_group", GroupId=group, Operations=operations)
    described = served.call("describe_group", GroupId=group)
    assert described["DisplayName"] == "renamed" and "Description" not in described
    assert served.find_group("renamed") == group

    membership = served.join(served.user("member", "member@x.example"), group)
    served.call("delete_group", GroupId=group)
    assert code(served.call, "describe_group", GroupId=group) == NOT_FOUND
    assert code(served.call, "describe_group_membership", MembershipId=membership) == NOT_FOUND


def test_group_refusals(served, loose):
    """Reference 2 and 7: unique, non-empty DisplayName, reserved names, unknown groups and paths."""
    group = served.group("taken")
    other = served.group("other", Description="kept")
    again = refusal(served.call, "create_group", DisplayName="taken")
    assert (again["code"], again["reason"], again["message"]) == (CONFLICT, "UNIQUENESS_CONSTRAINT_VIOLATION", "Duplicate GroupDisplayName")
    assert code(loose.call, "create_group", DisplayName="") == VALIDATION
    assert code(served.call, "create_group", DisplayName="Administrator") in (VALIDATION, CONFLICT)

    def update(path, value, which=other):
        return code(served.call, "update_group", GroupId=which, Operations=[{"AttributePath": path, "AttributeValue": value}])

    assert update("displayName", "taken") == CONFLICT
    assert update("description", "x", which=NOBODY) == NOT_FOUND
    assert update("noSuchAttribute", "x") == VALIDATION
    assert update("description", "") == VALIDATION
    assert served.call("describe_group", GroupId=other)["Description"] == "kept"

    assert served.find_group("taken") == group
    missing = refusal(served.call, "get_group_id", AlternateIdentifier=unique("displayName", "nobody"))
    assert (missing["code"], missing["resource"]) == (NOT_FOUND, "GROUP")
    assert code(served.call, "get_group_id", AlternateIdentifier=unique("description", "kept")) == VALIDATION


def test_list_groups(served, loose):
    """Reference 2: pages and the one filter, on DisplayName."""
    created = {served.group(f"listed-{n:02}") for n in range(15)}
    pages = [page["Groups"] for page in served.boto.get_paginator("list_groups").paginate(IdentityStoreId=served.id, PaginationConfig={"PageSize": 4})]
    ids = [row["GroupId"] for page in pages for row in page]
    assert len(ids) == len(set(ids)) and created <= set(ids) and all(len(page) <= 4 for page in pages)
    found = served.call("list_groups", Filters=[{"AttributePath": "DisplayName", "AttributeValue": "listed-07"}])["Groups"]
    assert [row["DisplayName"] for row in found] == ["listed-07"]
    for wrong in ({"MaxResults": 101}, {"NextToken": "made+up/token=="}, {"Filters": [{"AttributePath": "Description", "AttributeValue": "x"}]}):
        assert code(loose.call, "list_groups", **wrong) == VALIDATION, wrong


# --- memberships -----------------------------------------------------------------------------------------------------


def test_memberships(served):
    """Reference 2: the seven membership operations agree with each other."""
    user, other = served.user("member", "member@x.example"), served.user("other", "other@x.example")
    groups = [served.group(f"team-{n}") for n in range(5)]
    memberships = {group: served.join(user, group) for group in groups[:4]}
    served.join(other, groups[0])

    described = served.call("describe_group_membership", MembershipId=memberships[groups[0]])
    assert (described["GroupId"], described["MemberId"]) == (groups[0], {"UserId": user})
    found = served.call("get_group_membership_id", GroupId=groups[1], MemberId={"UserId": user})
    assert found["MembershipId"] == memberships[groups[1]]
    results = served.call("is_member_in_groups", MemberId={"UserId": user}, GroupIds=groups)["Results"]
    assert {row["GroupId"]: row["MembershipExists"] for row in results} == {group: group in memberships for group in groups}

    of_user = served.pages("list_group_memberships_for_member", "GroupMemberships", MemberId={"UserId": user}, PaginationConfig={"PageSize": 3})
    assert {row["GroupId"]: row["MembershipId"] for row in of_user} == memberships
    of_group = served.pages("list_group_memberships", "GroupMemberships", GroupId=groups[0], PaginationConfig={"PageSize": 1})
    assert sorted(row["MemberId"]["UserId"] for row in of_group) == sorted([user, other])

    served.call("delete_group_membership", MembershipId=memberships[groups[0]])
    assert len(served.memberships(user)) == 3
    assert [row["MemberId"]["UserId"] for row in served.pages("list_group_memberships", "GroupMemberships", GroupId=groups[0])] == [other]


def test_membership_refusals(served, loose):
    """Reference 2 and 7: a relation twice, unknown ends, no such relation, more than a hundred groups at once."""
    user, group = served.user("member", "member@x.example"), served.group("team")
    empty = served.group("empty")
    served.join(user, group)
    again = refusal(served.join, user, group)
    assert (again["code"], again["message"]) == (CONFLICT, "Member and Group relationship already exists")
    assert len(served.memberships(user)) == 1

    assert code(served.join, NOBODY, group) == NOT_FOUND
    assert code(served.join, user, NOBODY) == NOT_FOUND
    missing = refusal(served.call, "get_group_membership_id", GroupId=empty, MemberId={"UserId": user})
    assert (missing["code"], missing["resource"]) == (NOT_FOUND, "GROUP_MEMBERSHIP")
    assert code(loose.call, "is_member_in_groups", MemberId={"UserId": user}, GroupIds=[group] * 101) == VALIDATION
    assert code(loose.call, "is_member_in_groups", MemberId={"UserId": user}, GroupIds=[]) == VALIDATION
    assert code(loose.call, "create_group_membership", GroupId=group) == VALIDATION
    for operation, members in (
        ("list_group_memberships", {"GroupId": group}),
        ("list_group_memberships_for_member", {"MemberId": {"UserId": user}}),
    ):
        assert code(loose.call, operation, **members, MaxResults=101) == VALIDATION
        assert code(loose.call, operation, **members, NextToken="made+up/token==") == VALIDATION
    assert code(served.call, "list_group_memberships", GroupId=NOBODY) == NOT_FOUND
    assert code(served.call, "list_group_memberships_for_member", MemberId={"UserId": NOBODY}) == NOT_FOUND


# --- store, protocol, STS --------------------------------------------------------------------------------------------


def test_only_its_own_store_exists(served):
    """Reference 2: an unknown store is not found, a malformed id is a validation error; moto makes both up."""
    unknown = refusal(served.call, "list_users", IdentityStoreId="d-0000000000")
    assert unknown["code"] == NOT_FOUND and unknown["status"] == 400
    assert code(served.call, "list_users", IdentityStoreId="nonsense") == VALIDATION


def test_an_unknown_operation_is_refused(served):
    """Reference 2: UnknownOperationException, status 400."""
    request = urllib.request.Request(
        served.endpoint,
        data=b"{}",
        headers={
            "X-Amz-Target": "AWSIdentityStore.NoSuchOperation",
            "Content-Type": "application/x-amz-json-1.1",
            "Authorization": "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/identitystore/aws4_request, SignedHeaders=host, Signature=00",
        },
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30)
    with refused.value as answer:
        assert answer.code == 400
        assert json.loads(answer.read())["__type"].split("#")[-1] == "UnknownOperationException"


def test_sts(served):
    """DESIGN 7: STS lives in the binary too; the keys that AssumeRole gives are good for Identity Store."""
    sts = clients.client("sts", served.endpoint)
    identity = sts.get_caller_identity()
    account = identity["Account"]
    assert len(account) == 12 and account.isdigit() and account in identity["Arn"] and identity["UserId"]

    role = f"arn:aws:iam::{account}:role/soar"
    assumed = sts.assume_role(RoleArn=role, RoleSessionName="witness", DurationSeconds=900)
    assert assumed["AssumedRoleUser"]["Arn"].endswith("assumed-role/soar/witness")
    credentials = assumed["Credentials"]
    lasts = (credentials["Expiration"] - datetime.now(credentials["Expiration"].tzinfo)).total_seconds()
    assert 0 < lasts <= 960
    keys = credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials["SessionToken"]
    with_role = clients.Store(served.endpoint, served.id, keys=keys)
    assert with_role.pages("list_users", "Users") == served.pages("list_users", "Users")

    loose = clients.client("sts", served.endpoint, validate=False)
    for wrong in ({"DurationSeconds": 10}, {"RoleArn": "short"}, {"RoleSessionName": "has space"}):
        valid = {"RoleArn": role, "RoleSessionName": "witness"}
        assert "Validation" in code(loose.assume_role, **{**valid, **wrong}), wrong


# --- boto3 and our commands on the same file -------------------------------------------------------------------------


def plain(described):
    """What boto3 read, as JSON would have it, without the members whose writing is ours to choose (dates)."""
    return {key: value for key, value in described.items() if not isinstance(value, datetime)}


def test_a_user_of_boto3_is_seen_by_our_commands_with_all_attributes(served, sandbox):
    """DESIGN 4: get-user gives all attributes, extensions included; 5.2: under AWS's own names, as AWS sent them."""
    user = served.call("create_user", **FULL_USER, Extensions={ENTERPRISE: {"department": "SOC"}})["UserId"]
    described = plain(served.call("describe_user", UserId=user, Extensions=[ENTERPRISE]))
    for command, args in (
        ("get-user", {"userName": "full"}),
        ("get-user", {"userId": user}),
        ("get-user", {"userId": f"arn:aws:identitystore:::user/{user}"}),
        ("get-user-by-email", {"emailAddress": "FULL@corp.example"}),
    ):
        item = succeed(command, args, sandbox=sandbox).item(USERS)
        assert {key: item.get(key) for key in described} == described, (command, args)
        assert item["Email"] == "full@corp.example"


def test_a_user_of_ours_is_seen_by_boto3(served, sandbox):
    """DESIGN 7: both work on one file; DESIGN 5.4: Type work and Primary true unless said otherwise."""
    args = {
        "userName": "ours",
        "givenName": "Our",
        "familyName": "User",
        "displayName": "Our `User`|\nЖ",
        "userEmailAddress": "ours@x.example",
    }
    item = succeed("create-user", args, sandbox=sandbox).item(USERS)
    described = served.call("describe_user", UserId=served.find_user("userName", "ours"))
    assert item["UserId"] == described["UserId"]
    assert (described["DisplayName"], described["Name"]) == ("Our `User`|\nЖ", {"GivenName": "Our", "FamilyName": "User"})
    assert described["Emails"] == [{"Value": "ours@x.example", "Type": "work", "Primary": True}]
    answer = run("create-user", {**args, "userEmailAddress": "new@x.example"}, sandbox=sandbox)
    assert answer.code == 1 and described["UserId"] in answer.error


def test_lists_agree(served, sandbox):
    """DESIGN 4: all users and all groups, with the values that boto3 reads."""
    for n in range(105):
        served.user(f"many-{n:03}", f"many-{n:03}@x.example")
    ours = {item["UserId"]: item for item in succeed("list-users", sandbox=sandbox).items(USERS)}
    theirs = {row["UserId"]: plain(row) for row in served.pages("list_users", "Users")}
    assert set(ours) == set(theirs)
    assert [key for key, row in theirs.items() if {member: ours[key].get(member) for member in row} != row] == []

    ours = {item["GroupId"]: item for item in succeed("list-groups", sandbox=sandbox).items(GROUPS)}
    theirs = {row["GroupId"]: plain(row) for row in served.pages("list_groups", "Groups")}
    assert set(ours) == set(theirs)
    assert [key for key, row in theirs.items() if {member: ours[key].get(member) for member in row} != row] == []


def test_memberships_of_ours_and_of_boto3(served, sandbox):
    """DESIGN 4: list-groups-for-user with names; 5.7: already a member is success and says so."""
    user = served.user("joiner", "joiner@x.example")
    by_boto, by_us = served.group("by-boto"), served.group("by-us")
    membership = served.join(user, by_boto)
    succeed("add-user-to-group", {"userName": "joiner", "groupName": "by-us"}, sandbox=sandbox)

    item = succeed("list-groups-for-user", {"userName": "joiner"}, sandbox=sandbox).item(USERS)
    ours = {row["GroupName"]: (row["GroupId"], row["MembershipId"]) for row in item["GroupMemeberships"]}
    theirs = {row["GroupId"]: row["MembershipId"] for row in served.memberships(user)}
    assert ours == {"by-boto": (by_boto, membership), "by-us": (by_us, theirs[by_us])} and len(theirs) == 2

    for group in ("by-us", "by-boto"):
        again = succeed("add-user-to-group", {"emailAddress": "joiner@x.example", "groupName": group}, sandbox=sandbox)
        assert "already" in again.text.lower(), again.text
    assert {row["GroupId"]: row["MembershipId"] for row in served.memberships(user)} == theirs


def test_remove_user_from_all_groups_is_seen_by_boto3(served, sandbox):
    """DESIGN 4 and 5.7: every membership, by group name; again is success; nobody else loses one."""
    user, other = served.user("leaver", "leaver@x.example"), served.user("stays", "stays@x.example")
    groups = {f"left-{n:03}": served.group(f"left-{n:03}") for n in range(120)}
    for group in groups.values():
        served.join(user, group)
    served.join(other, groups["left-000"])
    before = served.memberships(user)

    succeed("remove-user-from-all-groups", {"userName": "leaver", "dryRun": True}, sandbox=sandbox)
    assert served.memberships(user) == before
    answer = succeed("remove-user-from-all-groups", {"userName": "leaver"}, sandbox=sandbox)
    assert served.memberships(user) == [] and len(served.memberships(other)) == 1
    assert [name for name in groups if name not in answer.everything] == []
    succeed("remove-user-from-all-groups", {"userName": "leaver"}, sandbox=sandbox)


# --- the file --------------------------------------------------------------------------------------------------------


def test_the_sample_directory_has_something_to_show(served, sandbox):
    """DESIGN 7: a FILE that does not exist is created with users, groups and memberships."""
    assert sandbox.stat().st_size > 0
    assert served.pages("list_users", "Users") and served.pages("list_groups", "Groups")
    assert any(served.memberships(row["UserId"]) for row in served.pages("list_users", "Users"))


def test_reset_brings_the_sample_directory_back(sample, sandbox):
    """DESIGN 2: `sandbox reset`: the sample directory again."""
    args = {"userName": "extra", "givenName": "E", "displayName": "E X", "userEmailAddress": "extra@x.example"}
    succeed("create-user", args, sandbox=sandbox)
    code_, _, stderr = execute([f"--sandbox={sandbox}", "sandbox", "reset"])
    assert code_ == 0, stderr
    names = [sorted(item["UserName"] for item in succeed("list-users", sandbox=file).items(USERS)) for file in (sample, sandbox)]
    assert names[0] == names[1] and "extra" not in names[1]


def test_a_person_can_read_and_edit_the_file(sandbox):
    """DESIGN 7: state is a file that a person can read and edit."""
    args = {"userName": "edited", "givenName": "E", "displayName": "Before The Edit", "userEmailAddress": "edited@x.example"}
    succeed("create-user", args, sandbox=sandbox)
    text = sandbox.read_text(encoding="utf-8")
    assert "Before The Edit" in text
    sandbox.write_text(text.replace("Before The Edit", "After The Edit"), encoding="utf-8")
    assert succeed("get-user", {"userName": "edited"}, sandbox=sandbox).item(USERS)["DisplayName"] == "After The Edit"


def test_two_processes_write_at_once(served, sandbox):
    """DESIGN 7: safe against two processes at once: no change that was answered is lost."""
    answers = []

    def ours(worker):
        for n in range(10):
            name = f"ours-{worker}-{n}"
            args = {"userName": name, "givenName": "G", "displayName": "G F", "userEmailAddress": f"{name}@x.example"}
            answers.append((name, run("create-user", args, sandbox=sandbox).code))

    workers = [threading.Thread(target=ours, args=(worker,)) for worker in range(3)]
    for worker in workers:
        worker.start()
    expected = set()
    for n in range(40):
        served.user(f"boto-{n}", f"boto-{n}@x.example")
        expected.add(f"boto-{n}")
    for worker in workers:
        worker.join(timeout=120)
        assert not worker.is_alive()
    assert len(answers) == 30 and all(code_ == 0 for _, code_ in answers), answers
    expected |= {name for name, _ in answers}
    for names in (
        {row["UserName"] for row in served.pages("list_users", "Users")},
        {item["UserName"] for item in succeed("list-users", sandbox=sandbox).items(USERS)},
    ):
        assert expected <= names


def test_a_kill_in_the_middle_of_writing_loses_nothing_that_was_answered(sandbox):
    """DESIGN 7: written atomically; a change is in the file before it is answered."""
    store_id = succeed("list-users", sandbox=sandbox).items(USERS)[0]["IdentityStoreId"]
    answered, enough = [], threading.Event()
    with serve_sandbox(sandbox) as service:
        store = clients.Store(service.endpoint, store_id)

        def write():
            try:
                for n in range(10_000):
                    store.user(f"killed-{n}", f"killed-{n}@x.example")
                    answered.append(f"killed-{n}")
                    if n == 40:
                        enough.set()
            except Exception:
                pass  # the server is gone: that is the test
            finally:
                enough.set()

        writer = threading.Thread(target=write)
        writer.start()
        assert enough.wait(timeout=60)
        os.kill(service.child.pid, signal.SIGKILL)
        writer.join(timeout=60)
        assert not writer.is_alive()
    assert len(answered) > 40
    names = {item["UserName"] for item in succeed("list-users", sandbox=sandbox).items(USERS)}
    assert set(answered) <= names


def test_sigterm_ends_the_server(sandbox):
    """DESIGN 2: SIGTERM stops new work and lets what is under way end; it does not hang."""
    service = serve_sandbox(sandbox)
    assert service.stop()
