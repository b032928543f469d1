"""Both production images do as XSOAR's server expects, within its limits, and give the entries of one-shot mode."""

import json

import pytest
from conftest import EXECUTABLE, NATIVE, one_shot
from container import MIB, Container, podman

CASES = {
    "what is there": ("get-user", {"userName": "alice"}),
    "what is not": ("get-user", {"userName": "nobody"}),
    "a list": ("list-groups-for-user", {"userName": "alice"}),
    "a bad argument": ("list-users", {"limit": "0"}),
    "an unknown command": ("get-usr", {}),
    "the test of the instance": ("test-module", {}),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_entries_are_those_of_one_shot_mode(container, ask, case):
    request = ask(*case)
    entries = container.entries(request)
    assert json.dumps(entries) == json.dumps(json.loads(one_shot(request)))


def test_it_answers_line_after_line_and_ends_with_its_input(container, ask):
    container.ping()
    assert container.entries(ask("test-module"))[0]["Contents"] == "ok"
    container.ping()
    assert container.entries(ask("get-user", {"userName": "bob"}))[0]["Contents"]["UserName"] == "bob"
    assert container.end() == (0, "")


def test_a_native_request_is_the_last(container, ask):
    assert container.entries(ask("test-module", native=True))[0]["Contents"] == "ok"
    assert container.left() == (0, "")


def test_the_container_is_as_hardened_as_xsoar_makes_it(image, container):
    container.ping()
    status = container.status()
    assert status["Uid"] == ["4000"] * 4
    assert int(status["CapEff"][0], 16) == int(status["CapBnd"][0], 16) == 0
    assert status["NoNewPrivs"] == ["1"]
    assert container.limit("memory", "memory.limit_in_bytes", "memory.max") == image.memory
    assert container.limit("pids", "pids.max") == 256
    assert podman("inspect", "--format", "{{.HostConfig.ReadonlyRootfs}}", container.name).strip() == "true"


@pytest.mark.parametrize("user", ["0", "12345:12345", "demisto"])
def test_any_user_will_do(image, ask, user):
    with image.start(user=user) as container:
        assert container.entries(ask("test-module"))[0]["Contents"] == "ok"


def test_names_come_from_dns_and_from_the_hosts_file(image, ask, dns, port):
    with image.start(options=["--dns", "127.0.0.1", "--add-host", "listed.example.test:127.0.0.1"]) as container:
        for name in (dns.name, "listed.example.test"):
            entries = container.entries(ask("test-module", endpoint=f"http://{name}:{port}"))
            assert entries[0]["Contents"] == "ok", entries
        unknown = container.entries(ask("test-module", endpoint=f"http://unknown.example.test:{port}"))
        assert "unknown.example.test" in unknown[0]["Contents"], unknown
    assert {dns.name, "unknown.example.test"} <= set(dns.asked)
    assert "listed.example.test" not in dns.asked


def test_a_private_authority_is_trusted_through_ssl_cert_file_and_not_without(image, ask, tls):
    request = ask("test-module", endpoint=tls.endpoint)
    with image.start() as container:
        # The image has authorities, only not this one.
        assert "nobody who is trusted has signed it" in container.entries(request)[0]["Contents"]
    inside = "/etc/custom-python-ssl/certs.pem"
    trusting = ["--volume", f"{tls.authority}:{inside}:ro", "--env", f"SSL_CERT_FILE={inside}"]
    with image.start(options=trusting) as container:
        assert container.entries(request)[0]["Contents"] == "ok"


def test_there_is_no_sandbox_in_it(image):
    with Container(image.name, EXECUTABLE, "--sandbox", memory=NATIVE.memory) as container:
        assert "This build has no sandbox" in container.line().decode()
        assert container.left() == (2, "")


def test_its_memory_is_enough_for_requests_as_large_as_the_servers_own(image, container, ask, measured):
    # The server sends its common code, half a MiB, with each request of an integration in Python.
    large = ask("get-user", {"userName": "alice"})
    large["script"] += "\n#" + "x" * (MIB // 2)
    for _ in range(300):
        container.ask(large)
    peak = container.peak()
    assert peak < image.memory
    measured(f"{image.name} image: peak memory of 300 commands, one container", peak)
    if image is NATIVE:
        resident = int(container.status()["VmHWM"][0]) * 1024
        measured("native image: of that process resident, with the pages of the executable itself", resident)
