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

# The unit has no finding, and the host has been reached. A machine under test may have warnings of its own.
isWell='.hosts[] | select(.host == $host and .state != "unknown") | [.findings[] | select(.subject == $unit)] | length == 0'

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
    healthy) await "$host is healthy" "$isWell" status >/dev/null ;;
    repair)
        waiting=$(await "an approval for $unit" 'map(select(.host == $host and (.title | contains($unit)))) | length > 0' approve list)
        id=$(jq -r --arg host "$host" --arg unit "$unit" \
            'map(select(.host == $host and (.title | contains($unit))))[0].id' <<<"$waiting")
        "${operator[@]}" approve approve "$id"
        await "$host is healthy again" "$isWell" status >/dev/null ;;
    recorded)
        "${operator[@]}" approve list --json | jq -e 'length == 0' >/dev/null || die 'an approval is still waiting' ;;
    *) die "there is no part '$part'" ;;
esac
printf 'scenario: %s\n' "$part"
