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
    package static let script = #"""
        names=$MACHA_NAMES
        [ -n "$names" ] || names=$(cat /etc/nix/nix.conf 2>/dev/null |
            sed -n 's/^ *\(trusted-\)\{0,1\}substituters *=//p' | tr ' ' '\n' |
            sed -n 's#^https\{0,1\}://\([A-Za-z0-9.-]*\).*#\1#p' | sort -u | head -n 4)
        [ -n "$names" ] || { echo absent; exit 0; }
        command -v getent >/dev/null || { echo 'getent: not found' >&2; exit 127; }
        asked=
        for name in $names; do
            timeout 6 getent ahosts "$name" >/dev/null 2>&1 &
            asked="$asked $name/$!"
        done
        for one in $asked; do
            wait "${one#*/}"
            printf '%s %s\n' "${one%/*}" "$?"
        done
        echo end
        """#

    package static func parse(_ body: String) throws(ProbeFailure) -> NamesState? {
        if ProbeText.isAbsent(body) { return nil }
        let lines = ProbeText.lines(body)
        guard lines.count >= 2, lines.last == "end" else { throw ProbeText.unparsable("names", body) }
        var answers: [NamesState.Answer] = []
        for line in lines.dropLast() {
            let words = line.split(separator: " ", omittingEmptySubsequences: false)
            guard words.count == 2, !words[0].isEmpty, let status = Int(words[1]) else {
                throw ProbeText.unparsable("a name and a status", line)
            }
            switch status {
            case 0: answers.append(NamesState.Answer(name: String(words[0]), outcome: .resolves))
            case 2: answers.append(NamesState.Answer(name: String(words[0]), outcome: .notFound))
            case 124, 137, 143: answers.append(NamesState.Answer(name: String(words[0]), outcome: .noAnswer))
            default: throw ProbeFailure(.failed, "getent ended with status \(status) for \(words[0])")
            }
        }
        return NamesState(answers: answers)
    }
}

/// Source: getent(1).
package struct NamesState: Hashable, Codable, Sendable {
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

    package var broken: [Answer] { answers.filter { $0.outcome != .resolves } }
}
