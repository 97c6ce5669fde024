"""Writes N modules that use put_it() into a tree: many-users.py TREE N."""

import os
import shutil
import sys

folder = os.path.join(sys.argv[1], "drivers", "many")
shutil.rmtree(folder, ignore_errors=True)
os.makedirs(folder)
with open(os.path.join(folder, "Makefile"), "w") as makefile:
    for n in range(int(sys.argv[2])):
        makefile.write("obj-m += m%d.o\n" % n)
        with open(os.path.join(folder, "m%d.c" % n), "w") as code:
            code.write("static void f(void)\n{\n\tput_it();\n}\n")
