"""The example's compile commands: compile-commands.py CLANG OUT

They are those of the Makefile beside this file, with CLANG for its CC.  The
arguments are a list: paths with spaces in them need no quoting.
"""

import json
import os
import shlex
import sys

clang, out = sys.argv[1:3]
here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "Makefile"), encoding="utf-8") as makefile:
    flags = next(
        line.split("=", 1)[1] for line in makefile if line.startswith("CFLAGS")
    )
entry = {
    "directory": here,
    "file": os.path.join(here, "leaky.c"),
    "output": "leaky.o",
    "arguments": [clang, *shlex.split(flags), "-c", "-o", "leaky.o", "leaky.c"],
}
os.makedirs(os.path.dirname(os.path.abspath(out)), exist_ok=True)
with open(out, "w", encoding="utf-8") as database:
    json.dump([entry], database, indent=1)
    database.write("\n")
