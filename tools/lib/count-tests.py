"""Prints "PASSED FAILED" of one lit run: count-tests.py results.json"""

import json
import sys

with open(sys.argv[1], encoding="utf-8") as results:
    codes = [test["code"] for test in json.load(results)["tests"]]
passed = sum(code in ("PASS", "XFAIL", "FLAKYPASS") for code in codes)
failed = sum(code in ("FAIL", "XPASS", "UNRESOLVED", "TIMEOUT") for code in codes)
if passed + failed == 0:
    failed = 1  # a run without a test is no success
print(passed, failed)
