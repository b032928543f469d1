"""The same calls to the sandbox and to moto. Where they differ, docs/sandbox.md has a row that says who is right, and why.

A difference without a row fails, and so does a row without a difference: moto may have learnt, or we forgotten.
"""

import json
import re
import uuid
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

import clients
from clients import unique

DOCUMENT = Path(__file__).parents[2] / "docs/sandbox.md"
NOBODY = "12345678-1234-1234-1234-123456789012"
NAME = {"GivenName": "G", "FamilyName": "F"}
# Members of nearly every answer that moto does not have; one row each, and not one for each call.
OWN = ("UserArn", "GroupArn", "MembershipArn", "Revision", "CreatedAt", "CreatedBy", "UpdatedAt", "UpdatedBy", "UserStatus")
ID = re.compile(r"([0-9a-f]{10}-)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def user(name, address=None, **members):
    emails = {"Emails": [{"Value": address, "Type": "work", "Primary": True}]} if address else {}
    return {"UserName": name, "DisplayName": name, "Name": NAME, **emails, **members}


def path(kind, name, value):
    return {"AlternateIdentifier": unique({"u": "userName", "e": "emails.value", "g": "displayName", "x": "description"}[name], value)}, kind


# What is done, by which operation, with which members; `@name` is the id that an earlier step of that name returned.
STEPS = [
    ("a user", "create_user", user("jane", "jane@x.example", Title="T", NickName="N", Locale="L", Timezone="Z")),
    ("another user", "create_user", user("joe", "joe@x.example")),
    ("a user twice", "create_user", user("jane", "other@x.example")),
    ("an e-mail address twice", "create_user", user("other", "jane@x.example")),
    ("a user in another letter case", "create_user", user("JANE", "j2@x.example")),
    ("a user of a reserved name", "create_user", user("Administrator", "a@x.example")),
    ("a user without a display name", "create_user", {"UserName": "bare", "Name": NAME}),
    ("a user with website, photo, role and extension", "create_user", user(
        "rich", "rich@x.example", Website="w", Photos=[{"Value": "p"}], Roles=[{"Value": "r"}],
        Extensions={"aws:identitystore:enterprise": {"department": "d"}})),
    ("a group", "create_group", {"DisplayName": "g", "Description": "d"}),
    ("a group twice", "create_group", {"DisplayName": "g"}),
    ("another group", "create_group", {"DisplayName": "h"}),
    ("a group without a name", "create_group", {"Description": "d"}),
    ("a user, described", "describe_user", {"UserId": "@a user"}),
    ("website, photo, role and extension, described", "describe_user", {"UserId": "@a user with website, photo, role and extension", "Extensions": ["aws:identitystore:enterprise"]}),
    ("a group, described", "describe_group", {"GroupId": "@a group"}),
    ("nobody, described", "describe_user", {"UserId": NOBODY}),
    ("no group, described", "describe_group", {"GroupId": NOBODY}),
    ("a user by ARN", "describe_user", {"UserId": "arn:aws:identitystore:::user/@a user"}),
    ("a user by name", "get_user_id", path("u", "u", "jane")[0]),
    ("a user by e-mail address", "get_user_id", path("u", "e", "jane@x.example")[0]),
    ("nobody by name", "get_user_id", path("u", "u", "nobody")[0]),
    ("a group by name", "get_group_id", path("g", "g", "g")[0]),
    ("a group by description", "get_group_id", path("g", "x", "d")[0]),
    ("nobody by external id", "get_user_id", {"AlternateIdentifier": {"ExternalId": {"Issuer": "i", "Id": "x"}}}),
    ("users by filter", "list_users", {"Filters": [{"AttributePath": "UserName", "AttributeValue": "joe"}]}),
    ("users by a filter that AWS does not have", "list_users", {"Filters": [{"AttributePath": "Title", "AttributeValue": "T"}]}),
    ("groups by filter", "list_groups", {"Filters": [{"AttributePath": "DisplayName", "AttributeValue": "h"}]}),
    ("all groups", "list_groups", {}),
    ("a made-up page token", "list_users", {"NextToken": "AAAA"}),
    ("a membership", "create_group_membership", {"GroupId": "@a group", "MemberId": {"UserId": "@a user"}}),
    ("a membership twice", "create_group_membership", {"GroupId": "@a group", "MemberId": {"UserId": "@a user"}}),
    ("a membership of nobody", "create_group_membership", {"GroupId": "@a group", "MemberId": {"UserId": NOBODY}}),
    ("a membership, found", "get_group_membership_id", {"GroupId": "@a group", "MemberId": {"UserId": "@a user"}}),
    ("a membership, described", "describe_group_membership", {"MembershipId": "@a membership"}),
    ("members of a group", "list_group_memberships", {"GroupId": "@another group"}),
    ("members of no group", "list_group_memberships", {"GroupId": NOBODY}),
    ("groups of a user", "list_group_memberships_for_member", {"MemberId": {"UserId": "@another user"}}),
    ("groups of nobody", "list_group_memberships_for_member", {"MemberId": {"UserId": NOBODY}}),
    ("whether a user is in groups", "is_member_in_groups", {"MemberId": {"UserId": "@a user"}, "GroupIds": ["@a group", "@another group"]}),
    ("a changed user", "update_user", {"UserId": "@a user", "Operations": [{"AttributePath": "title", "AttributeValue": "new"}]}),
    ("a changed group", "update_group", {"GroupId": "@a group", "Operations": [{"AttributePath": "description", "AttributeValue": "new"}]}),
    ("the store, described", "describe_identity_store", {}),
    ("a deletion that expects another revision", "delete_group", {"GroupId": "@another group", "Revision": "77"}),
    ("a deletion of nobody", "delete_user", {"UserId": NOBODY}),
    ("a deletion of no group", "delete_group", {"GroupId": NOBODY}),
    ("a deletion of no membership", "delete_group_membership", {"MembershipId": NOBODY}),
    ("a deleted user", "delete_user", {"UserId": "@a user"}),
    ("members of a group after a deletion", "list_group_memberships", {"GroupId": "@a group"}),
    ("a store that does not exist", "list_groups", {"IdentityStoreId": "d-0000000000"}),
]  # fmt: skip


def filled(value, ids):
    """The members of a step with the ids of earlier ones."""
    if isinstance(value, dict):
        return {key: filled(item, ids) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, ids) for item in value]
    if isinstance(value, str) and "@" in value and "@x.example" not in value:
        start, name = value.split("@", 1)
        return start + ids.get(name, NOBODY)
    return value


def plain(value, names):
    """An answer without times and members of ours, with the same names for the same ids."""
    if isinstance(value, dict):
        return {key: plain(item, names) for key, item in value.items() if key not in (*OWN, "ResponseMetadata", "IdentityStoreId")}
    if isinstance(value, list):
        return sorted((plain(item, names) for item in value), key=repr)
    if isinstance(value, datetime):
        return "a time"
    return ID.sub(lambda found: names.setdefault(found.group(), f"id {len(names)}"), value) if isinstance(value, str) else value


def outcomes(store):
    """What each step comes to: an answer, or an error's code."""
    ids, names, found, own = {}, {}, {}, set()
    for step, operation, members in STEPS:
        try:
            answer = store.call(operation, **filled(members, ids))
        except ClientError as problem:
            found[step] = problem.response["Error"]["Code"]
            continue
        own |= {member for member in OWN if f"'{member}'" in repr(answer)}
        created = [value for key, value in answer.items() if key in ("UserId", "GroupId", "MembershipId") and operation.startswith("create")]
        for new in created:
            ids[step], names[new] = new, f"@{step}"
        found[step] = plain(answer, names)
    return found, own


@pytest.fixture
def empty(served):
    """The sandbox without what its sample holds, for moto's stores are empty."""
    for row in served.pages("list_users", "Users"):
        served.call("delete_user", UserId=row["UserId"])
    for row in served.pages("list_groups", "Groups"):
        served.call("delete_group", GroupId=row["GroupId"])
    return served


def documented():
    """The rows of the table: what differs, what the sandbox does, what moto does."""
    text = DOCUMENT.read_text(encoding="utf-8")
    table = text[text.index("| call |") :].split("\n\n")[0].splitlines()[2:]
    rows = [[cell.strip().replace("`", "") for cell in line.strip("|").split("|")] for line in table]
    return {row[0]: (row[1], row[2]) for row in rows}


def brief(ours, theirs):
    """What each side says, in a cell of the table: an error by its code, an answer by what the other one does not have."""
    if isinstance(ours, str) or isinstance(theirs, str):
        return tuple(outcome if isinstance(outcome, str) else "an answer" for outcome in (ours, theirs))
    return only(ours, theirs), only(theirs, ours)


def only(one, other):
    """The values of an answer that stand in no such place in the other answer."""
    left = Counter(leaves(one)) - Counter(leaves(other))
    return ", ".join(f"{where} {value}" if count == 1 else f"{where} {value} ({count})" for (where, value), count in sorted(left.items())) or "nothing more"


def leaves(value, where=""):
    """The values in an answer, each with its place."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaves(item, f"{where}.{key}".strip("."))
    elif isinstance(value, list) and value:
        for item in value:
            yield from leaves(item, f"{where}[]")
    else:
        yield where, json.dumps(value)


def test_every_difference_from_moto_is_in_the_table(empty, store):
    """Issue 6: the same sequence of calls; every difference is listed with its reason, and every row is a difference."""
    (ours, our_members), (theirs, their_members) = outcomes(empty), outcomes(store)
    seen = {step: brief(ours[step], theirs[step]) for step, _, _ in STEPS if ours[step] != theirs[step]}
    seen |= {member: ("has it", "does not") for member in our_members - their_members}
    assert their_members - our_members == set()
    assert ("nothing more",) * 2 not in seen.values(), "a difference that the table cannot name"
    assert seen == documented(), "\n".join(f"{step}: {ours.get(step)} / {theirs.get(step)}" for step in set(seen) ^ set(documented()))
    assert len(STEPS) - len(seen) >= 15, "hardly anything is the same: the comparison says nothing"
