# SPDX-License-Identifier: MIT
"""What macha's own ssh is to reach, and what it reached: against the peers of the same run, and by itself."""
import math
import os
import statistics
import subprocess
import sys
from dataclasses import asdict, dataclass, field

from ssh_kept import Rounds, bench_tool
from ssh_tools import BASE, FLOOR

PEER = "parallel-ssh (libssh2)"
SESSIONS = 1000


@dataclass
class Goal:
    """One figure beside its bound. `value` is None where nothing could be measured; `note` then says why."""
    what: str
    value: float | None
    bound: float
    unit: str
    note: str = ""
    at_least: bool = False
    runs: list = field(default_factory=list)

    @property
    def met(self):
        if self.value is None:
            return None
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    def line(self):
        verdict = {None: "not measured", True: "met", False: "MISSED"}[self.met]
        value = "-" if self.value is None else f"{self.value:.{0 if self.at_least else 2}f}"
        bound = f"{'at least' if self.at_least else 'at most'} {round(self.bound, 2):g} {self.unit}"
        return f"{self.what:<58} {value:>8}  {bound:<28} {verdict:<12}  {self.note}".rstrip()

    def document(self):
        return {**asdict(self), "met": self.met}


# --- against the peers of the same run -----------------------------------------------------------------------------

def against_peers(result, hosts):
    """The bounds that one table of peers gives: the fastest one's wall, and parallel-ssh's CPU and memory."""
    rows = {row["tool"]: row for row in result["rows"]}
    own, where = rows.get(BASE), f"{result['condition']}, {result['label']}, {hosts} hosts"
    # A peer that did not get every answer sets no bound, nor does what is no tool.
    peers = {name: row for name, row in rows.items() if not name.startswith((BASE, FLOOR)) and row["complete"]}
    best = min(peers.values(), key=lambda row: row["wall"], default=None)
    without = "" if own else f"no row of {BASE}"
    if own and not own["complete"]:
        yield Goal(f"answers: {where}", min(row["answers"] for row in own["runs"]), hosts, "answers", at_least=True)
    for key, peer, bound, title, unit in (("wall", best, 1, "wall", "x best peer"),
                                          ("cpu", peers.get(PEER), 1 / 3, "client CPU", f"x {PEER.split()[0]}"),
                                          ("memory", peers.get(PEER), 1 / 2, "peak memory", f"x {PEER.split()[0]}")):
        ratio = own[key] / peer[key] if own and peer and peer[key] else None
        note = without or (f"against {peer['tool']}" if peer else "no such peer")
        yield Goal(f"{title}: {where}", ratio, bound, unit, note)


# --- by itself -----------------------------------------------------------------------------------------------------

def own_goals(fleet, runs):
    """One after another; what cannot be measured does not keep the others from it."""
    missing = bench_tool(fleet, BASE).missing
    for measure, what, bound, unit in ((look, "client CPU of a full probe on a kept session", 0.6, "ms a host"),
                                       (memory, "memory of a kept session", 80, "KiB"),
                                       (together, "sessions at once that all answer", SESSIONS, "answers"),
                                       (storm, "all reconnect after the servers restart", 1.5, "x cold")):
        goal = Goal(what, None, bound, unit, missing, at_least=measure is together)
        if not missing:
            try:
                goal.value, goal.note, goal.runs = measure(fleet, runs)
            except (RuntimeError, OSError, subprocess.CalledProcessError) as error:
                goal.note = str(error)
        print(".", end="", file=sys.stderr, flush=True)
        yield goal
    print(file=sys.stderr)


def opened(fleet, *options):
    return Rounds(bench_tool(fleet, BASE, *options), fleet.folder)


def answered(row):
    if not row["complete"]:
        raise RuntimeError(f"only {row['answers']} of {row['hosts']} answers")
    return row


def look(fleet, runs):
    with opened(fleet, "--look", "yes", "--width", str(fleet.width)) as program:
        answered(program.first)
        # The look after the first still learns what the host has; from then on they are alike.
        program.round()
        rows = [answered(program.round()) for _ in range(runs)]
    # What the connection alone takes of it: as many bytes as a full probe's, which nobody reads.
    with opened(fleet, "--command", "seq 5422", "--width", str(fleet.width)) as program:
        plain = [answered(program.round()) for _ in range(runs)]
    each, alone = ([row["cpu"] / row["hosts"] * 1000 for row in some] for some in (rows, plain))
    note = f"{len(fleet.hosts)} hosts, {min(each):.2f}-{max(each):.2f}; 26 KB unread: {statistics.median(alone):.2f} ms"
    return statistics.median(each), note, [rows, plain]


def memory(fleet, runs):
    """Resident memory with few and with many sessions to the same servers, divided by the sessions that are more."""
    def resident(copies):
        with opened(fleet, "--copies", str(copies), "--width", str(fleet.width)) as program:
            answered(program.first)
            return answered(program.round())
    pairs = [(resident(1), resident(3)) for _ in range(runs)]
    each = [(many["resident"] - few["resident"]) / (many["hosts"] - few["hosts"]) for few, many in pairs]
    few, many = pairs[-1]
    note = f"{few['resident'] / 1024:.1f} MiB with {few['hosts']} sessions, {many['resident'] / 1024:.1f} with {many['hosts']}"
    return statistics.median(each), note, pairs


def together(fleet, runs):
    copies = math.ceil(SESSIONS / len(fleet.hosts))
    with opened(fleet, "--copies", str(copies), "--width", str(SESSIONS)) as program:
        rows = [program.first, program.round()]
    cold, warm = rows
    note = (f"{cold['hosts']} asked; cold {cold['wall']:.2f} s, {cold['cpu']:.2f} s CPU; warm {warm['wall']:.2f} s, "
            f"{warm['cpu']:.2f} s CPU; peak {warm['peak'] / 1024:.0f} MiB")
    return min(row["answers"] for row in rows), note, rows


def storm(fleet, runs):
    ratios, rows = [], []
    for _ in range(runs):
        with opened(fleet, "--width", str(len(fleet.hosts))) as program:
            cold, warm = answered(program.first), answered(program.round())
            subprocess.run([os.environ["MACHA_LAB"], "swarm", "restart"], check=True, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
            again = answered(program.round())
        ratios.append(again["wall"] / cold["wall"])
        rows.append([cold, warm, again])
    cold, _, again = rows[-1]
    note = (f"{len(fleet.hosts)} hosts, {min(ratios):.2f}-{max(ratios):.2f}; last: cold {cold['wall']:.2f} s, "
            f"again {again['wall']:.2f} s")
    return statistics.median(ratios), note, rows
