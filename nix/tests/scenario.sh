#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What a controller does about a unit that has failed, as an operator sees it.
#
#   scenario.sh HOST UNIT healthy|repair|recorded OPERATOR…
#
# OPERATOR… is the command of an operator, such as `macha-operator` in the virtual machines, or `macha --state-dir …` in the lab.
# shellcheck disable=SC2016  # the dollars in conditions are jq's
set -euo pipefail

host=$1 unit=$2 part=$3
shift 3
operator=("$@")

die() { printf 'scenario: %s\n' "$*" >&2; exit 1; }

# Waits until a command's JSON meets a condition, three minutes at most.
await() {
    local what=$1 condition=$2 last=''
    shift 2
    for ((second = 0; second < 180; second++)); do
        if last=$("${operator[@]}" "$@" --json 2>&1); then :; fi
        if jq -e --arg host "$host" --arg unit "$unit.service" "$condition" <<<"$last" >/dev/null 2>&1; then
            printf '%s\n' "$last"
            return
        fi
        sleep 1
    done
    die "$what: not seen in three minutes; last: $last"
}

case $part in
    healthy) await "$host is healthy" '.hosts[] | select(.name == $host and .state == "ok")' status >/dev/null ;;
    repair)
        waiting=$(await "an approval for $unit" '.[] | select(.host == $host and (.title | contains($unit)))' approve list)
        id=$(jq -r --arg host "$host" 'map(select(.host == $host))[0].id' <<<"$waiting")
        "${operator[@]}" approve approve "$id"
        await "$host is healthy again" '.hosts[] | select(.name == $host and .state == "ok")' status >/dev/null ;;
    recorded)
        "${operator[@]}" approve list --json | jq -e 'length == 0' >/dev/null || die 'an approval is still waiting' ;;
    *) die "there is no part '$part'" ;;
esac
printf 'scenario: %s\n' "$part"
