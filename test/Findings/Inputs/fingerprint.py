"""Compares fingerprints of a finding with those of its variations."""

import json
import subprocess
import sys

driver = sys.argv[1]
base = {
    "check": "linux.mm.PinLeak",
    "message": "one thing",
    "loc": {"file": "/src/a/drivers/x.c", "line": 4, "column": 2},
    "function": "f",
    "identity": "pin_user_pages;return",
    "path": [],
    "notes": [],
}


def fingerprint(root="/src/a", file=None, line=4, **changes):
    finding = dict(base, **changes)
    finding["loc"] = {"file": file or base["loc"]["file"], "line": line, "column": 2}
    out = subprocess.check_output(
        [driver, "fingerprints", root], input=json.dumps([finding]).encode()
    )
    return out.decode().strip()


plain = fingerprint()
assert len(plain) == 16 and int(plain, 16), plain
note = {"loc": base["loc"], "message": "m", "depth": 0}

same = {
    "line": fingerprint(line=90),
    "message": fingerprint(message="another"),
    "path": fingerprint(path=[note]),
    "root": fingerprint(root="/b", file="/b/drivers/x.c"),
    "relative": fingerprint(root="/b", file="drivers/x.c"),
    "dots": fingerprint(root="/b", file="../a/../drivers/./x.c"),
}
for what, other in same.items():
    assert other == plain, (what, other, plain)

different = {
    "check": fingerprint(check="linux.mm.PinRelease"),
    "function": fingerprint(function="g"),
    "identity": fingerprint(identity="pin_user_pages;error"),
    "file": fingerprint(file="/src/a/drivers/y.c"),
    "folder": fingerprint(file="/src/a/net/x.c"),
    "shifted": fingerprint(function="fpin_user_pages", identity=";return"),
}
for what, other in different.items():
    assert other != plain, what
assert len(set(different.values())) == len(different), different

# Without identity the message tells findings apart.
assert fingerprint(identity="", message="a") != fingerprint(identity="", message="b")
# Outside the root the last two components count.
assert fingerprint(file="/m/n/x.c") == fingerprint(file="/k/n/x.c")
assert fingerprint(file="/m/n/x.c") != fingerprint(file="/m/o/x.c")
