"""Runs the playbooks of docs/playbooks: as much of XSOAR's playbook engine as they use, and nothing it has to guess.

The context is a plain object. An entry's context is merged as XSOAR's documentation says of its keys:
`(val.K && val.K == obj.K)` replaces the members of the item with the same K, and appends what is new. XSOAR's script Set
(pack Common Scripts, which every XSOAR has) is here as far as its documentation goes: with append it adds to a key.
"""

import copy
import re

import yaml

import binary

MERGED = re.compile(r"(?P<path>[\w.]+)\(val\.(?P<key>\w+) && val\.\w+ == obj\.\w+\)")


def load(file):
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def command(task):
    """The command that a task runs; none if it runs none."""
    return task["task"].get("script", "").removeprefix("|||") or None


class Run:
    """A playbook that runs in a case: its commands go to the binary, its questions to `choose`. A person who comes upon a
    task that only a person can do completes it."""

    def __init__(self, playbook, inputs, context, sandbox, choose=None):
        self.tasks, self.inputs, self.context = playbook["tasks"], inputs, context
        self.sandbox, self.choose = sandbox, choose
        self.visited, self.commands = [], []
        following = [playbook["starttaskid"]]
        while following:
            self.visited.append(following[0])
            task = self.tasks[following.pop(0)]
            following += task.get("nexttasks", {}).get(self.outcome(task), [])

    def outcome(self, task):
        """Does what a task says; gives the name of the branch to take."""
        if task["type"] == "condition":
            branches = [branch["label"] for branch in task.get("conditions", []) if self.holds(branch)]
            return (branches or ["#default#"])[0] if "conditions" in task else self.choose(task["task"]["name"])
        if command(task):
            self.call(task)
        elif "scriptName" in task["task"]:
            assert task["task"]["scriptName"] == "Set", task
            self.set(**{name: self.value(value) for name, value in task["scriptarguments"].items()})
        return "#none#"

    def holds(self, branch):
        """Whether one alternative of each group is true."""
        return all(any(self.compares(test) for test in group) for group in branch["condition"])

    def compares(self, test):
        left = self.operand(test["left"])
        if test["operator"] == "isEqualNumber":
            return left == int(self.operand(test["right"]))
        assert test["operator"] == "isNotEmpty", test
        return bool(left)

    def operand(self, side):
        """A side of a comparison: what the context has there, or the text itself."""
        simple = side["value"].get("simple")
        return self.at(simple) if simple and side.get("iscontext") else self.value(side["value"])

    def set(self, key, value, append):
        """XSOAR refuses a script whose required argument is empty."""
        assert append == "true" and value, (key, value, append)
        self.context[key] = as_list(self.context.get(key)) + copy.deepcopy(as_list(value))

    def call(self, task):
        """Runs a task's command, and once for each element where an argument is a list: XSOAR does so by itself."""
        arguments = {name: self.value(value) for name, value in task.get("scriptarguments", {}).items()}
        arguments = {name: value for name, value in arguments.items() if value is not None}
        lists = [name for name, value in arguments.items() if isinstance(value, list)]
        assert len(lists) <= 1, lists
        for values in zip(*(arguments[name] for name in lists)) if lists else [()]:
            answer = binary.succeed(command(task), {**arguments, **dict(zip(lists, values))}, sandbox=self.sandbox)
            self.commands.append(command(task))
            for entry in answer.entries:
                merge(self.context, entry.get("EntryContext") or {})

    def value(self, value):
        """What an argument stands for: a text, a reference, or a path with filters and transformers."""
        if "simple" in value:
            reference = re.fullmatch(r"\$\{(.*)\}", value["simple"])
            return self.at(reference[1]) if reference else value["simple"]
        complex_ = value["complex"]
        found = self.at(complex_["root"])
        for (test,) in complex_.get("filters", []):
            assert test["operator"] == "isEqualString", test
            member = test["left"]["value"]["simple"].removeprefix(complex_["root"] + ".")
            wanted = self.operand(test["right"])
            found = [item for item in as_list(found) if item.get(member) == wanted]
        found = found if "accessor" not in complex_ else members(found, complex_["accessor"].split("."))
        for transformer in complex_.get("transformers", []):
            found = TRANSFORMERS[transformer["operator"]](as_list(found), transformer.get("args", {}))
        return found

    def at(self, path):
        first, _, rest = path.partition(".")
        if first == "inputs":
            return self.inputs.get(rest)
        found = members(self.context, path.split("."))
        return found if len(found) != 1 else found[0]


def split_and_trim(found, args):
    return [part.strip() for text in found for part in text.split(args["delimiter"]["value"]["simple"])]


TRANSFORMERS = {
    "count": lambda found, _: len(found),
    "splitAndTrim": split_and_trim,
    "uniq": lambda found, _: list(dict.fromkeys(found)),
}


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
        for new in as_list(value):
            items = place.setdefault(last, [])
            same = [item for item in items if item.get(merged["key"]) == new[merged["key"]]]
            same[0].update(new) if same else items.append(dict(new))
