# SPDX-License-Identifier: MIT
"""The lab's hosts for people and programs: status, inventory (JSON, YAML), ssh client files, waiting.

Started by `lab`. Reads only the lab's folder (MACHA_LAB_DIR) and /proc. Standard library only.
"""
import argparse
import json
import os
import select
import socket
import sys
import time
from pathlib import Path

LAB = Path(os.environ["MACHA_LAB_DIR"])
LAB_ID = os.environ.get("MACHA_LAB_ID", "mlab")
KNOWN_HOSTS = LAB / "known_hosts"
IDENTITY = LAB / "keys" / "id_ed25519"


def host_keys(name):
    """The public host keys of a host, Ed25519 first: [(type, base64)]."""
    keys = []
    for path in sorted((LAB / "keys" / "hosts" / name).glob("ssh_host_*_key.pub")):
        kind, blob = path.read_text().split()[:2]
        keys.append((kind, blob))
    return sorted(keys, key=lambda k: k[0] != "ssh-ed25519")


def describe(name, address, port, user, variant, group):
    pattern = address if port == 22 else f"[{address}]:{port}"
    keys = [k for k in host_keys(name) if not (variant == "nixos-default" and k[0].startswith("ecdsa"))]
    return {
        "name": name, "address": address, "port": port, "user": user, "group": group, "variant": variant,
        "identityFile": str(IDENTITY), "knownHostsFile": str(KNOWN_HOSTS),
        "hostKeys": [f"{kind} {blob}" for kind, blob in keys],
        "knownHosts": [f"{pattern} {kind} {blob}" for kind, blob in keys],
    }


def read_meta(folder):
    pairs = (line.split("=", 1) for line in (folder / "meta").read_text().splitlines() if "=" in line)
    return dict(pairs)


def lab_hosts():
    hosts = []
    for folder in (LAB / "hosts").glob("*/"):
        try:
            meta = read_meta(folder)
        except OSError:
            continue
        host = describe(meta["name"], meta["address"], int(meta["port"]), meta["user"], meta["variant"], "lab")
        hosts.append((int(meta["index"]), host))
    return [host for _, host in sorted(hosts, key=lambda pair: pair[0])]


def swarm_hosts():
    try:
        rows = [line.split("\t") for line in (LAB / "swarm" / "hosts.tsv").read_text().splitlines()]
    except OSError:
        return []
    return [describe(name, address, int(port), user, "swarm", "swarm") for name, address, port, user in rows]


def light_hosts():
    hosts = []
    for folder in (LAB / "light").glob("[a-z]*/"):
        meta = read_meta(folder)
        host = describe(meta["name"], meta["address"], int(meta["port"]), meta["user"], meta["variant"], "light")
        host["groups"] = [g for g in meta.get("groups", "").split(",") if g]
        host["autonomy"] = meta.get("autonomy")
        hosts.append((int(meta["index"]), host))
    return [host for _, host in sorted(hosts, key=lambda pair: pair[0])]


SETS = {"hosts": lab_hosts, "light": light_hosts, "swarm": swarm_hosts}


def chosen(which):
    return [host for name, hosts in SETS.items() if which in (name, "all") for host in hosts()]


# --- inventory --------------------------------------------------------------------------------------------------

def as_yaml(hosts):
    """Macha's own inventory form; the JSON form carries the host keys as well."""
    lines = [f"defaults: {{ identity-file: {IDENTITY}, known-hosts: {KNOWN_HOSTS} }}"]
    groups = sorted({group for h in hosts for group in all_groups(h)})
    lines += ["groups:"] + [f"  {g}: {{}}" for g in groups] if groups else ["groups: {}"]
    lines.append("hosts:" if hosts else "hosts: {}")
    for h in hosts:
        autonomy = f", autonomy: {h['autonomy']}" if h.get("autonomy") else ""
        lines.append(f"  {h['name']}: {{ address: {h['address']}, port: {h['port']}, user: {h['user']}, "
                     f"groups: [{', '.join(all_groups(h))}]{autonomy} }}")
    return "\n".join(lines)


def all_groups(host):
    return list(dict.fromkeys([host["group"], host["variant"], *host.get("groups", [])]))


def inventory(args):
    hosts = chosen(args.set)
    print(json.dumps({"hosts": hosts}, indent=2) if args.format == "json" else as_yaml(hosts))


def files(_):
    """known_hosts and ssh_config for OpenSSH's client and everything that reads its files."""
    hosts = chosen("all")
    replace(KNOWN_HOSTS, "".join(line + "\n" for h in hosts for line in h["knownHosts"]))
    config = [
        f"Host {h['name']}\n  HostName {h['address']}\n  Port {h['port']}\n  User {h['user']}\n" for h in hosts
    ]
    config.append(
        f"Host *\n  IdentityFile {IDENTITY}\n  IdentitiesOnly yes\n  UserKnownHostsFile {KNOWN_HOSTS}\n"
        "  GlobalKnownHostsFile /dev/null\n  StrictHostKeyChecking yes\n  BatchMode yes\n  ConnectTimeout 10\n"
    )
    replace(LAB / "ssh_config", "".join(config))


def replace(path, text):
    temporary = path.with_suffix(".new")
    temporary.write_text(text)
    temporary.rename(path)


# --- waiting ----------------------------------------------------------------------------------------------------

def wait(args):
    """Wait until each named host sends an SSH banner; 255 hosts at a time share one poll loop."""
    hosts = [h for h in chosen("all") if not args.names or h["name"] in args.names]
    pending = {h["name"]: (h["address"], h["port"]) for h in hosts}
    deadline = time.monotonic() + args.timeout
    ended = set()
    while pending and time.monotonic() < deadline:
        for name in [n for n in pending if gone(n)]:
            ended.add(name)
            del pending[name]
        ready = banners(list(pending.items())[:255])
        for name in ready:
            del pending[name]
        if not ready:
            time.sleep(0.1)
    for names, what in ((pending, "no ssh banner from"), (ended, "ended while booting (see its console.log):")):
        if names:
            print(f"lab: {what} {' '.join(names)}", file=sys.stderr)
    if pending or ended:
        sys.exit(1)


def gone(name):
    try:
        return not Path("/proc", (LAB / "hosts" / name / "pid").read_text().split()[0]).exists()
    except OSError:
        return False


def banners(targets):
    """The names that answered with a banner in one round of non-blocking connects."""
    poll, open_sockets, ready = select.poll(), {}, []
    for name, target in targets:
        s = socket.socket()
        s.setblocking(False)
        if s.connect_ex(target) in (0, 115):  # EINPROGRESS
            open_sockets[s.fileno()] = (s, name)
            poll.register(s, select.POLLIN)
        else:
            s.close()
    end = time.monotonic() + 1.5
    while open_sockets and time.monotonic() < end:
        for fd, _ in poll.poll(100):
            s, name = open_sockets.pop(fd)
            poll.unregister(fd)
            try:
                if s.recv(64).startswith(b"SSH-2.0"):
                    ready.append(name)
            except OSError:
                pass
            s.close()
    for s, _ in open_sockets.values():
        s.close()
    return ready


# --- status -----------------------------------------------------------------------------------------------------

def cgroup_of(name):
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _, target, kind = line.split()[:3]
        if kind == "cgroup2":
            return Path(target) / LAB_ID / name
    return None


def processes(folder):
    found = []
    for path in (folder.rglob("cgroup.procs") if folder and folder.exists() else []):
        try:
            found += [int(line) for line in path.read_text().split()]
        except OSError:
            continue
    return found


def memory_kib(pids):
    """Proportional set size: shared pages are split among the processes that map them."""
    total = 0
    for pid in pids:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
        except (OSError, StopIteration):
            continue
    return total


def disk_kib(folder):
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(root, name)).st_blocks // 2
            except OSError:
                continue
    return total


def light_status(host):
    folder = LAB / "light" / host["name"]
    try:
        pid, started = (folder / "pid").read_text().split()
        up = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()[19] == started
    except (OSError, ValueError, IndexError):
        up = False
    return {"name": host["name"], "address": host["address"], "port": host["port"], "variant": host["variant"], "up": up,
            "faults": sorted(p.name for p in (folder / "faults").glob("*"))}


def status(args):
    rows = []
    for host in lab_hosts():
        pids = processes(cgroup_of(host["name"]))
        folder = LAB / "hosts" / host["name"]
        rows.append({
            "name": host["name"], "address": host["address"], "variant": host["variant"],
            "up": bool(pids), "processes": len(pids), "memoryKiB": memory_kib(pids),
            "diskKiB": disk_kib(folder / "upper"),
            "faults": sorted(p.name for p in (folder / "faults").glob("*")),
        })
    light = [light_status(host) for host in light_hosts()]
    swarm = processes(cgroup_of("swarm")) or [int(p.read_text()) for p in (LAB / "swarm" / "pids").glob("*.sshd")]
    total = {"hosts": rows, "light": light, "swarm": {"sshd": len(swarm_hosts()), "processes": len(swarm), "memoryKiB": memory_kib(swarm)}}
    if args.json:
        print(json.dumps(total, indent=2))
        return
    for r in rows:
        print(f"{r['name']:<9} {r['address']:<14} {r['variant']:<14} {'up' if r['up'] else 'down':<5} "
              f"{r['processes']:>3} procs {r['memoryKiB'] / 1024:6.1f} MiB {r['diskKiB'] / 1024:6.1f} MiB disk  "
              f"{' '.join(r['faults'])}".rstrip())
    for r in light:
        print(f"{r['name']:<9} {r['address'] + ':' + str(r['port']):<20} {r['variant']:<14} {'up' if r['up'] else 'down':<5} "
              f"{' '.join(r['faults'])}".rstrip())
    if swarm:
        print(f"swarm     {len(swarm_hosts())} sshd, {len(swarm)} processes, {total['swarm']['memoryKiB'] / 1024:.1f} MiB")
    if not rows and not light and not swarm:
        print("nothing is up")


def main():
    parser = argparse.ArgumentParser(prog="lab")
    commands = parser.add_subparsers(dest="command", required=True)
    p = commands.add_parser("inventory")
    p.add_argument("--format", choices=["json", "yaml"], default="json")
    p.add_argument("--set", choices=[*SETS, "all"], default="all")
    p.set_defaults(run=inventory)
    p = commands.add_parser("status")
    p.add_argument("--json", action="store_true")
    p.set_defaults(run=status)
    p = commands.add_parser("wait")
    p.add_argument("--timeout", type=float, default=60)
    p.add_argument("names", nargs="*")
    p.set_defaults(run=wait)
    commands.add_parser("files").set_defaults(run=files)
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
