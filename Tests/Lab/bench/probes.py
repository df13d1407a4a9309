#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the probes cost the host that is asked: CPU time and processes, for each probe and for a whole observation.

    probes.py --macha NAME=PROGRAM [--macha NAME=PROGRAM]... [--runs R] [--hosts HOST,...] [--out FILE]

Started by script/bench; asks the lab's booted hosts, which must be up (`lab up N`), as their unprivileged user. Each program
prints its own script (`macha probes script PROBE`), so that an older macha is measured in the same run, in turn.

CPU is `usage_usec` of cpu.stat in the host's own root control group: user and system time of everything on the host, the
service manager, the bus and the shell that measures included. Processes are how far the number of the newest process of
the host's PID namespace moved (/proc/loadavg). Both are read by builtins of the measuring shell, before and after. What the
host does by itself in a second is the row `idle`; it is printed and taken off nothing. The row `(no probe)` is the script
without any probe; a probe's row is its own script less that row, so that what several probes share is in the row of each. A
usual observation is the script of all probes that the program asks at every check, with the journal read from a minute ago; the last row is a whole `macha check`, sshd's
work included."""
import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
NONE, IDLE, USUAL, FIRST, CHECK = "(no probe)", "idle, a second", "usual observation", "first observation", "macha check"

# $1: the folder of scripts, one a case; the rest: the cases in the order of this round. Prints a line a case.
MEASURE = r"""
now() {
    while read -r key value; do [ "$key" != usage_usec ] || usage=$value; done </sys/fs/cgroup/cpu.stat
    read -r a b c d newest </proc/loadavg
}
for case do
    now
    usage_before=$usage newest_before=$newest
    case $case in idle) sleep 1 ;; *) sh -s <"$folder/$case" >/dev/null 2>&1 ;; esac
    now
    echo "$case $((usage - usage_before)) $((newest - newest_before))"
done
"""


# How often a macha asks that does not tell: every other probe of it each time.
BEFORE = {"btrfs": "hourly", "certificates": "six-hourly", "smart": "six-hourly", "blocks": "daily", "store": "weekly",
          "vulnerabilities": "weekly"}


class Program:
    """One macha, and the scripts it would send."""

    def __init__(self, word):
        self.name, _, path = word.rpartition("=")
        self.path = Path(path).resolve()
        self.name = self.name or self.path.name
        listed = json.loads(self.run("probes", "list", "--json"))
        self.probes = [row["name"] for row in listed]
        self.rhythm = {row["name"]: row.get("rhythm", BEFORE.get(row["name"], "every-check")) for row in listed}
        usual = [probe for probe in self.probes if self.rhythm[probe] == "every-check"]
        self.scripts = {probe: self.script(probe) for probe in self.probes}
        self.scripts |= {USUAL: self.script(*usual), FIRST: self.script(), NONE: self.empty()}

    def run(self, *words):
        return subprocess.run([self.path, *words], check=True, stdout=subprocess.PIPE, text=True).stdout

    def script(self, *probes):
        """As a host is sent it: with a cursor, and with sudo where the account has it."""
        text = self.run("probes", "script", *probes).replace("MACHA_AS_ROOT=/dev/null", "MACHA_AS_ROOT='sudo -n'")
        return text if not probes else text.replace("MACHA_CURSOR='' MACHA_SINCE=\n", "MACHA_CURSOR='@CURSOR' MACHA_SINCE=@SINCE\n")

    def empty(self):
        whole = self.script("load")
        begin, end = re.search(r"\n    (section|in_turn) load", whole).start(), whole.rindex("\n    printf '%s@@end")
        return whole[:begin] + whole[end:]


class Host:
    def __init__(self, name, lab):
        self.name, self.lab = name, lab

    def ssh(self, command, text=None):
        return subprocess.run([self.lab, "ssh", self.name, command], check=True, input=text, stdout=subprocess.PIPE,
                              text=True).stdout

    def place(self, programs):
        """Puts every script into a folder on the host; returns each case by the name of its file."""
        self.folder = self.ssh("mktemp -d").strip()
        cursor = self.ssh("journalctl -q -n 1 --since=-2h --until=-1min --show-cursor -o cat | tail -n 1").strip().removeprefix("-- cursor: ")
        self.cursor = cursor or self.ssh("journalctl -q -n 1 --show-cursor -o cat | tail -n 1").strip().removeprefix("-- cursor: ")
        since = int(re.search(r"t=([0-9a-f]+)", self.cursor).group(1), 16) // 1_000_000
        cases, files = {}, []
        for program in programs:
            for case, script in program.scripts.items():
                file = f"c{len(cases)}"
                cases[file] = (program.name, case)
                files.append(f"cat >{self.folder}/{file} <<'END-OF-CASE'\n"
                             + script.replace("@CURSOR", self.cursor).replace("@SINCE", str(since)) + "END-OF-CASE\n")
        self.ssh("sh -s", "".join(files))
        cases["idle"] = ("", IDLE)
        return cases

    def remove(self):
        self.ssh(f"rm -r {self.folder}")

    def measure(self, order):
        said = self.ssh(f"sh -s {' '.join(order)}", f"folder={self.folder}\n" + MEASURE)
        for line in said.splitlines():
            file, usage, processes = line.split()
            yield file, int(usage) / 1000, int(processes)


def whole_check(program, host, inventory, state):
    """A check by the program itself, sshd's work included, as the host's control group tells it from outside."""
    stat = ("while read -r key value; do [ $key != usage_usec ] || echo $value; done </sys/fs/cgroup/cpu.stat;"
            "read -r a b c d newest </proc/loadavg; echo $newest")

    def now():
        usage, newest = subprocess.run([host.lab, "root", host.name, "sh", "-c", stat], check=True, stdout=subprocess.PIPE,
                                       text=True).stdout.split()
        return int(usage) / 1000, int(newest)
    before = now()
    library = ROOT / ".venv/libssh2-1.11"
    environment = {**os.environ, "LD_LIBRARY_PATH": str(library)} if library.is_dir() else None
    run = subprocess.run([program.path, "--inventory", inventory, "--state-dir", state, "check", host.name, "--no-act", "--json"],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    after = now()
    if run.returncode > 3 or "load" not in json.loads(run.stdout)["hosts"][0].get("figures", {}):
        raise SystemExit(f"bench: {program.path} check {host.name} ended with {run.returncode}: {run.stdout[:400]} {run.stderr[-400:]}")
    return after[0] - before[0], after[1] - before[1]


def table(results, programs, host_names, runs):
    def middle(program, case):
        rows = results.get((program, case))
        return None if not rows else (statistics.median(r[0] for r in rows), statistics.median(r[1] for r in rows))
    print(f"\nhosts {', '.join(host_names)}; medians of {runs} runs each; ms of CPU and processes on the host")
    print(f"{'probe':<18} {'rhythm':<12}" + "".join(f" {p.name[:12] + ' ms':>15} {'processes':>9}" for p in programs)
          + (f" {'ratio':>6}" if len(programs) == 2 else ""))
    every = [NONE] + list(dict.fromkeys(probe for p in programs for probe in p.probes)) + [USUAL, FIRST, CHECK]
    for case in every:
        cells, values = "", []
        for program in programs:
            value = middle(program.name, case)
            if value and case not in (NONE, USUAL, FIRST, CHECK):
                base = middle(program.name, NONE)
                value = (value[0] - base[0], value[1] - base[1])
            values.append(value)
            cells += f" {value[0]:>15.1f} {value[1]:>9.0f}" if value else f" {'-':>15} {'-':>9}"
        ratio = f" {values[1][0] / values[0][0]:>6.2f}" if len(values) == 2 and all(values) and values[0][0] else ""
        print(f"{case:<18} {programs[0].rhythm.get(case, ''):<12}{cells}{ratio}")
    print(f"{IDLE:<18} {'':<12} {middle('', IDLE)[0]:>15.1f} {middle('', IDLE)[1]:>9.0f}")


def main():
    parser = argparse.ArgumentParser(prog="script/bench probes", description=__doc__.splitlines()[0])
    parser.add_argument("--macha", action="append", required=True, metavar="NAME=PROGRAM", help="a program to measure; several are measured in turn")
    parser.add_argument("--runs", type=int, default=11)
    parser.add_argument("--hosts", help="booted hosts of the lab (all that are up)")
    parser.add_argument("--out", type=Path, help="write every run to this file, as JSON")
    args = parser.parse_args()
    lab = os.environ.get("MACHA_LAB", str(ROOT / "Tests/Lab/lab"))
    up = json.loads(subprocess.run([lab, "inventory"], check=True, stdout=subprocess.PIPE).stdout)["hosts"]
    names = args.hosts.split(",") if args.hosts else [host["name"] for host in up]
    if not names:
        raise SystemExit("bench: no booted host is up: Tests/Lab/lab up 2 --variant mixed, as root")
    programs = [Program(word) for word in args.macha]
    results = {}
    if os.getloadavg()[0] > os.cpu_count():
        print(f"bench: the machine is busy (load {os.getloadavg()[0]:.1f}): expect little of the numbers", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="macha-bench-") as folder:
        inventory = Path(folder) / "fleet.yaml"
        inventory.write_text(subprocess.run([lab, "inventory", "--format", "yaml"], check=True, stdout=subprocess.PIPE, text=True).stdout)
        for host in (Host(name, lab) for name in names):
            cases = host.place(programs)
            try:
                order = sorted(cases, key=lambda file: cases[file][1])
                list(host.measure(order))
                for number in range(args.runs):
                    turned = order[number % len(order):] + order[:number % len(order)]
                    for file, usage, processes in host.measure(turned if number % 2 else turned[::-1]):
                        results.setdefault(cases[file], []).append((usage, processes))
                    for program in programs[number % len(programs):] + programs[:number % len(programs)]:
                        # The first check asks the slow probes too; what is told is the usual one.
                        for kept in ((False, True) if number == 0 else (True,)):
                            row = whole_check(program, host, inventory, Path(folder) / program.name)
                            if kept:
                                results.setdefault((program.name, CHECK), []).append(row)
                    print(".", end="", file=sys.stderr, flush=True)
            finally:
                host.remove()
    print(file=sys.stderr)
    table(results, programs, names, args.runs)
    if args.out:
        args.out.write_text(json.dumps([{"program": key[0], "case": key[1], "runs": rows} for key, rows in results.items()], indent=1) + "\n")


if __name__ == "__main__":
    main()
