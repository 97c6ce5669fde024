"""Drives the worker pool with files named after what happens to them."""

import json
import os
import signal
import subprocess
import sys
import time

driver = sys.argv[1]
sanitizer = "asan" in sys.argv[2:]


def request(names, parallel=2, time_limit=0, memory_limit=0, verbose=False, follow_make=False):
    return json.dumps(
        {
            "options": {
                "modelFiles": [],
                "checks": [],
                "symvers": "",
                "license": "a licence",
                "exhaustive": False,
                "verbose": verbose,
            },
            "jobs": [
                {"file": "/d/%s.c" % name, "directory": "/d", "arguments": ["argv"]}
                for name in names
            ],
            "parallel": parallel,
            "followMake": follow_make,
            "timeLimit": time_limit,
            "memoryLimit": memory_limit,
        }
    ).encode()


def pool(names, **options):
    done = subprocess.run(
        [driver, "pool"],
        input=request(names, **options),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=120,
    )
    results = [json.loads(line) for line in done.stdout.splitlines()]
    return done, {os.path.basename(r["file"])[:-2]: r for r in results}, results


def alive(pid):
    try:
        with open("/proc/%d/stat" % pid) as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def children(pid):
    out = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open("/proc/%s/stat" % entry) as stat:
                if int(stat.read().rsplit(")", 1)[1].split()[1]) == pid:
                    out.append(int(entry))
        except OSError:
            pass
    return out


def wait_for(condition, what):
    end = time.time() + 30
    while not condition():
        assert time.time() < end, what
        time.sleep(0.02)


# One of each kind.
names = ["ok", "segv", "abort", "exit", "silent", "hang", "orphan"]
names += ["print", "burn", "parse", "find", "ok2"]
started = time.time()
done, by_name, results = pool(names, time_limit=8)
assert done.returncode == 0, done
assert b"warmed up 1 time(s), status 0" in done.stderr, done.stderr
assert len(results) == len(names) and set(by_name) == set(names), results
assert time.time() - started < 30

expected = {
    "ok": ("ok", ""),
    "segv": ("crashed", "crashed with SIGSEGV: two | last words"),
    "abort": ("crashed", "crashed with SIGABRT"),
    "exit": ("crashed", "ended with status 3"),
    "silent": ("crashed", "ended without a result"),
    "hang": ("timed-out", "time limit of 8 s reached"),
    "orphan": ("ok", ""),
    "print": ("ok", ""),
    "burn": ("ok", ""),
    "parse": ("parse-error", "x.c:1:1: expected ';'"),
    "find": ("ok", ""),
    "ok2": ("ok", ""),
}
for name, (status, detail) in expected.items():
    result = by_name[name]
    assert result["file"] == "/d/%s.c" % name, result
    if sanitizer and name in ("segv", "abort"):
        assert result["status"] == "crashed", result
        continue
    assert (result["status"], result["detail"]) == (status, detail), result
assert by_name["ok"]["functions"] == 7
assert by_name["burn"]["seconds"] >= 0.4, by_name["burn"]
assert by_name["hang"]["seconds"] < 0.4, by_name["hang"]
(finding,) = by_name["find"]["findings"]
assert finding["loc"] == {"file": "/d/argv", "line": 3, "column": 9}
assert finding["function"] == "a licence"
assert bytes.fromhex(finding["message"]["hex"]) == b"lost \xff here"

# What a file prints is for the eyes of those who want it.
assert b"last words" not in done.stderr
done, _, _ = pool(["segv"], verbose=True)
assert b"last words" in done.stderr

# Nothing to do is done; zero at a time is one at a time.
done, _, results = pool([])
assert done.returncode == 0 and results == []
done, _, results = pool(["ok", "ok2"], parallel=0)
assert done.returncode == 0 and len(results) == 2

# In order with one process, and as many at once as asked for.
_, _, results = pool(["ok%d" % i for i in range(20)], parallel=1)
assert [r["file"] for r in results] == ["/d/ok%d.c" % i for i in range(20)]
started = time.time()
_, _, results = pool(["hang%d" % i for i in range(4)], parallel=4, time_limit=1)
assert time.time() - started < 3.5, time.time() - started
assert [r["status"] for r in results] == ["timed-out"] * 4

# Under make: one at a time, and one more for each token, which come back.
def under_make(tokens, auth, **options):
    read, write = os.pipe()
    os.write(write, tokens)
    started = time.time()
    done = subprocess.run(
        [driver, "pool"],
        input=request(["hang%d" % i for i in range(4)], time_limit=1, **options),
        stdout=subprocess.PIPE,
        env=dict(os.environ, MAKEFLAGS=auth % (read, write)),
        pass_fds=(read, write),
        timeout=120,
    )
    took = time.time() - started
    assert len(done.stdout.splitlines()) == 4
    os.set_blocking(read, False)
    left = os.read(read, 10) if tokens else b""
    os.close(read)
    os.close(write)
    return took, left


flags = "kj4 --jobserver-auth=%d,%d"
took, left = under_make(b"x", flags, parallel=4, follow_make=True)
assert took > 1.9 and left == b"x", (took, left)
took, left = under_make(b"", flags, parallel=4, follow_make=True)
assert took > 3.9, took
# Not asked to, or not under make.
took, left = under_make(b"x", flags, parallel=4)
assert took < 3.5 and left == b"x", (took, left)
took, left = under_make(b"x", "k -- A=--jobserver%d%d", parallel=4, follow_make=True)
assert took < 3.5 and left == b"x", (took, left)

# Memory. (Without a limit the allocation succeeds: no page is touched.)
if not sanitizer:
    _, by_name, _ = pool(["memory", "ok"], memory_limit=2048)
    assert by_name["memory"]["status"] == "crashed", by_name["memory"]
    assert by_name["ok"]["status"] == "ok"

# The whole pool ends on a signal, and its children with it.
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    process = subprocess.Popen(
        [driver, "pool"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    process.stdin.write(request(["hang1", "hang2", "ok"]))
    process.stdin.close()
    wait_for(lambda: len(children(process.pid)) == 2, "no children")
    workers = children(process.pid)
    process.send_signal(number)
    assert process.wait(30) == 128 + number
    assert not any(alive(pid) for pid in workers)
    process.stdout.close()

# When it is killed itself, they go too.
process = subprocess.Popen(
    [driver, "pool"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
)
process.stdin.write(request(["hang1", "hang2"]))
process.stdin.close()
wait_for(lambda: len(children(process.pid)) == 2, "no children")
workers = children(process.pid)
process.kill()
process.wait(30)
process.stdout.close()
wait_for(lambda: not any(alive(pid) for pid in workers), "children survive")

# When nobody reads any more, though all hang.
process = subprocess.Popen(
    [driver, "pool"],
    stdin=subprocess.PIPE,
    stdout=subprocess.PIPE,
    stderr=subprocess.DEVNULL,
)
process.stdin.write(request(["hang1", "hang2"]))
process.stdin.close()
wait_for(lambda: len(children(process.pid)) == 2, "no children")
workers = children(process.pid)
process.stdout.close()
assert process.wait(30) == 2
assert not any(alive(pid) for pid in workers)
