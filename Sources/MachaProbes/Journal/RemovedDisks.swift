// SPDX-License-Identifier: MIT
import MachaModel

/// Disks that somebody pulled: whatever the kernel says of them in the seconds around "USB disconnect" is no fault.
package struct RemovedDisks {
    /// What the probe has to ask for besides, for it is logged as information.
    static let text = ["USB disconnect, device number"]
    private static let span = -5.0...30.0
    private var pulled: Set<String> = []

    /// Disks whose every line of trouble stands beside a disconnect.
    package init(_ entries: [JournalEntry]) {
        let gone = entries.filter { $0.isKernel && $0.says([Self.text]) }.map(\.time)
        guard !gone.isEmpty else { return }
        var times: [String: [Double]] = [:]
        for entry in entries where entry.isKernel && entry.priority <= 4 {
            for disk in Self.disks(entry) { times[disk, default: []].append(entry.time) }
        }
        pulled = Set(
            times.filter { $0.value.allSatisfy { time in gone.contains { Self.span.contains(time - $0) } } }.keys)
    }

    /// Whether `entry` speaks of pulled disks only.
    package func explains(_ entry: JournalEntry) -> Bool {
        guard !pulled.isEmpty, entry.isKernel else { return false }
        let disks = Self.disks(entry)
        return !disks.isEmpty && disks.isSubset(of: pulled)
    }

    /// `sdd` for `dev sdd1`; only such disks hang on USB.
    private static func disks(_ entry: JournalEntry) -> Set<String> {
        let words = (entry.message?.raw ?? "").split { !$0.isLetter && !$0.isNumber }
        return Set(
            words.compactMap { word in
                let name = word.prefix { $0.isLetter }
                guard name.hasPrefix("sd"), (3...4).contains(name.count),
                    word.dropFirst(name.count).allSatisfy(\.isNumber)
                else { return nil }
                return String(name)
            })
    }
}
