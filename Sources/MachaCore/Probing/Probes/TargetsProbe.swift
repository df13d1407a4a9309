// SPDX-License-Identifier: MIT

/// Whether the targets that the inventory lists (`vars: { check-targets: … }`) answer the host's ping. Absent (`nil`)
/// without a list: no target is built in.
package enum TargetsProbe: Probe {
    package static let name = "targets"
    package static let byteLimit = 4096
    package static let timeout = 10
    package static let script = #"""
        [ -n "$MACHA_TARGETS" ] || { echo absent; exit 0; }
        command -v ping >/dev/null || { echo 'ping: not found' >&2; exit 127; }
        asked=
        for target in $MACHA_TARGETS; do
            timeout 8 ping -n -q -c 3 -W 3 "$target" >/dev/null 2>&1 &
            asked="$asked $target/$!"
        done
        for one in $asked; do
            wait "${one#*/}"
            printf '%s %s\n' "${one%/*}" "$?"
        done
        echo end
        """#

    package static func parse(_ body: String) throws(ProbeFailure) -> TargetsState? {
        if ProbeText.isAbsent(body) { return nil }
        let lines = ProbeText.lines(body)
        guard lines.count >= 2, lines.last == "end" else { throw ProbeText.unparsable("targets", body) }
        var answers: [TargetsState.Answer] = []
        for line in lines.dropLast() {
            let words = line.split(separator: " ", omittingEmptySubsequences: false)
            guard words.count == 2, !words[0].isEmpty, let status = Int(words[1]) else {
                throw ProbeText.unparsable("a target and a status", line)
            }
            switch status {
            case 0: answers.append(TargetsState.Answer(target: String(words[0]), outcome: .answers))
            case 1, 124, 137, 143: answers.append(TargetsState.Answer(target: String(words[0]), outcome: .silent))
            // iputils: no such name, no route, or no right to ping; busybox says 1 for these.
            case 2: answers.append(TargetsState.Answer(target: String(words[0]), outcome: .cannotBeAsked))
            default: throw ProbeFailure(.failed, "ping ended with status \(status) for \(words[0])")
            }
        }
        return TargetsState(answers: answers)
    }
}

/// Source: ping(8).
package struct TargetsState: Hashable, Codable, Sendable {
    package enum Outcome: String, Codable, Sendable {
        case answers
        /// None of three came back.
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

    package var broken: [Answer] { answers.filter { $0.outcome != .answers } }
}
