# SPDX-License-Identifier: MIT
"""Rounds over connections that a client keeps: the same lines of JSON that `MachaBench ssh --step yes` prints."""
import json
import os
import resource
import sys
import time
from pathlib import Path


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def rounds(ask, hosts):
    """Calls `ask`, which returns how many hosts answered, at once and then for each line on standard input."""
    while True:
        began, before = time.perf_counter(), cpu()
        answers = ask()
        wall, used = time.perf_counter() - began, cpu() - before
        resident = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024
        print(json.dumps({"wall": wall, "cpu": used, "answers": answers, "hosts": hosts, "resident": resident,
                          "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}), flush=True)
        if not sys.stdin.readline():
            break
