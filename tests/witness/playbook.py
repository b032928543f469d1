"""Runs the playbooks of docs/playbooks: as much of XSOAR's playbook engine as they use, and nothing it has to guess.

The context is a plain object. An entry's context is merged as XSOAR's documentation says of its keys:
`(val.A && val.A == obj.A && val.B && val.B == obj.B)` updates the item that has the same A and the same B, and appends
what is new. An argument that gets a list runs its command once for each element, unless integration.yml says isArray.
A command that asks for it (XSOAR: "Scheduled Commands") is run again, with the arguments it asks for, and its task
waits. An error entry ends the task, and with it the playbook.
"""

import re
import time

import yaml

import binary
import manifest

MERGED = re.compile(r"(?P<path>[\w.]+)\((?P<condition>val\..*)\)")
SAME = re.compile(r"val\.(\w+) && val\.\1 == obj\.\1")
COMMANDS = manifest.commands()
# XSOAR waits as long as NextRun says, 10 seconds at least; the sandbox has finished by then, as tests set it.
NEXT_RUN = 0.3


def load(file):
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def command(task):
    """The command that a task runs; none if it runs none."""
    return task["task"].get("script", "").removeprefix("|||") or None


class Stopped(Exception):
    """A task ended with an error; the entries of its last answer."""


class Run:
    """A playbook that runs in a case: its commands go to the binary, its questions to `choose`."""

    def __init__(self, playbook, inputs, context, sandbox, choose=None, params=None):
        self.tasks, self.context, self.choose = playbook["tasks"], context, choose
        self.instance = {"sandbox": sandbox, "params": params}
        self.inputs = {each["key"]: self.value(each["value"]) for each in playbook["inputs"]} | inputs
        self.commands = []
        following = [playbook["starttaskid"]]
        while following:
            task = self.tasks[following.pop(0)]
            following += task.get("nexttasks", {}).get(self.outcome(task), [])

    def outcome(self, task):
        """Does what a task says; gives the name of the branch to take."""
        if task["type"] == "condition":
            assert "conditions" not in task, task
            return self.choose(task["task"]["name"])
        if command(task):
            self.commands.append(command(task))
            arguments = {name: self.value(value) for name, value in task["scriptarguments"].items()}
            arguments = {name: value for name, value in arguments.items() if value is not None}
            ask(command(task), arguments, self.context, **self.instance)
        return "#none#"

    def value(self, value):
        """What an argument or an input stands for: nothing, a text, or what is at a path."""
        assert set(value) <= {"simple"}, value
        reference = re.fullmatch(r"\$\{(.*)\}", value.get("simple", ""))
        return self.at(reference[1]) if reference else value.get("simple")

    def at(self, path):
        first, _, rest = path.partition(".")
        return self.inputs.get(rest) if first == "inputs" else at(self.context, path)


def at(context, path):
    """What is at a path of the context; nothing, one value or a list."""
    found = members(context, path.split("."))
    return found if len(found) > 1 else found[0] if found else None


def ask(command, arguments, context, **instance):
    """Runs a command in a case, as a task does; gives the answers."""
    declared = {argument["name"]: argument for argument in COMMANDS[command]["arguments"]}
    lists = [name for name, value in arguments.items() if isinstance(value, list) and not declared[name].get("isArray")]
    assert len(lists) <= 1, lists
    answers = []
    for values in zip(*(arguments[name] for name in lists)) if lists else [()]:
        answers += rounds(command, {**arguments, **dict(zip(lists, values))}, context, **instance)
    return answers


def rounds(command, arguments, context, **instance):
    """Runs a command, and again as long as its answers ask for it; gives the answers."""
    answers = []
    while command:
        assert set(arguments) <= {argument["name"] for argument in COMMANDS[command]["arguments"]}, arguments
        answer = binary.run(command, arguments, integration=True, **instance)
        answers.append(answer)
        for entry in answer.entries:
            merge(context, entry.get("EntryContext") or {})
        if answer.errors:
            raise Stopped(answer.entries)
        scheduled = [entry for entry in answer.entries if "PollingCommand" in entry]
        assert len(scheduled) <= 1 and len(answers) < 20, answer.entries
        command = None
        for entry in scheduled:
            assert COMMANDS[entry["PollingCommand"]]["polling"] is True
            assert int(entry["NextRun"]) >= 10 and int(entry["Timeout"]) > 0, entry
            command, arguments = entry["PollingCommand"], entry["PollingArgs"]
            time.sleep(NEXT_RUN)
    return answers


def as_list(value):
    return value if isinstance(value, list) else [] if value is None else [value]


def members(value, names):
    """The values at a path, of all items of all lists on the way."""
    for name in names:
        value = [inner for item in as_list(value) if name in item for inner in as_list(item[name])]
    return value


def merge(context, entry_context):
    """Puts an entry's context into that of a case."""
    for key, value in entry_context.items():
        merged = MERGED.fullmatch(key)
        path = merged["path"] if merged else key.removesuffix("(true)")
        *parents, last = path.split(".")
        place = context
        for parent in parents:
            place = place.setdefault(parent, {})
        if not merged:
            place[last] = {**place.get(last, {}), **value}
            continue
        names = SAME.findall(merged["condition"])
        assert merged["condition"] == " && ".join(f"val.{name} && val.{name} == obj.{name}" for name in names), key
        for new in as_list(value):
            items = place.setdefault(last, [])
            same = [item for item in items if all(item.get(name) == new[name] for name in names)]
            same[0].update(new) if same else items.append(dict(new))
