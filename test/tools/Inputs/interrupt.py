"""Runs a command, interrupts it when a file appears, and ends with its status.

  interrupt.py FILE COMMAND..."""

import os
import signal
import subprocess
import sys
import time

# The file is there when the command hangs; what it was told before must be
# read by then, which takes it no more than this.
READING = 1.0

process = subprocess.Popen(sys.argv[2:])
while process.poll() is None and not os.path.exists(sys.argv[1]):
    time.sleep(0.05)
time.sleep(READING)
if process.poll() is None:
    process.send_signal(signal.SIGINT)
sys.exit(process.wait() % 256)
