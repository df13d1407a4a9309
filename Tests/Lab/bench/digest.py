#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures `macha digest` beside Drain3 on the same data, in one run.

usage: digest.py --macha PATH [--loghub FOLDER] [--log FILE ...] [--limit MB] [--no-drain3]

--loghub: a folder of loghub 2k sets (github.com/logpai/loghub), one folder a set with NAME_2k.log_structured.csv. Their licence keeps
          them out of this repository. Prints grouping accuracy of each set: the share of lines whose group is exactly the true one.
--log:    files for speed and memory, plain, JSON or export. Without any, 100 MB of text are made. Drain3 gets the plain ones only.
`script/bench digest` runs it with a release macha and a Python that has drain3; --no-drain3 leaves the comparison out.
Every program runs alone, one after the other; times are wall clock, memory is the kernel's ru_maxrss.
"""
import argparse
import collections
import csv
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

# The kinds of values that macha tells apart by shape, written as masks for Drain3.
MASKS = [
    (r"/nix/store/[0-9a-z]{32}-[^\s'\"]+", "STORE"),
    (r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}", "UUID"),
    (r"\w+://[^\s\"']+", "URL"),
    (r"(?:[0-9a-fA-F]{2}:){5,}[0-9a-fA-F]{2}", "MAC"),
    (r"\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?", "ADDR"),
    (r"\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d[.,\d]*(?:Z|[+-]\d\d:?\d\d)?", "TIME"),
    (r"(?<![\w/])/[\w.+@%-]+(?:/[\w.+@%-]*)*", "PATH"),
    (r"0x[0-9a-fA-F]+", "HEX"),
    (r"\b[0-9a-fA-F]*\d[0-9a-fA-F]{6,}\b", "HEX"),
    (r"(?<![\w.])[-+]?\d+(?:\.\d+)?\s?(?:ns|us|ms|s|sec|min|h)\b", "DUR"),
    (r"(?<![\w.])\d+(?:\.\d+)?\s?(?:B|[kKMGT]i?B|bytes)\b", "SIZE"),
    (r"(?<![\w.])[-+]?\d+(?:\.\d+)?", "NUM"),
]


def drain3_miner():
    from drain3 import TemplateMiner
    from drain3.masking import MaskingInstruction
    from drain3.template_miner_config import TemplateMinerConfig

    config = TemplateMinerConfig()
    config.profiling_enabled = False
    config.masking_instructions = [MaskingInstruction(pattern, name) for pattern, name in MASKS]
    return TemplateMiner(config=config)


def drain3_file(path, limit):
    """Child process: mines one file and prints lines, bytes and seconds."""
    miner, lines, size = drain3_miner(), 0, 0
    start = time.monotonic()
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            miner.add_log_message(line.rstrip("\r\n"))
            lines += 1
            size += len(line.encode())
            if limit and size >= limit:
                break
    print(lines, size, time.monotonic() - start)


def accuracy(predicted, truth):
    """Grouping accuracy (Zhu et al. 2019): a line is right when its group holds exactly the lines of its true group."""
    both = collections.Counter(zip(predicted, truth))
    size_p, size_t = collections.Counter(predicted), collections.Counter(truth)
    right = sum(n for (p, t), n in both.items() if n == size_p[p] == size_t[t])
    return right / len(truth)


def run(command):
    """Runs a command alone; gives its output, seconds and peak memory in MiB."""
    start = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.PIPE)
    out = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit("%s failed" % command[0])
    return out, time.monotonic() - start, usage.ru_maxrss / 1024


def grouping(macha, folder, with_drain3):
    print("%-14s %7s %9s %9s" % ("set", "lines", "macha", "Drain3"))
    sums, count = [0.0, 0.0], 0
    for truth in sorted(pathlib.Path(folder).glob("*/*_2k.log_structured.csv")):
        with open(truth, newline="", encoding="utf-8-sig", errors="replace") as file:
            rows = list(csv.DictReader(file))
        events = [row["EventId"] for row in rows]
        with tempfile.TemporaryDirectory() as room:
            log, out = os.path.join(room, "log"), os.path.join(room, "out.csv")
            with open(log, "w", encoding="utf-8") as file:
                file.writelines(row["Content"].replace("\n", " ") + "\n" for row in rows)
            run([macha, "digest", log, "--plain", "--budget", "500", "--assignments", out])
            with open(out, newline="") as file:
                ours = accuracy([row["EventId"] for row in csv.DictReader(file)], events)
        theirs = float("nan")
        if with_drain3:
            miner = drain3_miner()
            theirs = accuracy([miner.add_log_message(row["Content"])["cluster_id"] for row in rows], events)
        print("%-14s %7d %9.4f %9.4f" % (truth.parent.name, len(rows), ours, theirs), flush=True)
        sums, count = [sums[0] + ours, sums[1] + theirs], count + 1
    if count:
        print("%-14s %7s %9.4f %9.4f" % ("mean", "", sums[0] / count, sums[1] / count))


def made_log(path, size):
    """Plain text of a busy box: forty statements with values of all kinds, most lines from a few of them."""
    r = random.Random(1)
    words = "amber birch cedar delta ember flint grove heath islet jetty knoll lagoon meadow night ocean prairie".split()
    kinds = {"n": lambda: str(r.randint(1, 99999)), "w": lambda: r.choice(words), "x": lambda: "%012x" % r.getrandbits(48),
             "a": lambda: "10.%d.%d.%d" % (r.randint(0, 9), r.randint(0, 255), r.randint(1, 254))}
    statements = ["%s[%d]: %s" % (r.choice(words), 100 + k, " ".join(
        r.choice(["{n}", "{w}", "{x}", "{a}", "done", "open", "with", "for", "peer=", "took", "in", "cache", "from", "state"]) for _ in range(r.randint(5, 14))))
        for k in range(40)]
    weights = [1 / (k + 1) for k in range(40)]
    written, second = 0, 0
    with open(path, "w") as file:
        while written < size:
            line = r.choices(statements, weights)[0]
            for kind, make in kinds.items():
                while "{%s}" % kind in line:
                    line = line.replace("{%s}" % kind, make(), 1)
            second += 1
            text = "2025-03-01T%02d:%02d:%02d+00:00 box %s\n" % (second // 36000 % 24, second // 600 % 60, second // 10 % 60, line)
            file.write(text)
            written += len(text)


def speed(macha, paths, limit, with_drain3):
    print("\n%-28s %-7s %10s %9s %9s %9s %8s" % ("file", "", "lines", "seconds", "lines/s", "MB/s", "MiB"))
    for path in paths:
        name = os.path.basename(path)
        size = os.path.getsize(path)
        with open(path, "rb") as file:
            head = file.read(1)
            lines = head.count(b"\n") + sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
        _, seconds, memory = run([macha, "digest", path, "--budget", "8000"])
        print("%-28s %-7s %10d %9.2f %9d %9.1f %8.0f" % (name, "macha", lines, seconds, lines / seconds, size / seconds / 1e6, memory), flush=True)
        if with_drain3 and head not in b"{_":
            out, _, peak = run([sys.executable, os.path.abspath(__file__), "--drain3-file", path, "--limit", str(limit)])
            count, taken, took = out.split()
            rate = int(count) / float(took)
            print("%-28s %-7s %10d %9.2f %9d %9.1f %8.0f   macha is %.0f times as fast" % (
                name, "Drain3", int(count), float(took), rate, int(taken) / float(took) / 1e6, peak, lines / seconds / rate), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--macha", default=".build/release/macha")
    parser.add_argument("--loghub")
    parser.add_argument("--log", action="append", default=[])
    parser.add_argument("--limit", type=float, default=20, help="MB of each file that Drain3 gets; its speed is steady, its patience is not needed")
    parser.add_argument("--no-drain3", action="store_true")
    parser.add_argument("--drain3-file", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.drain3_file:
        return drain3_file(args.drain3_file, int(args.limit))
    if args.loghub:
        grouping(args.macha, args.loghub, not args.no_drain3)
    with tempfile.TemporaryDirectory() as room:
        if not args.log:
            args.log = [os.path.join(room, "made.log")]
            made_log(args.log[0], 100_000_000)
        speed(args.macha, args.log, int(args.limit * 1e6), not args.no_drain3)


if __name__ == "__main__":
    main()
