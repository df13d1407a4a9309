# SPDX-License-Identifier: MIT
# Many plain sshd processes on loopback addresses of this machine, for fan-out measurements.
# shellcheck shell=bash
#
# They log in the user who runs the lab, by the lab's key only, and listen on 127.x addresses only.

swarm_address() { printf '%s.%s.%s\n' "$SWARM_NET" $((($1 - 1) / 250)) $((($1 - 1) % 250 + 1)); }

swarm() {
    case ${1:-} in
        down) swarm_down ;;
        restart) swarm_restart ;;
        status) python3 "$LAB_SRC/lib/inventory.py" status ;;
        *)
            is_number "${1:-}" 1 2000 || die "swarm needs a number from 1 to 2000, or 'restart', 'down', 'status'"
            swarm_up "$1"
            ;;
    esac
}

swarm_config() {
    local dir=$1
    cp "$LAB_DIR/keys/id_ed25519.pub" "$dir/authorized_keys"
    cat "$LAB_DIR/keys/id_rsa.pub" >>"$dir/authorized_keys"
    {
        plain_sshd_config
        echo "AuthorizedKeysFile $dir/authorized_keys"
        # An empty home: the user's own shell start files must not be part of what is measured.
        echo "SetEnv HOME=$dir/home"
    } >"$dir/sshd_config"
}

swarm_up() {
    local count=$1 dir=$LAB_DIR/swarm i started
    need_commands sshd=openssh-server ssh-keygen=openssh-client python3=python3 findmnt=util-linux
    check_login
    swarm_down
    [[ $SWARM_PORT != 0 ]] || SWARM_PORT=$(free_port)
    make_keys
    mkdir -p "$dir/pids" "$dir/home"
    swarm_config "$dir"
    started=$(date +%s.%N)
    for ((i = 1; i <= count; i++)); do
        make_host_keys "swarm$i" ed25519
        printf '%s\t%s\t%s\t%s\n' "swarm$i" "$(swarm_address "$i")" "$SWARM_PORT" "$(id -un)"
    done >"$dir/hosts.tsv"
    say "host keys ready after $(seconds_since "$started") s"
    swarm_start
    write_ssh_files
}

# Starts the servers of hosts.tsv and returns when all of them answer.
swarm_start() {
    local dir=$LAB_DIR/swarm name addr port names=() sshd cgroup="" started
    sshd=$(command -v sshd)
    # A control group lets a benchmark read the servers' share of the CPU; without root there is none.
    if ((EUID == 0)) && findmnt -n -t cgroup2 >/dev/null; then cgroup=$(cgroup_make swarm); fi
    started=$(date +%s.%N)
    while IFS=$'\t' read -r name addr port _; do
        (
            [[ -z $cgroup ]] || echo "$BASHPID" >"$cgroup/cgroup.procs"
            exec "$sshd" -f "$dir/sshd_config" -h "$LAB_DIR/keys/hosts/$name/ssh_host_ed25519_key" \
                -o "ListenAddress=$addr:$port" -o "PidFile=$dir/pids/$name.sshd" -E "$dir/sshd.log" 9>&- </dev/null
        )
        names+=("$name")
    done <"$dir/hosts.tsv"
    python3 "$LAB_SRC/lib/inventory.py" wait --timeout 120 "${names[@]}" || die "see $dir/sshd.log"
    for name in "${names[@]}"; do
        record_pid "$dir/pids/$name" "$(cat "$dir/pids/$name.sshd")"
    done
    say "${#names[@]} sshd up after $(seconds_since "$started") s"
}

# Ends every server and every session, as a restart of all hosts would, and starts the same servers again.
swarm_restart() {
    [[ -s $LAB_DIR/swarm/hosts.tsv ]] || die "no swarm is up (lab swarm N)"
    swarm_end
    swarm_start
}

swarm_end() {
    local dir=$LAB_DIR/swarm file files=()
    for file in "$dir"/pids/*; do
        [[ ! -e $file || $file == *.sshd ]] || files+=("$file")
    done
    python3 "$LAB_SRC/lib/processes.py" end --home "$dir/home" "${files[@]}"
    rm -f "$dir"/pids/*
}

swarm_down() {
    local dir=$LAB_DIR/swarm
    [[ -d $dir ]] || return 0
    swarm_end
    if ((EUID == 0)) && findmnt -n -t cgroup2 >/dev/null; then cgroup_end swarm; fi
    rm -rf "$dir"
    write_ssh_files
}
