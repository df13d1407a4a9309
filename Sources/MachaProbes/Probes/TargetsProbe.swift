// SPDX-License-Identifier: MIT

/// Whether the host reaches what the inventory lists (`check-addresses`): a host by ping, `host:port` by a connection.
/// Absent (`nil`) without a list: no target is built in.
package enum TargetsProbe: Probe {
    package static let name = "targets"
    package static let byteLimit = 4096
    package static let timeout = 10
    package static let isQuick = true
    /// POSIX `sh` cannot connect; bash can, and where there is none, there is busybox with its `nc`. That one may have been
    /// built without `-z`; then it hands the connection to a program that ends at once.
    package static let script = #"""
        [ -n "$MACHA_TARGETS" ] || { echo absent; exit 0; }
        alone
        set -f
        split() {
            host=$1 port=
            case $1 in
                \[*\]) host=${1#?}; host=${host%?} ;;
                \[*\]:*) host=${1#?}; host=${host%\]:*}; port=${1##*:} ;;
                *:*:*) ;;
                *:*) host=${1%:*}; port=${1##*:} ;;
            esac
        }
        if command -v bash >/dev/null; then connect=bash; else connect=nc; fi
        for target in $MACHA_TARGETS; do
            split "$target"
            tool=${port:+$connect}
            tool=${tool:-ping}
            command -v "$tool" >/dev/null || { echo "$tool: not found" >&2; exit 127; }
        done
        if [ "$connect" = nc ]; then
            case $(nc -h 2>&1 </dev/null) in
                *BusyBox*-z*) ;;
                *BusyBox*) connect=busybox ;;
            esac
        fi
        asked=
        for target in $MACHA_TARGETS; do
            split "$target"
            case ${port:+$connect} in
                bash) timeout 8 bash -c ': >/dev/tcp/$0/$1' "$host" "$port" >/dev/null 2>&1 & ;;
                busybox) timeout 8 nc -w 6 "$host" "$port" -e true >/dev/null 2>&1 & ;;
                nc) timeout 8 nc -z -w 6 "$host" "$port" >/dev/null 2>&1 & ;;
                *) timeout 8 ping -n -q -c 3 -W 3 "$host" >/dev/null 2>&1 & ;;
            esac
            asked="$asked $target/$!"
        done
        \#(ParallelQueries.script)
        """#

    package static func parse(_ body: String) throws(ProbeFailure) -> TargetsState? {
        if ProbeText.isAbsent(body) { return nil }
        var answers = ItemList<TargetsState.Answer>()
        for one in try ParallelQueries.answers("target", in: body) {
            let outcome: TargetsState.Outcome? =
                switch one.status {
                case 0: .answers
                case 1, 124, 137, 143: .silent
                // iputils: no such name, no route, or no right to ping; busybox says 1 for these.
                case 2: .cannotBeAsked
                default: nil
                }
            guard let outcome else {
                answers.skip(one.name, ProbeFailure(.failed, "asking ended with status \(one.status) for \(one.name)"))
                continue
            }
            answers.append(TargetsState.Answer(target: one.name, outcome: outcome))
        }
        return TargetsState(answers: answers.items, unread: try answers.unreadItems())
    }
}

/// Source: ping(8), bash(1) on redirections.
package struct TargetsState: Hashable, Codable, Sendable, PartlyRead {
    package enum Outcome: String, Codable, Sendable {
        case answers
        /// None of three came back, or nobody accepts a connection.
        case silent
        /// No such name, or no way there.
        case cannotBeAsked = "cannot-be-asked"
    }

    package struct Answer: Hashable, Codable, Sendable {
        package var target: String
        package var outcome: Outcome
    }

    /// In the order of the inventory; never empty.
    package var answers: [Answer]
    package var unread: [UnreadItem]?

    package var broken: [Answer] { answers.filter { $0.outcome != .answers } }
}
