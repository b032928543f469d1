"""The script that people write today: boto3, one paginator, JSON on standard output.

`list_users.py ENDPOINT` lists once. `list_users.py ENDPOINT loop` answers a line of standard input each time, and builds a
client for each command, as integrations of XSOAR do.
"""

import json
import sys

import boto3


def list_users(endpoint):
    client = boto3.client(
        "identitystore",
        region_name="us-east-1",
        endpoint_url=endpoint,
        aws_access_key_id="AKIANETWORKTEST00001",
        aws_secret_access_key="netTest/Secret+Key/abcdefghijklmnopqrstu",
    )
    pages = client.get_paginator("list_users").paginate(IdentityStoreId="d-9067f2a1b3")
    return [user for page in pages for user in page["Users"]]


def main(endpoint, mode="once"):
    if mode == "once":
        print(json.dumps(list_users(endpoint), default=str))
        return
    for _ in sys.stdin:
        print(json.dumps(list_users(endpoint), default=str))
        print("completed", flush=True)


main(*sys.argv[1:])
