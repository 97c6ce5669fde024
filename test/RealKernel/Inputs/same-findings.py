"""Compares what two scans say, whatever path leads there."""

import sys


def findings(path):
    with open(path) as file:
        return {line.strip() for line in file if ": warning: " in line}


first, second = (findings(path) for path in sys.argv[1:])
for line in sorted(first - second):
    print("only in the first: " + line)
for line in sorted(second - first):
    print("only in the second: " + line)
if first == second:
    print("the same: %d findings" % len(first))
