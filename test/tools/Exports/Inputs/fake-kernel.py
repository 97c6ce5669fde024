"""Makes what pagewarden takes for a prepared kernel of a folder that has
include/ and Module.symvers.

  fake-kernel.py FOLDER RELEASE CLANG

Its Makefile prints commands as kbuild does for an external module: one compile
for each object, and the list of a module's objects.
"""

import os
import sys

folder, release, clang = sys.argv[1:]

FILES = {
    "Makefile": """\
MAKEFLAGS += -rR
VERSION = 6
PATCHLEVEL = 12
include $(or $(wildcard $(M)/Kbuild),$(M)/Makefile)
names := $(obj-m:.o=)
parts = $(or $($(1)-objs),$(1).o)
modules: $(names:%=$(M)/%.mod) $(foreach n,$(names),$(addprefix $(M)/,$(call parts,$(n))))
$(M)/%.mod: FORCE
	set -e; echo '  printf nothing'; printf '%s\\n'   $(call parts,$*) | awk '!x[$$0]++ { print("$(M)/"$$0) }' > $@; printf done > .x.mod.cmd
	ld -r -o $(@:.mod=.o) $(ldflags-$*) @$@
$(M)/%.o: $(M)/%.c FORCE
	$(CC) -O2 -target x86_64-linux-gnu -D__KERNEL__ -DMODULE -I$(CURDIR)/include $(ccflags-y) -DKBUILD_MODNAME='"x"' -c -o $@ $<
$(M)/%.o: $(M)/%.S FORCE
	$(CC) -target x86_64-linux-gnu -D__KERNEL__ -D__ASSEMBLY__ $(ccflags-y) -c -o $@ $<
$(M)/%.o: $(M)/%.o_shipped FORCE
	cat $< > $@
FORCE:
.PHONY: FORCE modules
""",
    ".config": """\
# Linux/x86 6.12.1 Kernel Configuration
CONFIG_CC_VERSION_TEXT="any clang"
CONFIG_CC_IS_CLANG=y
CONFIG_CLANG_VERSION=190107
""",
    "include/config/auto.conf": "",
    "include/config/auto.conf.cmd": 'ifneq "$(CC)" "%s"\nendif\n' % clang,
    "include/generated/autoconf.h": "",
    "include/generated/utsrelease.h": '#define UTS_RELEASE "%s"\n' % release,
}

for name, text in FILES.items():
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
