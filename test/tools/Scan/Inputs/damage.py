"""Damages all files of a cache: "cut" halves them, "noise" overwrites them."""

import os
import sys

folder, how = sys.argv[1:]
count = 0
for where, _, names in os.walk(folder):
    for name in names:
        path = os.path.join(where, name)
        with open(path, "rb") as file:
            text = file.read()
        with open(path, "wb") as file:
            file.write(text[: len(text) // 2] if how == "cut" else b"\xff\x00{" * 99)
        count += 1
assert count, "nothing was kept"
