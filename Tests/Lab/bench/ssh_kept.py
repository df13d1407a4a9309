# SPDX-License-Identifier: MIT
"""The tools over connections that they keep: opened by a first round, which nobody counts, and used again by the others."""
import json
import os
import select
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from ssh_tools import (BASE, Fleet, Tool, ansible_raw, compiled, floor, program, python_tools, run, started, with_newer_library,
                       xargs_ssh)

PATIENCE = 300  # seconds for one round
PERSIST = 3600  # seconds that masters wait for the next round; they are told to end


def opening(row):
    """What the table says of the round that is not counted."""
    return f"opened in {row['wall']:.2f} s, {row['cpu']:.2f} s CPU"


class Rounds:
    """A program that keeps its connections and does another round for each line it is given, as `MachaBench ssh` does."""

    def __init__(self, tool, folder):
        self.tool, self.folder = tool, folder

    def __enter__(self):
        self.errors = open(self.folder / "err", "wb")
        self.process, self.pid, self.report = started(self.tool, compiled(self.folder, "launch"), stdin=subprocess.PIPE,
                                                      stdout=subprocess.PIPE, stderr=self.errors)
        try:
            self.first = self.result()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        self.note = opening(self.first)
        return self

    def round(self):
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()
        return self.result()

    def result(self):
        # Each round is one line, and nothing follows it before the next one is asked for.
        if not select.select([self.process.stdout], [], [], PATIENCE)[0] or not (line := self.process.stdout.readline()):
            raise RuntimeError(f"{self.tool.name} ended, or was silent for {PATIENCE} s: "
                               + (self.folder / "err").read_text(errors="replace")[-300:])
        row = json.loads(line)
        return {**row, "memory": row["peak"] / 1024, "anonymous": self.anonymous(), "complete": row["answers"] >= row["hosts"],
                "status": 0}

    def anonymous(self):
        """MiB that the program holds now and that are no pages of its own and its libraries' files."""
        try:
            text = Path(f"/proc/{self.pid}/status").read_text()
        except OSError:
            return 0
        return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("RssAnon:")), 0) / 1024

    def __exit__(self, *_):
        try:
            self.process.stdin.close()
            self.process.wait(60)
        except (OSError, subprocess.TimeoutExpired):
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        for stream in (self.process.stdout, self.report, self.errors):
            stream.close()


class Masters:
    """A program whose `ssh` leaves the connections to OpenSSH's masters, which stay in the background."""

    def __init__(self, tool, fleet, mark, sockets):
        self.tool, self.fleet, self.mark, self.sockets = tool, fleet, mark, sockets

    def __enter__(self):
        self.sockets.mkdir(mode=0o700)
        try:
            self.first = run(self.tool, self.fleet.folder, self.mark, len(self.fleet.hosts))
            # The last `ssh` may return before its master is ready for others.
            time.sleep(0.5)
            self.pids = [pid for path in self.sockets.iterdir() if (pid := self.master(path))]
        except BaseException:
            self.__exit__(None, None, None)
            raise
        lacking = len(self.fleet.hosts) - len(self.pids)
        self.note = opening(self.first) + (f"; {lacking} hosts have no master" if lacking else "")
        return self

    def round(self):
        before = self.cpu()
        row = run(self.tool, self.fleet.folder, self.mark, len(self.fleet.hosts))
        return {**row, "cpu": row["cpu"] + self.cpu() - before, "memory": row["memory"] + self.memory(),
                "hosts": len(self.fleet.hosts)}

    def cpu(self):
        """CPU seconds of the masters: the scheduler's own count, as a clock tick is longer than what a master needs."""
        return sum(int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) for pid in self.pids) / 1e9

    def memory(self):
        """MiB of all masters, each page shared out among those that have it."""
        texts = (Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in self.pids)
        return sum(int(line.split()[1]) for text in texts for line in text.splitlines() if line.startswith("Pss:")) / 1024

    def control(self, path, what):
        return subprocess.run(["ssh", "-F", "/dev/null", "-S", str(path), "-O", what, "master"], capture_output=True, text=True)

    def master(self, path):
        said = self.control(path, "check").stderr
        return int(said.split("pid=")[1].split(")")[0]) if "pid=" in said else None

    def __exit__(self, *_):
        for path in list(self.sockets.iterdir()):
            self.control(path, "exit")


@dataclass
class Kept:
    """A tool in its warm form: what opens it, or why that cannot be done."""
    tool: Tool
    open: object = field(default=None)


def bench_tool(fleet: Fleet, name, *options):
    """`MachaBench ssh`, which does a round for each line of its standard input."""
    binary, missing = program("MACHA_BENCH_TOOL")
    return Tool(name, [binary, "ssh", "--inventory", str(fleet.inventory), "--rounds", "1000000", "--step", "yes", *options],
                missing=missing)


def warm_tools(fleet, label, command, mark):
    every = [*with_newer_library(bench_tool(fleet, BASE, "--width", str(fleet.width), "--command", " ".join(command))),
             *floor(fleet, command, "kept"), *python_tools(fleet, command, "kept")]
    kept = [Kept(tool, lambda tool=tool: Rounds(tool, folder(fleet, tool))) for tool in every]
    sockets = fleet.folder / f"c{'s' if label == 'short' else 'l'}"
    tool = xargs_ssh(fleet, command, "ssh ControlMaster, xargs -P", "-o", "ControlMaster=auto", "-o", f"ControlPersist={PERSIST}",
                     "-o", f"ControlPath={sockets}/%C")
    kept.append(Kept(tool, lambda tool=tool: Masters(tool, fleet, mark, sockets)))
    paths = fleet.folder / f"a{sockets.name}"
    tool = ansible_raw(fleet, command, "ansible ControlPersist", "-o ControlMaster=auto", f"-o ControlPersist={PERSIST}",
                       ANSIBLE_SSH_CONTROL_PATH_DIR=str(paths))
    kept.append(Kept(tool, lambda tool=tool: Masters(tool, fleet, mark, paths)))
    # Named here, so that the table says that nobody has forgotten them.
    return kept + [Kept(Tool(name, [], missing="each run opens its connections anew"))
                   for name in ("pssh (the program)", "pyinfra exec")]


def folder(fleet, tool):
    """Where a program that stays leaves its messages: a folder of its own, as others run meanwhile."""
    path = fleet.folder / "kept" / "".join(c if c.isalnum() else "-" for c in tool.name)
    path.mkdir(parents=True, exist_ok=True)
    return path
