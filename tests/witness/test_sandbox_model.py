"""The sandbox held against AWS's own models: every operation, member, constraint and error, as botocore has them.

What the sandbox does not have stands in unserved.json with its reason. A newer botocore that adds something fails here.
"""

import json
import re
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

import clients
import model
from binary import serve_sandbox

UNSERVED = json.loads(Path(__file__).with_name("unserved.json").read_text(encoding="utf-8"))
SERVICES = ("identitystore", "sso-admin", "sts")
INSTANCE = "arn:aws:sso:::instance/ssoins-7223a1b2c3d4e5f6"
PERMISSION_SET = "arn:aws:sso:::permissionSet/ssoins-7223a1b2c3d4e5f6/ps-0b1c2d3e4f506172"
ACCOUNT = "777788889999"


def unserved(service, kind):
    return {name for names in UNSERVED[service][kind].values() for name in names}


def served_operations(service):
    return [name for name in model.service(service).operation_names if name not in unserved(service, "operations")]


def snake(name):
    return clients.boto3.session.botocore.xform_name(name)


class Recorder:
    """Calls of boto3; every raw answer is held against the model, and its members are remembered."""

    def __init__(self, endpoint):
        self.clients = {name: clients.client(name, endpoint) for name in SERVICES}
        self.seen, self.called = set(), set()
        for name, client in self.clients.items():
            client.meta.events.register(f"before-parse.{name}", self.look)

    def look(self, operation_model, response_dict, **_):
        service = operation_model.service_model
        self.called.add((service.service_name, operation_model.name))
        if response_dict["status_code"] == 200 and service.service_name != "sts":
            raw = json.loads(response_dict["body"])
            assert model.conform(operation_model.output_shape, raw, operation_model.name) == [], raw

    def __call__(self, service, operation, **members):
        answer = getattr(self.clients[service], snake(operation))(**members)
        shape = model.service(service).operation_model(operation).output_shape
        self.seen |= {(service, operation + path) for path in model.present(shape, answer)}
        return answer


@pytest.fixture
def record(served, sandbox):
    text = sandbox.read_text(encoding="utf-8")
    with_relay = text.replace('"SessionDuration": "PT4H"', '"SessionDuration": "PT4H", "RelayState": "https://console.aws.amazon.com/billing"')
    # Older directories hold more addresses than the model allows; so does the sample, in one user.
    second = ', {"Value": "erik.haddad@contractors.example.org", "Type": "other", "Primary": false}'
    assert with_relay != text and second in text
    sandbox.write_text(with_relay.replace(second, ""), encoding="utf-8")
    return Recorder(served.endpoint)


def full_user(record, store, name):
    """All members of CreateUser with values that the model allows."""
    user = model.valid(model.service("identitystore").operation_model("CreateUser").input_shape)
    user |= store | {"UserName": name, "Emails": [{"Value": f"{name}@x.example", "Type": "work", "Primary": True}]}
    user["Extensions"] = {"aws:identitystore:enterprise": {"department": "SOC", "manager": {"value": model.UUID}}}
    return record("identitystore", "CreateUser", **user)["UserId"]


def all_pages(record, service, operation, result, **members):
    rows, token = [], {}
    while True:
        page = record(service, operation, **members, **token, MaxResults=1)
        rows += page[result]
        if "NextToken" not in page:
            return rows
        token = {"NextToken": page["NextToken"]}


def directory_session(record):
    """Every operation of Identity Store, with every member of its input."""
    call = lambda operation, **members: record("identitystore", operation, **members)
    store = {"IdentityStoreId": call("ListIdentityStores", MaxResults=1)["IdentityStores"][0]["IdentityStoreId"]}
    network = {"VpceAccessRequired": False, "ApiRestrictSourceVpcs": ["vpc-0123abcd"], "ApiAllowSourceIps": ["10.0.0.0/8"], "ScimAllowSourceIps": ["::1/128"]}
    call("UpdateIdentityStore", **store, NetworkConfiguration=network)
    assert call("DescribeIdentityStore", **store)["NetworkConfiguration"] == network

    user = full_user(record, store, "first")
    enterprise = ["aws:identitystore:enterprise"]
    described = call("DescribeUser", **store, UserId=user, Extensions=enterprise)
    found = call("GetUserId", **store, AlternateIdentifier=clients.unique("userName", "first"))
    assert found["UserId"] == user and described["UserArn"] == found["UserArn"]
    group = call("CreateGroup", **store, DisplayName="g", Description="d")["GroupId"]
    other = call("CreateGroup", **store, DisplayName="h")["GroupId"]
    assert call("GetGroupId", **store, AlternateIdentifier=clients.unique("displayName", "g"))["GroupId"] == group
    title = [{"AttributePath": "title", "AttributeValue": "new"}]
    revision = call("UpdateUser", **store, UserId=user, Operations=title, Revision=described["Revision"])["Revision"]
    assert revision != described["Revision"]
    rename = [{"AttributePath": "displayName", "AttributeValue": "renamed"}]
    group_revision = call("UpdateGroup", **store, GroupId=group, Operations=rename, Revision="1")["Revision"]
    assert call("DescribeGroup", **store, GroupId=group)["DisplayName"] == "renamed"

    member = {"MemberId": {"UserId": user}}
    memberships = [call("CreateGroupMembership", **store, GroupId=one, **member)["MembershipId"] for one in (group, other)]
    assert call("GetGroupMembershipId", **store, GroupId=group, **member)["MembershipId"] == memberships[0]
    assert call("DescribeGroupMembership", **store, MembershipId=memberships[0])["GroupId"] == group
    results = call("IsMemberInGroups", **store, **member, GroupIds=[group, other])["Results"]
    assert [row["MembershipExists"] for row in results] == [True, True]
    full_user_two = full_user(record, store, "second")
    call("CreateGroupMembership", **store, GroupId=group, MemberId={"UserId": full_user_two})
    assert len(all_pages(record, "identitystore", "ListGroupMemberships", "GroupMemberships", **store, GroupId=group)) == 2
    assert len(all_pages(record, "identitystore", "ListGroupMembershipsForMember", "GroupMemberships", **store, **member)) == 2
    users = all_pages(record, "identitystore", "ListUsers", "Users", **store, Extensions=enterprise)
    groups = all_pages(record, "identitystore", "ListGroups", "Groups", **store)
    external = next(row for row in users if row.get("ExternalIds"))
    assert call("GetUserId", **store, AlternateIdentifier={"ExternalId": external["ExternalIds"][0]})["UserId"] == external["UserId"]
    assert call("DescribeUser", **store, UserId=external["UserId"])["UserName"] == external["UserName"]
    external = next(row for row in groups if row.get("ExternalIds"))
    assert call("DescribeGroup", **store, GroupId=external["GroupId"])["ExternalIds"] == external["ExternalIds"]
    for operation, path, result in (("ListUsers", "UserName", "Users"), ("ListGroups", "DisplayName", "Groups")):
        assert len(call(operation, **store, Filters=[{"AttributePath": path, "AttributeValue": {"Users": "first", "Groups": "h"}[result]}])[result]) == 1

    call("DeleteGroupMembership", **store, MembershipId=memberships[0])
    call("DeleteUser", **store, UserId=user, Revision=revision)
    call("DeleteGroup", **store, GroupId=group, Revision=group_revision)
    return store, full_user_two


def access_session(record, principal):
    """Every operation of sso-admin that is served, with every member of its input."""
    call = lambda operation, **members: record("sso-admin", operation, **members)
    assert call("ListInstances", MaxResults=1, RegionScope="ALL_REGIONS")["Instances"][0]["InstanceArn"] == INSTANCE
    instance = {"InstanceArn": INSTANCE}
    call("DescribeInstance", **instance)
    sets = all_pages(record, "sso-admin", "ListPermissionSets", "PermissionSets", **instance)
    for arn in sets:
        assert call("DescribePermissionSet", **instance, PermissionSetArn=arn)["PermissionSet"]["PermissionSetArn"] == arn
    change = {**instance, "TargetId": ACCOUNT, "TargetType": "AWS_ACCOUNT", "PermissionSetArn": PERMISSION_SET}
    user, nobody = ({"PrincipalType": "USER", "PrincipalId": one} for one in (principal, model.UUID))

    def ends(kind, request):
        """How a request ends, which has to be within seconds."""
        for _ in range(100):
            answer = call(f"DescribeAccountAssignment{kind}Status", **instance, **{f"AccountAssignment{kind}RequestId": request})
            if answer[f"AccountAssignment{kind}Status"]["Status"] != "IN_PROGRESS":
                return answer[f"AccountAssignment{kind}Status"]["Status"]
            time.sleep(0.05)
        raise AssertionError("still in progress")

    made = [call("CreateAccountAssignment", **change, **one)["AccountAssignmentCreationStatus"] for one in (user, nobody)]
    assert [one["Status"] for one in made] == ["IN_PROGRESS"] * 2
    assert [ends("Creation", one["RequestId"]) for one in made] == ["SUCCEEDED", "FAILED"]
    own = all_pages(record, "sso-admin", "ListAccountAssignmentsForPrincipal", "AccountAssignments", **instance, **user, Filter={"AccountId": ACCOUNT})
    assert [row["PermissionSetArn"] for row in own] == [PERMISSION_SET]
    rows = all_pages(record, "sso-admin", "ListAccountAssignments", "AccountAssignments", **instance, AccountId=ACCOUNT, PermissionSetArn=PERMISSION_SET)
    assert principal in [row["PrincipalId"] for row in rows]
    viewers = next(arn for arn in sets if arn.endswith("ps-92a3b4c5d6e7f809"))
    all_pages(record, "sso-admin", "ListAccountAssignments", "AccountAssignments", **instance, AccountId="444455556666", PermissionSetArn=viewers)
    provisioned = {"ProvisioningStatus": "LATEST_PERMISSION_SET_PROVISIONED"}
    accounts = all_pages(record, "sso-admin", "ListAccountsForProvisionedPermissionSet", "AccountIds", **instance, PermissionSetArn=PERMISSION_SET, **provisioned)
    assert ACCOUNT in accounts
    assert PERMISSION_SET in all_pages(record, "sso-admin", "ListPermissionSetsProvisionedToAccount", "PermissionSets", **instance, AccountId=ACCOUNT, **provisioned)
    assert {(row["PrincipalType"], row["PrincipalId"]) for row in rows} == {("USER", principal)}
    assert {(row["PrincipalType"], row["PrincipalId"]) for row in own} == {("USER", principal)}
    everything = all_pages(record, "sso-admin", "ListAccountAssignmentsForPrincipal", "AccountAssignments", **instance, PrincipalType="GROUP", PrincipalId="3c3ae353-fb14-628e-90b4-01a6c1cc0aff")
    assert len(everything) == 3

    gone = call("DeleteAccountAssignment", **change, **user)["AccountAssignmentDeletionStatus"]
    assert ends("Deletion", gone["RequestId"]) == "SUCCEEDED"
    call("CreateAccountAssignment", **change, **user)
    time.sleep(1.2)
    alice = {"PrincipalType": "USER", "PrincipalId": "f6fadfa7-e5c1-5b62-9362-da5cc13da58a"}
    dangling = {**change, "TargetId": "444455556666", "PermissionSetArn": sets[0]}
    record("identitystore", "DeleteUser", IdentityStoreId="d-9067f2a1b3", UserId=alice["PrincipalId"])
    failed = call("DeleteAccountAssignment", **dangling, **alice)["AccountAssignmentDeletionStatus"]
    assert ends("Deletion", failed["RequestId"]) == "FAILED"
    for kind in ("Creation", "Deletion"):
        listed = all_pages(record, "sso-admin", f"ListAccountAssignment{kind}Status", f"AccountAssignments{kind}Status", **instance)
        assert {row["Status"] for row in listed} == {"SUCCEEDED", "FAILED"}
        call(f"ListAccountAssignment{kind}Status", **instance, Filter={"Status": "FAILED"})
    again = call("CreateAccountAssignment", **change, **nobody)["AccountAssignmentCreationStatus"]
    assert ends("Creation", again["RequestId"]) == "FAILED"
    return dangling | alice


def test_every_operation_and_every_member_of_an_answer(record):
    """Issue 6: all operations through boto3; each raw answer conforms to the model; no member is missing unless listed."""
    _, principal = directory_session(record)
    access_session(record, principal)
    assert record("sts", "GetCallerIdentity")["Account"]
    role = {"RoleArn": "arn:aws:iam::111122223333:role/witness", "RoleSessionName": "witness"}
    record("sts", "AssumeRole", **role, Policy="{}", SourceIdentity="me")

    wanted = {(service, name) for service in SERVICES for name in served_operations(service)}
    assert wanted - record.called == set()
    for service in SERVICES:
        known = set()
        for name in served_operations(service):
            output = model.service(service).operation_model(name).output_shape
            known |= {name + path for path in model.members(output)} if output else set()
        seen = {name for owner, name in record.seen if owner == service}
        listed = unserved(service, "members")
        assert known - seen - listed == set(), f"{service}: missing, and not in unserved.json"
        assert (listed & seen) | (listed - known) == set(), f"{service}: in unserved.json for nothing"
        operations = unserved(service, "operations")
        assert operations - set(model.service(service).operation_names) == set()


def test_what_is_not_served_says_so(record):
    """An operation that is listed as not served is refused as unknown, and not answered with something made up."""
    for service, code in (("sso-admin", "UnknownOperationException"), ("sts", "InvalidAction")):
        loose = clients.client(service, record.clients[service].meta.endpoint_url, validate=False)
        for name in sorted(unserved(service, "operations")):
            assert clients.refusal(getattr(loose, snake(name)))["code"] == code, name


@pytest.mark.parametrize("service", SERVICES)
def test_each_constraint_broken_is_refused_in_aws_own_words(served, service):
    """Issue 6: with each constraint broken, a ValidationException that names the place and the rule, as AWS words them."""
    loose = clients.client(service, served.endpoint, validate=False)
    count = 0
    for name in served_operations(service):
        shape = model.service(service).operation_model(name).input_shape
        if shape is None:
            continue
        for broken, path, rule in model.breaches(shape, model.valid(shape)):
            refused = clients.refusal(getattr(loose, snake(name)), **broken)
            where = f"{name} {path} {rule[:80]}: {refused}"
            assert refused["code"] in ("ValidationException", "ValidationError") and refused["status"] == 400, where
            message = refused["message"]
            limit = f"List attribute {path} exceeds allowed limit of "
            assert (f"at '{path}' failed to satisfy constraint: {rule}" in message and "validation error" in message) or limit in message, where
            count += 1
    assert count > {"identitystore": 350, "sso-admin": 150, "sts": 40}[service], count


@pytest.mark.parametrize("service", SERVICES)
def test_no_constraint_is_left_whole(service):
    """What breaks the constraints reaches all of them: those of each member of a union, in lists, and in lists in lists."""
    for name in served_operations(service):
        shape = model.service(service).operation_model(name).input_shape
        if shape is None:
            continue
        rules = lambda member: member.metadata.get("min") or {"max", "pattern", "enum"} & set(member.metadata)
        constrained = {plain(path) for _, path, member in model.mistyped(shape) if rules(member)}
        assert constrained - {plain(path) for _, path, _ in model.breaches(shape, model.valid(shape))} == set(), name


def post(endpoint, target, value):
    """The answer to a request that no client of AWS would send."""
    headers = {"X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.1"}
    request = urllib.request.Request(endpoint, json.dumps(value).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refused:
        return json.load(refused)


@pytest.mark.parametrize("service", ("identitystore", "sso-admin"))
def test_every_member_of_every_input_is_known(served, service):
    """Issue 6: whoever drops a member as unknown cannot see that its type is wrong. A member without any constraint counts."""
    operations = {name: model.service(service).operation_model(name).input_shape for name in served_operations(service)}
    prefix = model.service(service).metadata["targetPrefix"]
    refused = lambda name, value: post(served.endpoint, f"{prefix}.{name}", value).get("__type") == "SerializationException"
    missing = {name + path for name, shape in operations.items() for value, path, _ in model.mistyped(shape) if not refused(name, value)}
    assert missing == unserved(service, "inputs"), "dropped, and not in unserved.json, or there for nothing"
    # The test can fail: this is what becomes of a member that only a newer model has.
    name, shape = "ListUsers" if service == "identitystore" else "ListInstances", {"OfTomorrow": {}}
    assert "__type" not in post(served.endpoint, f"{prefix}.{name}", {**(STORE if service == "identitystore" else {}), **shape})


def test_every_member_of_every_input_of_sts_is_known():
    """A form has no types: here each member has to have a constraint, which another test breaks."""
    for name in served_operations("sts"):
        shape = model.service("sts").operation_model(name).input_shape
        broken = {plain(path) for _, path, _ in model.breaches(shape, model.valid(shape))} if shape else set()
        missing = {path for path in model.members(shape) if not any(one.startswith(plain(path)) for one in broken)} if shape else set()
        assert {name + path for path in missing} == {one for one in unserved("sts", "inputs") if one.startswith(f"{name}.")}


def plain(path):
    """A path without places in lists, in small letters."""
    return re.sub(r"\.1\.member", "", path).strip(".").lower()


def test_unions_hold_exactly_one_member(served):
    """The model's unions: none and two are refused."""
    loose = clients.Store(served.endpoint, served.id, validate=False)
    both = {"ExternalId": {"Issuer": "i", "Id": "x"}, **clients.unique("userName", "x")}
    for operation, members in (
        ("get_user_id", {"AlternateIdentifier": {}}),
        ("get_user_id", {"AlternateIdentifier": both}),
        ("get_group_id", {"AlternateIdentifier": {}}),
        ("list_group_memberships_for_member", {"MemberId": {}}),
    ):
        assert clients.refusal(loose.call, operation, **members)["code"] == "ValidationException"


STORE = {"IdentityStoreId": "d-9067f2a1b3"}
# Errors that no script is needed for: operation, input, exception.
REAL_ERRORS = {
    "identitystore": [
        ("DescribeUser", {**STORE, "UserId": model.UUID}, "ResourceNotFoundException"),
        ("CreateGroup", {**STORE, "DisplayName": "OnCall"}, "ConflictException"),
    ],
    "sso-admin": [],
}


def all_error_members():
    """The members of all errors of the services whose errors have more than a message."""
    services = [model.service(name) for name in ("identitystore", "sso-admin")]
    return {shape.name + path for service in services for shape in service.error_shapes for path in model.members(shape)}


@pytest.mark.parametrize("service", ("identitystore", "sso-admin"))
def test_every_error_of_every_operation(sandbox, service):
    """Every error that the model gives an operation can be had, parses as botocore's own exception and has its members."""
    operations = {name: model.service(service).operation_model(name) for name in served_operations(service)}
    errors = {name: [shape.name for shape in found.error_shapes] for name, found in operations.items()}
    faults = [f"fault={name}:{call}:{error}" for name, found in errors.items() for call, error in enumerate(found, 1)]
    assert len(faults) > 60
    listed = {name for names in UNSERVED["errors"].values() for name in names}
    seen, bodies = set(), []
    with serve_sandbox(sandbox, "--scenario", ",".join(faults)) as server:
        loose = clients.client(service, server.endpoint, validate=False, retries=0)
        loose.meta.events.register(f"before-parse.{service}", lambda response_dict, **_: bodies.append(json.loads(response_dict["body"])))
        for name, found in errors.items():
            for error in found:
                with pytest.raises(getattr(loose.exceptions, error)) as refused:
                    getattr(loose, snake(name))()
                assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == (500 if error == "InternalServerException" else 400)
                shape = model.service(service).shape_for(error)
                assert model.conform(shape, bodies[-1], error) == [], bodies[-1]
                seen |= {error + path for path in model.present(shape, bodies[-1])}
        # Which resource is missing, and why there is a conflict, is told by those that really happen.
        for operation, members, error in REAL_ERRORS[service]:
            with pytest.raises(getattr(loose.exceptions, error)):
                getattr(loose, snake(operation))(**members)
            assert model.conform(model.service(service).shape_for(error), bodies[-1], error) == [], bodies[-1]
            seen |= {error + path for path in model.present(model.service(service).shape_for(error), bodies[-1])}
    known = {shape.name + path for found in operations.values() for shape in found.error_shapes for path in model.members(shape)}
    assert known - seen == listed & known, "missing, and not in unserved.json, or there for nothing"
    assert listed - all_error_members() == set()


def test_members_of_the_errors_that_really_happen(served):
    """What is missing, and why there is a conflict."""
    user = served.user("real", "real@x.example")
    missing, taken, stale = {"ResourceType": "USER", "ResourceId": model.UUID}, {"Reason": "UNIQUENESS_CONSTRAINT_VIOLATION"}, {"Reason": "CONCURRENT_MODIFICATION"}
    for operation, members, error, told in (
        ("describe_user", {"UserId": model.UUID}, "ResourceNotFoundException", missing),
        ("create_group", {"DisplayName": "OnCall"}, "ConflictException", taken),
        ("delete_user", {"UserId": user, "Revision": "9"}, "ConflictException", stale),
    ):
        with pytest.raises(getattr(served.boto.exceptions, error)) as refused:
            served.call(operation, **members)
        assert {name: refused.value.response.get(name) for name in told} == told
