"""The shape of what is written, for every command, on the sandbox: reference/xsoar.md 1.1, 1.2 and 1.6, DESIGN 5.

Every case of CASES is run once and held against every rule; the names of the cases are the rows of the report.
"""

import itertools
import json
import re
import shutil
from datetime import datetime
from pathlib import Path

import pytest

import manifest
from binary import ERROR, NOTE, PREFIX, WARNING, answer, full_name, run, succeed

ENTRY = {"Type", "ContentsFormat", "Contents", "HumanReadable", "EntryContext", "IndicatorTimeline", "IgnoreAutoExtract", "Note", "Relationships"}
OPTIONAL = {"Tags", "PollingCommand", "NextRun", "PollingArgs", "Timeout", "PollingItemsRemaining"}
DOCUMENTED, MARKETPLACE = "AWS.IAM.IdentityCenter", "AWS.IAMIdentityCenter"
USERS, GROUPS = f"{DOCUMENTED}.Users", f"{DOCUMENTED}.Groups"
KEY = r"AWS\.[\w.]+\(val\.(\w+) && val\.\1 == obj\.\1(?: && val\.(\w+) && val\.\2 == obj\.\2)?\)"
ODD = "Pipe|Tick`\nЖ 李"

SNAPSHOT = json.loads(Path("test_data/restore-user/good.request.json").read_text(encoding="utf-8"))["args"]["snapshot"]
JOIN = {"userName": "witness", "groupName": "?"}
CASES = {
    "create-user": ("create-user", {"userName": "new", "givenName": "N", "familyName": "W", "displayName": ODD, "userEmailAddress": "new@x.example"}),
    "create-user without family name": ("create-user", {"userName": "new", "givenName": "N", "displayName": "N W", "userEmailAddress": "new@x.example"}),
    "create-user that exists": ("create-user", {"userName": "witness", "givenName": "N", "displayName": "N W", "userEmailAddress": "new@x.example"}),
    "get-user": ("get-user", {"userName": "witness"}),
    "get-user not found": ("get-user", {"userName": "no-such-user"}),
    "get-user-by-email": ("get-user-by-email", {"emailAddress": "witness@x.example"}),
    "get-user-by-email in capitals": ("get-user-by-email", {"emailAddress": "WITNESS@X.EXAMPLE"}),
    "list-users": ("list-users", {}),
    "list-users with a limit": ("list-users", {"limit": "2"}),
    "list-groups": ("list-groups", {}),
    "list-groups with a limit": ("list-groups", {"limit": "1"}),
    "get-group": ("get-group", {"groupName": "?"}),
    "get-group not found": ("get-group", {"groupName": "no-such-group"}),
    "list-groups-for-user": ("list-groups-for-user", {"userName": "witness"}),
    "list-groups-for-user with a limit": ("list-groups-for-user", {"userName": "witness", "limit": 1}),
    "add-user-to-group": ("add-user-to-group", JOIN),
    "add-user-to-group again": ("add-user-to-group", {**JOIN, "userName": "member"}),
    "remove-user-from-all-groups dry": ("remove-user-from-all-groups", {"userName": "member", "dryRun": "true"}),
    "remove-user-from-all-groups": ("remove-user-from-all-groups", {"userName": "member"}),
    "list-user-access": ("list-user-access", {"userName": "alice"}),
    "contain-user dry": ("contain-user", {"userName": "alice", "dryRun": "true"}),
    "contain-user": ("contain-user", {"userName": "alice"}),
    "restore-user": ("restore-user", {"userName": "alice", "snapshot": SNAPSHOT, "allowUnverified": "true"}),
    "offboard-user": ("offboard-user", {"userName": "erik"}),
    "find-orphaned-assignments": ("find-orphaned-assignments", {}),
    "remove-user-from-all-groups of nothing": ("remove-user-from-all-groups", {"userName": "witness"}),
}
# What belongs to no object that could be merged, and is replaced as a whole.
REPLACED = {"Access", "OrphanedAssignments"}
RELATIONS = {"list-groups-for-user", "list-groups-for-user with a limit"}


@pytest.fixture(scope="session")
def prepared(sample):
    """A file with the sample directory and two users more, one of them (`member`) in every group; and a group's name."""
    file = Path(shutil.copy(sample, sample.with_name("prepared")))
    groups = [item["GroupName"] for item in succeed("list-groups", sandbox=file).items(GROUPS)]
    assert len(groups) >= 2
    for name in ("witness", "member"):
        args = {"userName": name, "givenName": "W", "familyName": "T", "displayName": ODD, "userEmailAddress": f"{name}@x.example"}
        succeed("create-user", args, sandbox=file)
    for group in groups:
        succeed("add-user-to-group", {"userName": "member", "groupName": group}, sandbox=file)
    return file, groups[0]


@pytest.fixture
def furnished(prepared, sandbox):
    """The sandbox file furnished like that; gives the name of a group."""
    shutil.copy(prepared[0], sandbox)
    return prepared[1]


@pytest.fixture(params=CASES.items(), ids=CASES.keys())
def case(request, furnished, sandbox):
    """A case's command and its answer."""
    name, (command, args) = request.param
    args = {key: furnished if value == "?" else value for key, value in args.items()}
    if name in RELATIONS:
        args = {**args, "userName": "member"}
    return command, run(command, args, sandbox=sandbox)


@pytest.fixture(params=CASES.items(), ids=CASES.keys())
def marketplace_case(request, furnished, sandbox):
    """The same with the Marketplace pack's context layout."""
    name, (command, args) = request.param
    args = {key: furnished if value == "?" else value for key, value in args.items()}
    if name in RELATIONS:
        args = {**args, "userName": "member"}
    return command, run(command, args, {"contextPaths": MARKETPLACE}, sandbox=sandbox)


def contexts(result):
    return [entry["EntryContext"] for entry in result.entries if entry.get("EntryContext")]


def leaves(value, path):
    """Every (path, value) below a context value; list positions are no part of a path."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, path)
    else:
        yield path, value


def context_leaves(result):
    for context in contexts(result):
        for key, value in context.items():
            yield from leaves(value, key.split("(", 1)[0])


def test_entries_have_the_shape_of_the_helpers(case):
    """Reference 1.1: the key set of CommandResults, of an error and of a warning."""
    for entry in case[1].entries:
        if entry["Type"] == NOTE:
            assert ENTRY <= set(entry) <= ENTRY | OPTIONAL, entry
            assert entry["ContentsFormat"] in ("json", "text")
            assert isinstance(entry["Contents"], str) == (entry["ContentsFormat"] == "text"), entry
            assert entry["HumanReadable"] is None or isinstance(entry["HumanReadable"], str)
            assert isinstance(entry["EntryContext"], dict)
            assert (entry["IndicatorTimeline"], entry["Relationships"]) == ([], [])
            assert (entry["IgnoreAutoExtract"], entry["Note"]) == (False, False)
        elif entry["Type"] == ERROR:
            assert set(entry) == {"Type", "ContentsFormat", "Contents", "EntryContext"}, entry
            assert entry["ContentsFormat"] == "text" and entry["Contents"].strip()
            assert entry["EntryContext"] is None or isinstance(entry["EntryContext"], dict)
        else:
            assert entry["Type"] == WARNING and entry["ContentsFormat"] == "text" and entry["Contents"].strip(), entry


def test_successes_are_notes_and_failures_are_one_error(case, request):
    """DESIGN 5.5: errors are one entry of Type 4; the others have a note that a person can read."""
    name = request.node.callspec.id
    if "not found" in name or "that exists" in name:
        assert [entry["Type"] for entry in case[1].entries] == [ERROR]
    else:
        assert not case[1].errors and case[1].of_type(NOTE) and case[1].human.strip()


def test_test_module_is_exactly_ok(sandbox):
    """DESIGN 4: `[{"Type":1,"Contents":"ok","ContentsFormat":"text"}]`, and nothing more."""
    assert succeed("test-module", sandbox=sandbox).entries == [{"Type": NOTE, "Contents": "ok", "ContentsFormat": "text"}]


def test_every_context_path_is_declared(case):
    """DESIGN 8 and reference 3(f): every path emitted is an output of that command in integration.yml.
    The keys inside Extensions are the customer's own, so there a declared ancestor is enough."""
    command, result = case
    declared = manifest.outputs(full_name(command))

    def is_declared(path):
        parents = [path.rsplit(".", n)[0] for n in range(1, path.count("."))]
        return path in declared or (".Extensions." in path and any(p in declared and ".Extensions" in p for p in parents))

    undeclared = sorted({path for path, _ in context_leaves(result) if not is_declared(path)})
    assert not undeclared, (undeclared, sorted(declared))


def test_context_keys_carry_their_merge_condition(case):
    """DESIGN 5.2: keys carry `(val.X && val.X == obj.X)`, X is in every object; tokens are at `AWS.IAM.IdentityCenter(true)`."""
    keys_are_conditional(case[1], DOCUMENTED)


def test_context_keys_carry_their_merge_condition_in_the_marketplace_layout(marketplace_case):
    """DESIGN 5.3: `AWS.IAMIdentityCenter.User`, `.Group`, tokens at `AWS.IAMIdentityCenter(true)`; nothing of the other layout."""
    keys_are_conditional(marketplace_case[1], MARKETPLACE)
    paths = {key.split("(", 1)[0] for context in contexts(marketplace_case[1]) for key in context}
    names = ("User", "Group", "Containment", "Restoration")
    assert paths <= {MARKETPLACE, *(f"{MARKETPLACE}.{name}" for name in names)}


def keys_are_conditional(result, parent):
    for context in contexts(result):
        for key, value in context.items():
            if key.endswith("(true)"):
                assert key == f"{parent}(true)"
                for name, stored in value.items():
                    assert name in REPLACED if isinstance(stored, list) else name.endswith("NextToken"), value
                continue
            found = re.fullmatch(KEY, key)
            assert found, key
            for item in value if isinstance(value, list) else [value]:
                assert all(item.get(field) for field in found.groups() if field), (key, item)


@pytest.mark.parametrize("layout", [DOCUMENTED, MARKETPLACE])
def test_lists_write_their_token_always(sandbox, furnished, layout):
    """DESIGN 5.2: written by every answer of that list, empty when it is finished, and only by that list."""
    names = {"list-users": "UserNextToken", "list-groups": "GroupNextToken", "list-groups-for-user": "GroupsUserNextToken"}
    for command, name in names.items():
        args = {"userName": "member"} if command == "list-groups-for-user" else {}
        finished = succeed(command, args, {"contextPaths": layout}, sandbox=sandbox)
        assert finished.token(name, layout) == "" and set(finished.context[f"{layout}(true)"]) == {name}
        begun = succeed(command, {**args, "limit": 1}, {"contextPaths": layout}, sandbox=sandbox)
        assert begun.token(name, layout)


def test_no_null_and_no_none(case):
    """DESIGN 5.2: what AWS did not send is absent, never null, never the text "None"; nor is it in the table."""
    nothing = [(path, value) for path, value in context_leaves(case[1]) if value is None or value == "None"]
    assert not nothing
    assert "None" not in case[1].human and "null" not in case[1].human


def test_dates_are_iso(case):
    """DESIGN 5.2: dates are ISO 8601; epoch numbers are not."""
    for path, value in context_leaves(case[1]):
        if path.endswith(("CreatedAt", "UpdatedAt")):
            assert isinstance(value, str), (path, value)
            datetime.fromisoformat(value.replace("Z", "+00:00"))


FIELDS = {
    "create-user": (USERS, {"UserId", "UserName", "DisplayName", "Email"}),
    "list-users": (USERS, {"UserId", "UserName", "DisplayName"}),
    "get-user": (USERS, {"UserName", "UserId", "Email", "DisplayName"}),
    "get-user-by-email": (USERS, {"UserName", "UserId", "Email", "DisplayName"}),
    "list-groups": (GROUPS, {"GroupName", "GroupId", "DisplayName"}),
    "get-group": (GROUPS, {"GroupName", "GroupId", "DisplayName"}),
    "list-groups-for-user": (USERS, {"UserId", "UserName", "GroupMemeberships"}),
}


def test_objects_have_the_fields_of_the_contract(case):
    """DESIGN 5.2: fields at least. (Email and Description only where AWS has sent one.)"""
    command, result = case
    if result.errors or command not in FIELDS:
        pytest.skip("no objects in this answer")
    path, fields = FIELDS[command]
    assert result.items(path)
    for item in result.items(path):
        assert fields <= set(item), item
        for row in item.get("GroupMemeberships", []):
            assert {"GroupName", "GroupId", "MembershipId"} <= set(row), row
    for item in result.items(f"{MARKETPLACE}.Users"):
        assert set(item) == {"UserId", "UserName"} and command in ("create-user", "list-users")


def cells(line):
    """The cells of a table row; a `|` with a backslash before it is text."""
    assert line.startswith("|") and line.endswith("|"), line
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def test_tables_are_tables(case):
    """Reference 1.6: `|h1|h2|`, `|---|---|`, `| v1 | v2 |`; line breaks are `<br>`, `|` and backtick are escaped."""
    lines = case[1].human.splitlines()
    for at, line in enumerate(lines):
        if re.fullmatch(r"\|(---\|)+", line):
            width = len(cells(line))
            assert len(cells(lines[at - 1])) == width
            rows = list(itertools.takewhile(lambda row: row.startswith("|"), lines[at + 1 :]))
            assert rows and all(len(cells(row)) == width for row in rows), case[1].human
            assert not any(re.search(r"(?<!\\)`", row) for row in rows)


def test_an_odd_name_is_escaped_in_its_cell(furnished, sandbox):
    """Reference 1.6: in the table a newline is `<br>`, `|` and backtick have a backslash; the context has the name itself."""
    result = succeed("get-user", {"userName": "witness"}, sandbox=sandbox)
    assert "Pipe\\|Tick\\`<br>Ж 李" in result.human, result.human
    assert result.item(USERS)["DisplayName"] == ODD


def test_contents_have_the_names_of_the_api_in_both_layouts(furnished, sandbox):
    """DESIGN 5.1: Contents holds objects with the API's own field names, in both layouts."""
    for layout in (DOCUMENTED, MARKETPLACE):
        contents = succeed("list-users", params={"contextPaths": layout}, sandbox=sandbox).of_type(NOTE)[0]["Contents"]
        row = next(row for row in contents if row["UserName"] == "witness")
        assert row["DisplayName"] == ODD and row["Emails"][0]["Value"] == "witness@x.example"
        assert "Email" not in row


def test_partial_failure_is_two_entries(furnished, sandbox):
    """DESIGN 5.6: what was done, with its context, and an error entry with one row for each that failed, and no others."""
    groups = {item["GroupName"] for item in succeed("list-groups", sandbox=sandbox).items(GROUPS)}
    result = run("remove-user-from-all-groups", {"userName": "member"}, {"protectedGroups": furnished}, sandbox=sandbox)
    assert result.code == 1 and [entry["Type"] for entry in result.entries] == [NOTE, ERROR]
    assert furnished in result.error
    left = succeed("list-groups-for-user", {"userName": "member"}, sandbox=sandbox).item(USERS)["GroupMemeberships"]
    assert [row["GroupName"] for row in left] == [furnished]
    assert all(name in result.human for name in groups - {furnished})


def test_a_second_answer_is_the_same(sandbox):
    """DESIGN 5.7: reading changes nothing: the same question gives the same answer and leaves the file alone."""
    before = sandbox.read_bytes()
    body = f'{{"command":"{PREFIX}list-users"}}'
    assert answer(body, sandbox=sandbox).entries == answer(body, sandbox=sandbox).entries
    assert sandbox.read_bytes() == before
