#!/usr/bin/env python3
"""What other checkers say about the same faults and the same files.

  peers.py --kernel KERNEL --cases FOLDER [--only ID,...] [--files FILE,...]
           [--peers NAME,...] [--limit SECONDS] [--json OUT]

KERNEL has linux/ and out/ with compile_commands.json, as tools/check prepares
it.  FOLDER has one folder for each case: case.json says which file is to be read
("scan") and in which functions the fault is ("functions"), bug.patch puts it
into the file.  Only cases whose patch touches that file alone are used.

Each peer reads the file as it is and with the fault.  A fault counts as found
when a warning stands in one of the functions that is not there without it;
which warning it is, is not asked.  FILE... are read as they are, and the
warnings counted.  Nothing of the kernel is written to: the faulty file is a
copy, found by the same include paths.

A peer that is not installed, or cannot read a file, is named with the reason.
Prints two tables in Markdown.
"""

import argparse
import collections
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
WARNING = re.compile(r"^(?P<file>[^\s:]+):(?P<line>\d+)(?::\d+(?:-\d+)?)?: (?P<text>.*)")

# Flags of clang's that gcc 12 does not know.
NOT_GCC = re.compile(
    r"^(--target=|-fintegrated-as|-Qunused-arguments|-mstack-alignment|-W|-Xclang"
    r"|-fexperimental|-fsanitize|-fno-sanitize|-mllvm|-mretpoline|-fcf-protection"
    r"|-flto|-fsplit-lto|-fvisibility|-ftrivial-auto-var-init|-fzero-call-used"
    r"|-fstrict-flex-arrays|-fmacro-prefix-map|-falign|-mskip|-femit|-enable)"
)


class Unreadable(Exception):
    """The peer could not read the file."""


class Entry:
    """One command of the compile database."""

    def __init__(self, entry):
        self.folder, self.file = entry["directory"], entry["file"]
        self.flags = []
        words = entry.get("arguments") or shlex.split(entry["command"])
        skip = False
        for word in words[1:]:
            if skip or word in ("-o", "-c", self.file):
                skip = word == "-o"
            elif not word.startswith("-Wp,-M"):
                self.flags.append(word)
        # What is included with quotes lies beside the original.
        self.flags += ["-I", os.path.dirname(self.file)]

    def preprocessing(self):
        """-D, -I, -include and the like, each with its value."""
        out, words = [], iter(self.flags)
        for word in words:
            if word in ("-I", "-D", "-U", "-include", "-isystem", "-iquote"):
                out += [word, next(words)]
            elif word.startswith(("-I", "-D", "-U", "-nostdinc")):
                out.append(word)
        return out


def run(command, folder, limit):
    try:
        return subprocess.run(
            command,
            cwd=folder,
            timeout=limit,
            text=True,
            errors="replace",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    except subprocess.TimeoutExpired:
        raise Unreadable("more than %d s" % limit) from None


def warnings_in(output, source, is_one):
    """(line, text) of what was said about the source itself."""
    found = set()
    for line in output.splitlines():
        match = WARNING.match(line)
        if match and is_one(match["text"]):
            if os.path.basename(match["file"]) == os.path.basename(source):
                found.add((int(match["line"]), match["text"].strip()))
    return found


def clang(version):
    def read(entry, source, limit):
        command = ["clang-%s" % version, "--analyze", *entry.flags]
        command += ["-Wno-everything", "-Xclang", "-analyzer-output=text", source]
        done = run(command, entry.folder, limit)
        if " error: " in done.stdout:
            raise Unreadable(done.stdout.split(" error: ")[1].splitlines()[0])
        return warnings_in(done.stdout, source, lambda t: t.startswith("warning: "))

    return read


def gcc(entry, source, limit):
    flags = [f for f in entry.flags if not NOT_GCC.match(f)]
    for _ in range(20):
        command = ["gcc", *flags, "-fanalyzer", "-S", "-o", os.devnull, source]
        done = run([*command, "-fdiagnostics-plain-output"], entry.folder, limit)
        unknown = set(re.findall(r"command-line option .(-[^\s]*?).$", done.stdout, re.M))
        if not done.returncode or not unknown & set(flags):
            break
        flags = [f for f in flags if f not in unknown]
    if done.returncode:
        lines = [w for w in done.stdout.splitlines() if "error: " in w]
        raise Unreadable(lines[0].split("error: ")[1] if lines else "failed")
    return warnings_in(done.stdout, source, lambda t: "[-Wanalyzer-" in t)


def sparse(entry, source, limit):
    command = ["sparse", "-D__linux__", "-Dlinux", "-D__STDC__", "-Dunix"]
    command += ["-D__unix__", "-Wbitwise", "-Wno-return-void", "--arch=x86", "-m64"]
    command += ["-Wno-unknown-attribute", *entry.preprocessing(), source]
    done = run(command, entry.folder, limit)
    if done.returncode and "error: too many errors" in done.stdout:
        raise Unreadable("too many errors")
    return warnings_in(
        done.stdout, source, lambda t: t.startswith(("warning: ", "error: "))
    )


def cppcheck(entry, source, limit):
    """Its own preprocessor cannot read the kernel's headers; clang's can."""
    with tempfile.TemporaryDirectory() as folder:
        whole = os.path.join(folder, "whole.c")
        command = ["clang-19", "-E", "-w", *entry.flags, "-o", whole, source]
        command.insert(1, "-Dtypeof=__typeof__")
        if run(command, entry.folder, limit).returncode:
            raise Unreadable("clang cannot preprocess it")
        command = ["cppcheck", "--quiet", "--enable=warning,portability", whole]
        command += ["--template={file}:{line}: {severity}: {message} [{id}]"]
        done = run(command, folder, limit)
    bad = re.search(
        r"error: (.*) \[(syntaxError|unknownMacro|preprocessorError\w*|internal\w*)\]", done.stdout
    )
    if bad or done.returncode:
        raise Unreadable(bad[1][:60] if bad else "failed")
    return warnings_in(
        done.stdout, source, lambda t: t.startswith(("error: ", "warning: "))
    )


def coccinelle(entry, source, limit):
    """The kernel's own scripts, in the mode that kbuild's coccicheck uses."""
    linux = entry.file.split("/linux/", 1)[0] + "/linux"
    found, started = set(), time.monotonic()
    for folder, _, names in sorted(os.walk(linux + "/scripts/coccinelle")):
        for name in sorted(names):
            path = os.path.join(folder, name)
            if not name.endswith(".cocci"):
                continue
            with open(path) as file:
                text = file.read()
            if not re.search(r"^virtual .*\breport\b", text, re.M):
                continue
            options = re.search(r"^// Options: (.*)", text, re.M)
            left = limit - (time.monotonic() - started)
            if left <= 0:
                raise Unreadable("more than %d s" % limit)
            command = ["spatch", "-D", "report", "--very-quiet", "--no-show-diff"]
            command += shlex.split(options[1]) if options else []
            command += ["--cocci-file", path, source]
            done = run(command, linux, left)
            found |= warnings_in(done.stdout, source, lambda t: True)
    return found


def pagewarden(entry, source, limit):
    command = os.path.join(HERE, "..", "..", "build", "bin", "pagewarden")
    with tempfile.TemporaryDirectory() as folder:
        arguments = ["clang", *entry.flags, "-c", source]
        with open(os.path.join(folder, "compile_commands.json"), "w") as file:
            one = {"directory": entry.folder, "file": source, "arguments": arguments}
            json.dump([one], file)
        call = [command, "scan", "--quiet", "-p", folder, "--time-limit", str(limit)]
        done = run([*call, source], folder, limit + 30)
    if done.returncode not in (0, 1):
        raise Unreadable("status %d" % done.returncode)
    return warnings_in(done.stdout, source, lambda t: t.startswith("warning: "))


PEERS = {
    "pagewarden": (None, pagewarden),
    "clang 19": ("clang-19", clang("19")),
    "clang 22": ("clang-22", clang("22")),
    "gcc -fanalyzer": ("gcc", gcc),
    "sparse": ("sparse", sparse),
    "cppcheck": ("cppcheck", cppcheck),
    "coccinelle": ("spatch", coccinelle),
}


def version_of(program):
    flag = "--version"
    output = subprocess.run(
        [program, flag], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ).stdout
    number = re.search(r"\d+\.\d+(\.\d+)?", output)
    return number[0] if number else "?"


def function_lines(path, names):
    """Line ranges of the functions, by the kernel's layout of braces."""
    with open(path, errors="replace") as file:
        lines = file.read().split("\n")
    ranges, start = [], None
    for number, line in enumerate(lines, 1):
        if line == "{":
            start = number
        elif re.match(r"^[A-Za-z].*\)\s*\{$", line):
            start = number
        elif line.startswith("}") and start:
            first = start
            while first > 1 and lines[first - 2] and not lines[first - 2].startswith(
                ("}", "#", "/", " */")
            ):
                first -= 1
            head = " ".join(lines[first - 1 : start])
            if any(re.search(r"\b%s\s*\(" % re.escape(n), head) for n in names):
                ranges.append((first, number))
            start = None
    return ranges


def faulty_copy(linux, case, folder):
    """The file with the fault in it, or None when the patch needs more."""
    patch = os.path.join(case["folder"], "bug.patch")
    with open(patch) as file:
        touched = re.findall(r"^\+\+\+ b/(\S+)", file.read(), re.M)
    if touched != [case["scan"]]:
        return None
    copy = os.path.join(folder, os.path.basename(case["scan"]))
    shutil.copy(os.path.join(linux, case["scan"]), copy)
    done = subprocess.run(
        ["patch", "-s", "-f", copy, patch], stdout=subprocess.DEVNULL
    )
    return copy if done.returncode == 0 else None


def new_in(functions, before, after, source, copy):
    """Warnings with the fault that are not there without it, in FUNCTIONS."""
    old = collections.Counter(text for _, text in before)
    inside = function_lines(copy, functions)
    for line, text in sorted(after):
        if old[text] > 0:
            old[text] -= 1
        elif any(first <= line <= last for first, last in inside):
            return True
    return False


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kernel", required=True)
    parser.add_argument("--cases", required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--files", default="")
    parser.add_argument("--peers", default=",".join(PEERS))
    parser.add_argument("--limit", type=int, default=300)
    parser.add_argument("--json")
    options = parser.parse_args()
    linux = os.path.join(os.path.abspath(options.kernel), "linux")
    with open(os.path.join(options.kernel, "out", "compile_commands.json")) as file:
        entries = {e["file"].split("/linux/", 1)[-1]: e for e in json.load(file)}

    peers, absent = {}, []
    for name in options.peers.split(","):
        program, read = PEERS[name]
        if program and not shutil.which(program):
            absent.append(name)
        else:
            peers[name] = read

    only = set(filter(None, options.only.split(",")))
    cases = []
    for folder in sorted(os.listdir(options.cases)):
        path = os.path.join(options.cases, folder, "case.json")
        if os.path.exists(path):
            with open(path) as file:
                case = dict(json.load(file), folder=os.path.dirname(path))
            if (not only or case["id"] in only) and case["scan"] in entries:
                cases.append(case)

    spent = collections.Counter()
    known = {}

    def read(peer, file, source):
        if (peer, source) not in known:
            started = os.times()
            try:
                known[peer, source] = peers[peer](
                    Entry(entries[file]), source, options.limit
                )
            except Unreadable as why:
                known[peer, source] = why
            ended = os.times()
            spent[peer] += ended[2] + ended[3] - started[2] - started[3]
            print("%s: %s: %s" % (peer, file, known[peer, source]), file=sys.stderr)
        return known[peer, source]

    rows, out = [], {"cases": {}, "files": {}}
    for case in cases:
        with tempfile.TemporaryDirectory() as folder:
            copy = faulty_copy(linux, case, folder)
            if not copy:
                continue
            row, source = [], os.path.join(linux, case["scan"])
            for peer in peers:
                before = read(peer, case["scan"], source)
                after = read(peer, case["scan"], copy)
                if isinstance(before, Unreadable) or isinstance(after, Unreadable):
                    row.append("not read")
                else:
                    hit = new_in(case["functions"], before, after, source, copy)
                    row.append("**yes**" if hit else "no")
        rows.append((case, row))
        out["cases"][case["id"]] = dict(zip(peers, row))

    print("| fault | in | " + " | ".join(peers) + " |")
    print("|---" * (2 + len(peers)) + "|")
    for case, row in rows:
        kind = case.get("class", case["id"]).replace("-", " ")
        print("| %s | `%s` | %s |" % (kind, case["functions"][0], " | ".join(row)))
    found = []
    for i in range(len(peers)):
        seen = [row[i] for _, row in rows if row[i] != "not read"]
        found.append("%d of %d" % (seen.count("**yes**"), len(seen)))
    print("| found, of those read | | %s |" % " | ".join(found))

    print("\n| file as it is | " + " | ".join(peers) + " |")
    print("|---" * (1 + len(peers)) + "|")
    for file in filter(None, options.files.split(",")):
        row = []
        for peer in peers:
            said = read(peer, file, os.path.join(linux, file))
            row.append("not read" if isinstance(said, Unreadable) else str(len(said)))
        out["files"][file] = dict(zip(peers, row))
        print("| `%s` | %s |" % (file, " | ".join(row)))
    print("| CPU seconds in all | %s |" % " | ".join("%.0f" % spent[p] for p in peers))

    print("\nVersions: " + ", ".join(
        "%s %s" % (name, version_of(PEERS[name][0])) for name in peers if PEERS[name][0]
    ) + ".")
    for name in absent:
        print("Not installed: %s." % name)
    reasons = {(p, str(v)) for (p, _), v in known.items() if isinstance(v, Unreadable)}
    for peer, why in sorted(reasons):
        print("%s could not read a file: %s." % (peer, why))
    if options.json:
        with open(options.json, "w") as file:
            json.dump(out, file, indent=1)


main()
