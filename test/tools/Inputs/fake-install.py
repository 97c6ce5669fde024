"""Installs the command at DIR/bin with workers that act by the names of files.

  fake-install.py PAGEWARDEN DIR VERSION

The command looks for workers beside itself, so a copy of it finds these.  The
worker of the LLVM of VERSION says that it is for VERSION, others N.0.0."""

import os
import re
import shutil
import subprocess
import sys

WORKER = '''#!%s
import json, os, signal, sys, time
if sys.argv[1:] == ["--version"]:
    print("pagewarden-worker 0 for clang %s")
    sys.exit(0)
request = json.load(sys.stdin)
with open(os.environ.get("REQUEST_TO", "/dev/null"), "w") as file:
    json.dump(request, file, indent=1, sort_keys=True)
    file.write("\\n")
for job in request["jobs"]:
    result = {"status": "ok", "file": job["file"], "detail": "", "seconds": 1.25,
              "functions": 5, "exhausted": 0, "findings": [], "inputs": []}
    name = os.path.basename(job["file"])
    if "KEEP" in os.environ:
        result["inputs"] = [job["file"]]
    if name.startswith("die"):
        os.kill(os.getpid(), signal.SIGKILL)
    if name.startswith("hang"):
        sys.stdout.flush()
        open(os.environ.get("HANGING", os.devnull), "w").close()
        time.sleep(60)
    if name.startswith("slow"):
        time.sleep(10)
    if name.startswith("late"):
        result.update(status="timed-out", detail="time limit of 5 s reached")
    if name.startswith("crash"):
        result.update(status="crashed", detail="crashed with SIGSEGV")
    if name.startswith("parse"):
        result.update(status="parse-error", detail="x.c:1:1: expected ';'")
    if name.startswith("budget"):
        result.update(exhausted=2)
    if name.startswith("leak"):
        loc = {"file": name, "line": 3, "column": 7}
        up = {"file": "../inc/x.h", "line": 1, "column": 2}
        result["findings"] = [{
            "check": "linux.mm.PinLeak", "message": "1 page is lost", "loc": loc,
            "function": "f", "identity": "i", "notes": [],
            "path": [{"loc": up, "message": "taken here", "depth": 1}]}]
    print(json.dumps(result), flush=True)
'''

pagewarden, folder, version = sys.argv[1:]
shutil.rmtree(folder, ignore_errors=True)
os.makedirs(os.path.join(folder, "bin"))
command = os.path.join(folder, "bin", "pagewarden")
shutil.copy(pagewarden, command)
# "pagewarden 0.1.0, for clang 19,22"
said = subprocess.check_output([command, "--version"], encoding="utf-8")
for major in re.findall(r"\d+", said.split("for clang")[1]):
    parts = os.path.join(folder, "lib", "pagewarden", major)
    os.makedirs(parts)
    worker = os.path.join(parts, "pagewarden-worker")
    exact = version if version.split(".")[0] == major else major + ".0.0"
    with open(worker, "w") as file:
        file.write(WORKER % (sys.executable, exact))
    os.chmod(worker, 0o755)
