"""A Python loop as XSOAR's containers run one: it stands in for the server's own loop and CommonServerPython.

Written from the published protocol. It reads lines from the server, runs the `script` of each request with a `demisto`
object, `return_results` and `return_error`, and writes one JSON message a line. Unlike CommonServerPython it masks
nothing, so that what a script lets through is seen.
"""

import json
import os
import sys
import traceback
import types


def send(**message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


class Demisto:
    """What a script knows of its request, and how it answers."""

    def __init__(self, request):
        self.callingContext = request

    def command(self):
        return self.callingContext["command"]

    def args(self):
        return self.callingContext.get("args") or {}

    def params(self):
        return self.callingContext.get("params") or {}

    def results(self, entries):
        entries = entries if isinstance(entries, list) else [entries]
        assert all(isinstance(entry, dict) for entry in entries), entries
        send(type="result", results=entries)

    def debug(self, *texts):
        if (self.callingContext.get("context") or {}).get("IsDebug"):
            send(type="log", command="debug", args={"args": [str(text) for text in texts]})
            sys.stdin.readline()  # the server answers each log message


def run(request):
    """Runs the script as the server's loop does: in a namespace of its own, its environment put back afterwards."""
    demisto = Demisto(request)

    def return_error(message):
        demisto.results({"Type": 4, "ContentsFormat": "text", "Contents": message, "EntryContext": None})
        sys.exit(0)

    common = {"demisto": demisto, "return_results": demisto.results, "return_error": return_error}
    # A prepared script says where it begins and ends; one that is not prepared imports what the server prepends.
    prepended = {**common, "register_module_line": lambda *_: None, "__line__": lambda: 0}
    for name, members in {
        "demistomock": vars_of(demisto),
        "CommonServerPython": common,
        "CommonServerUserPython": {},
    }.items():
        sys.modules[name] = types.ModuleType(name)
        vars(sys.modules[name]).update(members)
    environment = dict(os.environ)
    try:
        exec(compile(request["script"], "<string>", "exec"), prepended)
    except SystemExit:
        pass
    except BaseException:
        send(type="exception", args={"exception": [traceback.format_exc()]})
    finally:
        os.environ.clear()
        os.environ.update(environment)
        send(type="completed")


def vars_of(demisto):
    """`import demistomock as demisto` gives a module with the members of the object."""
    return {name: getattr(demisto, name) for name in dir(demisto) if not name.startswith("_")}


if __name__ == "__main__":
    for line in iter(sys.stdin.readline, ""):
        if line == "ping\n":
            send(type="pong")
            continue
        request = json.loads(line)
        run(request)
        if request.get("native"):
            break
