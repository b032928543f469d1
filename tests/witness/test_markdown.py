"""Names of strangers in HumanReadable and in errors, read by renderers that we did not write.

markdown-it (its Python port) has HTML, tables, strikethrough and links of bare addresses on. mistune 0.8 with a rule for
buttons is what XSOAR's own report generator (demisto/sane-doc-reports) reads HumanReadable with. A command's answer with
any name has to be its answer with an ordinary name, and that name in its place.
"""

import html
import json
import random
import re
import unicodedata
from pathlib import Path

import mistune
import pytest
from markdown_it import MarkdownIt

import binary

NAMES = json.loads((Path(__file__).parents[1] / "names.json").read_text(encoding="utf-8"))
MARKS = ["%%%", "{{", "${"]
BREAK = "\u200b"
PLACEHOLDER = "Zebra"
ALICE = "f6fadfa7-e5c1-5b62-9362-da5cc13da58a"
ENGINEERING = "45ac16b9-c20d-bc21-0f8a-7abff2e91ac7"
RENAMED = {
    "alice", "Alice Example", "alice@example.com", "Site Reliability Engineer", "Engineering",
    "Everyone who builds and runs the platform", "AdministratorAccess",
}  # fmt: skip
COMMANDS = [
    ("list-users", {}),
    ("get-user", {"userId": ALICE}),
    ("update-user", {"userId": ALICE, "title": PLACEHOLDER, "dryRun": True}),
    ("delete-user", {"userId": ALICE, "dryRun": True}),
    ("list-groups", {}),
    ("get-group", {"groupId": ENGINEERING}),
    ("update-group", {"groupId": ENGINEERING, "description": PLACEHOLDER, "dryRun": True}),
    ("delete-group", {"groupId": ENGINEERING, "dryRun": True}),
    ("list-groups-for-user", {"userId": ALICE}),
    ("list-memberships", {"groupId": ENGINEERING}),
    ("check-group-membership", {"userId": ALICE, "groups": [ENGINEERING, "Research"]}),
    ("list-user-access", {"userId": ALICE}),
    ("list-group-access", {"groupId": ENGINEERING}),
    ("contain-user", {"userId": ALICE, "dryRun": True}),
    ("offboard-user", {"userId": ALICE, "dryRun": True}),
    ("remove-user-from-all-groups", {"userId": ALICE, "dryRun": True}),
    ("remove-user-from-group", {"userId": ALICE, "groupId": ENGINEERING}),
]

markdown_it = MarkdownIt("commonmark", {"html": True, "linkify": True}).enable(["table", "strikethrough", "linkify"])


class Lexer(mistune.InlineLexer):
    def enable_button(self):
        self.rules.button = re.compile(r"%%%(.*?)%%%")
        self.default_rules.insert(3, "button")

    def output_button(self, _):
        raise AssertionError("a button")


def rendered_for_reports(markdown):
    lexer = Lexer(mistune.Renderer(escape=False))
    lexer.enable_button()
    return mistune.Markdown(lexer.renderer, inline=lexer)(markdown)


def is_ignored(character):
    """Characters that have no visible form; what else Unicode lets renderers ignore is in no generated name."""
    return unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"} or character in "\u034f\u3164\ufe0f"


def visible(name):
    """What a person sees of a name: joiners shape what is not ASCII, and what else has no visible form is said to be there."""
    name, shown = re.sub(r"\r\n|[\t\n\v\f\r\x85\u2028\u2029]", " ", name), ""
    for character, after in zip(name, name[1:] + " "):
        shaped = shown and not shown[-1].isascii() and shown[-1] != "\ufffd"
        joins = character in "\u200c\u200d" and not after.isascii() and not is_ignored(after)
        kept = not is_ignored(character) or (shaped and (joins or character == "\ufe0f"))
        shown += character if kept else "\ufffd"
    return squeezed(shown)


def squeezed(text):
    return " ".join(text.replace(BREAK, "").split())


def blocks(markdown):
    """Each block of text as its kind and what a person reads; whatever is no text is an error."""
    found, kind = [], None
    for token in markdown_it.parse(markdown):
        if token.type == "inline":
            found.append((kind, squeezed(text(token.children, markdown))))
        elif token.type == "fence":
            assert token.info == "json", markdown
            found.append(("fence", token.content))
        else:
            allowed = r"(heading|paragraph|table|thead|tbody|tr|th|td|ordered_list|list_item)_(open|close)"
            assert re.fullmatch(allowed, token.type), f"{token.type} in {markdown!r}"
            kind = token.tag
    return found


def text(tokens, markdown):
    shown, link = "", None
    for token in tokens:
        if token.type in {"text", "text_special"}:
            shown += token.content
            # A bare email address may lead to itself.
            assert link is None or link == f"mailto:{token.content}", f"{link} in {markdown!r}"
        elif token.type == "softbreak" or (token.type == "html_inline" and token.content == "<br>"):
            shown += " "
        elif token.type in {"link_open", "link_close"}:
            link = token.attrs.get("href")
        elif token.type in {"strong_open", "strong_close"}:
            assert [inner.content for inner in tokens if inner.type == "text"][-1] == "No entries.", markdown
        else:
            raise AssertionError(f"{token.type} in {markdown!r}")
    return shown


def check_inert(shown):
    for mark in MARKS:
        assert mark not in shown, shown
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]", shown), repr(shown)


def check_reports(markdown):
    """mistune takes more for emphasis than CommonMark does; what matters is that nothing is live."""
    tags = re.findall(r"<\s*/?\s*([a-z0-9]+)([^>]*)>", rendered_for_reports(markdown), re.IGNORECASE)
    inert = {"h3", "h4", "table", "thead", "tbody", "tr", "th", "td", "p", "br", "strong", "em", "del", "ol", "li", "pre", "code"}
    live = [tag for tag in tags if tag[0].lower() not in inert or re.search("href|src|on[a-z]+ *=", tag[1])]
    assert all(name == "a" and "mailto:" in attributes for name, attributes in live), (live, markdown)


def renamed(value, name):
    if isinstance(value, dict):
        return {member: renamed(inner, name) for member, inner in value.items()}
    if isinstance(value, list):
        return [renamed(inner, name) for inner in value]
    return name if value in RENAMED or value == PLACEHOLDER else value


def directory(sample, folder, name):
    """A sandbox file in which whatever is known of alice and of a group of hers is called so."""
    file = folder / "renamed"
    file.write_text(json.dumps(renamed(json.loads(sample.read_text(encoding="utf-8")), name)), encoding="utf-8")
    return file


def shown_with(sample, folder, name):
    """The blocks of every command's answer, in an order that names do not decide."""
    sandbox, shown = directory(sample, folder, name), {}
    for command, args in COMMANDS:
        answer = binary.run(command, renamed(args, name), sandbox=sandbox)
        check_inert(answer.human)
        check_reports(answer.human)
        shown[command] = sorted((kind, squeezed(block)) for kind, block in blocks(answer.human))
    return shown


@pytest.fixture(scope="module")
def ordinary(sample, tmp_path_factory):
    return shown_with(sample, tmp_path_factory.mktemp("ordinary"), PLACEHOLDER)


@pytest.mark.parametrize("name", NAMES["ordinary"] + NAMES["hostile"])
def test_every_renderer_shows_a_name_as_text(name, ordinary, sample, tmp_path):
    for command, shown in shown_with(sample, tmp_path, name).items():
        wanted = [(kind, squeezed(block.replace(PLACEHOLDER, visible(name)))) for kind, block in ordinary[command]]
        assert shown == sorted(wanted), command


@pytest.mark.parametrize("name", NAMES["ordinary"])
def test_an_ordinary_name_is_in_the_source_as_it_is(name, sample, tmp_path):
    source = binary.succeed("get-user", {"userId": ALICE}, sandbox=directory(sample, tmp_path, name)).human
    # What tableToMarkdown escapes as well.
    written = name.replace("|", "\\|").replace("`", "\\`").replace("\n", "<br>")
    assert source.splitlines()[-1].startswith(f"| {written} |"), source


PARTS = [
    "*", "**", "_", "__", "~~", "`", "```", "#", "> ", "- ", "1. ", "---", "|", "\\", "\\\\", "<b>", "</a>", "<!--", "-->",
    "&amp;", "&#42;", "&copy", "[", "](", ")", "![", "]: ", "https://", "www.", ".com", "@", "<https://a.example>", "%%%{",
    "}%%%", "{{", "${", "}", "\n", "a", "b", " ", "x.y", "é", "“", "\u202e", "\x1b[", "\u200d",
]  # fmt: skip


def generated(source):
    name = "".join(source.choice(PARTS) for _ in range(source.randint(1, 12))).strip()
    return name or "x"


def test_every_renderer_shows_generated_names_as_text(sample, tmp_path):
    """Many names in one answer: three of each user, and two of each group."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    source = random.Random(seed)
    state = json.loads(sample.read_text(encoding="utf-8"))
    users, groups = [], []
    for number in range(90):
        id = f"{number:08x}-0000-4000-8000-000000000000"
        email = {"Value": f"{number}{generated(source)}", "Type": "work", "Primary": True}
        user, group = dict(state["users"][0]), dict(state["groups"][0])
        user |= {"UserId": id, "UserName": f"{number}{generated(source)}", "DisplayName": generated(source), "Emails": [email]}
        group |= {"GroupId": id, "DisplayName": f"{number}{generated(source)}", "Description": generated(source)}
        users.append(user)
        groups.append(group)
    state |= {"users": users, "groups": groups, "memberships": [], "assignments": []}
    file = tmp_path / "generated"
    file.write_text(json.dumps(state), encoding="utf-8")

    for command, rows in [
        ("list-users", [[u["UserName"], u["UserId"], u["DisplayName"], u["Emails"][0]["Value"], u["UserStatus"]] for u in users]),
        ("list-groups", [[g["DisplayName"], g["GroupId"], g["Description"]] for g in groups]),
    ]:
        human = binary.succeed(command, sandbox=file).human
        check_inert(human)
        check_reports(human)
        cells = [shown for kind, shown in blocks(human) if kind == "td"]
        assert cells == [visible(cell) for row in rows for cell in row]


@pytest.mark.parametrize("name", NAMES["hostile"])
def test_an_error_is_plain_text_with_lines_of_ours(name, sample, tmp_path):
    sandbox = directory(sample, tmp_path, name)
    for command, args, params in [
        ("get-user", {"userName": f"no {name}"}, {}),
        ("list-users", {name: name}, {}),
        ("list-users", {"limit": name}, {}),
        ("delete-user", {"userId": ALICE}, {"protectedUsers": ALICE}),
        ("remove-user-from-all-groups", {"userId": ALICE}, {"protectedGroups": ENGINEERING}),
        ("check-group-membership", {"userId": ALICE, "groups": [f"no {name}"]}, {}),
    ]:
        answer = binary.run(command, args, params, sandbox=sandbox)
        for error in answer.errors:
            check_inert(error["Contents"])
            assert not re.search(r"^\s*INJECTED", error["Contents"], re.MULTILINE), error
            assert "\\%" not in error["Contents"] and "&lt;" not in error["Contents"].replace(name, ""), error
        assert answer.errors, command


def test_the_witnesses_see_what_is_live():
    """A witness that sees nothing proves nothing."""
    for live in ["[a](https://b.c)", "![a](https://b.c)", "<b>", "https://b.com", "b.com", "*a*", "# a", "- a", "`a`", "~~a~~"]:
        with pytest.raises(AssertionError):
            assert blocks(live) == [("p", live)], live
    for live in ["[a](https://b.c)", "![a](https://b.c)", "<script>", "https://b.com", '%%%{"message": "a"}%%%']:
        with pytest.raises(AssertionError):
            check_reports(live)
    assert html.unescape(rendered_for_reports("a &lt;b&gt;")) == "<p>a <b></p>\n"
