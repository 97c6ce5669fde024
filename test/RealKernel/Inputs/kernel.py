"""What the tests do with files of a prepared kernel.

  kernel.py KERNEL compile CLANG FILE [--source OTHER] [FLAG...]
      runs CLANG on KERNEL/linux/FILE, or on OTHER in its place, as the kernel's
      build does, with FLAGs; the caller says what is to be done (-c -o X)
  kernel.py KERNEL plant FOLDER FILE FUNCTION TEXT-FILE
      copies FILE to FOLDER, with the text put at the top of FUNCTION's body, and
      makes FOLDER/compile_commands.json for the copy
  kernel.py KERNEL unplanted FOLDER FILE
      the same without a text
  kernel.py lines OUTPUT SOURCE
      prints the findings in OUTPUT about SOURCE, each with the line of SOURCE
      that it is at
"""

import json
import os
import re
import shlex
import subprocess
import sys


def entry_of(kernel, file):
    with open(os.path.join(kernel, "out", "compile_commands.json")) as database:
        found = [
            e for e in json.load(database) if e["file"].endswith("/linux/" + file)
        ]
    if len(found) != 1:
        sys.exit("kernel.py: %d commands for %s" % (len(found), file))
    return found[0]


def flags_of(entry):
    """The command without the compiler, the source and what is to be done."""
    words = entry.get("arguments") or shlex.split(entry["command"])
    flags, skip = [], False
    for word in words[1:]:
        if skip or word in ("-o", "-c", entry["file"]):
            skip = word == "-o"
        else:
            flags.append(word)
    return flags


def compile_file(kernel, clang, file, *more):
    entry = entry_of(kernel, file)
    source, more = entry["file"], list(more)
    if more[:1] == ["--source"]:
        source, more = os.path.abspath(more[1]), more[2:]
    # The database may have been made for another clang.
    command = [clang, *flags_of(entry), "-Wno-unknown-warning-option"]
    command += ["-I", os.path.dirname(entry["file"]), *more, source]
    sys.exit(subprocess.run(command, cwd=entry["directory"]).returncode)


def plant(kernel, folder, file, function="", text=""):
    entry = entry_of(kernel, file)
    with open(entry["file"]) as original:
        code = original.read()
    if function:
        body = re.compile(
            r"^[a-z][\w \t*]*\b%s\([^;{]*\)\s*\{\n" % re.escape(function), re.M
        )
        if len(body.findall(code)) != 1:
            sys.exit("kernel.py: no one function '%s' in %s" % (function, file))
        with open(text) as planted:
            inserted = planted.read()
        code = body.sub(lambda match: match[0] + inserted, code)
    os.makedirs(folder, exist_ok=True)
    folder = os.path.abspath(folder)
    copy = os.path.join(folder, os.path.basename(file))
    with open(copy, "w") as out:
        out.write(code)
    words = ["clang", *flags_of(entry), "-I", os.path.dirname(entry["file"])]
    command = {
        "directory": entry["directory"],
        "file": copy,
        "arguments": [*words, "-c", copy],
    }
    with open(os.path.join(folder, "compile_commands.json"), "w") as out:
        json.dump([command], out)


def lines(output, source):
    with open(source) as file:
        text = file.read().split("\n")
    with open(output) as file:
        for line in file:
            match = re.match(r"(.*?):(\d+):\d+: warning: (.*\[linux\..*\])$", line)
            if match and os.path.basename(match[1]) == os.path.basename(source):
                print("%s AT %s" % (match[3], text[int(match[2]) - 1].strip()))


if sys.argv[1] == "lines":
    lines(*sys.argv[2:])
elif sys.argv[2] == "compile":
    compile_file(sys.argv[1], *sys.argv[3:])
elif sys.argv[2] in ("plant", "unplanted"):
    plant(sys.argv[1], *sys.argv[3:])
else:
    sys.exit(__doc__)
