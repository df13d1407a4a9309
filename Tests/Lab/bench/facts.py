#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a whole look at many hosts costs: macha's full check against what its peers call facts, in turn, on the same hosts.

Started by script/bench, as ssh.py is. As root it runs in a network namespace of its own, so that the bytes on loopback are
the tool's and the servers' and nobody else's; otherwise bytes are not counted. A server's CPU seconds are those of its sshd
and of everything it waited for. Macha is measured warm, with what earlier looks left in its database, and cold, when every
slow question is asked too; ansible and pyinfra keep nothing between two runs.
"""
import argparse
import ctypes
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import ssh_tools as bench
from ssh import machine

FACTS = ["server.Hostname", "server.Kernel", "server.KernelVersion", "server.Arch", "server.LinuxDistribution", "server.Date",
         "server.Mounts", "server.Users", "hardware.Cpus", "hardware.Memory", "hardware.BlockDevices",
         "hardware.NetworkDevices", "systemd.SystemdStatus"]
TICK = os.sysconf("SC_CLK_TCK")


def tools(fleet, mode):
    width, programs = str(fleet.width), bench.VENV / "bin"
    binary = os.environ.get("MACHA_BENCH_BINARY", "")
    missing = "" if binary and os.access(binary, os.X_OK) else "no binary (MACHA_BENCH_BINARY)"

    def macha(name, state):
        return bench.Tool(name, [binary, "--inventory", str(fleet.inventory), "--state-dir", str(fleet.folder / state),
                                 "check", "all", "--no-act", "--json", "--width", width], missing=missing)
    ansible = {"ANSIBLE_CONFIG": str(fleet.folder / "ansible.cfg"), "ANSIBLE_HOME": str(fleet.folder / "ansible"),
               "ANSIBLE_SSH_ARGS": f"-F {fleet.config}", "PATH": f"{programs}:{os.environ['PATH']}"}
    return [
        macha("macha check", "warm"), macha("macha check, first look", "cold"),
        bench.Tool("ansible -m setup", [str(programs / "ansible"), "all", "-i", str(fleet.ansible), "-f", width, "-m", "setup"],
                   env=ansible, missing=bench.need(programs / "ansible", "script/bootstrap --bench")),
        bench.Tool("pyinfra fact", [str(programs / "pyinfra"), "-y", "--parallel", width, str(fleet.pyinfra), "fact", *FACTS],
                   cwd=fleet.folder, missing=bench.need(programs / "pyinfra", "script/bootstrap --bench")),
    ]


def sent():
    """Bytes that have gone through loopback, or None where others use it, too."""
    if not os.environ.get("MACHA_BENCH_ALONE"):
        return None
    line = next(line for line in Path("/proc/net/dev").read_text().splitlines() if line.strip().startswith("lo:"))
    return int(line.split(":")[1].split()[8])


def served(servers):
    """CPU seconds of the servers and of what they have waited for."""
    total = 0
    for pid in servers:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += sum(int(field) for field in fields[11:15])
    return total / TICK


def servers(fleet):
    """The process that listens at each host's address."""
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if "sshd" in words and str(fleet.lab) in words:
            found[int(folder.name)] = parent
    return [pid for pid, parent in found.items() if parent not in found]


def run(tool, fleet, pids):
    if "first" in tool.name:
        shutil.rmtree(fleet.folder / "cold", ignore_errors=True)
    bytes_before, served_before = sent(), served(pids)
    row = bench.run(tool, fleet.folder, b"\x00", 0)
    after = sent()
    row["remote"] = (served(pids) - served_before) / len(fleet.hosts)
    row["wire"] = None if after is None else (after - bytes_before) / len(fleet.hosts)
    row["complete"] = row["status"] in (0, 1, 2, 3)
    return row


def measure(fleet, runs, mode):
    pids = servers(fleet)
    if len(pids) != len(fleet.hosts):
        raise SystemExit(f"bench: {len(fleet.hosts)} hosts, but {len(pids)} servers")
    every = tools(fleet, mode)
    present = [tool for tool in every if not tool.missing]
    results = {tool.name: [] for tool in present}
    for tool in present:
        run(tool, fleet, pids)
    for number in range(runs):
        for tool in present[number % len(present):] + present[:number % len(present)]:
            results[tool.name].append(run(tool, fleet, pids))
            print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    for tool in every:
        if tool.missing:
            print(f"{tool.name} not measured: {tool.missing}")
    return results


def table(results, fleet, runs, mode):
    def median(rows, key):
        values = [row[key] for row in rows if row[key] is not None]
        return statistics.median(values) if values else None
    base = {key: median(results["macha check"], key) for key in ("wall", "cpu", "wire", "remote")} if "macha check" in results else {}

    def cell(rows, key, scale=1.0):
        value = median(rows, key)
        if value is None:
            return f"{'-':>9} {'':>7}"
        ratio = f"{value / base[key]:6.2f}x" if base.get(key) else " " * 7
        return f"{value * scale:9.2f} {ratio}"
    print(f"\n{len(fleet.hosts)} {mode} hosts, medians of {runs} runs; ratios are peer / macha check; KB and remote CPU a host")
    print(f"{'tool':<24} {'wall s':>9} {'':>7} {'CPU s':>9} {'':>7} {'KB':>9} {'':>7} {'remote ms':>9}")
    for name, rows in results.items():
        status = {row["status"] for row in rows}
        print(f"{name:<24} {cell(rows, 'wall')} {cell(rows, 'cpu')} {cell(rows, 'wire', 1e-3)} {cell(rows, 'remote', 1e3)}"
              + (f"  status {sorted(status)}: {rows[-1]['end'][-160:]!r}" if status - {0, 1, 2, 3} else ""))


def alone():
    """This program again in a network namespace of its own, where loopback is all there is."""
    if os.geteuid() != 0 or os.environ.get("MACHA_BENCH_ALONE"):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x40000000) != 0:  # CLONE_NEWNET
        print("bench: no network namespace here: bytes are not counted", file=sys.stderr)
        return
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    os.environ["MACHA_BENCH_ALONE"] = "1"


def main():
    parser = argparse.ArgumentParser(prog="script/bench facts")
    parser.add_argument("--hosts", type=int, default=50)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--set", choices=("swarm", "light"), default="swarm", help="plain sshd of this machine, or hosts that answer as NixOS does")
    parser.add_argument("--width", type=int, default=50, help="hosts at a time (50)")
    parser.add_argument("--out", type=Path, help="write every run to this file, as JSON")
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    alone()
    with tempfile.TemporaryDirectory(prefix="macha-bench-") as folder:
        lab = Path(folder) / "lab"
        environment = {**os.environ, "MACHA_LAB_DIR": str(lab), "MACHA_LAB_ID": f"mbench{os.getpid()}",
                       "MACHA_SWARM_PORT": "0", "MACHA_LIGHT_PORT": "0"}
        os.environ.update(environment)
        try:
            subprocess.run([os.environ["MACHA_LAB"], args.set, str(args.hosts)], check=True, stdout=sys.stderr)
            listing = subprocess.run([os.environ["MACHA_LAB"], "inventory", "--set", args.set], check=True, stdout=subprocess.PIPE)
            fleet = bench.Fleet(json.loads(listing.stdout)["hosts"], Path(folder), lab, args.width)
            fleet.inventory.write_text(subprocess.run(
                [os.environ["MACHA_LAB"], "inventory", "--format", "yaml", "--set", args.set], check=True,
                stdout=subprocess.PIPE, text=True).stdout)
            if os.getloadavg()[0] > os.cpu_count() / 2:
                print(f"bench: the machine is busy (load {os.getloadavg()[0]:.1f}): expect little of the numbers", file=sys.stderr)
            results = measure(fleet, args.runs, args.set)
            table(results, fleet, args.runs, args.set)
        finally:
            subprocess.run([os.environ["MACHA_LAB"], "down"], check=False, stdout=sys.stderr)
    if args.out:
        args.out.write_text(json.dumps({"machine": {**machine(), "load": os.getloadavg()}, "hosts": args.hosts, "set": args.set, "results": results},
                                       indent=2) + "\n")


if __name__ == "__main__":
    main()
