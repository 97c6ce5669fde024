"""The rules of the house that no compiler checks: layers.py RULE SOURCE.

Prints every place where SOURCE breaks RULE, as file:line: what, and exits 1 if
there is any.  Rules are the functions of RULES below.
"""

import os
import re
import sys

CODE = (".h", ".cpp", ".def", ".inc")


class Tree:
    def __init__(self, top):
        self.top = top
        self.faults = []

    def files(self, folders, suffixes=None):
        """Paths, relative to the top, of the project's own files."""
        for folder in folders:
            for at, dirs, names in os.walk(os.path.join(self.top, folder)):
                relative = os.path.relpath(at, self.top)
                dirs[:] = sorted(
                    d
                    for d in dirs
                    if d not in (".git", ".cache", "__pycache__")
                    and not (relative == "." and d.startswith("build"))
                )
                for name in sorted(names):
                    # In a work tree of git's, .git is a file that names a path.
                    if name != ".git" and (
                        suffixes is None or name.endswith(suffixes)
                    ):
                        yield os.path.normpath(os.path.join(relative, name))

    def read(self, path):
        with open(os.path.join(self.top, path), encoding="utf-8", errors="replace") as f:
            return f.read()

    def has(self, path):
        return os.path.exists(os.path.join(self.top, path))

    def fault(self, path, line, what):
        self.faults.append("%s:%d: %s" % (path, line, what))

    def forbid(self, paths, pattern, what):
        """A fault for each line of these files on which the pattern is found."""
        looked = 0
        for path in paths:
            looked += 1
            for number, line in enumerate(self.read(path).splitlines(), 1):
                if re.search(pattern, line):
                    self.fault(path, number, "%s: %s" % (what, line.strip()))
        return looked


def compat(tree):
    """LLVM's version is known to Compat.h alone."""
    paths = [
        p
        for p in tree.files(["include", "lib", "tools"], CODE)
        if p != os.path.join("include", "pagewarden", "Compat.h")
    ]
    return tree.forbid(
        paths, r"LLVM_VERSION|CLANG_VERSION_M", "LLVM's version outside Compat.h"
    )


def clang_free(tree):
    """Model, Kernel, Findings, Gate, Scan and Audit know nothing of clang's AST."""
    rooms = ("Model", "Kernel", "Findings", "Gate", "Scan", "Audit")
    folders = ["lib/" + r for r in rooms] + ["include/pagewarden/" + r for r in rooms]
    return tree.forbid(
        tree.files(folders, CODE), r'#\s*include\s*["<]clang/', "includes clang"
    )


def checkers_write_nothing(tree):
    """Checkers know nothing of files on disk or of output formats."""
    folders = ["lib/Checkers", "include/pagewarden/Checkers"]
    return tree.forbid(
        tree.files(folders, CODE),
        r'#\s*include\s*["<](pagewarden/Findings/(?!Finding\.h)|'
        r"llvm/Support/(FileSystem|MemoryBuffer|VirtualFileSystem)\.h|"
        r"fstream|filesystem|cstdio|stdio\.h)",
        "a checker reaches for files or sinks",
    )


def model_names(tree):
    """Every name of a function that the built-in model knows."""
    names = set()
    for path in tree.files(["model"], ".yaml"):
        section = ""
        for line in tree.read(path).splitlines():
            line = line.split("#", 1)[0]
            top = re.match(r"([\w-]+)\s*:", line)
            section = top.group(1) if top else section
            found = re.match(r"\s*(?:-\s+)?(names?|macros?|aliases)\s*:\s*(.*)", line)
            if found and section == "functions":
                names.update(re.findall(r"[A-Za-z_]\w+", found.group(2)))
    return names


def roles_not_names(tree):
    """A checker never spells a kernel function: the model does."""
    names = model_names(tree)
    looked = 0
    for path in tree.files(["lib/Checkers"], CODE):
        looked += 1
        for number, line in enumerate(tree.read(path).splitlines(), 1):
            code = re.sub(r"//.*", "", line)
            for string in re.findall(r'"((?:[^"\\]|\\.)*)"', code):
                if string in names:
                    tree.fault(path, number, 'spells the kernel\'s "%s"' % string)
    return looked if names else 0


def own_paths(tree):
    """No file knows where some machine keeps things."""
    texts = (
        p
        for p in tree.files(["."])
        if not p.startswith(os.path.join("test", "Layers") + os.sep)
    )
    return tree.forbid(texts, r"/root/|/home/", "a path of some machine")


def checks_complete(tree):
    """A row of the list of checks has its source, its page and its tests; and
    none of these is there without a row."""
    listing = os.path.join("include", "pagewarden", "Checkers", "Checks.def")
    text = re.sub(r"//.*", "", tree.read(listing))
    rows = re.findall(r'(CHECK|POLICY)\(\s*"([^"]+)"\s*,\s*(\w+)', text)
    full = set()
    for kind, package, name in rows:
        full.add(package + "." + name)
        page = "docs/checks/%s.%s.md" % (package, name)
        room = "Checkers" if kind == "CHECK" else "Audit"
        for need in ("lib/%s/%s.cpp" % (room, name), page):
            if not tree.has(need):
                tree.fault(listing, 1, "%s.%s has no %s" % (package, name, need))
        folder = "test/%s/%s" % (room, name)
        suffix = ".c" if kind == "CHECK" else ".test"
        if not any(
            "Inputs" not in path.split(os.sep) for path in tree.files([folder], suffix)
        ):
            tree.fault(listing, 1, "%s.%s has no test in %s" % (package, name, folder))
    for path in tree.files(["docs/checks"], ".md"):
        stem = os.path.basename(path)[: -len(".md")]
        if stem != "README" and stem not in full:
            tree.fault(path, 1, "a page without a row in " + listing)
    return len(rows)


RULES = {
    rule.__name__.replace("_", "-"): rule
    for rule in (
        compat,
        clang_free,
        checkers_write_nothing,
        roles_not_names,
        own_paths,
        checks_complete,
    )
}


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in RULES:
        sys.exit("usage: layers.py %s SOURCE" % "|".join(RULES))
    tree = Tree(sys.argv[2])
    looked = RULES[sys.argv[1]](tree)
    for fault in tree.faults:
        print(fault)
    if not looked:
        # A rule that looks at nothing would pass for ever.
        sys.exit("%s: nothing to look at in %s" % (sys.argv[1], sys.argv[2]))
    print("%s: %d looked at, %d faults" % (sys.argv[1], looked, len(tree.faults)))
    sys.exit(1 if tree.faults else 0)


main()
