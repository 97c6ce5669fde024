"""Writes DIR/out/compile_commands.json for the files of DIR/linux:

  database.py DIR FILE=MODULE...

MODULE ends in '!' for what is built in."""

import json
import os
import sys

folder = os.path.abspath(sys.argv[1])
source = os.path.join(folder, "linux")
os.makedirs(os.path.join(folder, "out"), exist_ok=True)
link = os.path.join(folder, "out", "source")
if not os.path.islink(link):
    os.symlink(source, link)
entries = []
for argument in sys.argv[2:]:
    file, module = argument.split("=")
    flags = ["-Iinclude", '-DKBUILD_MODFILE="%s"' % module.rstrip("!")]
    if not module.endswith("!"):
        flags.append("-DMODULE")
    entries.append(
        {
            "directory": source,
            "file": os.path.join(source, file),
            "arguments": ["clang-19", *flags, "-c", file],
        }
    )
with open(os.path.join(folder, "out", "compile_commands.json"), "w") as out:
    json.dump(entries, out)
