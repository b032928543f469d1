"""The nine commands of the founding documentation and test-module against moto's server.

What is asserted is DESIGN's contract. Moto is no judge where it differs from AWS (reference/identity-store.md 11):
it accepts a membership twice, keeps memberships of deleted groups, sends neither Revision nor ARNs, and its GetUserId
breaks on `emails.value` as soon as it passes a user without e-mail; the tests set up their stores accordingly.
"""

import base64
import json
import re
import urllib.parse
import urllib.request

import pytest

import clients
from binary import ERROR, NOTE, WARNING, fail, run, succeed

USERS, GROUPS = "AWS.IAM.IdentityCenter.Users", "AWS.IAM.IdentityCenter.Groups"
USERS_OF_CREATE = "AWS.IAMIdentityCenter.Users"
ODD_NAMES = ["pi|pe", "back`tick", "two\nlines", "Żółć Ğüneş 李明 Ольга عمر", "all|of`it\nЖ"]


def fill_users(store, count, start=0):
    """Users user-000… with e-mails; name -> id."""
    return {f"user-{n:03}": store.user(f"user-{n:03}", f"user-{n:03}@corp.example") for n in range(start, start + count)}


def join_groups(store, user_id, count, prefix="group"):
    """Groups with this one member; name -> group id."""
    groups = {f"{prefix}-{n:03}": store.group(f"{prefix}-{n:03}") for n in range(count)}
    for group_id in groups.values():
        store.join(user_id, group_id)
    return groups


# --- test-module -----------------------------------------------------------------------------------------------------


def test_module_says_exactly_ok(params):
    """DESIGN 4: `[{"Type":1,"Contents":"ok","ContentsFormat":"text"}]`."""
    assert succeed("test-module", params=params).entries == [{"Type": NOTE, "Contents": "ok", "ContentsFormat": "text"}]


def test_module_says_what_is_wrong_when_nothing_answers(params):
    """DESIGN 4: or what is wrong. Port 1 of the loopback has no listener."""
    assert fail("test-module", params={**params, "endpoint_url": "http://127.0.0.1:1", "retries": "0", "timeout": "5,5"})


# --- create-user -----------------------------------------------------------------------------------------------------


def test_create_user_is_what_boto3_reads_back(store, params):
    """DESIGN 4 and 5.4: the attributes given; the e-mail's Type is `work` and Primary true unless said otherwise."""
    args = {
        "userName": "alice",
        "givenName": "Alice",
        "familyName": "Liddell",
        "displayName": "Alice Liddell",
        "userEmailAddress": "alice@corp.example",
    }
    answer = succeed("create-user", args, params)
    user_id = store.find_user("userName", "alice")
    created = store.call("describe_user", UserId=user_id)
    assert (created["UserName"], created["DisplayName"]) == ("alice", "Alice Liddell")
    assert (created["Name"]["GivenName"], created["Name"]["FamilyName"]) == ("Alice", "Liddell")
    assert created["Emails"] == [{"Value": "alice@corp.example", "Type": "work", "Primary": True}]

    item = answer.item(USERS)
    assert (item["UserId"], item["UserName"], item["DisplayName"], item["Email"]) == (
        user_id,
        "alice",
        "Alice Liddell",
        "alice@corp.example",
    )
    assert answer.item(USERS_OF_CREATE) == {"UserId": user_id, "UserName": "alice"}


@pytest.mark.parametrize(
    "given, display, family",
    [("Ada", "Ada Lovelace", "Lovelace"), ("Prince", "Prince", "Prince"), ("Ana", "Ana María López", "María López")],
)
def test_create_user_without_family_name_says_which_one_it_used(store, params, given, display, family):
    """DESIGN 5.4: the rest of displayName after givenName or, when nothing remains, displayName; the answer says so."""
    args = {"userName": "new", "givenName": given, "displayName": display, "userEmailAddress": "new@corp.example"}
    answer = succeed("create-user", args, params)
    created = store.call("describe_user", UserId=store.find_user("userName", "new"))
    assert created["Name"]["FamilyName"] == family
    assert created["DisplayName"] == display
    assert family in answer.text and re.search("family ?name", answer.text, re.IGNORECASE), answer.text


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_display_names_are_stored_as_given_and_shown_in_one_row(store, params, name):
    """Issue 2: a `|`, a backtick, a newline or non-Latin letters in the name is shown and stored correctly."""
    args = {"userName": "odd", "givenName": "Given", "familyName": "Family", "displayName": name, "userEmailAddress": "o@x.example"}
    assert succeed("create-user", args, params).item(USERS)["DisplayName"] == name
    assert store.call("describe_user", UserId=store.find_user("userName", "odd"))["DisplayName"] == name

    answer = succeed("get-user", {"userName": "odd"}, params)
    assert answer.item(USERS)["DisplayName"] == name
    shown = name.replace("\n", "<br>").replace("|", "\\|").replace("`", "\\`")
    assert any(shown in line for line in answer.human.splitlines()), answer.human


def test_creating_what_exists_is_an_error_with_its_id(store, params):
    """DESIGN 5.7: creating what exists is an error that gives its id."""
    user_id = store.user("taken", "taken@corp.example")
    args = {"userName": "taken", "givenName": "T", "familyName": "T", "displayName": "T T", "userEmailAddress": "t@x.example"}
    assert user_id in fail("create-user", args, params)
    assert len(store.pages("list_users", "Users")) == 1


# --- get-user, get-user-by-email -------------------------------------------------------------------------------------


def test_get_user_by_name_id_and_address(store, params):
    """DESIGN 4: `user` is exactly one of userName, userId, emailAddress."""
    user_id = store.user("bob", "bob@corp.example", Title="Analyst", NickName="bobby")
    store.user("eve", "eve@corp.example")
    for args in ({"userName": "bob"}, {"userId": user_id}, {"emailAddress": "bob@corp.example"}):
        item = succeed("get-user", args, params).item(USERS)
        assert (item["UserId"], item["UserName"], item["Email"]) == (user_id, "bob", "bob@corp.example"), args
        assert (item["DisplayName"], item["Title"], item["NickName"]) == ("Display bob", "Analyst", "bobby"), args


def test_get_user_without_address_shows_none(store, params):
    """Issue 2: a user without e-mail is shown correctly. DESIGN 5.2: what AWS did not send is absent."""
    store.user("plain")
    answer = succeed("get-user", {"userName": "plain"}, params)
    assert "Email" not in answer.item(USERS) and "Emails" not in answer.item(USERS)
    assert "None" not in answer.everything


def test_get_user_with_two_addresses_takes_the_primary_one(store, params):
    """DESIGN 5.2: `Email` is the primary address, else the first."""
    home, work = {"Value": "home@x.example", "Type": "home"}, {"Value": "work@x.example", "Type": "work", "Primary": True}
    store.user("two", Emails=[home, work])
    store.user("neither", Emails=[{"Value": "one@x.example"}, {"Value": "other@x.example"}])
    item = succeed("get-user", {"userName": "two"}, params).item(USERS)
    assert item["Email"] == "work@x.example"
    assert [email["Value"] for email in item["Emails"]] == ["home@x.example", "work@x.example"]
    assert succeed("get-user", {"userName": "neither"}, params).item(USERS)["Email"] == "one@x.example"


@pytest.mark.parametrize("address", ["home@x.example", "HOME@X.example", "Work@x.EXAMPLE"])
def test_get_user_by_email_looks_at_every_address_whatever_its_case(store, params, address):
    """DESIGN 4: an exact match, else a sweep that ignores letter case and looks at every address."""
    emails = [{"Value": "work@x.example", "Primary": True}, {"Value": "home@x.example"}]
    user_id = store.user("two", Emails=emails)
    assert succeed("get-user-by-email", {"emailAddress": address}, params).item(USERS)["UserId"] == user_id


@pytest.mark.parametrize("address", ["user-224@corp.example", "USER-224@Corp.Example"])
def test_get_user_by_email_finds_a_late_user(store, params, address):
    """Issue 2: finds the 150,000th user as surely as the first; here the 225th, which is on moto's third page."""
    ids = fill_users(store, 230)
    item = succeed("get-user-by-email", {"emailAddress": address}, params).item(USERS)
    assert (item["UserId"], item["UserName"]) == (ids["user-224"], "user-224")
    assert (item["Email"], item["DisplayName"]) == ("user-224@corp.example", "Display user-224")


def test_several_users_with_one_address_are_all_returned_with_a_warning(store, params):
    """DESIGN 4: several matches: all are returned with a warning entry, and commands that change anything refuse."""
    ids = {store.user("first", "Twin@x.example"), store.user("second", "TWIN@x.example")}
    user, group = sorted(ids)[0], store.group("kept")
    store.join(user, group)

    answer = succeed("get-user-by-email", {"emailAddress": "twin@x.example"}, params)
    assert {item["UserId"] for item in answer.items(USERS)} == ids
    assert len(answer.of_type(WARNING)) == 1 and answer.of_type(NOTE)

    for args in ({"emailAddress": "twin@x.example"}, {"emailAddress": "twin@x.example", "dryRun": "true"}):
        fail("remove-user-from-all-groups", args, params)
    fail("add-user-to-group", {"emailAddress": "twin@x.example", "groupName": "kept"}, params)
    assert [row["GroupId"] for row in store.memberships(user)] == [group]


@pytest.mark.parametrize(
    "command, args",
    [
        ("get-user", {"userName": "nobody"}),
        ("get-user-by-email", {"emailAddress": "nobody"}),
        ("list-groups-for-user", {"userName": "nobody"}),
        ("remove-user-from-all-groups", {"userName": "nobody"}),
        ("add-user-to-group", {"userName": "nobody", "groupName": "real"}),
    ],
)
def test_a_user_who_does_not_exist(store, params, command, args):
    """DESIGN 5.5: "User x was not found" is kept. 5.7: a named user that does not exist is an error."""
    store.group("real")
    assert re.search(r"User .*nobody.* was not found", fail(command, args, params))


@pytest.mark.parametrize("command, args", [("get-group", {}), ("add-user-to-group", {"userName": "real"})])
def test_a_group_that_does_not_exist(store, params, command, args):
    """DESIGN 5.7: a named group that does not exist is an error; 5.5: on what it was attempted."""
    store.user("real", "real@x.example")
    error = fail(command, {**args, "groupName": "no-such-group"}, params)
    assert "no-such-group" in error and "not found" in error.lower()


# --- lists -----------------------------------------------------------------------------------------------------------


def test_list_users_returns_all(store, params):
    """DESIGN 4: all users unless `limit`; 5.1: beyond 100 rows the table says how many more there are."""
    ids = fill_users(store, 230)
    answer = succeed("list-users", params=params)
    assert {item["UserName"]: item["UserId"] for item in answer.items(USERS)} == ids
    assert answer.items(USERS_OF_CREATE) and all(set(item) == {"UserId", "UserName"} for item in answer.items(USERS_OF_CREATE))
    assert {item["UserId"] for item in answer.items(USERS_OF_CREATE)} == set(ids.values())
    assert {row["UserId"] for row in answer.of_type(NOTE)[0]["Contents"]} == set(ids.values())
    assert answer.token("UserNextToken") == ""
    assert "130" in answer.human and "user-099" in answer.human and "user-229" not in answer.human


def test_list_users_limit_fills_across_pages_and_continues(store, params):
    """DESIGN 4: `limit` has no maximum and fills across pages. Issue 2: the nextToken of an unfinished list works."""
    ids = fill_users(store, 230)
    first = succeed("list-users", {"limit": "150"}, params)
    token = first.token("UserNextToken")
    assert len(first.items(USERS)) == 150 and token

    rest = succeed("list-users", {"nextToken": token}, params)
    assert len(rest.items(USERS)) == 80 and rest.token("UserNextToken") == ""

    second = succeed("list-users", {"limit": 50, "nextToken": token}, params)
    assert len(second.items(USERS)) == 50
    third = succeed("list-users", {"limit": 1000, "nextToken": second.token("UserNextToken")}, params)
    in_pieces = [item["UserId"] for page in (first, second, third) for item in page.items(USERS)]
    assert sorted(in_pieces) == sorted(ids.values())
    assert third.token("UserNextToken") == ""


@pytest.mark.parametrize("command, path", [("list-users", USERS), ("list-groups", GROUPS)])
def test_an_empty_directory_is_no_error(params, command, path):
    """DESIGN 5.1 and 5.2: nothing to list is an answer, and the token is written, empty."""
    answer = succeed(command, params=params)
    assert answer.items(path) == []
    assert answer.token("UserNextToken" if command == "list-users" else "GroupNextToken") == ""


def test_list_users_shows_columns_of_all_rows(store, params):
    """DESIGN 5.1: the columns are taken from all rows and not from the first; here the first has no e-mail."""
    store.user("plain")
    store.user("full", "full@corp.example")
    answer = succeed("list-users", params=params)
    assert "full@corp.example" in answer.human
    assert "Email" not in next(item for item in answer.items(USERS) if item["UserName"] == "plain")
    assert "None" not in answer.everything


def test_list_groups_returns_all_and_continues(store, params):
    """DESIGN 4: all groups unless `limit`, which fills across pages."""
    ids = {f"group-{n:03}": store.group(f"group-{n:03}", Description=f"number {n}") for n in range(120)}
    every = succeed("list-groups", params=params)
    assert {item["GroupName"]: item["GroupId"] for item in every.items(GROUPS)} == ids
    assert all(item["DisplayName"] == item["GroupName"] and item["Description"] for item in every.items(GROUPS))
    assert every.token("GroupNextToken") == ""

    first = succeed("list-groups", {"limit": "110"}, params)
    rest = succeed("list-groups", {"nextToken": first.token("GroupNextToken")}, params)
    assert (len(first.items(GROUPS)), len(rest.items(GROUPS))) == (110, 10)
    assert sorted(item["GroupId"] for page in (first, rest) for item in page.items(GROUPS)) == sorted(ids.values())


def test_get_group_returns_a_group(store, params):
    """Issue 2: get-group returns a group; DESIGN 4: exactly one of groupName (displayName), groupId."""
    group_id = store.group("Incident|Response", Description="First line")
    store.group("other")
    for args in ({"groupName": "Incident|Response"}, {"displayName": "Incident|Response"}, {"groupId": group_id}):
        item = succeed("get-group", args, params).item(GROUPS)
        assert (item["GroupId"], item["GroupName"], item["DisplayName"], item["Description"]) == (
            group_id,
            "Incident|Response",
            "Incident|Response",
            "First line",
        ), args


def test_list_groups_for_user_gives_names(store, params):
    """DESIGN 4: with names, not only ids; 5.2: under `GroupMemeberships` with GroupName, GroupId, MembershipId."""
    user_id, other = store.user("member", "member@x.example"), store.user("other", "other@x.example")
    groups = join_groups(store, user_id, 130)
    store.join(other, groups["group-007"])
    memberships = {row["GroupId"]: row["MembershipId"] for row in store.memberships(user_id)}

    answer = succeed("list-groups-for-user", {"userName": "member"}, params)
    item = answer.item(USERS)
    assert (item["UserId"], item["UserName"]) == (user_id, "member")
    assert {row["GroupName"]: row["GroupId"] for row in item["GroupMemeberships"]} == groups
    assert {row["GroupId"]: row["MembershipId"] for row in item["GroupMemeberships"]} == memberships
    assert answer.token("GroupsUserNextToken") == ""

    first = succeed("list-groups-for-user", {"userId": user_id, "limit": 105}, params)
    rest = succeed("list-groups-for-user", {"userId": user_id, "nextToken": first.token("GroupsUserNextToken")}, params)
    in_pieces = [row["GroupName"] for page in (first, rest) for row in page.item(USERS)["GroupMemeberships"]]
    assert len(first.item(USERS)["GroupMemeberships"]) == 105 and sorted(in_pieces) == sorted(groups)


def test_list_groups_for_a_user_without_groups(store, params):
    """DESIGN 5.7 and 5.8: no groups is an answer and no error."""
    store.user("lonely", "lonely@x.example")
    assert succeed("list-groups-for-user", {"userName": "lonely"}, params).of_type(NOTE)


@pytest.mark.parametrize("command", ["list-users", "list-groups", "list-groups-for-user"])
@pytest.mark.parametrize("limit", ["0", "-1", "ten", -5])
def test_a_limit_below_one_or_no_number_is_an_error(store, params, command, limit):
    """DESIGN 4: `limit` below 1 or not a number is an error."""
    store.user("someone", "someone@x.example")
    args = {"userName": "someone"} if command == "list-groups-for-user" else {}
    assert "limit" in fail(command, {**args, "limit": limit}, params)


# --- memberships -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["name", "id", "address"])
def test_add_user_to_group(store, params, by):
    """DESIGN 4: user and group, each by one of its names."""
    user_id, group_id = store.user("joe", "joe@x.example"), store.group("team")
    args = {
        "name": {"userName": "joe", "groupName": "team"},
        "id": {"userId": user_id, "groupId": group_id},
        "address": {"emailAddress": "joe@x.example", "groupName": "team"},
    }[by]
    succeed("add-user-to-group", args, params)
    assert [row["GroupId"] for row in store.memberships(user_id)] == [group_id]


def test_add_user_to_group_twice_is_success(store, params):
    """DESIGN 4 and 5.7: already a member is success. (Moto stores a second row when asked to, which is its fault.)"""
    user_id, group_id = store.user("joe", "joe@x.example"), store.group("team")
    for _ in range(2):
        succeed("add-user-to-group", {"userName": "joe", "groupName": "team"}, params)
    assert {row["GroupId"] for row in store.memberships(user_id)} == {group_id}


def test_remove_user_from_all_groups_removes_every_membership(store, params):
    """DESIGN 4: every membership, however many; each outcome reported by group name. 5.7: can be repeated."""
    user_id, other = store.user("leaver", "leaver@x.example"), store.user("stays", "stays@x.example")
    groups = join_groups(store, user_id, 250)
    store.join(other, groups["group-010"])

    answer = succeed("remove-user-from-all-groups", {"userName": "leaver"}, params)
    assert store.memberships(user_id) == []
    assert [row["GroupId"] for row in store.memberships(other)] == [groups["group-010"]]
    assert [name for name in groups if name not in answer.everything] == []

    again = succeed("remove-user-from-all-groups", {"userName": "leaver"}, params)
    assert "group-0" not in again.everything


def test_remove_user_from_all_groups_removes_a_membership_stored_twice(store, params):
    """DESIGN 4: every membership; moto holds two for one pair."""
    user_id, group_id = store.user("leaver", "leaver@x.example"), store.group("team")
    assert store.join(user_id, group_id) != store.join(user_id, group_id)
    succeed("remove-user-from-all-groups", {"userId": user_id}, params)
    assert store.memberships(user_id) == []


def test_remove_user_from_all_groups_survives_a_group_that_is_gone(store, params):
    """DESIGN 4: every membership; moto keeps those of a deleted group, whose name nobody can look up."""
    user_id = store.user("leaver", "leaver@x.example")
    groups = join_groups(store, user_id, 3)
    store.call("delete_group", GroupId=groups["group-001"])
    assert len(store.memberships(user_id)) == 3
    answer = succeed("remove-user-from-all-groups", {"userName": "leaver"}, params)
    assert store.memberships(user_id) == []
    assert groups["group-001"] in answer.everything and "group-002" in answer.everything


def test_dry_run_lists_and_changes_nothing(store, params):
    """DESIGN 4: dryRun=true changes nothing and lists what would change."""
    user_id = store.user("leaver", "leaver@x.example")
    groups = join_groups(store, user_id, 5)
    before = store.memberships(user_id)
    answer = succeed("remove-user-from-all-groups", {"userName": "leaver", "dryRun": "true"}, params)
    assert store.memberships(user_id) == before
    assert all(name in answer.human for name in groups), answer.human


def test_protected_groups_keep_their_memberships_and_the_rest_goes(store, params):
    """DESIGN 4: bulk work keeps memberships in protected groups, reports them as failed rows, and does the rest.
    DESIGN 5.6: two entries, the error entry with one row for each item that failed, and no others."""
    user_id = store.user("leaver", "leaver@x.example")
    groups = join_groups(store, user_id, 4)
    protected = {**params, "protectedGroups": f"group-001, {groups['group-003']}"}
    answer = run("remove-user-from-all-groups", {"userName": "leaver"}, protected)
    assert answer.code == 1
    assert {row["GroupId"] for row in store.memberships(user_id)} == {groups["group-001"], groups["group-003"]}
    done, failed = answer.entries
    assert (done["Type"], failed["Type"]) == (NOTE, ERROR)
    assert "group-001" in answer.error and "group-003" in answer.error
    assert "group-000" not in answer.error and "group-002" not in answer.error
    assert "group-000" in json.dumps(done) and "group-002" in json.dumps(done)


def test_protected_users_are_left_alone(store, params):
    """DESIGN 4: any change to a protected user, its memberships too, is refused."""
    user_id, group_id = store.user("breakglass", "breakglass@x.example"), store.group("team")
    store.group("new")
    store.join(user_id, group_id)
    protected = {**params, "protectedUsers": "someone,breakglass"}
    fail("remove-user-from-all-groups", {"userId": user_id}, protected)
    fail("add-user-to-group", {"userName": "breakglass", "groupName": "new"}, protected)
    assert [row["GroupId"] for row in store.memberships(user_id)] == [group_id]


# --- how AWS is reached ----------------------------------------------------------------------------------------------

ROLE = "arn:aws:iam::210987654321:role/soar"


def moto_recorder(endpoint, method, action):
    request = urllib.request.Request(f"{endpoint}/moto-api/recorder/{action}", method=method, data=b"" if method == "POST" else None)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=30) as answer:
        return answer.read().decode("utf-8")


def role_store(store):
    """The same store id in the role's account, which moto keeps apart from the caller's."""
    credentials = clients.client("sts", store.endpoint).assume_role(RoleArn=ROLE, RoleSessionName="setup")["Credentials"]
    keys = credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials["SessionToken"]
    return clients.Store(store.endpoint, store.id, keys=keys)


@pytest.mark.parametrize("where", ["params", "arguments", "credentials parameter"])
def test_the_role_is_assumed_through_sts(store, params, where):
    """DESIGN 3: STS AssumeRole, when given, as parameter, as roleArnCredentials.password, or for one call."""
    role_store(store).user("in-role-account", "in@x.example")
    store.user("in-own-account", "own@x.example")
    role = {"roleArn": ROLE, "roleSessionName": "witness-session"}
    args, more = {
        "params": ({}, role),
        "arguments": (role, {}),
        "credentials parameter": ({}, {"roleArnCredentials": {"password": ROLE}, "roleSessionName": "witness-session"}),
    }[where]

    moto_recorder(store.endpoint, "POST", "reset-recording")
    moto_recorder(store.endpoint, "POST", "start-recording")
    answer = succeed("list-users", args, {**params, **more})
    moto_recorder(store.endpoint, "POST", "stop-recording")
    calls = [json.loads(line) for line in moto_recorder(store.endpoint, "GET", "download-recording").splitlines()]

    assert [item["UserName"] for item in answer.items(USERS)] == ["in-role-account"]
    assert len(calls) == 2, calls  # DESIGN 6: as few calls as the API allows
    assumed, listed = calls
    body = base64.b64decode(assumed["body"]).decode() if assumed.get("body_encoded") else assumed["body"]
    form = dict(urllib.parse.parse_qsl(body))
    assert (form["Action"], form["RoleArn"], form["RoleSessionName"]) == ("AssumeRole", ROLE, "witness-session")
    headers = {name.lower(): value for name, value in listed["headers"].items()}
    assert headers["x-amz-target"] == "AWSIdentityStore.ListUsers"
    assert headers["x-amz-security-token"] and "Credential=ASIA" in headers["authorization"]
    assert headers["x-amz-security-token"] not in answer.everything + answer.stderr


def test_a_role_without_a_session_name_gets_a_sensible_one(store, params):
    """DESIGN 3: a role without a session name gets a sensible one."""
    role_store(store).user("in-role-account", "in@x.example")
    answer = succeed("list-users", params={**params, "roleArn": ROLE})
    assert [item["UserName"] for item in answer.items(USERS)] == ["in-role-account"]


def test_sts_may_have_an_endpoint_of_its_own(store, params):
    """DESIGN 3: sts_endpoint_url overrides endpoint_url for STS; nothing listens there."""
    more = {"roleArn": ROLE, "sts_endpoint_url": "http://127.0.0.1:1", "retries": "0", "timeout": "5,5"}
    assert fail("list-users", params={**params, **more})


def test_region_and_store_of_one_call(store, params):
    """DESIGN 3: `region` and `IdentityStoreId` override the instance's for that call. Moto keeps regions apart."""
    clients.Store(store.endpoint, store.id, region="eu-west-1").user("irish", "irish@x.example")
    other = clients.Store(store.endpoint, "d-fedcba9876")
    other.user(f"other-{store.id}", f"{store.id}@x.example")
    by_region = succeed("list-users", {"region": "eu-west-1"}, params)
    assert [item["UserName"] for item in by_region.items(USERS)] == ["irish"]
    by_store = succeed("list-users", {"IdentityStoreId": other.id}, params)
    assert f"other-{store.id}" in [item["UserName"] for item in by_store.items(USERS)]
    assert succeed("list-users", params=params).items(USERS) == []


def test_secrets_are_masked_wherever_they_occur(params):
    """DESIGN 5.5: secret parameter values are masked wherever they occur; here as the name of who is not found."""
    secret = params["credentials"]["password"]
    answer = run("get-user", {"userName": secret}, params)
    assert answer.code == 1 and "was not found" in answer.error
    assert secret not in answer.everything and secret not in answer.stderr
