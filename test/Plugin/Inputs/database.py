"""Writes a compile database of one file, with "command" and not "arguments":
analyze-build reads nothing else.

  database.py DATABASE COMPILER FILE"""

import json
import os
import shlex
import sys

database, compiler, file = sys.argv[1:]
folder = os.path.dirname(os.path.abspath(database))
with open(database, "w") as out:
    command = shlex.join([compiler, "-c", file])
    json.dump([{"directory": folder, "file": file, "command": command}], out)
