"""Each `Reason` of AWS's errors, as botocore's models have them: it has its own words, and stands in docs/permissions.md.

A newer botocore that adds one fails here.
"""

import http.server
import json
import re
import threading
from pathlib import Path

import pytest

import model
from binary import run

DOCUMENT = Path(__file__).parents[2] / "docs/permissions.md"
SERVICES = ("identitystore", "sso-admin")
USER = {"IdentityStoreId": "d-9067f2a1b3", "UserId": "90000000-0000-4000-8000-000000000001", "UserName": "bob"}


def reasons():
    """Service, error and reason, of every error of both services."""
    for name in SERVICES:
        service = model.service(name)
        for shape in service.error_shapes:
            for value in shape.members["Reason"].enum if "Reason" in shape.members else []:
                yield service.service_id, shape.name, value


REASONS = sorted(reasons())


def documented():
    """The rows of the table: what was refused, and what it means."""
    for line in DOCUMENT.read_text(encoding="utf-8").split("## Reasons\n")[1].splitlines():
        if found := re.fullmatch(r"\| (.+?) \| (\w+) \| `(\w+)` \| (.+?)\. \| (.+?) \|", line):
            service, error, reason, verdict, advice = found.groups()
            yield (service, error, reason), (verdict, advice)


def test_every_reason_of_the_models_is_documented_and_no_other():
    assert sorted(row for row, _ in documented()) == REASONS


def test_errors_refine_nothing_but_reason_and_the_type_of_what_is_missing():
    """A further enumeration may change what an error means."""
    for name in SERVICES:
        for shape in model.service(name).error_shapes:
            enumerated = {member for member, its in shape.members.items() if its.type_name == "string" and its.enum}
            assert enumerated <= {"Reason", "ResourceType"}, (name, shape.name)


def test_only_identity_store_promises_the_members_of_its_lists():
    """What sso-admin may leave out is no list only if nothing else proves that the answer is AWS's."""
    called = re.findall(r'"(?:identitystore|sso):(List\w+)"', DOCUMENT.read_text(encoding="utf-8"))
    for name, promised in (("identitystore", True), ("sso-admin", False)):
        service = model.service(name)
        for operation in set(called) & set(service.operation_names):
            shape = service.operation_model(operation).output_shape
            lists = [member for member, its in shape.members.items() if its.type_name == "list"]
            assert [member in shape.required_members for member in lists] == [promised], operation


class Refusing:
    """An endpoint where one service answers everything with an error."""

    def __init__(self, target, error, reason):
        body = json.dumps({"__type": error, "Message": "a message", "Reason": reason}).encode()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                is_refused = self.headers["X-Amz-Target"].startswith(target)
                answer = body if is_refused else json.dumps(USER | {"GroupMemberships": []}).encode()
                self.send_response(400 if is_refused else 200)
                self.send_header("Content-Type", "application/x-amz-json-1.1")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


@pytest.mark.parametrize(("service", "error", "reason"), REASONS)
def test_a_reason_is_told_in_its_own_words(service, error, reason):
    target = "SWBExternalService" if service == "SSO Admin" else "AWSIdentityStore"
    verdict, advice = dict(documented())[service, error, reason]
    with Refusing(target, error, reason) as refusing:
        params = {
            "credentials": {"identifier": "AKIAWITNESS000000001", "password": "witness-secret"},
            "defaultRegion": "us-east-1",
            "IdentityStoreId": USER["IdentityStoreId"],
            "endpoint_url": refusing.endpoint,
            "retries": 0,
        }
        told = run("list-user-access", {"userId": USER["UserId"]}, params)
    assert told.code == 1, told.entries
    assert f"{verdict}. AWS answered {error} ({reason}): a message." in told.text, told.entries
    assert advice in told.text, told.entries
