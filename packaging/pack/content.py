"""Lays the content pack out as demisto-sdk wants it: in a git repository like that of XSOAR's own content.

Every fact comes from where it is written: the version from Cargo.toml, the integration from integration.yml, its README
from docs/commands.md, the release notes from CHANGELOG.md, the playbooks from docs/playbooks and docs/playbooks.md.
"""

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import yaml

import logo

ROOT = Path(__file__).resolve().parents[2]
FILES = Path(__file__).with_name("files")
PACK = "AWSIAMIdentityCenterNative"
INTEGRATION = "AWSIAMIdentityCenter"

# XSOAR's own (content: `Config/approved_categories.json`).
CATEGORIES = [
    "Analytics & SIEM",
    "Authentication & Identity Management",
    "Case Management",
    "CI/CD",
    "Cloud Security",
    "Cloud Service Provider",
    "Cloud Services",
    "Code Repositories",
    "Data Enrichment & Threat Intelligence",
    "Database",
    "Deception & Breach Simulation",
    "Email",
    "Endpoint",
    "Forensics & Malware Analysis",
    "IT Services",
    "Identity and Access Management",
    "Messaging and Conferencing",
    "Network Security",
    "Utilities",
    "Vulnerability Management",
]


def pack(repository):
    return repository / "Packs" / PACK


def integration(repository):
    return pack(repository) / "Integrations" / INTEGRATION


def version():
    return tomllib.loads(read("Cargo.toml"))["package"]["version"]


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def lay_out(repository):
    """A content repository whose branch adds the pack. What the pack was before is on master: a pack without release
    notes, because demisto-sdk wants release notes of a pack that is changed, and none of a pack that is new."""
    begin(repository)
    write(pack(repository) / "pack_metadata.json", metadata("0.0.0"))
    git(repository, "add", "--all")
    git(repository, "commit", "--message", "Before")
    # The branch that validators compare with, as if it had been fetched.
    git(repository, "remote", "add", "origin", "https://github.com/demisto/content")
    git(repository, "update-ref", "refs/remotes/origin/master", "HEAD")
    git(repository, "checkout", "--quiet", "-b", "pack")
    write_pack(repository)
    git(repository, "add", "--all")
    git(repository, "commit", "--message", "The pack")
    return repository


def begin(repository):
    """An empty content repository, with the lists of approved words that validators look for. The pack uses no tags and
    no use cases, so none is approved."""
    approved = {"categories": CATEGORIES, "usecases": [], "tags": {"common": [], "xsoar": []}}
    for name, words in approved.items():
        write(repository / "Config" / f"approved_{name}.json", json.dumps({"approved_list": words}))
    git(repository, "init", "--quiet", "--initial-branch", "master")


def write_pack(repository):
    folder = pack(repository)
    write(folder / "pack_metadata.json", metadata(version()))
    write(folder / "ReleaseNotes" / f"{version().replace('.', '_')}.md", release_notes())
    for name in ("README.md", ".pack-ignore", ".secrets-ignore"):
        shutil.copy(FILES / name, folder / name)

    folder = integration(repository)
    document = yaml.safe_load(read("integration.yml"))
    write(folder / f"{INTEGRATION}.py", document["script"]["script"])
    document["script"]["script"] = "-"
    write(folder / f"{INTEGRATION}.yml", yaml.safe_dump(document, sort_keys=False, allow_unicode=True))
    write(folder / "README.md", read("docs/commands.md"))
    shutil.copy(FILES / "description.md", folder / f"{INTEGRATION}_description.md")
    (folder / f"{INTEGRATION}_image.png").write_bytes(logo.png())

    folder = pack(repository) / "Playbooks"
    for source in playbooks():
        write(folder / f"playbook-{source.name}", source.read_text(encoding="utf-8"))
        write(folder / f"playbook-{source.stem}_README.md", about(source))


def playbooks():
    return sorted((ROOT / "docs" / "playbooks").glob("*.yml"))


def metadata(current_version):
    facts = json.loads((FILES / "pack_metadata.json").read_text(encoding="utf-8"))
    return json.dumps({**facts, "currentVersion": current_version}, indent=4) + "\n"


def section(text, heading):
    """What stands under a heading of Markdown, up to the next one of its level."""
    level = heading.split()[0]
    found = re.search(rf"^{re.escape(heading)}\b.*\n((?:(?!{level} ).*\n)*)", text, re.MULTILINE)
    if not found:
        raise ValueError(f"There is no heading {heading!r}.")
    return found[1].strip() + "\n"


def release_notes():
    """What CHANGELOG.md says of this version, under the headings of XSOAR's release notes."""
    name = yaml.safe_load(read("integration.yml"))["display"]
    notes = f"#### Integrations\n\n##### {name}\n\n{section(read('CHANGELOG.md'), f'## {version()}')}\n#### Playbooks\n"
    for source in playbooks():
        playbook = yaml.safe_load(source.read_text(encoding="utf-8"))
        notes += f"\n##### New: {playbook['name']}\n\n- {playbook['description']}\n"
    return notes


def about(source):
    """What docs/playbooks.md says of a playbook."""
    name = yaml.safe_load(source.read_text(encoding="utf-8"))["name"]
    return section(read("docs/playbooks.md"), f"## {name}")


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def git(repository, *arguments):
    names = "user.name=pack", "user.email=pack@example.invalid", "commit.gpgsign=false"
    options = [part for name in names for part in ("-c", name)]
    subprocess.run(["git", *options, *arguments], cwd=repository, check=True, capture_output=True)
