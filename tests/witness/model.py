"""AWS's service models, as botocore ships them: what a value may be, and what breaks it.

Nothing here knows the sandbox: a newer botocore brings new operations, members and constraints with it.
"""

import datetime

import botocore.session
import regex

SESSION = botocore.session.get_session()


def service(name):
    return SESSION.get_service_model(name)


def conform(shape, value, path=""):
    """Why a raw JSON value is not what its shape says; nothing if it is."""
    if shape.type_name == "structure":
        if shape.metadata.get("document"):
            return []
        if not isinstance(value, dict):
            return [f"{path}: {value!r} is no structure"]
        wrong = [f"{path}.{name} is missing" for name in shape.required_members if value.get(name) is None]
        wrong += [f"{path}.{name} is not in the model" for name in value if name not in shape.members and name != "__type"]
        for name, member in shape.members.items():
            if name in value:
                wrong += conform(member, value[name], f"{path}.{name}")
        return wrong
    if shape.type_name == "list":
        if not isinstance(value, list):
            return [f"{path}: {value!r} is no list"]
        return out_of_bounds(shape, len(value), path) + [one for item in value for one in conform(shape.member, item, f"{path}[]")]
    if shape.type_name == "map":
        return [one for key, item in value.items() for one in conform(shape.key, key, path) + conform(shape.value, item, path)]
    if shape.type_name == "string":
        if not isinstance(value, str):
            return [f"{path}: {value!r} is no string"]
        if shape.enum and value not in shape.enum:
            return [f"{path}: {value!r} is none of {shape.enum}"]
        pattern = shape.metadata.get("pattern")
        wrong = [f"{path}: {value!r} does not match {pattern}"] if pattern and not matches(pattern, value) else []
        return wrong + out_of_bounds(shape, len(value), path)
    kinds = {"integer": int, "boolean": bool, "timestamp": (int, float)}
    if not isinstance(value, kinds[shape.type_name]):
        return [f"{path}: {value!r} is no {shape.type_name}"]
    return out_of_bounds(shape, value, path) if shape.type_name == "integer" else []


def out_of_bounds(shape, size, path):
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if (least is not None and size < least) or (most is not None and size > most):
        return [f"{path}: {size} is not within {least}..{most}"]
    return []


def matches(pattern, text):
    return regex.fullmatch(pattern, text) is not None


def members(shape, path="", inside=()):
    """The paths of all members in a shape."""
    if shape.name in inside:
        return
    inside = (*inside, shape.name)
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            yield f"{path}.{name}"
            yield from members(member, f"{path}.{name}", inside)
    elif shape.type_name == "list":
        yield from members(shape.member, path, inside)


def present(shape, value, path=""):
    """The paths of the members that a value has."""
    if shape.type_name == "structure" and isinstance(value, dict):
        for name, member in shape.members.items():
            if name in value:
                yield f"{path}.{name}"
                yield from present(member, value[name], f"{path}.{name}")
    elif shape.type_name == "list" and isinstance(value, list):
        for item in value:
            yield from present(shape.member, item, path)


# Values that satisfy the patterns of the models; a pattern without one fails the tests.
UUID = "12345678-1234-4234-8234-123456789012"
SAMPLES = [
    "x", "d-0123456789", UUID, "displayName", "aws:identitystore:enterprise", "1", "vpc-0123abcd", "10.0.0.0/8",
    "arn:aws:sso:::instance/ssoins-7223a1b2c3d4e5f6", "arn:aws:sso:::permissionSet/ssoins-7223a1b2c3d4e5f6/ps-1a2b3c4d5e6f7081",
    "123456789012", "arn:aws:iam::111122223333:role/witness", "xx", "123456", "serial-number",
]  # fmt: skip


def text(shape):
    """A string that its shape allows."""
    if shape.enum:
        return shape.enum[0]
    return next(sample for sample in SAMPLES if not conform(shape, sample))


def is_union(shape):
    return getattr(shape, "is_tagged_union", False)


def valid(shape):
    """A value with all members that its shape allows, one in each list."""
    if shape.type_name == "structure":
        if shape.metadata.get("document"):
            return "x"
        names = list(shape.members)[:1] if is_union(shape) else list(shape.members)
        return {name: valid(shape.members[name]) for name in names}
    if shape.type_name == "list":
        return [valid(shape.member)]
    if shape.type_name == "map":
        return {valid(shape.key): {}}
    if shape.type_name == "string":
        return text(shape)
    return {"integer": shape.metadata.get("min", 1), "boolean": True, "timestamp": datetime.datetime(2026, 1, 1)}[shape.type_name]


def breaches(shape, value, path="", required=False):
    """Values with one constraint broken, each with the path and the rule that AWS names then."""
    if required:
        yield None, path, "Member must not be null"
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if is_union(shape):
        # A valid value has one member only, and each has constraints of its own.
        for name, member in shape.members.items():
            for broken, where, rule in breaches(member, valid(member), f"{path}.{small(name)}"):
                yield {name: broken}, where, rule
    elif shape.type_name == "structure" and isinstance(value, dict):
        for name, member in shape.members.items():
            inner = f"{path}.{small(name)}" if path else small(name)
            if name not in value:
                continue
            for broken, where, rule in breaches(member, value[name], inner, name in shape.required_members):
                rest = {key: item for key, item in value.items() if key != name}
                yield (rest if broken is None else {**rest, name: broken}), where, rule
    elif shape.type_name == "list":
        if least:
            yield value[:0], path, length("greater", least)
        if most is not None:
            yield value * (most + 1), path, length("less", most)
        for broken, where, rule in breaches(shape.member, value[0], f"{path}.1.member"):
            if broken is not None:
                yield [broken], where, rule
    elif shape.type_name == "map":
        (key, item), *_ = value.items()
        if least:
            yield {}, path, length("greater", least)
        if most is not None:
            yield {key + "x" * count: item for count in range(most + 1)}, path, length("less", most)
        for broken, _, rule in breaches(shape.key, key):
            yield {broken: item}, f"{path}.{broken}", rule
    elif shape.type_name == "integer":
        for bound, way, step in ((least, "greater", -1), (most, "less", 1)):
            if bound is not None:
                yield bound + step, path, f"Member must have value {way} than or equal to {bound}"
    elif shape.type_name == "string":
        if shape.enum:
            yield "NONE_OF_THESE", path, "Member must satisfy enum value set: ["
            return
        if least:
            yield value[: least - 1], path, length("greater", least)
        if most is not None:
            yield (value * most)[: most + 1].ljust(most + 1, "x"), path, length("less", most)
        pattern = shape.metadata.get("pattern")
        if pattern:
            yield unlike(pattern, least or 1), path, f"Member must satisfy regular expression pattern: {pattern}"


def mistyped(shape, path=""):
    """Values of which one member has a type that its shape has not, each with the member's path and shape.

    Whoever does not know a member ignores it, and whoever knows it cannot but refuse such a value. Documents may be
    anything; what is in lists and maps is of a wrong type in a list or map of its own.
    """
    if shape.type_name == "structure":
        whole = {} if is_union(shape) or shape.metadata.get("document") else valid(shape)
        for name, member in shape.members.items():
            yield {**whole, name: WRONG[member.type_name]}, f"{path}.{name}", member
            for wrong, where, inner in mistyped(member, f"{path}.{name}"):
                yield {**whole, name: wrong}, where, inner
    elif shape.type_name == "list":
        for wrong, where, inner in mistyped(shape.member, path):
            yield [wrong], where, inner


# JSON that is not what a shape of that type says.
WRONG = {"string": {}, "integer": {}, "boolean": {}, "list": {}, "structure": [], "map": []}


def unlike(pattern, size):
    """A text of that many characters at least that does not match."""
    candidates = (character * size for character in ("!", " ", "\x07", "é", "\U000f0000"))
    return next(candidate for candidate in candidates if not matches(pattern, candidate))


def length(way, bound):
    return f"Member must have length {way} than or equal to {bound}"


def small(name):
    return name[0].lower() + name[1:]
