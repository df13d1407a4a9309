// SPDX-License-Identifier: MIT

/// The kernel's software RAID. Absent (`nil`) on a kernel without it, and in a container, which sees its machine's arrays.
package enum MDRaidProbe: Probe {
    package static let name = "mdraid"
    package static let byteLimit = 64 * 1024
    /// Both files at once: the first is there in a container only, and stands before the other then.
    package static let script = """
        said=$(cat /run/systemd/container /proc/mdstat 2>/dev/null)
        case $said in
            Personalities*) printf '%s\\n@end\\n' "$said"; exit 0 ;;
            *Personalities*) echo absent; exit 0 ;;
        esac
        said=$(cat /proc/mdstat 2>&1)
        status=$?
        case $said in
            *'No such file'*) echo absent ;;
            *) printf '%s\\n' "$said" >&2; [ "$status" != 0 ] && exit "$status" ;;
        esac
        """

    package static func parse(_ body: String) throws(ProbeFailure) -> MDRaidState? {
        if ProbeText.isAbsent(body) { return nil }
        let lines = ProbeText.lines(body)
        guard lines.first?.hasPrefix("Personalities") == true, lines.last == "@end" else {
            throw ProbeText.unparsable("/proc/mdstat", body)
        }
        var arrays = ItemList<MDArray>()
        var rest = lines.dropFirst().dropLast()
        while let head = rest.popFirst() {
            // The first two are of kernels before 2.6.
            guard !["read_ahead", "Event:", "unused devices:"].contains(where: { head.hasPrefix($0) }) else { continue }
            // What belongs to an array is indented.
            let details = rest.prefix { $0.hasPrefix(" ") || $0.hasPrefix("\t") }
            rest = rest.dropFirst(details.count)
            let words = ProbeText.words(head)
            arrays.add(words.first ?? head) { () throws(ProbeFailure) in
                guard words.count >= 3, words[1] == ":", let array = MDArray(words, Array(details)) else {
                    throw ProbeText.unparsable("an array", head)
                }
                return array
            }
        }
        return MDRaidState(arrays: arrays.items, unread: try arrays.unreadItems())
    }
}

/// Source: drivers/md/md.c (md_seq_show, status_resync) of Linux.
package struct MDRaidState: Hashable, Codable, Sendable, PartlyRead {
    /// In the kernel's order.
    package var arrays: [MDArray]
    package var unread: [UnreadItem]?
}

package struct MDArray: Hashable, Codable, Sendable {
    /// As in `md0`.
    package var name: String
    /// `active`, `inactive`, `broken`.
    package var state: String
    /// As in `raid1`; `nil` while it is inactive.
    package var level: String?
    /// The kernel does not write to it; after a start, until somebody does.
    package var isReadOnly: Bool
    /// Made by firmware (Intel, DDF): a container of arrays, inactive by nature.
    package var isContainer: Bool
    /// Members it ought to have; `nil` for levels without redundancy.
    package var wanted: Int?
    /// Members that work; `nil` together with ``wanted``.
    package var working: Int?
    /// Members marked `(F)`.
    package var failed: [String]
    /// `recovery`, `resync`, `reshape`, `check`, `repair`; `nil` when nothing runs.
    package var activity: String?
    /// 0…100; `nil` when ``activity`` waits for its turn.
    package var percent: Double?

    /// `nil` when `words` are no first line of an array.
    fileprivate init?(_ words: [Substring], _ details: [Substring]) {
        guard !words[0].isEmpty, ["active", "inactive", "broken"].contains(words[2]) else { return nil }
        name = String(words[0])
        state = String(words[2])
        let rest = words.dropFirst(3)
        let flags = rest.prefix { $0.hasPrefix("(") }
        isReadOnly = flags.contains("(read-only)")
        let members = rest.dropFirst(flags.count)
        let first = members.first.flatMap { $0.contains("[") ? nil : $0 }
        level = first.map(String.init)
        failed = members.filter { $0.contains("(F)") }.map { member in String(member.prefix { $0 != "[" }) }
        let text = details.joined(separator: "\n")
        isContainer = text.firstMatch(of: /super external:[a-z]/) != nil
        let counts = text.firstMatch(of: /\[([0-9]+)\/([0-9]+)\] \[([U_]+)\]/).flatMap { match in
            Int(match.1).flatMap { wanted in Int(match.2).map { (wanted, min($0, match.3.count { $0 == "U" })) } }
        }
        wanted = counts?.0
        working = counts?.1
        let run = text.firstMatch(of: /(recovery|resync|reshape|check|repair) *= *(?:([0-9]+(?:\.[0-9]+)?)%|[A-Z]+)/)
        activity = run.map { String($0.1) }
        percent = run.flatMap { $0.2.flatMap { Double($0) } }.flatMap { (0...100).contains($0) ? $0 : nil }
    }
}
