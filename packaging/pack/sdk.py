"""demisto-sdk, run offline in a content repository."""

import os
import subprocess
import sys
from pathlib import Path


def run(repository, *arguments):
    """Runs one of its commands; gives the finished process."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DEMISTO_", "GIT_"))}
    # demisto-sdk asks hosts of the internet for what it does not find here. Nobody listens on this port.
    environment |= {name: "http://127.0.0.1:9" for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")}
    environment |= {"GIT_ALLOW_PROTOCOL": "file", "NO_PROXY": "", "no_proxy": ""}
    environment |= {
        "DEMISTO_SDK_CONTENT_PATH": str(repository),
        "DEMISTO_SDK_IGNORE_CONTENT_WARNING": "1",
        "DEMISTO_SDK_LOG_FILE_PATH": str(repository.parent),
        "DEMISTO_SDK_SKIP_VERSION_CHECK": "true",
        "NO_COLOR": "1",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), environment.get("PATH", os.defpath)]),
    }
    # demisto-sdk leaves its settings in a file that the next run reads; here each run has its own home.
    environment["HOME"] = str(repository.parent)
    return subprocess.run(
        ["demisto-sdk", *map(str, arguments)],
        cwd=repository,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )


def succeed(repository, *arguments):
    """Runs a command that must not fail."""
    done = run(repository, *arguments)
    if done.returncode != 0:
        sys.exit(f"demisto-sdk {arguments[0]} failed ({done.returncode}):\n{done.stdout}{done.stderr}")
    return done
