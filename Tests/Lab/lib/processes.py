# SPDX-License-Identifier: MIT
"""Ends what the lab's sshd processes started: the daemons by their recorded pid, then what came from them.

usage: processes.py end (--home FOLDER | --below FOLDER) PID-FILE...

A pid file holds "PID START-TIME"; a pid whose start time differs is somebody else's and is left alone. Everything that
an sshd of the lab runs has the host's own folder as HOME in its environment (SetEnv in sshd_config), and so has
whatever it leaves behind; nothing is found by name. Standard library only.
"""
import argparse
import os
import signal
import sys
import time
from pathlib import Path


def start_time(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()[19]
    except (OSError, IndexError):
        return None


def recorded(path):
    """(pid, start time) from a pid file, if that very process still runs."""
    try:
        pid, started = path.read_text().split()
    except (OSError, ValueError):
        return None
    return (int(pid), started) if start_time(pid) == started else None


def table():
    """Every process as {pid: (parent, start time)}."""
    found = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                fields = Path(f"/proc/{entry}/stat").read_text().rsplit(") ", 1)[1].split()
                found[int(entry)] = (int(fields[1]), fields[19])
            except (OSError, IndexError):
                continue
    return found


def children(daemons):
    """The processes below these, found by parent: the sessions sshd forked and what they run."""
    every = table()
    found = set(daemons)
    while True:
        more = {(pid, started) for pid, (parent, started) in every.items()
                if (parent, every.get(parent, (0, ""))[1]) in found} - found
        if not more:
            return found - set(daemons)
        found |= more


def left_behind(matches):
    """Processes whose HOME is a host's own folder, whoever their parent is now."""
    found = set()
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            environment = Path(f"/proc/{entry}/environ").read_bytes().split(b"\0")
        except OSError:
            continue
        home = next((os.fsdecode(v[5:]) for v in environment if v.startswith(b"HOME=")), "")
        if home and matches(home) and int(entry) != os.getpid() and (started := start_time(entry)):
            found.add((int(entry), started))
    return found


def kill(processes):
    for pid, started in processes:
        if start_time(pid) == started:
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                continue


def running(processes):
    return any(start_time(pid) == started for pid, started in processes if state(pid) != "Z")


def state(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()[0]
    except (OSError, IndexError):
        return "Z"


def end(args):
    below = os.path.join(args.below, "") if args.below else None
    matches = (lambda home: home.startswith(below)) if below else (lambda home: home == args.home)
    daemons = {process for process in map(recorded, map(Path, args.pid_files)) if process}
    # The daemons first, so that no new session starts while the others are looked for.
    sessions = children(daemons)
    kill(daemons)
    everything = daemons | sessions | left_behind(matches)
    deadline = time.monotonic() + 10
    while True:
        kill(everything)
        if not running(everything):
            break
        if time.monotonic() > deadline:
            sys.exit("lab: some processes do not end: " + " ".join(str(pid) for pid, _ in everything))
        time.sleep(0.02)


def main():
    parser = argparse.ArgumentParser(prog="processes.py")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("end")
    where = command.add_mutually_exclusive_group(required=True)
    where.add_argument("--home")
    where.add_argument("--below")
    command.add_argument("pid_files", nargs="*", metavar="PID-FILE")
    command.set_defaults(run=end)
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
