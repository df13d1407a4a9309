// SPDX-License-Identifier: MIT
import Foundation

/// What the journal's probe prints for entries that a test makes up.
package enum WrittenJournal {
    /// One entry.
    package struct Entry {
        package var priority: Int
        /// The text.
        package var message: String
        package var unit: String?
        /// How it came into the journal.
        package var transport: String
        /// Seconds before ``WrittenJournal/now``.
        package var age: Int

        package init(
            priority: Int, message: String, unit: String? = nil, transport: String = "stdout", age: Int = 60
        ) {
            self.priority = priority
            self.message = message
            self.unit = unit
            self.transport = transport
            self.age = age
        }
    }

    /// The host's clock.
    package static let now = 1_795_247_552

    /// The cursor of the entry with this serial number.
    package static func cursor(_ serial: Int, age: Int) -> String {
        "s=0f;i=\(String(serial, radix: 16));b=2ab3;m=1;t=\(String((now - age) * 1_000_000 + serial, radix: 16));x=1"
    }

    /// `first` is the serial number of the first entry; `more` are entries that were counted and not sent.
    package static func body(_ entries: [Entry], first: Int = 1, more: Int = 0, lost: Bool = false) -> String {
        var stream = ""
        var counts = Array(repeating: 0, count: 8)
        for (index, entry) in entries.enumerated() {
            counts[entry.priority] += 1
            stream += "__CURSOR=\(cursor(first + index, age: entry.age))\n"
            stream +=
                "__REALTIME_TIMESTAMP=\((now - entry.age) * 1_000_000 + first + index)\nPRIORITY=\(entry.priority)\n"
            stream += "MESSAGE=\(entry.message)\n_TRANSPORT=\(entry.transport)\n"
            stream += entry.unit.map { "_SYSTEMD_UNIT=\($0)\n" } ?? ""
            stream += "\n"
        }
        counts[4] += more
        let end =
            entries.isEmpty ? cursor(first, age: 0) : cursor(first + entries.count - 1, age: entries.last?.age ?? 0)
        let levels = counts.enumerated().map { "Priority\($0)=\($1)\n" }.joined()
        let part = Data((stream + "__MACHA_WHOLE=1\n").utf8).base64EncodedString()
        return "Now=\(now)\nEnd=\(end)\nLost=\(lost ? 1 : 0)\nWorse=\(counts.prefix(5).reduce(0, +))\n"
            + "All=\(counts.reduce(0, +))\n\(levels)\n\(part)\n"
    }
}
