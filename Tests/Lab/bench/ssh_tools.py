# SPDX-License-Identifier: MIT
"""The tools that script/bench compares, how each is told of the fleet, and one measured run of a program."""
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = Path(sys.prefix)
LIBSSH2 = VENV / "libssh2-1.11"
BASE = "macha"
FLOOR = "libssh2 in C"


@dataclass
class Fleet:
    """The swarm's hosts, and the files that tell each tool of them."""
    hosts: list
    folder: Path
    lab: Path
    width: int
    names: Path = field(init=False)
    addresses: Path = field(init=False)

    def __post_init__(self):
        first = self.hosts[0]
        self.key, self.port, self.user = first["identityFile"], first["port"], first["user"]
        self.known_hosts, self.config = first["knownHostsFile"], self.lab / "ssh_config"
        self.names = self.write("names", "".join(h["name"] + "\n" for h in self.hosts))
        self.addresses = self.write("addresses", "".join(h["address"] + "\n" for h in self.hosts))
        self.ansible = self.write("inventory.ini", "".join(
            f"{h['name']} ansible_host={h['address']} ansible_port={h['port']} ansible_user={h['user']}"
            f" ansible_ssh_private_key_file={self.key}\n" for h in self.hosts))
        self.write("ansible.cfg", "[defaults]\n")
        self.pyinfra = self.write("hosts.py", "swarm = " + repr([
            (h["address"], {"ssh_port": h["port"], "ssh_user": h["user"], "ssh_key": self.key,
                            "ssh_known_hosts_file": self.known_hosts}) for h in self.hosts]) + "\n")
        inventory = subprocess.run([os.environ["MACHA_LAB"], "inventory", "--format", "yaml", "--set", "swarm"],
                                   check=True, stdout=subprocess.PIPE, text=True).stdout
        self.inventory = self.write("fleet.yaml", inventory)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path


@dataclass
class Tool:
    """How to run a command on the whole fleet with one program; `missing` says why that cannot be done here."""
    name: str
    argv: list
    env: dict = field(default_factory=dict)
    cwd: Path | None = None
    missing: str = ""


def program(variable):
    """A program that script/bench has built, and why it cannot run."""
    path = os.environ.get(variable, "")
    return path, "" if path and os.access(path, os.X_OK) else f"no program ({variable})"


def macha(fleet, command):
    binary, missing = program("MACHA_BENCH_BINARY")
    argv = [binary, "--inventory", str(fleet.inventory), "--state-dir", str(fleet.folder / "state"),
            "exec", "all", "--width", str(fleet.width), "--", *command]
    return with_newer_library(Tool(BASE, argv, missing=missing))


def with_newer_library(tool):
    """The tool, and where script/bootstrap has put libssh2 1.11 the same with it."""
    yield tool
    if (LIBSSH2 / "libssh2.so.1").exists():
        yield replace(tool, name=f"{tool.name}, libssh2 1.11", env={"LD_LIBRARY_PATH": str(LIBSSH2)})


def floor(fleet, command, *more):
    """What no client over libssh2 can go below: the library alone, in a program that nobody should use (client_bare.c)."""
    binary = compiled(fleet.folder, "client_bare", "-lssh2")
    return with_newer_library(Tool(FLOOR, [binary, *client_arguments(fleet, command, *more)]))


def client_arguments(fleet, command, *more):
    return [str(fleet.addresses), fleet.key, str(fleet.port), fleet.user, fleet.known_hosts, str(fleet.width),
            " ".join(command), *more]


def xargs_ssh(fleet, command, name, *options):
    return Tool(name, ["xargs", "-a", str(fleet.names), "-P", str(fleet.width), "-I@",
                       "ssh", "-n", "-F", str(fleet.config), *options, "@", " ".join(command)],
                missing=need("ssh", "openssh-client") or need("xargs", "findutils"))


def ssh(fleet, command):
    yield xargs_ssh(fleet, command, "ssh, xargs -P")
    yield xargs_ssh(fleet, command, "ssh curve25519, xargs -P", "-o", "KexAlgorithms=curve25519-sha256")


def python_tools(fleet, command, *more):
    common = client_arguments(fleet, command, *more)
    for name, module in (("parallel-ssh (libssh2)", "pssh"), ("asyncssh", "asyncssh")):
        missing = "" if importable(module) else f"Python has no {module} (script/bootstrap --bench)"
        yield Tool(name, [sys.executable, str(HERE / f"client_{module}.py"), *common], missing=missing)


def command_tools(fleet, command):
    line, width = " ".join(command), str(fleet.width)
    yield Tool("pssh (the program)", ["parallel-ssh", "-h", str(fleet.names), "-p", width, "-t", "60", "-x", f"-F {fleet.config}",
                                      "-i", line], missing=need("parallel-ssh", "Debian's package pssh"))
    yield Tool("clush", ["clush", "-q", "-f", width, "--hostfile", str(fleet.names), "-o", f"-F {fleet.config}", line],
               missing=need("clush", "clustershell"))
    yield ansible_raw(fleet, command, "ansible -m raw")
    programs = VENV / "bin"
    yield Tool("pyinfra exec", [str(programs / "pyinfra"), "-y", "--parallel", width, "hosts.py", "exec", "--", *command],
               cwd=fleet.folder, missing=need(programs / "pyinfra", "script/bootstrap --bench"))


def ansible_raw(fleet, command, name, *options, **environment):
    """Without ControlPersist unless the options ask for it: its daemons would outlive the run and not be counted."""
    programs = VENV / "bin"
    env = {"ANSIBLE_CONFIG": str(fleet.folder / "ansible.cfg"), "ANSIBLE_HOME": str(fleet.folder / "ansible"),
           "ANSIBLE_SSH_ARGS": " ".join([f"-F {fleet.config}", *options]), "PATH": f"{programs}:{os.environ['PATH']}",
           **environment}
    return Tool(name, [str(programs / "ansible"), "all", "-i", str(fleet.ansible), "-f", str(fleet.width), "-m", "raw",
                       "-a", " ".join(command)], env=env, missing=need(programs / "ansible", "script/bootstrap --bench"))


def need(program, package):
    return "" if shutil.which(str(program)) else f"{Path(program).name} is not installed ({package})"


def importable(module):
    return subprocess.run([sys.executable, "-c", f"import {module}"], capture_output=True).returncode == 0


def cold_tools(fleet, command):
    return [tool for kind in (macha, floor, ssh, python_tools, command_tools) for tool in kind(fleet, command)]


def compiled(folder, name, *libraries):
    """The path of a program of this folder's, built once a run."""
    binary = folder / name
    if not binary.exists():
        compiler = shutil.which("cc") or shutil.which("clang")
        if not compiler:
            raise SystemExit("bench: there is no C compiler (script/bootstrap --bench)")
        subprocess.run([compiler, "-O2", "-o", str(binary), str(HERE / f"{name}.c"), *libraries], check=True)
    return str(binary)


def started(tool, launcher, **streams):
    """The process that starts a tool, the tool's own pid, and where the line with what it used comes (launch.c)."""
    told, tell = os.pipe()
    report = os.fdopen(told)
    try:
        process = subprocess.Popen([launcher, str(tell), *tool.argv], cwd=tool.cwd, env={**os.environ, **tool.env},
                                   start_new_session=True, pass_fds=(tell,), **streams)
    except BaseException:
        report.close()
        raise
    finally:
        os.close(tell)
    return process, int(report.readline() or 0), report


def run(tool, folder, mark, hosts):
    """One run: wall and CPU seconds, peak memory of its largest process in MiB, and whether every host answered."""
    launcher = compiled(folder, "launch")
    with open(folder / "out", "w+b") as out, open(folder / "err", "w+b") as err:
        began = time.perf_counter()
        process, _, report = started(tool, launcher, stdout=out, stderr=err, stdin=subprocess.DEVNULL)
        with report:
            try:
                line = report.readline()
                wall = time.perf_counter() - began
                process.wait()
                if not line:
                    raise RuntimeError(f"{tool.name}: what had started it ended first")
            except BaseException:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                raise
        text = b""
        for file in (out, err):
            file.seek(0)
            text += file.read()
    used = json.loads(line)
    return {"wall": wall, "cpu": used["cpu"], "memory": used["memory"] / 1024,
            "status": process.returncode, "answers": text.count(mark), "complete": text.count(mark) >= hosts,
            "bytes": len(text), "end": text[-300:].decode(errors="replace") if process.returncode else ""}
