"""Takes kernel files through the three doors and compares what comes out.

  doors.py KERNEL CLANG PLUGIN PAGEWARDEN FOLDER FILE...

Prints each file's findings.  Fails where two doors differ, where one fails, or
where the plugin changes the object file by a byte."""

import filecmp
import os
import subprocess
import sys

# The same of clang's own checkers as the other doors have.  Each of the default
# ones ends paths where it reports: a wrong core.DivideZero in usnic_uiom.c hides
# what is behind it.
ENGINE = [
    "-analyzer-disable-checker=core,deadcode,nullability,security,unix",
    "-analyzer-checker=core.builtin,core.NullDereference,linux",
]

kernel, clang, plugin, pagewarden, folder = sys.argv[1:6]
here = os.path.dirname(os.path.abspath(__file__))
helper = [sys.executable, os.path.join(here, "kernel.py"), kernel, "compile", clang]
extract = os.path.join(here, "..", "..", "Inputs", "findings.py")
os.makedirs(folder, exist_ok=True)
failed = False


def run(name, statuses, command):
    """Writes what the command says to FOLDER/name and returns its findings."""
    path = os.path.join(folder, name)
    with open(path, "w") as out:
        status = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT).returncode
    if status not in statuses:
        with open(path) as said:
            sys.exit("doors.py: %s: status %d\n%s" % (name, status, said.read()))
    return subprocess.check_output([sys.executable, extract, path], encoding="utf-8")


for file in sys.argv[6:]:
    plain = os.path.join(folder, "plain.o")
    object_file = os.path.join(folder, "plugin.o")
    run("plain", [0], [*helper, file, "-c", "-o", plain])
    load = ["-Xclang", "-load", "-Xclang", plugin]
    for option in ENGINE:
        load += ["-Xclang", option]
    report = os.path.join(folder, "report")
    source = os.path.join(kernel, "linux", file)
    database = os.path.join(kernel, "out")
    doors = {
        "fplugin": run(
            "fplugin", [0], [*helper, file, "-c", "-o", object_file, "-fplugin=" + plugin]
        ),
        "analyze": run(
            "analyze",
            [0],
            [*helper, file, "--analyze", "--analyzer-output", "text", *load, "-o", report],
        ),
        "scan": run(
            "scan",
            [0, 1],
            [pagewarden, "scan", "--clang", clang, "-p", database, source],
        ),
    }
    print("%s: %d" % (file, len(doors["scan"].splitlines())))
    print(doors["scan"], end="")
    for name, found in doors.items():
        if found != doors["scan"]:
            failed = True
            print("doors.py: %s: %s and scan differ\n%s" % (file, name, found))
    if not filecmp.cmp(plain, object_file, shallow=False):
        failed = True
        print("doors.py: %s: the object file changed" % file)
sys.exit(failed)
