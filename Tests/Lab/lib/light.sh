# SPDX-License-Identifier: MIT
# Light hosts: sshd processes of the calling user on loopback, whose programs answer as NixOS does. No root.
# shellcheck shell=bash
#
# $LAB_DIR/light/NAME/ holds meta (KEY=VALUE), sshd_config, faults/ (one file per active fault) and the host itself:
#   bin      its PATH: stand-ins, and links to harmless real programs
#   standby  programs that a fault took out of bin
#   real     the real programs, for the stand-ins
#   root     files and links that cat, readlink and find see at /
#   live     programs that print a file of /proc which changes
#   units, timers, disks, journal, answers, timedate: what systemctl, df, journalctl and the others say

light_dir() { printf '%s/light/%s\n' "$LAB_DIR" "$1"; }
light_address() { printf '%s.%s.%s\n' "$LIGHT_NET" $((($1 - 1) / 250)) $((($1 - 1) % 250 + 1)); }
light_now() { cat "$LAB_DIR/clock" 2>/dev/null || date +%s; }
light_get() { sed -n "s/^$2=//p" "$(light_dir "$1")/meta"; } # NAME KEY
is_light() { [[ -n ${1:-} && -f $LAB_DIR/light/$1/meta ]]; }

light() {
    local variant=debian spec="" count=""
    while (($#)); do
        case $1 in
            down) light_down; return ;;
            status) python3 "$LAB_SRC/lib/inventory.py" status; return ;;
            --variant) variant=${2:?--variant needs a value}; shift ;;
            --spec) spec=${2:?--spec needs a file}; shift ;;
            --port) LIGHT_PORT=${2:?--port needs a number}; shift ;;
            *) count=$1 ;;
        esac
        shift
    done
    [[ $variant =~ ^(nixos-default|debian|mixed)$ ]] || die "unknown variant '$variant'"
    if [[ -n $spec ]]; then
        [[ -z $count ]] || die "say a number or --spec, not both"
        [[ $spec != - ]] || spec=/dev/stdin
        [[ -r $spec ]] || die "cannot read $spec"
        light_up "$variant" <"$spec"
    else
        is_number "$count" 1 2000 || die "light needs a number from 1 to 2000, --spec FILE, or 'down'"
        light_up "$variant" < <(for ((i = 1; i <= count; i++)); do echo "light$i"; done)
    fi
}

# Reads one host a line: NAME [FAULT[:ARG[:ARG]]]... [KEY=VALUE]...   ('#' starts a comment)
light_up() { # VARIANT
    local line words word name index=0 names=() user faults=() started dir
    need_commands sshd=openssh-server ssh-keygen=openssh-client python3=python3
    [[ $LAB_DIR =~ ^[A-Za-z0-9/._+-]+$ ]] || die "MACHA_LAB_DIR must be a path without spaces: $LAB_DIR"
    user=$(id -un)
    check_login
    light_down
    trap 'light_down; exit 1' EXIT # whatever goes wrong below, nothing is left running
    make_keys
    started=$(date +%s.%N)
    light_real_programs
    [[ $LIGHT_PORT != 0 ]] || LIGHT_PORT=$(free_port)
    while IFS= read -r line; do
        read -ra words <<<"${line%%#*}"
        ((${#words[@]})) || continue
        name=${words[0]} index=$((index + 1))
        [[ $name =~ ^[a-z][a-z0-9-]*$ ]] || die "bad host name '$name': lower-case letters, digits and dashes"
        dir=$(light_dir "$name")
        [[ ! -e $dir ]] || die "host '$name' is named twice"
        mkdir -p "$dir"
        printf 'name=%s\nindex=%s\naddress=%s\nport=%s\nuser=%s\nbooted=%s\n' "$name" "$index" \
            "$(light_address "$index")" "$LIGHT_PORT" "$user" "$(($(light_now) - 345620))" >"$dir/meta"
        for word in "variant=$(host_variant "$1" "$index")" "${words[@]:1}"; do
            case $word in
                variant=* | groups=* | autonomy=*)
                    sed -i "/^${word%%=*}=/d" "$dir/meta"
                    echo "$word" >>"$dir/meta"
                    ;;
                *=*) die "host '$name': unknown key '${word%%=*}' (variant, groups, autonomy)" ;;
                *) faults+=("$name:$word") ;;
            esac
        done
        light_create "$name"
        light_start "$name"
        names+=("$name")
    done
    ((index)) || die "no host is named"
    python3 "$LAB_SRC/lib/inventory.py" wait --timeout 120 "${names[@]}" || die "see $LAB_DIR/light/NAME/sshd.log"
    for word in "${faults[@]}"; do
        IFS=: read -ra words <<<"$word"
        light_fault "${words[1]}" "${words[0]}" on "${words[@]:2}"
    done
    write_ssh_files
    trap - EXIT
    say "$index light hosts up after $(seconds_since "$started") s"
}

light_create() { # NAME
    local name=$1 dir variant types=(ed25519)
    dir=$(light_dir "$name") variant=$(light_get "$name" variant)
    mkdir -p "$dir"/{faults,home,standby,misbehave,root/etc,root/proc/sys/kernel/random,root/run}
    [[ $variant == debian ]] || types+=(rsa)
    make_host_keys "$name" "${types[@]}"
    cat "$LAB_DIR/keys/id_ed25519.pub" "$LAB_DIR/keys/id_rsa.pub" >"$dir/authorized_keys"
    light_config "$name" "$LAB_DIR/keys/hosts/$name" "${types[@]}" >"$dir/sshd_config"

    light_programs "$dir"
    light_systems "$name"
    light_get "$name" booted >"$dir/booted"
    cp "$LAB_SRC/host/os-release" "$dir/root/etc/os-release"
    echo "$name" >"$dir/root/etc/hostname"
    tr -d - </proc/sys/kernel/random/uuid >"$dir/root/etc/machine-id"
    cat /proc/sys/kernel/random/uuid >"$dir/root/proc/sys/kernel/random/boot_id"
    python3 "$LAB_SRC/lib/light_data.py" "$LAB_SRC/light/healthy" "$dir"
}

# The links are the same for every host, so they are made once and copied.
light_real_programs() {
    local name path found=()
    while read -r name; do
        if path=$(type -P "$name"); then found+=("$path"); fi
    done < <(grep -v '^#' "$LAB_SRC/light/tools" | tr ' ' '\n')
    mkdir -p "$LAB_DIR/light/.real"
    ln -s -t "$LAB_DIR/light/.real" "${found[@]}"
}

light_programs() { # FOLDER
    local dir=$1 source=$LAB_SRC/light/bin name absent
    read -ra absent -d '' < <(grep -v '^#' "$LAB_SRC/light/absent") || true
    cp -P -r "$LAB_DIR/light/.real" "$dir/real"
    cp -P -r "$LAB_DIR/light/.real" "$dir/bin"
    ln -sf -t "$dir/bin" "$source"/*
    rm "$dir"/bin/{misbehave,answer,absent}
    # Where the time is the machine's own, each process saved is one saved for every check.
    if [[ -e $LAB_DIR/clock ]]; then ln -sf "$source/date" "$dir/real/date"; else ln -sf "$(readlink "$dir/real/date")" "$dir/bin/date"; fi
    for name in ip hostnamectl loginctl coredumpctl smartctl zpool tailscale lsblk ss podman nix nix-store vulnix; do ln -sf "$source/answer" "$dir/bin/$name"; done
    for name in "${absent[@]}"; do ln -sf "$source/absent" "$dir/bin/$name"; done
}

# Three generations with real links, inside root/ and relative, so that readlink -f stays inside.
light_systems() { # NAME
    local name=$1 root number=40 day=60 version kernel store
    root=$(light_dir "$name")/root
    mkdir -p "$root/nix/var/nix/profiles"
    while read -r version kernel; do
        store=$root/nix/store/$(light_hash "$name-$version")-nixos-system-$name-$version
        mkdir -p "$store"
        for part in kernel initrd kernel-modules; do
            light_store_path "$store/$part" "$root" "linux-$kernel" "$part"
        done
        printf '%s' "$version" >"$store/nixos-version"
        printf '%s' 0123456789abcdef0123456789abcdef01234567 >"$store/configuration-revision"
        ln -s "../../../store/$(basename "$store")" "$root/nix/var/nix/profiles/system-$number-link"
        touch -h -d "@$(($(light_now) - day * 86400))" "$root/nix/var/nix/profiles/system-$number-link"
        number=$((number + 1)) day=$((day - 29))
    done <<'TEXT'
24.11.20250605.cafe001 6.6.92
25.05.20250715.cafe002 6.12.41
25.05.20250930.cafe003 6.12.50
TEXT
    ln -s system-42-link "$root/nix/var/nix/profiles/system"
    ln -s "../nix/store/$(basename "$store")" "$root/run/current-system"
    ln -s "../nix/store/$(basename "$store")" "$root/run/booted-system"
}
light_hash() { sha256sum <<<"$1" | tr e-z 0-9a-z | cut -c1-32; }
light_store_path() { # LINK ROOT PACKAGE PART
    local at
    at=nix/store/$(light_hash "$3")-$3
    case $4 in kernel) at+=/bzImage ;; initrd) at=nix/store/$(light_hash "$3-initrd")-initrd-$3/initrd ;; *) at+=-modules ;; esac
    mkdir -p "$2/$(dirname "$at")"
    [[ -e $2/$at ]] || touch "$2/$at"
    ln -s "../../../$at" "$1"
}

light_config() { # NAME KEYS-FOLDER TYPE...
    local name=$1 keys=$2 dir type
    dir=$(light_dir "$name")
    shift 2
    cat <<TEXT
ListenAddress $(light_get "$name" address):$(light_get "$name" port)
PidFile $dir/sshd.pid
AuthorizedKeysFile $dir/authorized_keys
SetEnv PATH=$dir/bin HOME=$dir/home
TEXT
    for type in "$@"; do echo "HostKey $keys/ssh_host_${type}_key"; done
    plain_sshd_config
    [[ $(light_get "$name" variant) == debian ]] || known_algorithms "$LAB_SRC/host/sshd_config.nixos-default"
}

# Recorded before it can do anything, so that whatever happens next, `down` finds it. It writes its own pid once it
# listens; if it ends before that, the address was taken, and a banner from there would not be ours.
light_start() { # NAME
    local dir pid i
    dir=$(light_dir "$1")
    rm -f "$dir/sshd.pid"
    setsid "$(command -v sshd)" -D -f "$dir/sshd_config" -E "$dir/sshd.log" </dev/null &>"$dir/console.log" 9>&- &
    pid=$!
    record_pid "$dir/pid" "$pid"
    disown "$pid"
    for ((i = 0; i < 500; i++)); do
        [[ ! -s $dir/sshd.pid ]] || return 0
        recorded_pid "$dir/pid" >/dev/null || break
        sleep 0.02
    done
    die "sshd of '$1' did not start: $(cat "$dir/console.log" "$dir/sshd.log" 2>/dev/null)"
}

light_restart() { # NAME - also ends the sessions that are open
    light_end "$1"
    light_start "$1"
    python3 "$LAB_SRC/lib/inventory.py" wait --timeout 30 "$1" || die "sshd of '$1' did not come back"
}

light_end() { # NAME - its sshd, the sessions below it, and what they left running
    local dir
    dir=$(light_dir "$1")
    python3 "$LAB_SRC/lib/processes.py" end --home "$dir/home" "$dir/pid"
    rm -f "$dir/pid"
}

light_remove() { # NAME
    light_end "$1"
    rm -rf "$(light_dir "$1")"
}

light_down() {
    local dir
    [[ -d $LAB_DIR/light ]] || return 0
    python3 "$LAB_SRC/lib/processes.py" end --below "$LAB_DIR/light" "$LAB_DIR"/light/*/pid
    rm -rf "$LAB_DIR/light"
    write_ssh_files
}
