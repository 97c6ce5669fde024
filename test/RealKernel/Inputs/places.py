"""Scans the files that places.txt names and holds the findings against it.

  places.py KERNEL PAGEWARDEN CLANG PLACES FOLDER

Prints what is not as it should be, a line each, and fails; prints "as expected"
and what was looked at otherwise.  FOLDER gets the scan's output."""

import collections
import json
import os
import re
import subprocess
import sys

PACKAGE = "linux.mm."


def read(path):
    with open(path) as file:
        for number, line in enumerate(file, 1):
            words = line.split()
            if not words or words[0].startswith("#"):
                continue
            if words[0] not in ("silent", "reported", "elsewhere") or len(words) < 4:
                sys.exit("%s:%d: not understood" % (path, number))
            yield words[0], words[1], words[2], words[3:]


def database(kernel):
    with open(os.path.join(kernel, "out", "compile_commands.json")) as file:
        names = (entry["file"].split("/linux/", 1)[-1] for entry in json.load(file))
        return set(names)


def scan(kernel, pagewarden, clang, files, folder):
    os.makedirs(folder, exist_ok=True)
    sarif = os.path.join(folder, "places.sarif")
    command = [pagewarden, "scan", "-p", os.path.join(kernel, "out"), "--clang", clang]
    command += ["--sarif", sarif, "--time-limit", "600"]
    command += ["--disable", "linux", "--enable", PACKAGE[:-1]]
    command += [os.path.join(kernel, "linux", f) for f in files]
    with open(os.path.join(folder, "places.log"), "w") as log:
        status = subprocess.run(command, stdout=log, stderr=log).returncode
    if status not in (0, 1):
        sys.exit("places.py: the scan ended with %d, see %s" % (status, log.name))
    with open(sarif) as file:
        return json.load(file)["runs"][0]["results"]


def place_of(result):
    location = result["locations"][0]
    uri = location["physicalLocation"]["artifactLocation"]["uri"]
    function = (location.get("logicalLocations") or [{"name": ""}])[0]["name"]
    return uri.split("linux/", 1)[-1], function, result["ruleId"].replace(PACKAGE, "")


def main(kernel, pagewarden, clang, places, folder):
    built, wrong = database(kernel), []
    silent, reported, files = {}, {}, []
    for kind, file, function, rest in read(places):
        if (kind == "elsewhere") == (file in built):
            wrong.append("%s: is it built or not?" % file)
            continue
        with open(os.path.join(kernel, "linux", file)) as source:
            if not re.search(r"\b%s\s*\(" % re.escape(function), source.read()):
                wrong.append("%s: no '%s'" % (file, function))
        if kind == "elsewhere":
            continue
        if file not in files:
            files.append(file)
        if kind == "silent":
            silent.setdefault((file, function), set()).update(rest)
        else:
            reported[file, function, rest[0]] = int(rest[1])

    found = collections.Counter()
    for result in scan(kernel, pagewarden, clang, files, folder):
        found[place_of(result)] += 1
    for (file, function, check), times in sorted(found.items()):
        checks = silent.get((file, function), set())
        due = reported.get((file, function, check), 0)
        if times == due:
            continue
        if check in checks or ("*" in checks and check.startswith("Pin")):
            wrong.append("%s: %s: %s is not silent" % (file, function, check))
        elif due or check.startswith("Pin"):
            text = "%s: %s: %s reports %d times, %d expected"
            wrong.append(text % (file, function, check, times, due))
    for (file, function, check), due in sorted(reported.items()):
        if not found[file, function, check]:
            wrong.append("%s: %s: %s does not report" % (file, function, check))

    if wrong:
        sys.exit("\n".join(wrong))
    text = "as expected: %d places silent, %d reported, in %d files"
    print(text % (len(silent), len(reported), len(files)))


main(*sys.argv[1:])
