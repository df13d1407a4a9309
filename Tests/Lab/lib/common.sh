# SPDX-License-Identifier: MIT
# Settings, messages, packages, locking and process records. Sourced by `lab`.
# shellcheck shell=bash disable=SC2034

# Root's lab and a user's lab are two: neither could write in the other's folder.
if ((EUID == 0)); then LAB_DIR=/var/tmp/macha-lab; else LAB_DIR=/var/tmp/macha-lab-$EUID; fi
LAB_DIR=$(realpath -m "${MACHA_LAB_DIR:-$LAB_DIR}")
LAB_ID=${MACHA_LAB_ID:-mlab}
LAB_NET=${MACHA_LAB_NET:-127.77}
SWARM_NET=${MACHA_SWARM_NET:-127.78}
SWARM_PORT=${MACHA_SWARM_PORT:-2222}
LIGHT_NET=${MACHA_LIGHT_NET:-127.79}
LIGHT_PORT=${MACHA_LIGHT_PORT:-2222}
LAB_USER=macha
export MACHA_LAB_DIR=$LAB_DIR
PATH=$PATH:/usr/sbin:/sbin

say() { printf 'lab: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
is_number() { [[ $1 =~ ^[0-9]{1,6}$ ]] && (($1 >= $2 && $1 <= $3)); } # VALUE MIN MAX
need_root() { ((EUID == 0)) || die "this needs root (namespaces, mounts)"; }

# One lab command at a time; the lock is not passed on to what we start (every spawn closes fd 9).
open_lab() {
    mkdir -p "$LAB_DIR"
    [[ -O $LAB_DIR ]] || die "$LAB_DIR belongs to somebody else: set MACHA_LAB_DIR"
    touch "$LAB_DIR/.macha-lab"
    exec 9>"$LAB_DIR/lock"
    flock -w 600 9 || die "another lab command is still running"
}

# need_commands COMMAND=PACKAGE... - install the packages whose command is missing.
need_commands() {
    local pair missing=()
    for pair in "$@"; do
        command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
    done
    ((${#missing[@]})) || return 0
    command -v apt-get >/dev/null || die "please install: ${missing[*]}"
    ((EUID == 0)) || die "please install: ${missing[*]}"
    say "installing ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# --- processes: a pid is recorded with its start time, so a recycled pid is never signalled -------------------

start_time() {
    local stat
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    stat=${stat##*) }
    # shellcheck disable=SC2086
    set -- $stat
    printf '%s\n' "${20}"
}

record_pid() { # FILE PID
    printf '%s %s\n' "$2" "$(start_time "$2")" >"$1"
}

recorded_pid() { # FILE - prints the pid if that very process still runs
    local pid started
    [[ -f $1 ]] && read -r pid started <"$1" || return 1
    [[ $(start_time "$pid") == "$started" ]] || return 1
    printf '%s\n' "$pid"
}

seconds_since() { awk -v from="$1" -v to="$(date +%s.%N)" 'BEGIN { printf "%.2f", to - from }'; }

# --- plain sshd processes, of the swarm and of the light hosts -----------------------------------------------------

# What every such sshd has in common: it lets in the user who runs the lab, by the lab's keys only.
plain_sshd_config() {
    cat <<TEXT
AllowUsers $(id -un)
PermitRootLogin prohibit-password
PubkeyAuthentication yes
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
MaxStartups 2000
MaxSessions 100
LoginGraceTime 60
UseDNS no
PrintMotd no
PrintLastLog no
X11Forwarding no
LogLevel ERROR
Subsystem sftp internal-sftp
TEXT
}

# The algorithm lists of an sshd_config, less what this machine's OpenSSH does not know.
known_algorithms() { # FILE
    local keyword list kind known name kept
    while read -r keyword list; do
        case $keyword in
            KexAlgorithms) kind=kex ;;
            Ciphers) kind=cipher ;;
            MACs) kind=mac ;;
            *) continue ;;
        esac
        known=$(ssh -n -Q "$kind") kept=
        for name in ${list//,/ }; do
            ! grep -qxF "$name" <<<"$known" || kept+=${kept:+,}$name
        done
        printf '%s %s\n' "$keyword" "$kept"
    done <"$1"
}

# sshd logs us in as ourselves, so this account must be one that may log in.
check_login() {
    local shell
    shell=$(getent passwd "$EUID" | cut -d: -f7)
    [[ $shell != */nologin && $shell != */false ]] || die "$(id -un) has the shell $shell: sshd cannot run commands for it"
    ((EUID == 0)) || return 0
    mkdir -p /run/sshd # where sshd locks itself in; only root's needs it
    [[ $(getent shadow root | cut -d: -f2) != '!'* ]] || die "root's account is locked (usermod -p '*' root opens it for keys)"
}

# A port nobody uses on any address, out of those the kernel does not hand out by itself.
free_port() {
    python3 - <<'TEXT'
import random
import socket

while True:
    port = random.randint(20000, 32000)
    with socket.socket() as s:
        try:
            s.bind(("", port))
        except OSError:
            continue
    print(port)
    break
TEXT
}

# --- control groups: one folder of our own in the cgroup2 tree, so that a host can be ended as a whole ---------

cgroup_root() {
    local at
    at=$(findmnt -n -t cgroup2 -o TARGET | head -n 1)
    [[ -n $at ]] || die "no cgroup2 file system is mounted"
    printf '%s/%s\n' "$at" "$LAB_ID"
}

cgroup_make() { # NAME
    local root controller
    root=$(cgroup_root)
    mkdir -p "$root/$1"
    # Memory limits work in the hosts where the machine lends the controller to cgroup2.
    for controller in memory pids; do
        if grep -qw "$controller" "$root/cgroup.controllers"; then
            echo "+$controller" >"$root/cgroup.subtree_control" 2>/dev/null || true
        fi
    done
    printf '%s/%s\n' "$root" "$1"
}

cgroup_kill() { # NAME - end every process the lab started in it
    local file
    file=$(cgroup_root)/$1/cgroup.kill
    [[ ! -e $file ]] || echo 1 >"$file"
}

cgroup_end() { # NAME - the same, and remove it
    local dir i
    dir=$(cgroup_root)/$1
    [[ -d $dir ]] || return 0
    cgroup_kill "$1"
    for ((i = 0; i < 100; i++)); do
        grep -q 'populated 0' "$dir/cgroup.events" && break
        sleep 0.05
    done
    find "$dir" -depth -type d -exec rmdir {} \; 2>/dev/null || true
    rmdir "$(cgroup_root)" 2>/dev/null || true
}

# --- keys and ssh client files -----------------------------------------------------------------------------------

make_keys() {
    local dir=$LAB_DIR/keys
    mkdir -p "$dir/hosts"
    chmod 700 "$dir"
    [[ -f $dir/id_ed25519 ]] || ssh-keygen -q -t ed25519 -N '' -C macha-lab -f "$dir/id_ed25519"
    [[ -f $dir/id_rsa ]] || ssh-keygen -q -t rsa -b 2048 -N '' -C macha-lab-rsa -f "$dir/id_rsa"
    [[ -f $dir/stranger ]] || ssh-keygen -q -t ed25519 -N '' -C stranger -f "$dir/stranger"
}

# Host keys outlive `down`, so an inventory printed earlier stays true.
make_host_keys() { # NAME TYPE...
    local dir=$LAB_DIR/keys/hosts/$1 type size
    shift
    mkdir -p "$dir"
    for type in "$@"; do
        # A NixOS host's RSA key has 4096 bits, which takes seconds to make and proves no more here.
        if [[ $type == rsa ]]; then size=(-b 2048); else size=(); fi
        [[ -f $dir/ssh_host_${type}_key ]] ||
            ssh-keygen -q -t "$type" "${size[@]}" -N '' -C lab -f "$dir/ssh_host_${type}_key"
    done
}

write_ssh_files() {
    python3 "$LAB_SRC/lib/inventory.py" files
}
