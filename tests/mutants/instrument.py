"""Puts all mutants that cargo-mutants lists into the sources at once, each behind a switch.

cargo-mutants builds and tests the program anew for each mutant, which takes minutes. Here `a == b` becomes
`(a == b) != on(7)`: one build holds all mutants, and `MUTANT=7` chooses one of them.
"""

import collections
import re

import tree_sitter
import tree_sitter_rust

PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_rust.language()))
LAZY = {"&&", "||"}
COMPARING = {"==", "!=", "<", ">", "<=", ">="}


class Mutant:
    """One mutant of `cargo mutants --list --json`, with its number here."""

    def __init__(self, number, listed):
        self.number = number
        self.name = listed["name"]
        self.file = listed["file"]
        self.genre = listed["genre"]
        self.replacement = listed["replacement"]
        self.span = listed["span"]

    @property
    def on(self):
        return f"crate::mutant::on({self.number})"

    def marked(self, text):
        return marked([self], text)


def marked(mutants, text):
    """The text, so that an error of the compiler in it can be laid to these mutants."""
    numbers = ",".join(str(one.number) for one in mutants)
    return f"/*<{numbers}*/{text}/*{numbers}>*/"


def instrument(source, mutants):
    """The source (bytes) with these mutants in it, and the mutants for which there is no place."""
    if any(mutant.file == "src/main.rs" for mutant in mutants):
        return source.decode(), mutants  # a crate of its own, without the switch
    tree = PARSER.parse(source)
    starts = [0, *(match.end() for match in re.finditer(b"\n", source))]

    def offset(place):
        line = source[starts[place["line"] - 1] :].decode()
        return starts[place["line"] - 1] + len(line[: place["column"] - 1].encode())

    placed, unplaced = collections.defaultdict(list), []
    for mutant in mutants:
        start, end = offset(mutant.span["start"]), offset(mutant.span["end"])
        node = _place(tree.root_node, mutant, start, end)
        if node is None:
            unplaced.append(mutant)
        else:
            placed[_key(node)].append(mutant)
    return _Writer(source, placed).text(tree.root_node), unplaced


def blamed(text, span):
    """The mutants that an error at these bytes of an instrumented source is laid to: the innermost around it, or
    those within it."""
    ranges, opened = [], {}
    for match in re.finditer(rb"/\*<([\d,]+)\*/|/\*([\d,]+)>\*/", text):
        if match[1]:
            opened.setdefault(match[1], []).append(match.start())
        else:
            ranges.append((opened[match[2]].pop(), match.end(), frozenset(map(int, match[2].split(b",")))))
    start, end = span
    around = [one for one in ranges if one[0] <= start and end <= one[1]]
    if around:
        return min(around, key=lambda one: one[1] - one[0])[2]
    return frozenset().union(*(numbers for first, last, numbers in ranges if start <= first and last <= end))


def _key(node):
    return node.start_byte, node.end_byte, node.type


KINDS = {
    "FnValue": {"block"},
    "BinaryOperator": {"binary_expression", "compound_assignment_expr"},
    "UnaryOperator": {"unary_expression"},
    "MatchArmGuard": {"match_pattern"},
    "MatchArm": {"match_arm"},
    "StructField": {"field_initializer", "shorthand_field_initializer"},
}


def _place(root, mutant, start, end):
    """The node that the mutant changes; None where that cannot be switched."""
    node = root.descendant_for_byte_range(start, start + 1)
    while node is not None and not _is_place(node, mutant.genre, start, end):
        # An operator is its expression's own: in `if let … && …` there is none around it.
        node = None if mutant.genre.endswith("Operator") and node.type in KINDS[mutant.genre] else node.parent
    return None if node is None or _constant(node) or not _allowed(node) else node


def _allowed(node):
    """Whether the compiler takes a switch here. It does not where a mutant would be of another type than the program, or
    where an arm with a condition leaves a match without what takes the rest."""
    if node.type == "block":
        returned = node.parent.child_by_field_name("return_type")
        return returned is None or not returned.text.startswith(b"impl ") or returned.text.startswith(b"impl Future")
    if node.type == "match_arm":
        patterns = [arm.child_by_field_name("pattern") for arm in node.parent.children if arm.type == "match_arm"]
        return any(pattern.text == b"_" for pattern in patterns)
    return True


def _is_place(node, genre, start, end):
    if node.type not in KINDS[genre]:
        return False
    match genre:
        case "FnValue":
            return node.parent.type == "function_item"
        case "MatchArmGuard":
            guard = node.child_by_field_name("condition")
            return guard is not None and (guard.start_byte, guard.end_byte) == (start, end)
        case "MatchArm" | "StructField":
            return node.start_byte == start
    operator = node.child_by_field_name("operator") or node.children[0]
    return (operator.start_byte, operator.end_byte) == (start, end)


def _constant(node):
    """Whether the compiler works it out, so that there is nothing to switch."""
    while node is not None:
        if node.type in {"const_item", "static_item", "const_block", "array_type"}:
            return True
        if node.type == "function_item":
            modifiers = [child for child in node.children if child.type == "function_modifiers"]
            return any(b"const" in child.text.split() for child in modifiers)
        node = node.parent
    return False


class _Writer:
    """Writes a source anew, with the mutants at their nodes."""

    def __init__(self, source, placed):
        self.source = source
        self.placed = placed

    def text(self, node):
        mutants = self.placed.get(_key(node))
        if not mutants:
            return self.plain(node)
        text = getattr(self, node.type)(node, mutants)
        # Around all of it, for errors that are nobody's branch.
        if node.type in {"binary_expression", "compound_assignment_expr", "unary_expression"}:
            return marked(mutants, text)
        return text

    def plain(self, node):
        """The node's own text, with the mutants of what is in it."""
        if not node.children:
            return self.source[node.start_byte : node.end_byte].decode()
        parts, at = [], node.start_byte
        for child in node.children:
            parts += [self.source[at : child.start_byte].decode(), self.text(child)]
            at = child.end_byte
        return "".join([*parts, self.source[at : node.end_byte].decode()])

    def block(self, node, mutants):
        early = "".join(one.marked(f" if {one.on} {{ return {one.replacement}; }} ") for one in mutants)
        return "{" + early + self.plain(node)[1:]

    def binary_expression(self, node, mutants):
        left, right = self.text(node.child_by_field_name("left")), self.text(node.child_by_field_name("right"))
        operator = node.child_by_field_name("operator").text.decode()
        if operator == "==" and [one.replacement for one in mutants] == ["!="]:
            return f"(({left} == {right}) != {mutants[0].on})"
        if operator == "!=" and [one.replacement for one in mutants] == ["=="]:
            return f"(({left} != {right}) != {mutants[0].on})"
        if operator in LAZY:
            # What the left side borrows is given back before the right side is looked at.
            branches = self.branches(mutants, operator, "left_side", f"({right})")
            return f"({{ let left_side = {left}; {branches} }})"
        lent = "&" if operator in COMPARING else ""
        branches = self.branches(mutants, operator, "l", "r")
        return f"(match ({lent}({left}), {lent}({right})) {{ (l, r) => {branches} }})"

    def compound_assignment_expr(self, node, mutants):
        left, right = self.text(node.child_by_field_name("left")), self.text(node.child_by_field_name("right"))
        return "{" + self.branches(mutants, node.child_by_field_name("operator").text.decode(), left, right) + "}"

    def branches(self, mutants, operator, left, right):
        text = ""
        for one in mutants:
            text += f"if {one.on} {{ {one.marked(f'{left} {one.replacement} {right}')} }} else "
        return text + f"{{ {left} {operator} {right} }}"

    def unary_expression(self, node, mutants):
        operator, operand = node.children[0].text.decode(), self.text(node.children[1])
        return f"(match ({operand}) {{ v => if {mutants[0].on} {{ v }} else {{ {operator}v }} }})"

    def match_pattern(self, node, mutants):
        guard = node.child_by_field_name("condition")
        pattern = self.source[node.start_byte : guard.start_byte].decode()
        text = f"({self.text(guard)})"
        for one in mutants:
            text = one.marked(f"({one.on} || {text})" if one.replacement == "true" else f"(!{one.on} && {text})")
        return pattern + text

    def match_arm(self, node, mutants):
        pattern = node.child_by_field_name("pattern")
        guard = pattern.child_by_field_name("condition")
        gone = mutants[0].marked(f"!{mutants[0].on}")
        text = self.text(pattern)
        if guard is None:
            text += f" if {gone}"
        else:
            before = self.source[pattern.start_byte : guard.start_byte].decode()
            text = f"{before}{gone} && ({text[len(before):]})"
        rest = [self.source[node.start_byte : pattern.start_byte].decode(), text]
        at = pattern.end_byte
        for child in node.children:
            if child.start_byte >= pattern.end_byte:
                rest += [self.source[at : child.start_byte].decode(), self.text(child)]
                at = child.end_byte
        return "".join(rest)

    def field_initializer(self, node, mutants):
        name, value = node.child_by_field_name("field"), node.child_by_field_name("value")
        return self.field(node, mutants, name.text.decode(), self.text(value))

    def shorthand_field_initializer(self, node, mutants):
        name = node.text.decode()
        return self.field(node, mutants, name, name)

    def field(self, node, mutants, name, value):
        base = next(child for child in node.parent.children if child.type == "base_field_initializer")
        base = base.text.decode().removeprefix("..")
        return f"{name}: {mutants[0].marked(f'if {mutants[0].on} {{ ({base}).{name} }} else {{ {value} }}')}"
