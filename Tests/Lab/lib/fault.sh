# SPDX-License-Identifier: MIT
# What can be broken on a host, each with a way back.
# shellcheck shell=bash

FAULTS='failed-unit        demo-oneshot.service fails once (exit 1)
unit-crash         demo-web.service cannot start any more: its setting is bad (exit 3)
crash-loop         demo-crashloop.service dies and restarts for ever
oom                demo-oom.service ends with result oom-kill
disk-full          an ext4 of 64 MB on /var/lib/demo is 97 % full
disk-inodes        an ext4 on /var/lib/demo has no free inode left
log-flood          120 000 journal lines with one needle; ARG: number of lines
uptime             /proc/uptime says 1000 days; ARG: seconds
clock-skew         new processes see a clock 3 days ahead; ARG: offset, as in -2h
net-down           link down: no route to host
net-blackhole      packets vanish: connects time out
net-slow           slow link; ARGS: delay (netem) and rate (used where netem is missing)
sshd-mute          TCP connects, no banner ever comes (sshd is frozen)
sshd-down          connection refused
key-changed        other host keys
auth-refused       the lab key is no longer accepted
login-slow         every session waits before its command; ARG: seconds (5)
sudo-refused       no sudo rule any more
command-hang       a command hangs; ARG: its name (df)
command-slow       a command waits first; ARGS: name (df), seconds (5)
command-huge       a command prints 200 MB; ARGS: name (journalctl), megabytes
command-binary     a command prints binary and invalid UTF-8; ARG: name (journalctl)
command-truncated  a command stops in the middle of a line; ARG: name (journalctl)
command-fail       a command fails; ARGS: name (systemctl), exit status (1)
rebuild-fails      nixos-rebuild fails while evaluating
rebuild-hangs      nixos-rebuild never ends
activation-fails   switch-to-configuration exits 2 before switching
reboot-needed      /run/booted-system is an older generation with another kernel
drift              /run/current-system is not the system profile'

fault_list() {
    if (($#)); then ls "$(host_dir "$1")/faults"; else printf '%s\n' "$FAULTS"; fi
}

fault() { # NAME HOST on|off [ARG...]
    local kind=$1 name=$2 state=$3 record args=()
    shift 3
    grep -q "^$kind " <<<"$FAULTS" || die "unknown fault '$kind'; see: lab faults"
    [[ $state == on || $state == off ]] || die "say on or off"
    record=$(host_dir "$name")/faults/$kind
    host_get "$name" index >/dev/null
    if [[ $state == off ]]; then
        [[ -e $record ]] || return 0
        # Undone with the arguments it was made with.
        mapfile -t args <"$record"
        "fault_${kind//-/_}" "$name" "$(host_get "$name" index)" off "${args[@]}"
        rm -f "$record"
    else
        [[ -e $record ]] && fault "$kind" "$name" off
        printf '%s\n' "$@" >"$record"
        "fault_${kind//-/_}" "$name" "$(host_get "$name" index)" on "$@"
    fi
}

fault_heal() { # HOST...
    local name record
    for name in "$@"; do
        for record in "$(host_dir "$name")"/faults/*; do
            [[ -e $record ]] && fault "$(basename "$record")" "$name" off
        done
    done
}

# Called when a host goes: what lies outside its folder and namespaces.
fault_undo_outside() { # NAME
    local loop
    for loop in $(losetup -n -O NAME -j "$(host_dir "$1")/disk.img" 2>/dev/null); do losetup -d "$loop" || true; done
}

# --- units -------------------------------------------------------------------------------------------------------

unit_fault() { # NAME UNIT on|off
    if [[ $3 == on ]]; then
        in_host "$1" systemctl start --no-block "$2"
    else
        in_host "$1" systemctl stop "$2"
        in_host "$1" systemctl reset-failed "$2" 2>/dev/null || true
    fi
}

fault_failed_unit() { unit_fault "$1" demo-oneshot.service "$3"; }
fault_crash_loop() { unit_fault "$1" demo-crashloop.service "$3"; }

fault_unit_crash() {
    local file
    file=$(host_dir "$1")/root/etc/lab/demo-web.env
    if [[ $3 == on ]]; then echo LAB_SETTING=crash >"$file"; else rm -f "$file"; fi
    in_host "$1" systemctl restart demo-web.service
}

fault_log_flood() {
    if [[ $3 == on ]]; then
        printf 'LINES=%s\nNEEDLE=LAB-NEEDLE-%s\n' "${4:-120000}" "$1" >"$(host_dir "$1")/root/etc/lab/flood.env"
        in_host "$1" systemctl start demo-flood.service
        in_host "$1" journalctl --sync
    else
        rm -f "$(host_dir "$1")/root/etc/lab/flood.env"
    fi
}

# Where cgroup2 has no memory controller, the unit is ended the way systemd-oomd does it: a mark on its cgroup,
# then a kill. systemd then reports result oom-kill by its own code, and no kernel message is made up.
fault_oom() {
    unit_fault "$1" demo-oom.service "$3"
    [[ $3 == on ]] || return 0
    local cgroup i
    cgroup=$(cgroup_root)/$1/payload/system.slice/demo-oom.service
    for ((i = 0; i < 100; i++)); do
        [[ $(in_host "$1" systemctl show -P Result demo-oom.service) == oom-kill ]] && return 0
        if [[ -n $(cat "$cgroup/cgroup.procs" 2>/dev/null) && ! -e $cgroup/memory.max ]]; then
            python3 -c 'import os, sys
for name in (b"user.oomd_ooms", b"user.oomd_kill"):
    os.setxattr(sys.argv[1], name, b"1")
open(sys.argv[1] + "/cgroup.kill", "w").write("1")' "$cgroup"
        fi
        sleep 0.1
    done
    die "demo-oom.service did not end with oom-kill"
}

# --- disk --------------------------------------------------------------------------------------------------------

demo_disk() { # NAME on|off MKFS-OPTION... - a small ext4 on a loop device, mounted inside the host
    local name=$1 state=$2 image loop minor at=/var/lib/demo
    shift 2
    image=$(host_dir "$name")/disk.img
    if [[ $state == off ]]; then
        in_host "$name" umount "$at" || true
        fault_undo_outside "$name"
        rm -f "$image"
        return
    fi
    truncate -s 64M "$image"
    mkfs.ext4 -q -F -m 0 "$@" "$image"
    loop=$(losetup -f --show "$image")
    minor=${loop#/dev/loop}
    in_host "$name" sh -c "mkdir -p $at; [ -e $loop ] || mknod $loop b 7 $minor; mount $loop $at"
}

fault_disk_full() {
    demo_disk "$1" "$3"
    [[ $3 == off ]] || in_host "$1" sh -c 'head -c 52M /dev/zero >/var/lib/demo/data.db; df -h /var/lib/demo >/dev/null'
}

fault_disk_inodes() {
    demo_disk "$1" "$3" -N 128
    # shellcheck disable=SC2016
    [[ $3 == off ]] || in_host "$1" sh -c 'i=0; while touch "/var/lib/demo/f$i" 2>/dev/null; do i=$((i + 1)); done'
}

# --- clock -------------------------------------------------------------------------------------------------------

fault_uptime() {
    in_host "$1" umount /proc/uptime 2>/dev/null || true
    [[ $3 == on ]] || return 0
    in_host "$1" sh -c "echo '${4:-86400000}.00 ${4:-86400000}.00' >/run/uptime; mount --bind /run/uptime /proc/uptime"
}

fault_clock_skew() {
    local root lib
    root=$(host_dir "$1")/root
    if [[ $3 == off ]]; then
        rm -f "$root/etc/ld.so.preload"
    else
        lib=$(cd "$root" && ls usr/lib/*/faketime/libfaketime.so.1)
        echo "${4:-+3d}" >"$root/etc/faketimerc"
        echo "/$lib" >"$root/etc/ld.so.preload"
    fi
}

# --- sshd, keys, rights ------------------------------------------------------------------------------------------

restart_sshd() { in_host "$1" systemctl restart ssh.service; }

fault_sshd_mute() {
    if [[ $3 == on ]]; then in_host "$1" systemctl kill --kill-whom=main -s STOP ssh.service
    else in_host "$1" systemctl kill --kill-whom=main -s CONT ssh.service; fi
}

fault_sshd_down() {
    if [[ $3 == on ]]; then in_host "$1" systemctl stop ssh.service; else in_host "$1" systemctl start ssh.service; fi
}

fault_key_changed() {
    local dir type
    dir=$(host_dir "$1")/root/etc/ssh
    rm -f "$dir"/ssh_host_*_key*
    if [[ $3 == on ]]; then
        for type in ed25519 rsa ecdsa; do ssh-keygen -q -t "$type" -N '' -C changed -f "$dir/ssh_host_${type}_key"; done
    else
        cp "$LAB_DIR/keys/hosts/$1"/ssh_host_* "$dir/"
    fi
    restart_sshd "$1"
}

fault_auth_refused() {
    if [[ $3 == on ]]; then
        cp "$LAB_DIR/keys/stranger.pub" "$(host_dir "$1")/root/etc/ssh/authorized_keys.d/$LAB_USER"
    else
        host_authorize "$1"
        restart_sshd "$1" # forgets the penalties that refused logins have earned (OpenSSH 9.8 and later)
    fi
}

fault_login_slow() {
    local file
    file=$(host_dir "$1")/root/etc/ssh/sshrc
    if [[ $3 == on ]]; then echo "sleep ${4:-5}" >"$file"; else rm -f "$file"; fi
}

fault_sudo_refused() {
    local file
    file=$(host_dir "$1")/root/etc/sudoers.d/macha
    rm -f "$file"
    [[ $3 == on ]] || install -m 440 "$LAB_SRC/host/sudoers.$(host_get "$1" sudo)" "$file"
}

# --- commands ----------------------------------------------------------------------------------------------------

command_fault() { # HOST MODE on|off COMMAND [ARG] - a wrapper first in the search path, also under sudo
    local name=$1 mode=$2 state=$3 command=$4 arg=${5:-}
    [[ $command =~ ^[A-Za-z0-9._-]+$ ]] || die "bad command name '$command'"
    if [[ $state == off ]]; then
        in_host "$name" rm -f "/run/wrappers/bin/$command" "/usr/local/bin/$command"
        [[ $command != nixos-* ]] || in_host "$name" ln -sf "/usr/local/lib/lab/$command" /usr/local/bin/
    else
        # shellcheck disable=SC2016
        in_host "$name" sh -euc 'for at in /run/wrappers/bin /usr/local/bin; do rm -f "$at/$2"
            printf "#!/bin/sh\nexec /usr/local/lib/lab/wrap %s \"%s\" %s \"\$@\"\n" "$1" "$3" "$2" >"$at/$2"
            chmod 755 "$at/$2"; done' sh "$mode" "$command" "$arg"
    fi
}

fault_command_hang() { command_fault "$1" hang "$3" "${4:-df}"; }
fault_command_slow() { command_fault "$1" slow "$3" "${4:-df}" "${5:-5}"; }
fault_command_huge() { command_fault "$1" huge "$3" "${4:-journalctl}" "${5:-200}"; }
fault_command_binary() { command_fault "$1" binary "$3" "${4:-journalctl}" "${5:-65536}"; }
fault_command_truncated() { command_fault "$1" truncated "$3" "${4:-journalctl}"; }
fault_command_fail() { command_fault "$1" fail "$3" "${4:-systemctl}" "${5:-1}"; }

# --- nixos-rebuild and generations -------------------------------------------------------------------------------

lab_flag() { # HOST FLAG on|off [TEXT]
    local file
    file=$(host_dir "$1")/root/etc/lab/$2
    if [[ $3 == on ]]; then printf '%s\n' "${4:-}" >"$file"; else rm -f "$file"; fi
}

fault_rebuild_fails() {
    lab_flag "$1" rebuild-fails "$3" "error:
       … while evaluating the option \`services.nginx.virtualHosts':
       error: undefined variable 'htttps'"
}
fault_rebuild_hangs() { lab_flag "$1" rebuild-hangs "$3"; }
fault_activation_fails() { lab_flag "$1" activation-fails "$3"; }

link_fault() { # HOST LINK on|off - point /run/LINK at the oldest generation, or back at the profile
    local from=system
    [[ $3 == off ]] || from=$(basename "$(find "$(host_dir "$1")/root/nix/var/nix/profiles" -name 'system-*-link' | sort -V | head -n 1)")
    in_host "$1" sh -c "ln -sfn \"\$(readlink -f /nix/var/nix/profiles/$from)\" /run/$2"
}

fault_reboot_needed() { link_fault "$1" booted-system "$3"; }
fault_drift() { link_fault "$1" current-system "$3"; }
