"""Starts a command, and kills it, without a chance to do something about it,
as soon as FILE is there.

  kill.py FILE COMMAND..."""

import os
import subprocess
import sys
import time

file, command = sys.argv[1], sys.argv[2:]
process = subprocess.Popen(command)
for _ in range(600):
    if os.path.exists(file):
        break
    assert process.poll() is None, "it ended"
    time.sleep(0.1)
else:
    sys.exit("%s does not come" % file)
time.sleep(0.5)
process.kill()
process.wait()
