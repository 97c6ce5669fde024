# -*- Python -*-
"""The suite, for one LLVM.

Substitutions beyond lit's own:

  %pagewarden    the command
  %worker        the worker of the LLVM under test
  %plugin        its pagewarden.so
  %clang         its clang
  %clang_cc1     its clang -cc1, with clang's own headers and no others
  %scan_build    its scan-build
  %analyze_build its analyze-build
  %llvm_bin      the folder of its tools
  %other_clang   the clang of another LLVM (only with feature both-llvms)
  %other_plugin  and the plugin for that one
  %llvm_major    its major version, e.g. 19
  %llvm_version  its full version, e.g. 19.1.7
  %source        the top of the source tree
  %python        the interpreter that runs lit
  %kernel        folder with linux/ and out/ (only with feature kernel)

FileCheck, not and split-file are those of the LLVM under test.

Features: llvm-<major>; both-llvms when pagewarden was built for another one,
too; ccache when it is installed; kernel and kernel-<x.y> when the environment
variable PAGEWARDEN_KERNEL_TREE names a prepared kernel (tools/check sets it);
sanitizer when the command is built with one; asan when that is the address
sanitizer.
"""

import hashlib
import os
import re
import subprocess
import sys
import tempfile

import lit.formats
import lit.util


def alias_without_spaces(folder):
    """Tests write %S and %t without quotes.  Where the clone's path has a
    space in it they see it through a link whose path has none."""
    if not re.search(r"\s", folder):
        return folder
    digest = hashlib.sha256(folder.encode()).hexdigest()[:12]
    link = os.path.join(
        tempfile.gettempdir(), "pagewarden-%d-%s" % (os.getuid(), digest)
    )
    if os.path.realpath(link) != os.path.realpath(folder):
        os.symlink(folder, link)
    # lit would resolve the link again.
    lit.util.abs_path_preserve_drive = os.path.abspath
    return link


source = alias_without_spaces(config.pagewarden_source)
build = alias_without_spaces(config.pagewarden_build)
exec_root = alias_without_spaces(config.pagewarden_exec)
# For the lit.local.cfg of a folder.
config.pagewarden_source = source
config.pagewarden_build = build
config.pagewarden_exec = exec_root

config.name = "pagewarden-" + config.llvm
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".c", ".test", ".yaml"]
config.excludes = ["Inputs"]
config.test_source_root = os.path.join(source, "test")
config.test_exec_root = exec_root


def tool(name):
    """A tool of the LLVM under test; a missing one fails the run."""
    path = os.path.join(config.llvm_bin, name)
    if not os.access(path, os.X_OK):
        lit_config.fatal(
            "%s is not there (Debian: clang-%s, clang-tools-%s, llvm-%s-tools)"
            % (path, config.llvm, config.llvm, config.llvm)
        )
    return path


clang = tool("clang")
resource = subprocess.check_output(
    [clang, "-print-resource-dir"], encoding="utf-8"
).strip()
version_folder = os.path.join(build, "lib", "pagewarden", config.llvm)

substitutions = {
    "pagewarden": os.path.join(build, "bin", "pagewarden"),
    "worker": os.path.join(version_folder, "pagewarden-worker"),
    "plugin": os.path.join(version_folder, "pagewarden.so"),
    "clang": clang,
    "clang_cc1": "%s -cc1 -internal-isystem %s/include" % (clang, resource),
    "scan_build": tool("scan-build"),
    "analyze_build": tool("analyze-build"),
    "llvm_bin": config.llvm_bin,
    "llvm_major": config.llvm,
    "llvm_version": config.llvm_version,
    "source": source,
    "python": sys.executable,
}

config.available_features.add("llvm-" + config.llvm)
if lit.util.which("ccache"):
    config.available_features.add("ccache")
for major in sorted(os.listdir(os.path.dirname(version_folder))):
    other_plugin = os.path.join(build, "lib", "pagewarden", major, "pagewarden.so")
    other_clang = os.path.join(
        config.llvm_bin.replace("llvm-" + config.llvm, "llvm-" + major), "clang"
    )
    if (
        major != config.llvm
        and os.path.exists(other_plugin)
        and os.access(other_clang, os.X_OK)
    ):
        substitutions.update(other_clang=other_clang, other_plugin=other_plugin)
        config.available_features.add("both-llvms")
if config.pagewarden_sanitize:
    config.available_features.add("sanitizer")
    if "address" in config.pagewarden_sanitize:
        config.available_features.add("asan")

kernel = os.environ.get("PAGEWARDEN_KERNEL_TREE")
if kernel:
    kernel = os.path.abspath(kernel)
    try:
        with open(os.path.join(kernel, "linux", "Makefile")) as makefile:
            head = makefile.read(500)
        with open(os.path.join(kernel, "out", "compile_commands.json")):
            pass
    except OSError as error:
        lit_config.fatal("PAGEWARDEN_KERNEL_TREE: %s" % error)
    found = re.search(r"^VERSION = (\d+)\nPATCHLEVEL = (\d+)$", head, re.M)
    if not found:
        lit_config.fatal("%s/linux/Makefile: no kernel version in it" % kernel)
    kernel = alias_without_spaces(kernel)
    substitutions["kernel"] = kernel
    config.available_features.update(["kernel", "kernel-%s.%s" % found.groups()])

# A name is not the beginning of a longer one: %clang and %clang_cc1.
config.substitutions.extend(
    ("%" + name + r"\b", value.replace("\\", r"\\"))
    for name, value in substitutions.items()
)

# FileCheck, not, split-file by their plain names; nothing of the user's own.
config.environment["PATH"] = os.pathsep.join(
    [config.llvm_bin, config.environment["PATH"]]
)
config.environment["LC_ALL"] = "C"
config.environment["HOME"] = os.path.join(exec_root, "home")
config.environment["XDG_CACHE_HOME"] = os.path.join(exec_root, "cache")
os.makedirs(config.environment["HOME"], exist_ok=True)
