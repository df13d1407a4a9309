# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2154  # what Tests/Nix/lab has set
# What is tried on the two hosts; a part of Tests/Nix/lab.

operator() { on host1 runuser -u lily -- macha-operator "$@"; }
within() { # SECONDS COMMAND…
    local count=$1
    shift
    for ((; count > 0; count--)); do
        if "$@"; then return 0; fi
        sleep 1
    done
    return 1
}
# shellcheck disable=SC2016  # the dollars are jq's
isReached() {
    operator status --json | jq -e --arg name "$1" '[.hosts[] | select(.host == $name and .state != "unknown")] | length == 1'
}
scenario() { "$root/nix/tests/scenario.sh" host2 demo-web "$1" "$lab" root host1 runuser -u lily -- macha-operator; }
journal() { on host1 journalctl --no-pager -o cat -u "$1"; }

# The controller's unit.
check 'the unit is active with its hardening' within 30 on host1 systemctl is-active macha.service
check 'it is found under the first name too' on host1 systemctl is-active macha-autonomous.service
check 'host2 is checked over SSH with the key of the credential' within 40 isReached host2
check 'host1 is checked through its own way in' within 40 isReached host1
# To raise a thread's priority is refused to every service that is not root (errno 13); nothing hangs on it.
check 'nothing else is refused that the program asks of the kernel' \
    refused bash -c "'$lab' root host1 journalctl --no-pager -u macha | grep -v 'thread priority.*errno=13' | grep -i 'failed to set\|not permitted'"

# The virtual machines' scenario, here.
check 'scenario: healthy' scenario healthy
on host2 systemctl kill -s KILL demo-web.service
check 'scenario: a failed unit is found, approved by lily and restarted' scenario repair
check 'the unit is active again' on host2 systemctl is-active demo-web.service
check 'scenario: nothing is waiting any more' scenario recorded
check 'the record says that it was lily' bash -c "'$lab' root host1 grep -h lily /var/lib/macha-autonomous/actions.jsonl /var/lib/macha-autonomous/decisions.jsonl"

# Who is no operator, and what operators have not.
check 'mallory is refused' refused on host1 runuser -u mallory -- macha-operator approve list
for words in 'exec host2 uptime' 'run restart-unit host2' 'restore /tmp/x' 'forget host2' 'serve' 'audit accept --reason x' \
    'status --config /etc/shadow' 'status --state-dir=/tmp' 'approve list --inventory /etc/shadow' 'hosts trust host2'; do
    # shellcheck disable=SC2086  # several words
    check "operators have no: $words" refused operator $words
done

# Reading files again, without a new process.
before=$(on host1 systemctl show -p MainPID --value macha.service)
cp -r "$here/$(readlink "$controller/etc/macha-autonomous")" "$here$scratch/etc-two"
chmod -R u+w "$here$scratch/etc-two"
sed -i 's/"check-interval":"10s"/"check-interval":"15s"/' "$here$scratch/etc-two/inventory/inventory.yaml"
ln -sfn "$scratch/etc-two" "$here/etc/macha-autonomous"
check 'a change is read again by reload' on host1 systemctl reload macha.service
check 'the log says so' within 10 bash -c "'$lab' root host1 journalctl --no-pager -o cat -u macha | grep 'the files were read again: 2 hosts'"
check 'it is the same process' test "$before" = "$(on host1 systemctl show -p MainPID --value macha.service)"

# What the service may not do: the same unit with another program in it.
install -d -m 700 "$here/home/lily/secret"
cat >"$here$scratch/probe" <<'PROBE'
#!/bin/bash
# Each line that this prints was allowed and should not have been.
try() { if "$@" >/dev/null 2>&1; then echo "ALLOWED: $*"; fi; }
for place in /etc /usr /usr/bin /boot /var/log /var/lib /var/lib/macha-self /run /run/systemd /sys/fs/cgroup /proc/sys/kernel /root /home /opt; do
    try touch "$place/macha-was-here"
done
try ls /home/lily
try ls /root/.ssh
try cat /etc/shadow
try cat /etc/macha-ssh-key
try cat /var/lib/macha-self/ssh-key
try sudo -n true
try su -c true
try mount -t tmpfs none /mnt
try unshare -r true
try chown root "$STATE_DIRECTORY"
try chmod u+s /bin/true
try install -m 4755 /bin/true "$STATE_DIRECTORY/suid"
try head -c 1 /dev/mem
try head -c 1 /dev/sda
try dmesg
try hostname other
try date -s 2001-01-01
try kill -0 1
try ls /proc/1/root
try renice -n -5 -p $$
try mknod "$STATE_DIRECTORY/node" c 1 3
try systemctl restart systemd-journald
try bash -c 'echo 1 >/proc/sys/vm/drop_caches'
try python3 -c 'import socket; socket.socket(socket.AF_PACKET, socket.SOCK_RAW)'
touch "$STATE_DIRECTORY/own" && rm "$STATE_DIRECTORY/own" && echo "own state directory"
cat "$CREDENTIALS_DIRECTORY/ssh-key" >/dev/null && echo "own credential"
PROBE
chmod 755 "$here$scratch/probe"
sed -e "s|^ExecStart=.*|ExecStart=$scratch/probe|; s|^Type=.*|Type=oneshot|" \
    -e '/^\(ExecReload\|WatchdogSec\|Restart\|RestartSec\|Alias\|WantedBy\|NotifyAccess\)=/d' \
    "$controller/units/macha.service" >"$here/etc/systemd/system/macha-probe.service"
on host1 systemctl daemon-reload
check 'the same unit with another program in it runs to its end' on host1 systemctl start macha-probe.service
journal macha-probe.service >"$scratch/probe.log"
check 'it writes to its state directory' grep -q 'own state directory' "$scratch/probe.log"
check 'it reads its credential' grep -q 'own credential' "$scratch/probe.log"
check 'it may do none of 38 other things' bash -c "! grep ALLOWED '$scratch/probe.log'"

# The account on host2.
login() { ssh -o BatchMode=yes -o UserKnownHostsFile="$here/etc/ssh/ssh_known_hosts" -i "$scratch/key" "macha@$MACHA_LAB_HOST2" "$@"; }
check 'the key counts for the address of host1 only' refused login true
viaHost1() { on host1 ssh -o BatchMode=yes -i /etc/macha-ssh-key "$@"; }
check 'from host1 it logs in' viaHost1 "macha@$MACHA_LAB_HOST2" true
check 'it gets no terminal' refused bash -c "'$lab' root host1 ssh -tt -o BatchMode=yes -i /etc/macha-ssh-key macha@$MACHA_LAB_HOST2 'test -t 0'"
check 'it forwards no port' refused viaHost1 -o ExitOnForwardFailure=yes -R 2299:127.0.0.1:22 "macha@$MACHA_LAB_HOST2" true

# Every line of the rules is allowed as it is; with a number in place of a pattern.
# shellcheck disable=SC2016  # the dollar is a pattern's
sed -E 's/^macha ALL=\(root\) NOPASSWD: //; s/\^//g; s/\$( |$)/\1/g; s/\[0-9\]\{1,6\}/3/g; s/\\([=:,.])/\1/g' "$rules" >"$there/opt/allowed"
cat >"$there/opt/judge" <<'JUDGE'
#!/bin/bash
# Prints for each line of standard input whether the account may run it; sudo only says so, and runs nothing.
while IFS= read -r line; do
    read -r -a words <<<"$line"
    if [[ ! -x ${words[0]} ]]; then echo "absent $line"; continue; fi
    if /run/wrappers/bin/sudo -n -l -- "${words[@]}" >/dev/null 2>&1; then echo "yes $line"; else echo "no $line"; fi
done
JUDGE
chmod 755 "$there/opt/judge"
judge() { on host2 runuser -u macha -- bash -c "/opt/judge <$1"; }
judge /opt/allowed >"$scratch/allowed"
grep -v '^yes' "$scratch/allowed" >&2 || true
check "$(grep -c '^yes' "$scratch/allowed") of $(wc -l <"$rules") rules allow their command, and the rest has no program here" \
    refused grep -q '^no' "$scratch/allowed"

bin=/run/current-system/sw/bin
{
    for unit in sshd demo-db demo-worker dbus systemd-logind nix-daemon macha '*' 'demo-*' demo-web.service.x 'demo-web demo-db' '--all' '-H x demo-web'; do
        for verb in start stop restart reload reset-failed kill enable disable mask edit isolate; do
            echo "$bin/systemctl $verb $unit"
            echo "$bin/systemctl $verb -- $unit"
        done
    done
    for verb in kill enable disable mask edit set-property; do echo "$bin/systemctl $verb -- demo-web.service"; done
    for program in bash sh env su sudo vi less cat tee cp mv rm chmod chown dd mount umount nsenter unshare python3 perl find xargs \
        ssh scp tar nix nix-shell nix-build nix-store nixos-rebuild journalctl systemctl systemd-run passwd useradd visudo iptables; do
        echo "$bin/$program"
        echo "/usr/bin/$program -c id"
        echo "$bin/$program -c id"
    done
    # Each allowed line with something before, behind or in it.
    while IFS= read -r line; do
        echo "$line ; id"
        echo "$line --help"
        echo "/tmp$line"
    done <"$there/opt/allowed"
} >"$there/opt/others"
judge /opt/others >"$scratch/others"
others=$(grep -c '^no' "$scratch/others")
check 'at least 200 other command lines were tried' test "$others" -ge 200
check "$others other command lines are refused, of programs that are there" bash -c "! grep '^yes' '$scratch/others'"

check 'it ends at once' on host1 systemctl stop macha.service
check 'and in order' test "$(on host1 systemctl show -p Result --value macha.service)" = success
