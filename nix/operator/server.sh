# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# One order of an operator: words that end in NUL bytes on standard input, the program's output on standard output, and its
# exit status as the last line. $1 is the instance's name, which systemd makes of the number of the connection and the caller's
# process and account: N-PID-UID.
set -uf

finish() { printf '\n%s\n' "$1"; exit 0; }
refuse() { printf 'error: %s\n' "$1"; finish 64; }

account=${1##*-}
case $account in '' | *[!0-9]*) refuse 'it is not known whose order this is' ;; esac
name=$(getent passwd "$account" | cut -d: -f1)
[ -n "$name" ] || refuse "there is no account with the number $account"

words=()
while [ "${#words[@]}" -lt 64 ] && IFS= read -r -d '' word; do words+=("$word"); done
[ "${#words[@]}" -gt 0 ] || refuse 'there is no command; try: macha-operator approve list'

# Only what works on the state directory: no file of the caller's is read, no host is asked by this process.
case ${words[0]} in
    approve | reject | status | issues | ack | silence | maintenance | pause | resume | policy | queue) ;;
    *) refuse "operators have no '${words[0]}'; they have approve, reject, status, issues, ack, silence, maintenance, pause, resume, policy and queue" ;;
esac
for word in "${words[@]}"; do
    case $word in
        --config* | --inventory* | --state-dir* | --playbooks*) refuse "${word%%=*} is not for operators" ;;
    esac
done

# The daemon carries out what is approved; it has the key and the connections.
case ${words[0]} in
    approve)
        case ${words[1]:-list} in
            *[!0-9]*) if [ "${words[1]:-list}" = approve ]; then words+=(--no-wait); fi ;;
            *) words+=(--no-wait) ;;
        esac ;;
esac

export SUDO_USER=$name SUDO_UID=$account HOME=/var/empty
macha "${words[@]}" 2>&1 </dev/null
finish $?
