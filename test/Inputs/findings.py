"""Prints what pagewarden found as sorted lines "LINE CHECK MESSAGE", each once.

  findings.py [--count] FILE|FOLDER...

A file is what a compiler or 'pagewarden scan' wrote, or a .plist; of a folder
all .plist files in it are read.  --count writes doubles as often as they are
there.  Fails when a file is none of these, a folder has no .plist, or there is
nothing to read."""

import os
import plistlib
import re
import sys

WARNING = re.compile(r"^[^\s:][^:]*:(\d+):\d+: (?:warning|error): (.*) \[(linux\.[\w.]+)[\],]")


def in_text(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            match = WARNING.match(line)
            if match:
                yield int(match[1]), match[3], match[2]


def in_plist(path):
    with open(path, "rb") as file:
        for one in plistlib.load(file)["diagnostics"]:
            if one["check_name"].startswith("linux."):
                yield one["location"]["line"], one["check_name"], one["description"]


def files(paths):
    for path in paths:
        if not os.path.isdir(path):
            yield path
            continue
        found = [
            os.path.join(folder, name)
            for folder, _, names in os.walk(path)
            for name in names
            if name.endswith(".plist")
        ]
        if not found:
            sys.exit("findings.py: no .plist in %s" % path)
        yield from found


arguments = sys.argv[1:]
count = "--count" in arguments
paths = [a for a in arguments if a != "--count"]
if not paths:
    sys.exit(__doc__)
everything = []
for path in files(paths):
    everything.extend((in_plist if path.endswith(".plist") else in_text)(path))
for finding in sorted(everything if count else set(everything)):
    print("%d %s %s" % finding)
