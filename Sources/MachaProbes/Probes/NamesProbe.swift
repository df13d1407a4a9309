// SPDX-License-Identifier: MIT

/// Whether names resolve on the host, the way its programs ask (`getent` goes through nsswitch, so also through
/// systemd-resolved).
///
/// Asked are the names the inventory lists (`check-names`), else the binary caches that the host's own
/// nix.conf names. Absent (`nil`) where there is neither.
package enum NamesProbe: Probe {
    package static let name = "names"
    package static let byteLimit = 4096
    package static let timeout = 10
    package static let isQuick = true
    package static let script = #"""
        names=$MACHA_NAMES
        [ -n "$names" ] || names=$(cat /etc/nix/nix.conf 2>/dev/null | awk '
            /^ *(trusted-)?substituters *=/ {
                sub(/^[^=]*=/, "")
                for (i = 1; i <= NF; i++) if ($i ~ /^https?:\/\//) {
                    name = $i
                    sub(/^https?:\/\//, "", name)
                    sub(/[^A-Za-z0-9.-].*/, "", name)
                    if (name != "") found[name]
                }
            }
            END {
                for (n = 0; n < 4; n++) {
                    first = ""
                    for (name in found) if (first == "" || name < first) first = name
                    if (first == "") break
                    print first
                    delete found[first]
                }
            }')
        [ -n "$names" ] || { echo absent; exit 0; }
        command -v getent >/dev/null || { echo 'getent: not found' >&2; exit 127; }
        asked=
        for name in $names; do
            timeout 6 getent ahosts "$name" >/dev/null 2>&1 &
            asked="$asked $name/$!"
        done
        \#(ParallelQueries.script)
        """#

    package static func parse(_ body: String) throws(ProbeFailure) -> NamesState? {
        if ProbeText.isAbsent(body) { return nil }
        var answers = ItemList<NamesState.Answer>()
        for one in try ParallelQueries.answers("name", in: body) {
            let outcome: NamesState.Outcome? =
                switch one.status {
                case 0: .resolves
                case 2: .notFound
                case 124, 137, 143: .noAnswer
                default: nil
                }
            guard let outcome else {
                answers.skip(one.name, ProbeFailure(.failed, "getent ended with status \(one.status) for \(one.name)"))
                continue
            }
            answers.append(NamesState.Answer(name: one.name, outcome: outcome))
        }
        return NamesState(answers: answers.items, unread: try answers.unreadItems())
    }
}

/// Source: getent(1).
package struct NamesState: Hashable, Codable, Sendable, PartlyRead {
    package enum Outcome: String, Codable, Sendable {
        case resolves
        /// There is no such name, or every name server failed.
        case notFound = "not-found"
        /// Nothing came within six seconds.
        case noAnswer = "no-answer"
    }

    package struct Answer: Hashable, Codable, Sendable {
        package var name: String
        package var outcome: Outcome
    }

    /// In the order they were asked; never empty.
    package var answers: [Answer]
    package var unread: [UnreadItem]?

    package var broken: [Answer] { answers.filter { $0.outcome != .resolves } }
}
