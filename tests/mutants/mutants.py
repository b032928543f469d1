"""Tries every mutant that cargo-mutants knows, each with the tests that come by it.

`run` makes what this needs and starts it. All mutants are compiled at once (`instrument.py`); the tests are run one by
one to see which comes by which mutant; then each mutant is given the tests that come by it, the quickest first, until one
fails.
"""

import argparse
import collections
import concurrent.futures
import fcntl
import fnmatch
import hashlib
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import time

import instrument

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WORK = ROOT / "target" / "mutants"
TREE = WORK / "tree"
LOG = WORK / "outcomes.jsonl"
MEMORY = 3 << 30  # bytes for a process: some mutants never end, and take all there is


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", default=["src/*"], help="which sources are changed, as patterns")
    parser.add_argument("--jobs", type=int, default=6, help="how many at a time; most of a test is waiting")
    parser.add_argument("--slowest", type=float, default=30, help="seconds; tests that take longer are left out")
    parser.add_argument("--quickest", type=float, default=0, help="seconds; tests that take less are left out")
    parser.add_argument("--skip", action="append", default=[], help="tests with this in their names are left out")
    parser.add_argument("--rest", action="store_true", help="only those that no test has caught so far")
    given = parser.parse_args()

    WORK.mkdir(parents=True, exist_ok=True)
    lock = (WORK / "lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)  # held until the end: there is one tree

    mutants = listed()
    chosen = {one.number for one in mutants if any(fnmatch.fnmatch(one.file, pattern) for pattern in given.files)}
    outcomes = {}
    programs = built(mutants, outcomes)
    tests = [test for test in measured(programs, given.jobs) if given.quickest <= test.seconds <= given.slowest]
    tests = [test for test in tests if not any(part in test.name for part in given.skip)]
    if given.rest and LOG.exists():
        outcomes |= caught_before(mutants)
    tried = [one for one in mutants if one.number in chosen - set(outcomes)]
    with LOG.open("a") as log:
        for done, (one, found) in enumerate(every(lambda mutant: outcome(mutant, tests), tried, given.jobs), 1):
            outcomes[one.number] = found
            print(json.dumps([one.name, found]), file=log, flush=True)
            print(f"{done}/{len(tried)} {found}: {one.name}", flush=True)
    report([one for one in mutants if one.number in chosen], outcomes)


def every(work, things, jobs):
    """Each thing with what comes of it, as it comes. Whatever ends this early ends the tests that run as well."""
    pool = concurrent.futures.ThreadPoolExecutor(jobs)
    try:
        pending = {pool.submit(work, thing): thing for thing in things}
        for future in concurrent.futures.as_completed(pending):
            yield pending[future], future.result()
    except BaseException:
        Test.ended = True
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for group in list(Test.running):
            _end(group)


def caught_before(mutants):
    """Those that were caught when they were tried last, with what caught them. Lines may have moved since: what is the only
    one of its kind in its file is known by that."""
    kind = lambda name: re.sub(r":\d+:\d+:", "", name, count=1)
    known = dict(map(json.loads, LOG.read_text().splitlines()))
    moved = {kind(name): found for name, found in known.items()}
    before, now = collections.Counter(map(kind, known)), collections.Counter(kind(one.name) for one in mutants)
    is_moved = lambda name: before[kind(name)] == now[kind(name)] == 1
    found = {one.number: known.get(one.name, moved[kind(one.name)] if is_moved(one.name) else "") for one in mutants}
    return {number: outcome for number, outcome in found.items() if outcome.startswith(("caught", "endless"))}


def listed():
    command = ["cargo", "mutants", "--list", "--json", "--dir", str(ROOT)]
    found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    # What only the tests use is no part of the program.
    mutants = [instrument.Mutant(number, one) for number, one in enumerate(found)]
    return [one for one in mutants if "fuzzing" not in one.file]


def built(mutants, outcomes):
    """The test programs with all mutants in them. Those that the compiler does not take go into `outcomes`."""
    by_file = collections.defaultdict(list)
    for one in mutants:
        by_file[one.file].append(one)
    if TREE.exists():
        shutil.rmtree(TREE)
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    there = subprocess.run(listing, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout.decode()
    for path in filter(None, there.split("\0")):
        if (ROOT / path).is_file():
            (TREE / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, TREE / path)
    sources = {path: (TREE / path).read_bytes() for path in by_file}
    _prepare(max(one.number for one in mutants) + 1)
    # Where nothing has changed, what did not compile does not compile.
    refused = WORK / "uncompilable.json"
    known = json.loads(refused.read_text()) if refused.exists() else {}
    digest = _digest()
    outcomes.update({number: "uncompilable" for number in known.get(digest, [])})
    while True:
        for path, those in by_file.items():
            left = [one for one in those if one.number not in outcomes]
            text, unplaced = instrument.instrument(sources[path], left)
            outcomes.update({one.number: "unswitchable" for one in unplaced})
            (TREE / path).write_text(text + ("\nmod mutant;\n" if path == "src/lib.rs" else ""))
        programs, errors = _compile()
        if programs:
            return programs
        blamed = set().union(*map(_blamed, errors))
        if not blamed - set(outcomes):
            sys.exit(f"the mutants do not compile, and none of them is to blame: {WORK}/errors.txt")
        print(f"{len(blamed)} mutants do not compile", flush=True)
        outcomes.update({number: "uncompilable" for number in blamed})
        those = [number for number, found in outcomes.items() if found == "uncompilable"]
        refused.write_text(json.dumps({digest: those}))


def _digest():
    """Of all that decides whether a mutant compiles."""
    version = subprocess.run(["rustc", "--version"], check=True, stdout=subprocess.PIPE).stdout
    files = [TREE / "Cargo.lock", TREE / "Cargo.toml", *sorted(HERE.iterdir()), *sorted((TREE / "src").rglob("*.rs"))]
    return hashlib.sha256(b"\0".join([version, *(path.read_bytes() for path in files if path.is_file())])).hexdigest()


def _blamed(error):
    """The mutants to which an error is laid: by where it is, or else by the other places that it names."""
    error = sorted(error, key=lambda span: not span["is_primary"])
    for span in error:
        if not (TREE / span["file_name"]).is_file():
            continue  # a macro of the standard library
        text = (TREE / span["file_name"]).read_bytes()
        if found := instrument.blamed(text, (span["byte_start"], span["byte_end"])):
            return found
    return set()


def _prepare(count):
    switch = (HERE / "switch.rs").read_text().replace("COUNT", str(count))
    (TREE / "src/mutant.rs").write_text(switch)
    manifest = (TREE / "Cargo.toml").read_text()
    (TREE / "Cargo.toml").write_text(manifest.replace(' = "deny"', ' = "warn"'))
    inherited = '.env_clear().envs(std::env::vars().filter(|(name, _)| name.starts_with("MUTANT")))'
    for path in (TREE / "tests").rglob("*.rs"):
        path.write_text(path.read_text().replace(".env_clear()", inherited))


def _compile():
    """The test programs; or else the errors, each as the places that it names."""
    command = ["cargo", "test", "--locked", "--no-run", "--lib", "--test", "it", "--message-format=json"]
    environment = {**os.environ, "CARGO_TARGET_DIR": str(WORK / "build"), "CARGO_PROFILE_DEV_DEBUG": "0"}
    ended = subprocess.run(command, cwd=TREE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
    messages = [json.loads(line) for line in ended.stdout.splitlines() if line.startswith(b"{")]
    if ended.returncode == 0:
        return [one["executable"] for one in messages if one.get("profile", {}).get("test") and one["executable"]], []
    errors = [
        message["message"]["spans"]
        for message in messages
        if message["reason"] == "compiler-message" and message["message"]["level"] == "error"
    ]
    if not errors:
        sys.exit(ended.stderr.decode())
    (WORK / "errors.txt").write_text("".join(one["message"]["rendered"] for one in messages if "message" in one))
    return [], errors


class Test:
    """A test of one of the programs: how long it takes, and which mutants it comes by."""

    running = set()
    ended = False  # no more of them

    def __init__(self, program, name):
        self.program = program
        self.name = name
        self.seconds = 0.0
        self.seen = frozenset()

    def passes(self, mutant=None, seen=None):
        """Whether it passes; None if it is not over after four times its own time and twenty seconds."""
        if self.ended:
            raise concurrent.futures.CancelledError
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MUTANT")}
        environment |= {"AWS_EC2_METADATA_DISABLED": "true", "CARGO_MANIFEST_DIR": str(TREE), "FUZZ_SEED": "1"}
        environment |= {"MUTANT": str(mutant)} if mutant is not None else {}
        environment |= {"MUTANT_SEEN": str(seen)} if seen is not None else {}
        process = subprocess.Popen(
            [self.program, "--exact", self.name, "--test-threads=1"],
            cwd=TREE,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY)),
        )
        self.running.add(process.pid)
        try:
            return process.wait(4 * self.seconds + 20 if self.seconds else 600) == 0
        except subprocess.TimeoutExpired:
            return None
        finally:
            _end(process.pid)
            process.wait()
            self.running.discard(process.pid)


def _end(group):
    """Ends a test and whatever it started."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        pass


def measured(programs, jobs):
    """The tests that pass without a mutant, the quickest first."""
    tests = []
    for program in programs:
        names = subprocess.run([program, "--list", "--format=terse"], cwd=TREE, check=True, stdout=subprocess.PIPE)
        tests += [Test(program, name) for name in re.findall(r"^(.+): test$", names.stdout.decode(), re.MULTILINE)]
    folder = WORK / "seen"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()

    def measure(number):
        test, seen, began = tests[number], folder / str(number), time.monotonic()
        passed = test.passes(seen=seen)
        test.seconds = time.monotonic() - began
        test.seen = frozenset(map(int, seen.read_text().split())) if seen.exists() else frozenset()
        return passed

    results = dict(every(measure, range(len(tests)), jobs))
    for number in (number for number, passed in results.items() if not passed):
        # Others may have been in its way.
        tests[number].seconds = 0.0
        results[number] = measure(number)
        if not results[number]:
            print(f"{tests[number].name} fails without a mutant, and is left out", flush=True)
    tests = [test for number, test in enumerate(tests) if results[number]]
    (WORK / "tests.json").write_text(json.dumps([[test.name, test.seconds, len(test.seen)] for test in tests], indent=1))
    return sorted(tests, key=lambda test: test.seconds)


def outcome(mutant, tests):
    """What became of the mutant: `caught by` a test, `survived`, or `unseen` by all of them."""
    those = [test for test in tests if mutant.number in test.seen]
    for test in those:
        passed = test.passes(mutant.number)
        # A test that fails now and then, also without any mutant, has not caught this one.
        if passed is None and test.passes():
            return f"endless by {test.name}"
        if passed is False and test.passes() and not test.passes(mutant.number):
            return f"caught by {test.name}"
    return f"survived {len(those)} tests" if those else "unseen"


def report(mutants, outcomes):
    """The table of docs/unbreakable.md, and who survived."""
    kinds = ["caught", "endless", "survived", "unseen", "uncompilable", "unswitchable"]
    table = collections.defaultdict(collections.Counter)
    for one in mutants:
        table["/".join(one.file.split("/")[:2])][outcomes[one.number].split(" ")[0]] += 1
    print(f"\n| | {' | '.join(kinds)} |\n|{' --- |' * (len(kinds) + 1)}")
    for place, counts in sorted(table.items()):
        print(f"| `{place}` | {' | '.join(str(counts[kind]) for kind in kinds)} |")
    for one in mutants:
        if outcomes[one.number].split(" ")[0] in {"survived", "unseen", "unswitchable"}:
            print(f"{outcomes[one.number]}: {one.name}")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
    main()
