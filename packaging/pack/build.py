"""Makes the zip of the content pack in a directory, through demisto-sdk."""

import shutil
import sys
import tempfile
from pathlib import Path

import content
import sdk


def build(output):
    """Lays the pack out, has demisto-sdk prepare and zip it, and gives the path of the zip."""
    with tempfile.TemporaryDirectory() as folder:
        repository = content.lay_out(Path(folder) / "content")
        return zip_pack(repository, Path(folder), output)


def zip_pack(repository, scratch, output):
    """The zip of the pack that lies in a content repository."""
    sdk.succeed(repository, "zip-packs", "-i", content.pack(repository), "-o", scratch)
    output.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(scratch / "uploadable_packs" / f"{content.PACK}.zip", output))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Usage: packaging/pack/build OUTPUT_DIR")
    print(build(Path(sys.argv[1])))
