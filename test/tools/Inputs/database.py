"""Makes DIR/src with C files, each of which calls pin_user_pages, and
DIR/compile_commands.json with these.

  database.py DIR COMPILER NAME...

A name "x=TEXT" gives x.c another text; "-x" is in the database only, "+x" on
the disk only, "x@FLAG" gets a flag."""

import json
import os
import sys

folder, compiler, names = sys.argv[1], sys.argv[2], sys.argv[3:]
source = os.path.join(os.path.abspath(folder), "src")
os.makedirs(source, exist_ok=True)
entries = []
for name in names:
    flags = ["-c"]
    if "@" in name:
        name, _, flag = name.rpartition("@")
        flags.append(flag)
    name, _, text = name.partition("=")
    file = name.lstrip("+-") + ".c"
    if not name.startswith("-"):
        with open(os.path.join(source, file), "w") as out:
            out.write(text or "int f(void) { return pin_user_pages(0); }\n")
    if not name.startswith("+"):
        entries.append(
            {"directory": source, "file": file, "arguments": [compiler, *flags, file]}
        )
with open(os.path.join(folder, "compile_commands.json"), "w") as out:
    json.dump(entries, out)
