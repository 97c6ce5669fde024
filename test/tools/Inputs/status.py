"""Runs a command and fails unless it ends with the status expected.

  status.py STATUS COMMAND..."""

import subprocess
import sys

expected, command = int(sys.argv[1]), sys.argv[2:]
status = subprocess.run(command).returncode
if status != expected:
    sys.exit("status.py: status %d, expected %d: %s" % (status, expected, command))
