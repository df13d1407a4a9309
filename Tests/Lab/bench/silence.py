#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What hosts that do not answer cost those that do: one command on a swarm, with and without them, in turn.

Started by `script/bench silence`, which sets MACHA_LAB (the lab) and MACHA_BENCH_BINARY (a release macha). Measured is the moment
at which the last healthy host ran its command, by that host's clock, which here is the same as ours.
"""
import argparse
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
STALLS = ["banner", "kexinit", "key exchange", "new keys", "login"]


def black_hole():
    """A listener whose queue is full: the kernel drops what else would connect, as a firewall does. Needs no root."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    waiting = []
    for _ in range(4):
        client = socket.socket()
        client.setblocking(False)
        client.connect_ex(listener.getsockname())
        waiting.append(client)
    return listener, waiting


def refused():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def hostile_ports():
    """The hostile servers' program, their ports, and their `known_hosts` lines."""
    process = subprocess.Popen([sys.executable, str(HERE.parent / "hostile" / "server")], stdout=subprocess.PIPE, text=True)
    ports, key = {}, ""
    for line in process.stdout:
        if line == "ready\n":
            return process, ports, "".join(f"[127.0.0.1]:{port} ssh-ed25519 {key}\n" for port in ports.values())
        if line.startswith("key "):
            key = line.split()[1]
        else:
            name, port = line.rstrip("\n").split("\t")
            ports[name] = int(port)
    sys.exit("the hostile servers did not start")


def spoil(inventory, ports):
    """The inventory with its first hosts led elsewhere: they keep their names and lose their servers."""
    rest = iter(ports)

    def replace(match):
        port = next(rest, None)
        return match.group(0) if port is None else f"{{ address: 127.0.0.1, port: {port},"
    return re.sub(r"\{ address: [^,]*, port: \d+,", replace, inventory)


def without(inventory, count):
    """The inventory without its first hosts."""
    head, hosts = inventory.split("\nhosts:\n")
    return head + "\nhosts:\n" + "".join(hosts.splitlines(keepends=True)[count:])


def run(binary, inventory, folder, width):
    """Seconds until the last host that answered ran the command, how many did, and seconds until all was over."""
    started = time.time()
    done = subprocess.run([binary, "--inventory", str(inventory), "--state-dir", str(folder / "state"), "exec", "all",
                           "--width", str(width), "--", "date", "+ran-%s.%N"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    ended = time.time()
    times = [float(found) for found in re.findall(rb"ran-(\d+\.\d+)", done.stdout)]
    return max(times, default=ended) - started, len(times), ended - started


def main():
    parser = argparse.ArgumentParser(prog="script/bench silence")
    parser.add_argument("--hosts", type=int, default=50)
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="macha-bench-") as name:
        folder = Path(name)
        os.environ.update({"MACHA_LAB_DIR": str(folder / "lab"), "MACHA_LAB_ID": f"mbench{os.getpid()}", "MACHA_SWARM_PORT": "0"})
        lab = os.environ["MACHA_LAB"]
        server, ports, keys = hostile_ports()
        hole, waiting = black_hole()
        try:
            subprocess.run([lab, "swarm", str(args.hosts)], check=True, stdout=sys.stderr)
            inventory = subprocess.run([lab, "inventory", "--format", "yaml", "--set", "swarm"], check=True,
                                       stdout=subprocess.PIPE, text=True).stdout
            with open(folder / "lab" / "known_hosts", "a") as known:
                known.write(keys)
            hole_port, stalled = hole.getsockname()[1], [ports[f"stalls after: {step}"] for step in STALLS]
            cases = {"none": [], "1 black-holed": [hole_port],
                     "10 black-holed, 10 refused, 5 stalled": [hole_port] * 10 + [refused()] * 10 + stalled}
            measure(cases, inventory, folder, args)
        finally:
            subprocess.run([lab, "swarm", "down"], stdout=sys.stderr)
            server.terminate()
            for each in waiting + [hole]:
                each.close()


def measure(cases, inventory, folder, args):
    results = {label: [] for label in cases}
    for number in range(args.runs + 1):  # the first is not measured
        for label, spoiled in cases.items():
            # Without silent hosts there are as many healthy ones as with them: the same hosts are left out.
            for form, text in (("with", spoil(inventory, spoiled)), ("without", without(inventory, len(spoiled)))):
                file = folder / "fleet.yaml"
                file.write_text(text)
                row = run(os.environ["MACHA_BENCH_BINARY"], file, folder, args.hosts)
                if number:
                    results[label].append((form, *row))
    print(f"{args.hosts} hosts, medians of {args.runs} runs: seconds until the last healthy host has run the command")
    for label, rows in results.items():
        of = {form: statistics.median(row[1] for row in rows if row[0] == form) for form in ("with", "without")}
        answers = {row[2] for row in rows}
        whole = statistics.median(row[3] for row in rows if row[0] == "with")
        print(f"{label:<40} with {of['with']:.3f}  without {of['without']:.3f}  ratio {of['with'] / of['without']:.2f}"
              f"  answers {sorted(answers)}  all over after {whole:.1f}")


if __name__ == "__main__":
    main()
