"""Issue 4, items 1, 3 and 5: the loop, and the shim in a Python loop, give the entries of one-shot mode."""

import base64
import json
import re
import shutil
import time
from pathlib import Path

import pytest

import binary
import protocol
from protocol import PYTHON_LOOP, Container

ACCESS_KEY, SECRET, TOKEN = (
    "AKIAEXAMPLESECRET001",
    'wJalr/XUtn+FEMI "K7\\MDENG=bPxRfiCY',
    "IQoJb3JpZ2luX2VjEXAMPLE//session==",
)
CREDENTIALS = {"credentials": {"identifier": ACCESS_KEY, "password": f"{SECRET}@@@{TOKEN}"}}
CASES = sorted(Path("test_data").glob("*/*.request.json"))
SHIM = protocol.shim()


@pytest.fixture(params=["loop", "shim"])
def container(request, sandbox, tmp_path):
    """Each of the two ways in which a server reaches the binary; both on the same sandbox file as one-shot mode."""
    if request.param == "loop":
        command, on_path = [binary.BINARY, f"--sandbox={sandbox}", "loop"], None
    else:
        command, on_path = PYTHON_LOOP, protocol.put_on_path(tmp_path / "path", f"--sandbox={sandbox}")
    with Container(command, on_path) as running:
        running.is_the_binary = request.param == "loop"
        running.ping()
        yield running


def steady(text, sample):
    """The same text with one name for what is new each time: ids and times that are not in the sample, how long ago
    these are, page tokens, signatures."""
    for moment in set(re.findall(r"\d{4}-\d\d-\d\dT[\d:.]+Z", text)):
        text = text if moment in sample else text.replace(moment, "<time>")
    text = re.sub(r"taken [\w ]+ ago", "taken <age> ago", text)
    text = re.sub(r'v1:[\w-]{12}:[\w-]{43}', "<signature>", text)
    text = re.sub(r'(seconds_so_far": ?)\d+', r"\1<seconds>", text)
    text = re.sub(r'(NextToken": ?")[^"]+', r"\1<token>", text)
    for token in re.findall(r"nextToken=([^ `]+)", text):
        text = text.replace(token, "<token>")
    new = [id for id in re.findall(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", text) if id not in sample]
    for number, id in enumerate(dict.fromkeys(new)):
        text = text.replace(id, f"<id {number}>")
    return text


def compare(container, request, sandbox, sample):
    """One-shot mode and the container on the same directory; gives the entries."""
    request = {"args": {}, "params": {}, "context": {}, "integration": True, **request}
    known = sample.read_text(encoding="utf-8")
    shutil.copy(sample, sandbox)
    one_shot = binary.answer(json.dumps(request), sandbox=sandbox)
    shutil.copy(sample, sandbox)
    entries = container.entries(request, SHIM)
    assert steady(json.dumps(entries), known) == steady(json.dumps(one_shot.entries), known)
    if container.is_the_binary:  # Python's loop writes the same values in its own way
        assert steady(one_shot.stdout.decode().strip(), known) in steady(container.result.decode(), known)
    return entries


def test_every_case_of_test_data_has_the_entries_of_one_shot_mode(container, sandbox, sample):
    assert len(CASES) > 70
    for case in CASES:
        compare(container, json.loads(case.read_text(encoding="utf-8")), sandbox, sample)


@pytest.mark.parametrize(
    "request_",
    [
        {"command": "aws-iam-identitycenter-get-usr"},
        {"command": "fetch-incidents"},
        {"command": "aws-iam-identitycenter-get-user", "args": {"usrName": "alice"}},
        {"command": "aws-iam-identitycenter-list-users", "args": {"limit": "ten"}},
        {"command": "aws-iam-identitycenter-list-users", "args": None, "params": None, "context": None},
        {"command": "aws-iam-identitycenter-get-user", "args": {"userName": 'Zoë 漢字 🦀 \u2028 \u0000 \\ "'}},
        {"command": "aws-iam-identitycenter-get-user", "args": {"userName": "x" * 1_000_000}},
        {
            "command": "aws-iam-identitycenter-get-user",
            "args": {"userName": SECRET, SECRET: TOKEN},
            "params": CREDENTIALS,
        },
        {"command": "test-module", "params": {**CREDENTIALS, "retries": SECRET}},
        {
            "command": "test-module",
            "params": CREDENTIALS,
            "context": {"IntegrationInstance": "one", "ParentEntry": None},
        },
    ],
    ids=lambda request: request["command"],
)
def test_what_is_odd_has_the_entries_of_one_shot_mode(container, sandbox, sample, request_):
    said = json.dumps(compare(container, request_, sandbox, sample))
    for secret in (ACCESS_KEY, TOKEN, json.dumps(SECRET)[1:-1]):
        assert secret not in said and json.dumps(secret)[1:-1] not in said


def test_a_big_answer_has_the_entries_of_one_shot_mode(container, sandbox, tmp_path):
    """Several megabytes: more than any pipe holds."""
    big = tmp_path / "big-store"
    code, _, stderr = binary.execute([f"--sandbox={big}", "sandbox", "seed", "--users", "4000"])
    assert code == 0, stderr
    entries = compare(container, {"command": "aws-iam-identitycenter-list-users"}, sandbox, big)
    assert len(json.dumps(entries)) > 2_000_000


@pytest.mark.parametrize("command", ["contain-user", "offboard-user", "restore-user"])
def test_long_work_has_the_rounds_of_one_shot_mode(container, sandbox, sample, command):
    """What is taken is in the first answer already, and with it what XSOAR is to ask next; the second has the rest."""
    request = {"command": binary.full_name(command), "args": {"userName": "alice"}, "integration": True}
    request |= {"params": {}, "context": {}}
    if command == "restore-user":
        contained = binary.succeed("contain-user", {"userName": "alice"}, sandbox=sandbox)
        request["args"]["snapshot"] = [contained.item("AWS.IAM.IdentityCenter.Containment")]
    begun, known = sandbox.read_bytes(), sample.read_text(encoding="utf-8")

    def rounds(ask):
        sandbox.write_bytes(begun)
        (first,) = ask(request)
        time.sleep(1.2)  # an assignment of the sandbox takes a second
        (second,) = ask({**request, "command": first["PollingCommand"], "args": first["PollingArgs"]})
        return first, second

    first, second = rounds(lambda request: container.entries(request, SHIM))
    one_shot = rounds(lambda request: binary.answer(json.dumps(request), sandbox=sandbox).entries)
    assert [steady(json.dumps(entry), known) for entry in (first, second)] == [
        steady(json.dumps(entry), known) for entry in one_shot
    ]
    assert (first["PollingCommand"], first["NextRun"], first["PollingItemsRemaining"]) == (request["command"], "10", 1)
    assert not {"PollingCommand", "NextRun", "PollingArgs", "Timeout"} & set(second)
    before, after = first["Contents"], second["Contents"]
    assert (before["Status"], after["Status"]) == ("in progress", "done")
    assert list(first["EntryContext"]) == list(second["EntryContext"])
    assert list(first["EntryContext"].values()) == [before]
    for things, name in [("GroupMemberships", "GroupId"), ("AccountAssignments", "PermissionSetArn")]:
        assert [thing[name] for thing in before[things]] == [thing[name] for thing in after[things]] != []


def test_debugging_is_told_in_the_log_and_changes_nothing_else(container):
    """Reference 2: each message for the log waits for a line of the server."""
    request = {
        "script": SHIM,
        "command": "aws-iam-identitycenter-get-user",
        "args": {"userName": "alice"},
        "params": CREDENTIALS,
    }
    container.send({**request, "context": {}})
    plain = container.messages()
    container.send({**request, "context": {"IsDebug": True}})
    *logs, result, completed = container.messages()
    assert [result, completed] == plain
    assert {log["type"] for log in logs} == {"log"} and {log["command"] for log in logs} == {"debug"}
    first, *calls = ["".join(log["args"]["args"]) for log in logs]
    assert first == "Command being called is aws-iam-identitycenter-get-user"
    assert [call.split(":")[0] for call in calls] == ["GetUserId", "DescribeUser"]
    container.ping()


def test_a_container_that_was_asked_for_one_command_ends_after_it(sandbox, tmp_path):
    """Reference 2: `native` ends the loop after one script."""
    for command, on_path in [
        ([binary.BINARY, f"--sandbox={sandbox}", "loop"], None),
        (PYTHON_LOOP, protocol.put_on_path(tmp_path / "path", f"--sandbox={sandbox}")),
    ]:
        with Container(command, on_path) as running:
            running.send({"script": SHIM, "integration": True, "native": True, "command": "test-module", "context": {}})
            assert [message["type"] for message in running.messages()] == ["result", "completed"]
            assert running.child.wait(timeout=20) == 0


NOTE = '{"Type": 1, "Contents": "\\u00fc", "ContentsFormat": "text"}'
FAILURE = '{"Type": 4, "Contents": "no", "ContentsFormat": "text"}'


def shim_with(tmp_path, script, count=1, params=CREDENTIALS):
    """The entries that the shim gives when this shell script stands for the binary, asked several times in a row."""
    with Container(PYTHON_LOOP, protocol.program(tmp_path, script)) as running:
        request = {"script": SHIM, "command": "test-module", "params": params, "context": {}}
        for _ in range(count):  # all at once: a child that reads the loop's own stdin would swallow the next one
            running.send(request)
        answers = [running.messages() for _ in range(count)]
        running.ping()
        assert running.children() == [], "every child is reaped"
    assert all(messages == answers[0] for messages in answers)
    assert [message["type"] for message in answers[0]] == ["result", "completed"], answers[0]
    return answers[0][0]["results"]


@pytest.mark.parametrize("status", [0, 1, 2, 77])
def test_the_shim_passes_every_entry_on_whatever_the_exit_status(tmp_path, status):
    answer = f"[{NOTE}, {FAILURE}]"
    assert shim_with(tmp_path, f"cat >/dev/null; echo '{answer}'; exit {status}", count=3) == json.loads(answer)


def test_the_shim_passes_a_whole_answer_on_although_its_writer_was_killed(tmp_path):
    assert shim_with(tmp_path, f"echo '[{NOTE}]'; kill -9 $$") == [json.loads(NOTE)]


def test_a_child_that_reads_nothing_does_not_hold_the_shim_up(tmp_path):
    """The request is larger than a pipe, and nobody reads it."""
    params = {"padding": "x" * 1_000_000}
    assert shim_with(tmp_path, f"exec <&-; echo '[{NOTE}]'", params=params) == [json.loads(NOTE)]


FAULTS = {
    "says nothing": ("cat >/dev/null", "no valid answer (exit status 0)"),
    "says nothing and fails": ("exit 3", "no valid answer (exit status 3)"),
    "no JSON": ("echo Traceback", "no valid answer"),
    "half an answer": (f"echo '[{NOTE}, '", "no valid answer"),
    "two answers": (f"echo '[{NOTE}]'; echo '[{NOTE}]'", "no valid answer"),
    "not UTF-8": (r"printf '[\377]'", "no valid answer"),
    "an object": (f"echo '{NOTE}'", "no valid answer"),
    "no entries": ("echo '[]'", "no valid answer"),
    "a list of texts": ("""echo '["ok"]'""", "no valid answer"),
    "an entry without a type": ("""echo '[{"Contents": "ok"}]'""", "no valid answer"),
    "too deep": ("head -c 200000 /dev/zero | tr '\\0' '['", "no valid answer"),
    "killed": ("kill -9 $$", "ended by signal 9 (Killed)"),
    "aborted": ("echo 'memory allocation of 8 bytes failed' >&2; kill -6 $$", "memory allocation of 8 bytes failed"),
}


@pytest.mark.parametrize("script, said", FAULTS.values(), ids=FAULTS.keys())
def test_what_is_no_answer_is_one_clear_error(tmp_path, script, said):
    (entry,) = shim_with(tmp_path, script, count=2)
    assert (entry["Type"], entry["ContentsFormat"], entry["EntryContext"]) == (4, "text", None)
    assert entry["Contents"].startswith("Failed to execute test-module command.\nError:\nThe executable ")
    assert said in entry["Contents"] and "repeated safely" in entry["Contents"]


def test_a_binary_that_is_missing_is_one_clear_error(tmp_path):
    assert shutil.which(protocol.EXECUTABLE) is None, "this machine has the binary on PATH: the test would start it"
    with Container(PYTHON_LOOP) as running:
        (entry,) = running.entries({"command": "test-module", "params": CREDENTIALS, "context": {}}, SHIM)
    assert entry["Type"] == 4 and "is not in this container. Choose this integration's own image" in entry["Contents"]


def test_a_binary_of_another_machine_is_one_clear_error(tmp_path):
    file = protocol.program(tmp_path, "") / protocol.EXECUTABLE
    file.write_bytes(b"\x7fELF of another machine")
    with Container(PYTHON_LOOP, tmp_path) as running:
        (entry,) = running.entries({"command": "test-module", "params": CREDENTIALS, "context": {}}, SHIM)
    assert entry["Type"] == 4 and "could not be started: Exec format error." in entry["Contents"]


ECHOES = {
    "as JSON": "cat >&2",
    "on standard output": "cat",
    "both, and killed": "tee /dev/stderr; kill -9 $$",
    "base64": f"printf %s '{SECRET}' | base64 -w0 >&2; printf %s '{TOKEN}' | base64 -w0 >&2",
    "hex": f"printf %s '{SECRET}' | od -An -v -tx1 | tr -d ' \\n' >&2",
    "plain": f"echo '{ACCESS_KEY} {SECRET} {TOKEN}' >&2",
    "long": "for i in 1 2 3 4 5 6 7 8 9; do cat /dev/null; printf '%0999d' 0 >&2; done; cat >&2",
}


@pytest.mark.parametrize("script", ECHOES.values(), ids=ECHOES.keys())
def test_secrets_that_a_child_echoes_are_masked(tmp_path, script):
    (entry,) = shim_with(tmp_path, script)
    assert entry["Type"] == 4
    for secret in (ACCESS_KEY, SECRET, TOKEN):
        for form in (
            secret,
            json.dumps(secret)[1:-1],
            base64.b64encode(secret.encode()).decode(),
            secret.encode().hex(),
        ):
            assert form not in entry["Contents"], entry["Contents"]
    if ">&2" in script:
        assert "<XX_REPLACED>" in entry["Contents"], "what is not secret is shown"
