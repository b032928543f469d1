"""boto3 as the client that we did not write, and the names of what it says."""

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ACCESS_KEY, SECRET_KEY = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
REGION = "us-east-1"


def client(service, endpoint, *, region=REGION, keys=(ACCESS_KEY, SECRET_KEY, None), validate=True, retries=1):
    """A client of one endpoint. `validate=False` lets wrong requests reach the server."""
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=endpoint,
        aws_access_key_id=keys[0],
        aws_secret_access_key=keys[1],
        aws_session_token=keys[2],
        config=Config(
            parameter_validation=validate,
            retries={"max_attempts": retries},
            connect_timeout=5,
            read_timeout=30,
            proxies={},
        ),
    )


class Store:
    """The Identity Store operations of one store, with the store's id filled in."""

    def __init__(self, endpoint, store_id, **options):
        self.id = store_id
        self.endpoint = endpoint
        self.boto = client("identitystore", endpoint, **options)

    def call(self, operation, **members):
        """One operation; the answer without botocore's own metadata."""
        answer = getattr(self.boto, operation)(**{"IdentityStoreId": self.id, **members})
        answer.pop("ResponseMetadata")
        return answer

    def pages(self, operation, result, **members):
        """All rows of a list, by boto3's own paginator."""
        paginator = self.boto.get_paginator(operation)
        return [row for page in paginator.paginate(IdentityStoreId=self.id, **members) for row in page[result]]

    def user(self, name, email=None, given="Given", family="Family", display=None, **members):
        """Creates a user and returns the id."""
        if email:
            members["Emails"] = [{"Value": email, "Type": "work", "Primary": True}]
        name_parts = {"GivenName": given, "FamilyName": family}
        return self.call("create_user", UserName=name, Name=name_parts, DisplayName=display or f"Display {name}", **members)["UserId"]

    def group(self, name, **members):
        """Creates a group and returns the id."""
        return self.call("create_group", DisplayName=name, **members)["GroupId"]

    def join(self, user_id, group_id):
        """Makes a user a member and returns the membership's id."""
        return self.call("create_group_membership", GroupId=group_id, MemberId={"UserId": user_id})["MembershipId"]

    def memberships(self, user_id):
        return self.pages("list_group_memberships_for_member", "GroupMemberships", MemberId={"UserId": user_id})

    def find_user(self, path, value):
        return self.call("get_user_id", AlternateIdentifier=unique(path, value))["UserId"]

    def find_group(self, name):
        return self.call("get_group_id", AlternateIdentifier=unique("displayName", name))["GroupId"]


def unique(path, value):
    return {"UniqueAttribute": {"AttributePath": path, "AttributeValue": value}}


def refusal(call, *arguments, **members):
    """The error answer of a call that must be refused: code, message and modelled members."""
    try:
        answer = call(*arguments, **members)
    except ClientError as problem:
        response = problem.response
        return {
            "code": response["Error"]["Code"],
            "message": response["Error"].get("Message", ""),
            "status": response["ResponseMetadata"]["HTTPStatusCode"],
            "reason": response.get("Reason"),
            "resource": response.get("ResourceType"),
            "request": response.get("RequestId"),
        }
    raise AssertionError(f"accepted: {answer}")
