# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Hands a command to the controller and ends with its exit status.
set -euf

if [ ! -S "$MACHA_OPERATOR_SOCKET" ]; then
    printf 'error: %s is not there; is macha-operator.socket running?\n' "$MACHA_OPERATOR_SOCKET" >&2
    exit 69
fi
# The words are sent to their end before an answer is read.
if ! answer=$(printf '%s\0' "$@" | socat -t 60 - "UNIX-CONNECT:$MACHA_OPERATOR_SOCKET"); then
    printf 'error: the controller does not answer; are you in the group of the operators?\n' >&2
    exit 69
fi
status=$(printf '%s\n' "$answer" | sed -n '$p')
case $status in
    '' | *[!0-9]*) printf 'error: the answer of the controller ended early\n' >&2; exit 69 ;;
esac
printf '%s\n' "$answer" | sed '$d' | sed '$ { /^$/d; }'
exit "$status"
