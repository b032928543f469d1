"""Issue 2, "Bad input", through the real process: one clear error entry, never a panic, and nothing changed.

Exit codes by DESIGN 2: 2 when nothing could be dispatched, 1 for any other error. That stderr holds no panic text
and stdout is a well-formed JSON array is asserted by `binary` for every answer.
"""

import json
import os
import random
import socket

import pytest

import clients
from binary import ERROR, answer, execute, full_name, run, succeed

USERS, GROUPS = "AWS.IAM.IdentityCenter.Users", "AWS.IAM.IdentityCenter.Groups"


def one_error(result, *codes):
    """Exactly one Type 4 entry with a text (DESIGN 5.5), and one of these exit codes; the text."""
    assert [entry["Type"] for entry in result.entries] == [ERROR], result.entries
    assert result.entries[0]["ContentsFormat"] == "text"
    assert isinstance(result.error, str) and result.error.strip()
    assert result.code in codes, (result.code, result.error)
    return result.error


@pytest.fixture
def refused(sandbox):
    """Sends bytes, or a request, and asserts one error and an unchanged file; gives the error's text."""

    def send(request, *codes):
        before = sandbox.read_bytes()
        stdin = request if isinstance(request, (bytes, str)) else json.dumps(request)
        text = one_error(answer(stdin, sandbox=sandbox), *(codes or (1,)))
        assert sandbox.read_bytes() == before
        return text

    return send


@pytest.fixture
def alice(sandbox):
    """A user and two groups to do things to."""
    args = {"userName": "witness", "givenName": "W", "displayName": "W W", "userEmailAddress": "witness@x.example"}
    return succeed("create-user", args, sandbox=sandbox).item(USERS)


def request(command, args=None, **more):
    return {"command": full_name(command), "args": args or {}, **more}


# --- nothing to dispatch: exit code 2 --------------------------------------------------------------------------------

UNREADABLE = {
    "empty stdin": b"",
    "white space": b" \n\t\r\n",
    "not JSON": b"get-user alice",
    "half a request": json.dumps(request("get-user", {"userName": "alice"}))[:-9].encode(),
    "two requests": b'{"command":"test-module"} {"command":"test-module"}',
    "an array": b'[{"command":"test-module"}]',
    "a string": b'"test-module"',
    "a number": b"42",
    "null": b"null",
    "true": b"true",
    "invalid UTF-8": b'{"command":"test-module","args":{"userName":"\xff\xfe\x80"}}',
    "a NUL byte": b"\x00",
    "UTF-16": json.dumps(request("test-module")).encode("utf-16"),
    "10 MB of nonsense": random.Random(7).randbytes(10_000_000),
    "10 MB of one letter": b"a" * 10_000_000,
    "10 MB of open brackets": b"[" * 10_000_000,
    "10 MB of nested objects": b'{"a":' * 2_000_000,
}


@pytest.mark.parametrize("stdin", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_is_no_request(refused, stdin):
    """DESIGN 2: exit 2 for empty input, not JSON, not an object; even then an error entry is written."""
    refused(stdin, 2)


@pytest.mark.parametrize("body", [{}, {"command": None}, {"args": {"userName": "x"}}, {"command": None, "args": None, "params": None, "context": None}])
def test_no_command(refused, body):
    """DESIGN 2: exit 2 when there is no command."""
    refused(body, 2)


@pytest.mark.parametrize("command", ["", 42, True, ["test-module"], {"name": "test-module"}])
def test_a_command_that_is_no_name(refused, command):
    """Issue 2: one clear error entry. (Which of the two codes, the contract does not say.)"""
    refused({"command": command}, 1, 2)


def test_a_lone_surrogate(refused):
    """Issue 2: JSON by its grammar, yet no text; whether it is a bad request or a bad argument is open."""
    refused(b'{"command":"aws-iam-identitycenter-get-user","args":{"userName":"\\ud800"}}', 1, 2)


def test_ten_megabytes_in_an_argument(refused):
    """Issue 2: 10 MB of nonsense, this time where a name should be."""
    refused(request("get-user", {"userName": "x" * 10_000_000}))


# --- commands and arguments: exit code 1 -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "misspelt, nearest",
    [
        ("aws-iam-identitycenter-get-usr", "aws-iam-identitycenter-get-user"),
        ("aws-iam-identitycenter-list-user", "aws-iam-identitycenter-list-users"),
        ("aws-iam-identitycenter-remove-user-from-all-group", "aws-iam-identitycenter-remove-user-from-all-groups"),
        ("test-modul", "test-module"),
    ],
)
def test_an_unknown_command_names_the_nearest(refused, misspelt, nearest):
    """DESIGN 5.8: an unknown command is answered with the nearest name; DESIGN 2: exit 1."""
    text = refused({"command": misspelt, "args": {}})  # no misspelt name contains its nearest
    assert nearest in text, text


def test_a_command_nobody_could_mean(refused):
    """DESIGN 5.8: every request gives one answer."""
    assert refused({"command": "💥" * 2000, "args": {}})


ALL_OF_CREATE = {"userName": "n", "givenName": "N", "displayName": "N N", "userEmailAddress": "n@x.example"}
MISSING = [
    ("create-user", {name: value for name, value in ALL_OF_CREATE.items() if name != missing}, missing)
    for missing in ("userName", "givenName", "displayName")
] + [
    ("get-user", {}, "userName"),
    ("get-user-by-email", {}, "emailAddress"),
    ("get-group", {}, "groupName"),
    ("list-groups-for-user", {}, "userName"),
    ("add-user-to-group", {"userName": "witness"}, "groupName"),
    ("add-user-to-group", {"groupName": "x"}, "userName"),
    ("remove-user-from-all-groups", {}, "userName"),
    ("remove-user-from-all-groups", {"dryRun": "true"}, "userName"),
]


@pytest.mark.parametrize("command, args, missing", MISSING)
@pytest.mark.parametrize("how", ["absent", "empty", "null"])
def test_a_missing_argument_is_named(refused, alice, command, args, missing, how):
    """Issue 2: a missing or empty argument. DESIGN 2: null and the empty string are an absent value."""
    filler = {} if how == "absent" else {missing: "" if how == "empty" else None}
    assert missing in refused(request(command, {**args, **filler}))


@pytest.mark.parametrize(
    "command, args, nearest",
    [
        ("get-user", {"userNme": "witness"}, "userName"),
        ("get-user", {"userName": "witness", "usrId": "x"}, "userId"),
        ("list-users", {"limt": "5"}, "limit"),
        ("list-users", {"nexttokn": "x"}, "nextToken"),
        ("create-user", {**ALL_OF_CREATE, "familyNam": "x"}, "familyName"),
        ("add-user-to-group", {"userName": "witness", "grupName": "x"}, "groupName"),
        ("remove-user-from-all-groups", {"userName": "witness", "dryrunn": "true"}, "dryRun"),
    ],
)
def test_a_misspelt_argument_names_the_nearest(refused, alice, command, args, nearest):
    """DESIGN 2: any other unknown argument is an error that names the nearest."""
    assert nearest in refused(request(command, args))


def test_the_servers_own_extras_are_ignored(sandbox):
    """DESIGN 2: the server's own extras are ignored."""
    extras = {
        "debug-mode": "true",
        "using": "instance_1",
        "using-brand": "AWS",
        "raw-response": "true",
        "execution-timeout": "600",
        "extend-context": "a=b",
        "ignore-outputs": "false",
        "auto-extract": "none",
        "retry-count": "2",
        "retry-interval": "5",
    }
    assert succeed("list-users", extras, sandbox=sandbox).items(USERS)


TWICE = [
    ("get-user", {"userName": "witness", "userId": "12345678-1234-1234-1234-123456789012"}),
    ("get-user", {"userName": "witness", "emailAddress": "witness@x.example"}),
    ("get-group", {"groupName": "a", "groupId": "12345678-1234-1234-1234-123456789012"}),
    ("get-group", {"groupName": "a", "displayName": "b"}),
    ("list-groups-for-user", {"userName": "witness", "emailAddress": "witness@x.example"}),
    ("add-user-to-group", {"userName": "witness", "groupName": "a", "groupId": "12345678-1234-1234-1234-123456789012"}),
    ("remove-user-from-all-groups", {"userName": "witness", "emailAddress": "witness@x.example"}),
]


@pytest.mark.parametrize("command, args", TWICE)
def test_a_thing_named_twice(refused, alice, command, args):
    """DESIGN 4: exactly one of userName, userId, emailAddress; exactly one of groupName (displayName), groupId."""
    refused(request(command, args))


@pytest.mark.parametrize(
    "body",
    [
        b'{"command":"aws-iam-identitycenter-get-user","args":{"userName":"witness","userName":"other"}}',
        b'{"command":"aws-iam-identitycenter-remove-user-from-all-groups","args":{"userName":"other","userName":"witness"}}',
    ],
)
def test_an_argument_written_twice(refused, alice, body):
    """Issue 2: a doubled argument; here the same key twice in the JSON."""
    assert "userName" in refused(body, 1, 2)


def test_an_argument_written_twice_in_a_war_room_line(sandbox, alice):
    """Issue 2: a doubled argument; DESIGN 2: `run` writes errors on stderr, with --json an array of entries."""
    line = "!aws-iam-identitycenter-get-user userName=witness userName=other"
    before = sandbox.read_bytes()
    code, stdout, stderr = execute([f"--sandbox={sandbox}", "run", line])
    assert code == 1 and "userName" in stderr and stdout == b""
    code, stdout, stderr = execute([f"--sandbox={sandbox}", "run", line, "--json"])
    assert code == 1 and [entry["Type"] for entry in json.loads(stdout)] == [ERROR]
    assert sandbox.read_bytes() == before


WRONG_TYPES = [
    ("get-user", {"userName": {"name": "witness"}}, "userName"),
    ("get-user", {"userName": ["witness", "other"]}, "userName"),
    ("list-users", {"limit": "ten"}, "limit"),
    ("list-users", {"limit": "0"}, "limit"),
    ("list-users", {"limit": -1}, "limit"),
    ("list-users", {"limit": {"of": 5}}, "limit"),
    ("list-users", {"limit": [1, 2]}, "limit"),
    ("list-groups", {"nextToken": {"a": 1}}, "nextToken"),
    ("list-groups", {"nextToken": "no token of ours"}, ""),
    ("remove-user-from-all-groups", {"userName": "witness", "dryRun": "perhaps"}, "dryRun"),
    ("remove-user-from-all-groups", {"userName": "witness", "dryRun": {"a": 1}}, "dryRun"),
    ("create-user", {**ALL_OF_CREATE, "userEmailAddressPrimary": "perhaps"}, "userEmailAddressPrimary"),
    ("create-user", {**ALL_OF_CREATE, "userEmailAddress": {"value": "n@x.example"}}, "userEmailAddress"),
    ("get-user", {"userId": "not an id"}, ""),
]


@pytest.mark.parametrize("command, args, named", WRONG_TYPES)
def test_a_wrongly_typed_argument(refused, alice, command, args, named):
    """Issue 2: a wrongly typed argument; DESIGN 4: `limit` below 1 or not a number is an error."""
    assert named in refused(request(command, args))


def test_primary_without_an_address(refused):
    """DESIGN 5.4: `userEmailAddressPrimary` without an address is an error."""
    args = {"userName": "n", "givenName": "N", "displayName": "N N", "userEmailAddressPrimary": "yes"}
    refused(request("create-user", args))


@pytest.mark.parametrize("member", ["args", "params"])
@pytest.mark.parametrize("value", [[], "userName=alice", 7, True])
def test_arguments_or_parameters_that_are_no_object(refused, member, value):
    """DESIGN 2: the request's shape. (Which of the two codes, the contract does not say.)"""
    refused({"command": "aws-iam-identitycenter-list-users", member: value}, 1, 2)


# --- null everywhere -------------------------------------------------------------------------------------------------


def test_null_parts_of_a_request_are_absent(sandbox):
    """DESIGN 2: args, params and context may be missing or null."""
    for body in (
        {"command": "aws-iam-identitycenter-list-users"},
        {"command": "aws-iam-identitycenter-list-users", "args": None, "params": None, "context": None, "integration": None},
    ):
        result = answer(json.dumps(body), sandbox=sandbox)
        assert result.code == 0 and result.items(USERS), result.entries


@pytest.mark.parametrize("nothing", [None, ""])
def test_null_and_empty_optional_values_are_no_error(sandbox, nothing):
    """Issue 2: a null or empty optional argument is an absent one and no error; likewise parameters (DESIGN 2)."""
    shared = ("region", "roleArn", "roleSessionName", "roleSessionDuration", "IdentityStoreId", "timeout", "retries")
    args = {name: nothing for name in (*shared, "limit", "nextToken")}
    names = "roleArn roleArnCredentials roleSessionName sessionDuration defaultRegion IdentityStoreId credentials access_key secret_key timeout retries insecure proxy endpoint_url sts_endpoint_url sts_regional_endpoint contextPaths protectedUsers protectedGroups"
    parameters = {name: nothing for name in names.split()}
    parameters["credentials"] = {"identifier": nothing, "password": nothing}
    parameters["roleArnCredentials"] = {"identifier": nothing, "password": nothing}
    result = answer(json.dumps(request("list-users", args, params=parameters, context={"Inv": nothing})), sandbox=sandbox)
    assert result.code == 0 and result.items(USERS), result.entries


@pytest.mark.parametrize("command", ["create-user", "get-user", "get-user-by-email", "get-group", "list-groups-for-user", "add-user-to-group", "remove-user-from-all-groups"])
def test_null_for_every_argument(refused, command):
    """Issue 2: null everywhere is one error entry where something is required."""
    names = "userName userId emailAddress" if command != "get-group" else "groupName groupId displayName"
    names += " groupName groupId" if command == "add-user-to-group" else ""
    names = "emailAddress" if command == "get-user-by-email" else names
    names = "userName givenName familyName displayName userEmailAddress" if command == "create-user" else names
    refused(request(command, {name: None for name in names.split()}, params=None))


# --- the sandbox file ------------------------------------------------------------------------------------------------


def damaged(content):
    """Ways in which a valid file is spoilt."""
    middle = len(content) // 2
    ways = {
        "cut in the middle": content[:middle],
        "binary": bytes(range(256)) * 64,
        "other text": b"this is not a directory of users\n",
        "torn": content[:middle] + b"\xff\xfe\x00{" + content[middle + 40 :],
    }
    try:
        document = json.loads(content)
    except ValueError:
        return ways
    ways["of another shape"] = json.dumps({key: 7 for key in document}).encode()
    ways["a list"] = b"[1, 2, 3]"
    return ways


@pytest.mark.parametrize("way", ["cut in the middle", "binary", "other text", "torn", "of another shape", "a list"])
def test_a_damaged_sandbox_file(sandbox, way):
    """Issue 2: a damaged sandbox file gives one clear error entry and is left as it is."""
    ways = damaged(sandbox.read_bytes())
    if way not in ways:
        pytest.skip("the file is not JSON")
    sandbox.write_bytes(ways[way])
    for command, args in (("list-users", {}), ("create-user", ALL_OF_CREATE)):
        text = one_error(run(command, args, sandbox=sandbox), 1)
        assert sandbox.name in text, text
        assert sandbox.read_bytes() == ways[way]


@pytest.mark.parametrize("command, args", [("list-users", {}), ("create-user", ALL_OF_CREATE), ("test-module", {})])
def test_an_unreadable_sandbox_file(tmp_path, command, args):
    """Issue 2: an unreadable sandbox file: a directory, and a path through a file (root reads any mode)."""
    plain = tmp_path / "plain"
    plain.write_bytes(b"content")
    for unreadable in (tmp_path, plain / "below"):
        one_error(run(command, args, sandbox=unreadable), 1)
    assert plain.read_bytes() == b"content" and list(tmp_path.iterdir()) == [plain]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads any file")
def test_a_sandbox_file_that_may_not_be_read(sandbox):
    """Issue 2: an unreadable sandbox file."""
    before = sandbox.read_bytes()
    sandbox.chmod(0)
    try:
        one_error(run("list-users", sandbox=sandbox), 1)
    finally:
        sandbox.chmod(0o600)
    assert sandbox.read_bytes() == before


# --- parameters ------------------------------------------------------------------------------------------------------


@pytest.fixture
def listener():
    """A port of 127.0.0.1 where somebody would notice a call."""
    with socket.socket() as port:
        port.bind(("127.0.0.1", 0))
        port.listen()
        port.setblocking(False)
        yield port


BAD_PARAMETERS = {
    "negative retries": {"retries": "-1"},
    "retries in words": {"retries": "many"},
    "timeout in words": {"timeout": "soon"},
    "timeout of three parts": {"timeout": "60,10,5"},
    "negative timeout": {"timeout": "-60"},
    "a duration in words": {"roleArn": "arn:aws:iam::123456789012:role/r", "sessionDuration": "an hour"},
    "an impossible region": {"defaultRegion": "not a region!"},
    "a key without its secret": {"credentials": {"identifier": clients.ACCESS_KEY}},
    "a hidden key without its secret": {"credentials": None, "access_key": clients.ACCESS_KEY},
    "a layout that does not exist": {"contextPaths": "AWS.Users"},
}


@pytest.mark.parametrize("wrong", BAD_PARAMETERS.values(), ids=BAD_PARAMETERS.keys())
def test_bad_parameters_are_errors_before_any_call(listener, wrong):
    """DESIGN 3: bad values are errors before any call."""
    valid = {
        "credentials": {"identifier": clients.ACCESS_KEY, "password": clients.SECRET_KEY},
        "defaultRegion": clients.REGION,
        "IdentityStoreId": "d-1234567890",
        "endpoint_url": f"http://127.0.0.1:{listener.getsockname()[1]}",
        "timeout": "5,5",
        "retries": "0",
    }
    one_error(run("list-users", {}, {**valid, **wrong}), 1)
    with pytest.raises(BlockingIOError):
        listener.accept()


# --- the command line ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["no-such-way"], ["--no-such-flag"], ["run"], ["sandbox"], ["sandbox", "no-such-work"], ["sandbox", "serve", "--listen", "nonsense"]])
def test_bad_usage_exits_with_two(sandbox, arguments):
    """DESIGN 2: 2 for bad usage; no panic, and the file stays as it is."""
    before = sandbox.read_bytes()
    code, _, stderr = execute([f"--sandbox={sandbox}", *arguments])
    assert code == 2 and "panicked at" not in stderr
    assert sandbox.read_bytes() == before


@pytest.mark.parametrize("line", ["!aws-iam-identitycenter-get-usr userName=alice", "!aws-iam-identitycenter-get-user", "!aws-iam-identitycenter-get-user userName=no-such-user"])
def test_errors_of_run(sandbox, line):
    """DESIGN 2: `run` writes errors on stderr; `--json`, before or after the line, gives the array of entries; exit 1."""
    code, stdout, stderr = execute([f"--sandbox={sandbox}", "run", line])
    assert code == 1 and stderr.strip() and stdout == b"" and "panicked at" not in stderr
    for arguments in (["run", "--json", line], ["run", line, "--json"]):
        code, stdout, stderr = execute([f"--sandbox={sandbox}", *arguments])
        assert code == 1 and [entry["Type"] for entry in json.loads(stdout)] == [ERROR], stderr
