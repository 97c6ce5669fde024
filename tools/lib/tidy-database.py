"""The compile commands that clang-tidy is to read: our own files, each once,
as compiled for one LLVM: tidy-database.py DATABASE OUT SOURCE LLVM"""

import json
import re
import sys

database, out, source, llvm = sys.argv[1:5]
with open(database, encoding="utf-8") as f:
    entries = json.load(f)
chosen = {}
for entry in entries:
    if not entry["file"].startswith((source + "/lib/", source + "/tools/")):
        continue
    if entry["file"] in chosen and "llvm-%s/" % llvm not in entry["command"]:
        continue
    # gcc's warning flags are not all clang's; tidy has checks of its own.  Nor
    # can it read another compiler's precompiled headers.
    entry["command"] = re.sub(
        r" -Werror|( -Xclang)? -include(-pch)?( -Xclang)? \S*cmake_pch\.hxx(\.pch)?"
        r"|( -Xclang)? -fno-pch-timestamp",
        "",
        entry["command"],
    )
    chosen[entry["file"]] = entry
if not chosen:
    sys.exit("%s: no file of ours in it" % database)
with open(out, "w", encoding="utf-8") as f:
    json.dump(list(chosen.values()), f, indent=1)
