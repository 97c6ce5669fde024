#!/usr/bin/env python3
"""How long pagewarden takes, beside the compiler and beside grep.

  speed.py pins   --kernel KERNEL [--runs N] [--sample N] [--no-analyze]
  speed.py gate   --kernel KERNEL [--runs N]
  speed.py tree   --kernel KERNEL [--jobs N] [--touch FILE]
  speed.py door   --kernel KERNEL [--sample N] [--runs N] [--clang CLANG]
  speed.py growth --kernel KERNEL [--svg OUT] [--sizes N,N,...]

KERNEL has linux/ and out/ with compile_commands.json, as tools/check prepares
it.  Nothing is written there; --touch replaces FILE, and puts it back, and is
for a copy.

  pins    the files that name a function that pins or references user pages:
          the checks of pages against clang -fsyntax-only and clang --analyze
          on the same files with the same flags; the last takes some ten times
          as long as the others and can be left out
  gate    the choice of files, nothing known before, against grep for the same
          words in the same tree
  tree    from compile commands to report, every check that is on by default;
          the same again; and once more after FILE was touched
  door    files drawn by a fixed seed, compiled with and without the plugin
  growth  time against the number of files, with a plot

Times are CPU seconds of the process and its children, as the system counts
them, unless they say "wall".  What is compared runs in turns, and the medians
of the ratios of each turn are printed, with all values.  Prints Markdown.
"""

import argparse
import concurrent.futures
import json
import os
import platform
import random
import re
import resource
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PAGEWARDEN = os.path.join(TOP, "build", "bin", "pagewarden")
PINS = ["linux.mm.Pin" + x for x in ("Leak", "Release", "Result", "Flags", "Dirty")]
PIN_WORDS = re.compile(
    rb"\b(?:get_user_pages(?:_remote|_fast|_fast_only|_unlocked)?"
    rb"|pin_user_pages(?:_remote|_fast|_unlocked)?|get_user_page_vma_remote"
    rb"|get_user_page_fast_only|pin_user_page_fast|iov_iter_get_pages(?:2|_alloc2?)"
    rb"|iov_iter_extract_pages|memfd_pin_folios|bio_iov_iter_get_pages"
    rb"|unpin_user_(?:page|pages|page_range_dirty_lock|pages_dirty_lock|folio)"
    rb"|unpin_folios?|get_dump_page|get_kernel_pages?)\b"
)
SEED = 612


class Failed(Exception):
    """What was to be measured did not work."""


def measure(command, folder=None, ok=(0,), env=None):
    """(CPU seconds, wall seconds, MiB of the largest process, output)."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    with tempfile.TemporaryFile() as out:
        done = subprocess.run(
            command, cwd=folder, env=env, stdout=out, stderr=subprocess.STDOUT, check=False
        )
        out.seek(0)
        text = out.read().decode(errors="replace")
    wall = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in ok:
        raise Failed("%s: status %d\n%s" % (command[:4], done.returncode, text[-2000:]))
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, wall, after.ru_maxrss / 1024, text


class Entry:
    """One command of the compile database, without its outputs."""

    def __init__(self, entry):
        self.folder = entry["directory"]
        self.file = os.path.normpath(os.path.join(self.folder, entry["file"]))
        words = entry.get("arguments") or shlex.split(entry["command"])
        self.flags, skip = [], False
        for word in words[1:]:
            if skip or word in ("-o", "-c", entry["file"], self.file):
                skip = word == "-o"
            elif not word.startswith("-Wp,-M"):
                self.flags.append(word)


class Kernel:
    def __init__(self, folder):
        self.source = os.path.join(os.path.abspath(folder), "linux")
        self.database = os.path.join(os.path.abspath(folder), "out")
        with open(os.path.join(self.database, "compile_commands.json")) as text:
            entries = [Entry(e) for e in json.load(text)]
        self.entries = {}
        for entry in entries:
            if entry.file.endswith(".c"):
                self.entries.setdefault(entry.file, entry)

    def pinning(self):
        out = []
        for file in sorted(self.entries):
            with open(file, "rb") as text:
                if PIN_WORDS.search(text.read()):
                    out.append(file)
        return out

    def passing(self, *options):
        """Files that the gate lets through."""
        text = measure(
            [PAGEWARDEN, "scan", "-p", self.database, "--no-cache", "--list-files"]
            + list(options)
        )[3]
        return [line for line in text.splitlines() if line in self.entries]


def scan(kernel, files, *options):
    return [PAGEWARDEN, "scan", "-p", kernel.database, "--quiet", *options, *files]


def only(checks):
    words = ["--disable", "linux"]
    for check in checks:
        words += ["--enable", check]
    return words


def compile_all(kernel, files, words, clang, jobs=2):
    """CPU seconds of CLANG with WORDS over FILES; no output is kept."""
    with tempfile.TemporaryDirectory() as folder:

        def one(number, file):
            entry = kernel.entries[file]
            out = os.path.join(folder, "%d.o" % number)
            command = [clang, *entry.flags, "-w", *words, file, "-o", out]
            done = subprocess.run(
                command, cwd=entry.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
            )
            if os.path.exists(out):
                os.unlink(out)
            if done.returncode:
                raise Failed("%s: %s" % (file, done.stdout.decode()[-500:]))

        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            for done in [pool.submit(one, n, f) for n, f in enumerate(files)]:
                done.result()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def machine():
    model = "?"
    with open("/proc/cpuinfo") as text:
        for line in text:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return "%s, %d cores, %s; load %.1f at the start" % (
        model,
        os.cpu_count(),
        platform.release(),
        os.getloadavg()[0],
    )


def numbers(values):
    return ", ".join("%.1f" % v for v in values)


def pins(kernel, args):
    files = kernel.pinning()
    if args.sample:
        files = sorted(random.Random(SEED).sample(files, min(args.sample, len(files))))
    ours, syntax, analyze = [], [], []
    command = scan(kernel, files, "--no-cache", *only(PINS + ["linux.mm.ZoneDevice"]))
    for _ in range(args.runs):
        ours.append(measure(command, ok=(0, 1))[0])
        syntax.append(compile_all(kernel, files, ["-fsyntax-only"], args.clang))
        if not args.no_analyze:
            analyze.append(compile_all(kernel, files, ["--analyze"], args.clang))
    print("%d files, %d runs\n" % (len(files), args.runs))
    print("| what | CPU seconds, each run | per file | ours is |\n|---|---|---|---|")
    print("| pagewarden | %s | %.2f | |" % (numbers(ours), statistics.median(ours) / len(files)))
    for name, times in (("-fsyntax-only", syntax), ("--analyze", analyze)):
        if not times:
            continue
        ratio = statistics.median(a / b for a, b in zip(ours, times))
        print(
            "| %s %s | %s | %.2f | %.2f of it |"
            % (args.clang, name, numbers(times), statistics.median(times) / len(files), ratio)
        )


def words_of_gate():
    """What grep has to look for: the identifiers of the model that let a file pass."""
    text = measure([PAGEWARDEN, "scan", "--list-words"])[3]
    return text.split()


def gate(kernel, args):
    words = words_of_gate()
    pattern = r"\b(%s)\b" % "|".join(words)
    ours, grep, again = [], [], []
    with tempfile.TemporaryDirectory() as cache:
        command = [PAGEWARDEN, "scan", "-p", kernel.database, "--list-files"]
        for _ in range(args.runs):
            ours.append(measure([*command, "--no-cache"])[0])
            grep.append(measure(["grep", "-rlE", pattern, kernel.source], ok=(0, 1))[0])
        measure([*command, "--cache-dir", cache])
        for _ in range(args.runs):
            again.append(measure([*command, "--cache-dir", cache])[0])
    ratio = statistics.median(a / b for a, b in zip(ours, grep))
    print("%d words, %d files in the database\n" % (len(words), len(kernel.entries)))
    print("| what | CPU seconds, each run | ours is |\n|---|---|---|")
    print("| the gate, nothing known | %s | |" % numbers(ours))
    print("| grep -rlE | %s | %.2f of it |" % (numbers(grep), ratio))
    print("| the gate, nothing changed | %s | |" % numbers(again))


def tree(kernel, args):
    print("| what | wall | CPU seconds | largest process | last words |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as cache:
        jobs = ["--jobs", str(args.jobs)] if args.jobs else []
        command = scan(kernel, [], "--cache-dir", cache, *jobs)

        def show(name):
            cpu, wall, memory, text = measure(command, ok=(0, 1, 2))
            last = text.strip().splitlines()[-1]
            print("| %s | %.1f | %.1f | %.0f MiB | %s |" % (name, wall, cpu, memory, last))
            sys.stdout.flush()

        show("nothing known")
        show("the same again")
        if args.touch:
            path = os.path.join(kernel.source, args.touch)
            with open(path, "rb") as file:
                text = file.read()
            replace(path, text + b"\n/* touched */\n")
            try:
                show("after touching " + args.touch)
            finally:
                replace(path, text)


def replace(path, text):
    """By a new file: the old one may be shared with other trees."""
    with open(path + ".new", "wb") as file:
        file.write(text)
    os.rename(path + ".new", path)


def door(kernel, args):
    files = sorted(random.Random(SEED).sample(sorted(kernel.entries), args.sample))
    through = set(kernel.passing())
    plugin = subprocess.check_output(
        [PAGEWARDEN, "plugin-path", "--clang", args.clang], encoding="utf-8"
    ).strip()
    print("| files | how many | plain, CPU seconds | with the plugin | more |\n|---|---|---|---|---|")
    for name, group in (
        ("do not pass the gate", [f for f in files if f not in through]),
        ("pass the gate", [f for f in files if f in through]),
    ):
        if not group:
            continue
        plain, with_plugin = [], []
        for _ in range(args.runs):
            plain.append(compile_all(kernel, group, ["-c"], args.clang))
            with_plugin.append(
                compile_all(kernel, group, ["-c", "-fplugin=" + plugin], args.clang)
            )
        more = statistics.median(b / a - 1 for a, b in zip(plain, with_plugin))
        print(
            "| %s | %d | %s | %s | %.1f %% |"
            % (name, len(group), numbers(plain), numbers(with_plugin), 100 * more)
        )
        sys.stdout.flush()


def growth(kernel, args):
    files = kernel.passing()
    random.Random(SEED).shuffle(files)
    points = []
    print("| files | CPU seconds | per file | largest process |\n|---|---|---|---|")
    for size in [int(s) for s in args.sizes.split(",")]:
        if size > len(files):
            print("| %d | there are %d only | | |" % (size, len(files)))
            break
        cpu, _, memory, _ = measure(
            scan(kernel, sorted(files[:size]), "--no-cache"), ok=(0, 1, 2)
        )
        points.append((size, cpu))
        print("| %d | %.1f | %.2f | %.0f MiB |" % (size, cpu, cpu / size, memory))
        sys.stdout.flush()
    if args.svg:
        with open(args.svg, "w") as out:
            out.write(plot(points))


def plot(points):
    """Both axes from 0, linear."""
    width, height, left, bottom = 640, 400, 60, 40
    most_files = max(p[0] for p in points)
    most_time = max(p[1] for p in points) or 1

    def place(files, seconds):
        x = left + files / most_files * (width - left - 20)
        y = height - bottom - seconds / most_time * (height - bottom - 20)
        return "%.1f,%.1f" % (x, y)

    def text(x, y, what, anchor="middle"):
        return '<text x="%d" y="%d" text-anchor="%s">%s</text>' % (x, y, anchor, what)

    path = " ".join(place(*p) for p in points)
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d"' % (width, height),
        ' font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>',
        '<path d="M%d 10V%dH%d" fill="none" stroke="black"/>'
        % (left, height - bottom, width - 10),
        '<polyline points="%s" fill="none" stroke="#1f77b4" stroke-width="2"/>' % path,
    ]
    for files, seconds in points:
        x, y = place(files, seconds).split(",")
        parts.append('<circle cx="%s" cy="%s" r="3" fill="#1f77b4"/>' % (x, y))
    parts += [
        text(left, height - bottom + 16, "0"),
        text(width - 20, height - bottom + 16, most_files),
        text(left - 6, 24, "%.0f" % most_time, "end"),
        text(width // 2, height - 8, "files analysed"),
        text(left + 8, 16, "CPU seconds", "start"),
        "</svg>\n",
    ]
    return "\n".join(parts)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    rows = {"pins": pins, "gate": gate, "tree": tree, "door": door, "growth": growth}
    parser.add_argument("row", choices=rows)
    parser.add_argument("--kernel", required=True)
    parser.add_argument("--pagewarden", help="default: build/bin/pagewarden")
    parser.add_argument("--clang", default="clang-19")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--no-analyze", action="store_true")
    parser.add_argument("--jobs", type=int, default=0)
    parser.add_argument("--touch")
    parser.add_argument("--svg")
    parser.add_argument("--sizes", default="10,30,100,300,1000")
    args = parser.parse_args()
    if args.row == "door" and not args.sample:
        args.sample = 300
    if args.pagewarden:
        global PAGEWARDEN
        PAGEWARDEN = os.path.abspath(args.pagewarden)
    print("<!-- %s, %s; %s -->\n" % (args.row, time.strftime("%Y-%m-%d"), machine()))
    try:
        rows[args.row](Kernel(args.kernel), args)
    except Failed as failure:
        sys.exit("speed.py: %s" % failure)


if __name__ == "__main__":
    main()
