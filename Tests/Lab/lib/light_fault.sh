# SPDX-License-Identifier: MIT
# What can be broken on a light host, each with a way back.
# shellcheck shell=bash
#
# Most faults are other answers: a folder in light/faults with an ABOUT line. The ones below need more than files.

LIGHT_FAULTS='sshd-down          connection refused
sshd-mute          TCP connects, no banner ever comes (sshd is stopped)
key-changed        another host key than known_hosts says
auth-refused       the lab key is no longer accepted
sudo-refused       sudo asks for a password
reboot-needed      /run/booted-system is an older generation with another kernel
drift              /run/current-system is not the system profile
journal-denied     the journal may not be read
tool-missing       a program is not there; ARG: its name (timedatectl)
command-hang       a program hangs; ARG: its name (df)
command-slow       a program waits first; ARGS: name (df), seconds (5)
command-huge       a program prints 200 MB; ARGS: name (journalctl), megabytes
command-binary     a program prints binary, terminal escapes, invalid UTF-8; ARG: name (journalctl)
command-truncated  a program stops in the middle of a line; ARG: name (journalctl)
command-fail       a program fails; ARGS: name (systemctl), exit status (1)'

light_faults() {
    local about
    for about in "$LAB_SRC"/light/faults/*/ABOUT; do
        printf '%-18s %s\n' "$(basename "$(dirname "$about")")" "$(cat "$about")"
    done
    printf '%s\n' "$LIGHT_FAULTS"
}

light_fault() { # KIND HOST on|off [ARG...]
    local kind=$1 name=$2 state=$3 record args=()
    shift 3
    grep -q "^$kind " <<<"$(light_faults)" || die "light hosts have no fault '$kind'; see: lab faults"
    [[ $state == on || $state == off ]] || die "say on or off"
    record=$(light_dir "$name")/faults/$kind
    if [[ $state == off ]]; then
        [[ -e $record ]] || return 0
        mapfile -t args <"$record" # undone with the arguments it was made with
        rm -f "$record"
    else
        [[ ! -e $record ]] || light_fault "$kind" "$name" off
        args=("$@")
        printf '%s\n' "$@" >"$record"
    fi
    if [[ -d $LAB_SRC/light/faults/$kind ]]; then
        light_data_fault "$kind" "$name" "$state"
    else
        "light_fault_${kind//-/_}" "$name" "$state" "${args[@]}"
    fi
}

# A fault that is a folder of other answers: they go over the healthy ones; off brings those and the other faults' back.
light_data_fault() { # KIND HOST on|off
    local dir other file
    dir=$(light_dir "$2")
    if [[ $3 == on ]]; then
        python3 "$LAB_SRC/lib/light_data.py" "$LAB_SRC/light/faults/$1" "$dir"
        return
    fi
    while read -r file; do
        rm -f "$dir/$file" "$dir/${file%.txt}.jsonl"
    done < <(cd "$LAB_SRC/light/faults/$1" && find . -type f ! -name ABOUT)
    for file in "$dir"/journal/*.jsonl; do cp -p "$file" "$file.kept"; done # entries keep their times
    python3 "$LAB_SRC/lib/light_data.py" "$LAB_SRC/light/healthy" "$dir"
    for file in "$dir"/journal/*.kept; do mv "$file" "${file%.kept}"; done
    for other in "$dir"/faults/*; do
        other=$LAB_SRC/light/faults/$(basename "$other")
        [[ ! -d $other ]] || python3 "$LAB_SRC/lib/light_data.py" "$other" "$dir"
    done
}

light_heal() { # HOST...
    local name record
    for name in "$@"; do
        for record in "$(light_dir "$name")"/faults/*; do
            [[ ! -e $record ]] || light_fault "$(basename "$record")" "$name" off
        done
    done
}

light_fault_sshd_down() { if [[ $2 == on ]]; then light_end "$1"; else light_restart "$1"; fi; }

light_fault_sshd_mute() {
    local pid
    pid=$(recorded_pid "$(light_dir "$1")/pid") || die "sshd of '$1' does not run"
    if [[ $2 == on ]]; then kill -STOP "$pid"; else kill -CONT "$pid"; fi
}

light_fault_key_changed() {
    local dir keys=$LAB_DIR/keys/hosts/$1 types=(ed25519)
    dir=$(light_dir "$1")
    [[ $(light_get "$1" variant) == debian ]] || types+=(rsa)
    if [[ $2 == on ]]; then
        # Not below keys/hosts: known_hosts and the inventory keep saying the old key.
        keys=$dir/changed
        rm -rf "$keys"
        mkdir -p "$keys"
        local type
        for type in "${types[@]}"; do ssh-keygen -q -t "$type" -N '' -C changed -f "$keys/ssh_host_${type}_key"; done
    fi
    light_config "$1" "$keys" "${types[@]}" >"$dir/sshd_config"
    light_restart "$1"
}

light_fault_auth_refused() {
    local dir
    dir=$(light_dir "$1")
    if [[ $2 == on ]]; then
        cp "$LAB_DIR/keys/stranger.pub" "$dir/authorized_keys"
    else
        cat "$LAB_DIR/keys/id_ed25519.pub" "$LAB_DIR/keys/id_rsa.pub" >"$dir/authorized_keys"
        light_restart "$1" # forgets the penalties that refused logins have earned (OpenSSH 9.8 and later)
    fi
}

light_fault_sudo_refused() { :; }   # the stand-ins look for the record itself
light_fault_journal_denied() { :; }

light_link_fault() { # HOST LINK on|off
    local root from=system
    root=$(light_dir "$1")/root
    [[ $3 == off ]] || from=system-40-link
    ln -sfn "../nix/store/$(basename "$(readlink -f "$root/nix/var/nix/profiles/$from")")" "$root/run/$2"
}
light_fault_reboot_needed() { light_link_fault "$1" booted-system "$2"; }
light_fault_drift() { light_link_fault "$1" current-system "$2"; }

light_take_out() { # HOST PROGRAM on|off
    local dir
    dir=$(light_dir "$1")
    [[ $2 =~ ^[A-Za-z0-9._-]+$ ]] || die "bad program name '$2'"
    if [[ $3 == off ]]; then
        [[ ! -L $dir/standby/$2 ]] || mv -f "$dir/standby/$2" "$dir/bin/$2"
    else
        [[ -L $dir/bin/$2 ]] || die "a light host has no program '$2'"
        [[ ! -L $dir/standby/$2 ]] || die "another fault already holds '$2' of '$1'"
        mv "$dir/bin/$2" "$dir/standby/$2"
    fi
}
light_fault_tool_missing() {
    local program=${3:-timedatectl} dir
    dir=$(light_dir "$1")
    light_take_out "$1" "$program" "$2"
    [[ $2 == off ]] || ln -s "$LAB_SRC/light/bin/absent" "$dir/bin/$program"
}

light_misbehave() { # MODE HOST on|off PROGRAM [ARG]
    local dir
    dir=$(light_dir "$2")
    light_take_out "$2" "$4" "$3"
    [[ $3 == on ]] || { rm -f "$dir/misbehave/$4"; return 0; }
    printf '%s %s\n' "$1" "${5:-}" >"$dir/misbehave/$4"
    ln -s "$LAB_SRC/light/bin/misbehave" "$dir/bin/$4"
}
light_fault_command_hang() { light_misbehave hang "$1" "$2" "${3:-df}"; }
light_fault_command_slow() { light_misbehave slow "$1" "$2" "${3:-df}" "${4:-5}"; }
light_fault_command_huge() { light_misbehave huge "$1" "$2" "${3:-journalctl}" "${4:-200}"; }
light_fault_command_binary() { light_misbehave binary "$1" "$2" "${3:-journalctl}" "${4:-65536}"; }
light_fault_command_truncated() { light_misbehave truncated "$1" "$2" "${3:-journalctl}"; }
light_fault_command_fail() { light_misbehave fail "$1" "$2" "${3:-systemctl}" "${4:-1}"; }
