"""Reads JSON documents, one a line, and answers one JSON line each: null, or why StrictIntegration refuses it.

A process of its own: demisto-sdk sets up logging, reads the environment and patches yaml when it is imported.
"""

import json
import os
import sys

os.environ["DEMISTO_SDK_SKIP_LOGGER_SETUP"] = "true"

from demisto_sdk.commands.content_graph.strict_objects.integration import StrictIntegration
from pydantic import ValidationError

if __name__ == "__main__":
    for line in sys.stdin:
        try:
            StrictIntegration.parse_obj(json.loads(line))
            verdict = None
        except ValidationError as problem:
            verdict = str(problem)
        print(json.dumps(verdict), flush=True)
