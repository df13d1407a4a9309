// SPDX-License-Identifier: MIT
import class Foundation.JSONDecoder

/// What the journal holds of the last hour at priority warning or worse.
///
/// The worst and the kernel's own are asked for first and apart, so that a flood of warnings cannot push them out; newest
/// come first, so that a cut at the byte limit loses the oldest.
package enum JournalProbe: Probe {
    package static let name = "journal"
    /// Newest entries asked for; what was before them in the hour is not counted.
    package static let limit = 200
    /// The first call is for its standard error only: with `-o json` journalctl does not say that the account may not
    /// read the journal, and answers with nothing and status 0, as if all were well.
    package static let script = """
        journalctl -n 1 --no-pager 2>&1 >/dev/null || exit
        lines() {
            journalctl -r --since=-1h --no-pager -o json "$@" \
                --output-fields=MESSAGE,PRIORITY,_SYSTEMD_UNIT,UNIT,SYSLOG_IDENTIFIER,_TRANSPORT
        }
        lines -p crit -n 50 || exit
        lines -p err -n 50 _TRANSPORT=kernel || exit
        lines -p warning -n \(limit)
        """

    package static func read(_ section: ProbeSection) -> Reading<JournalState> {
        // A cut answer is worth its whole lines; `isComplete` then says that there was more.
        if let failure = section.failure, failure.reason != .tooLarge {
            let isRefusal = section.body.contains(refusal)
            return .unknown(because: isRefusal ? ProbeFailure(.permission, failure.detail.raw) : failure)
        }
        do throws(ProbeFailure) {
            var state = try parse(section.body)
            if section.isTruncated { state.isComplete = false }
            return .known(state)
        } catch {
            return .unknown(because: error)
        }
    }

    package static func parse(_ body: String) throws(ProbeFailure) -> JournalState {
        var entries: [String: JournalEntry] = [:]
        var unreadable = 0
        let decoder = JSONDecoder()
        for line in body.split(separator: "\n") {
            if !line.hasPrefix("{"), line.contains(refusal) || line.contains(partialView) {
                throw ProbeFailure(.permission, String(line.prefix(400)))
            }
            if line.hasPrefix("No journal files") { throw ProbeFailure(.failed, String(line.prefix(400))) }
            if let raw = try? decoder.decode(RawEntry.self, from: .init(line.utf8)), let entry = raw.entry {
                entries[entry.cursor] = entry
            } else {
                unreadable += 1
            }
        }
        guard unreadable == 0 || !entries.isEmpty else { throw ProbeText.unparsable("no journal entry", body) }
        let newest = entries.values.sorted { ($0.time, $0.cursor) > ($1.time, $1.cursor) }
        var counts: [Int: Int] = [:]
        for entry in newest { counts[entry.priority, default: 0] += 1 }
        return JournalState(
            entries: newest, countsByPriority: (0...4).map { counts[$0, default: 0] }, unreadable: unreadable,
            isComplete: newest.count < limit && unreadable == 0)
    }

    private static let refusal = "insufficient permissions"
    private static let partialView = "You are currently not seeing messages"

    private struct RawEntry: Decodable {
        var __CURSOR: String?
        var __REALTIME_TIMESTAMP: String?
        var MESSAGE: JournalText?
        var PRIORITY: JournalText?
        var _SYSTEMD_UNIT: JournalText?
        var UNIT: JournalText?
        var SYSLOG_IDENTIFIER: JournalText?
        var _TRANSPORT: JournalText?

        var entry: JournalEntry? {
            guard let cursor = __CURSOR, let microseconds = __REALTIME_TIMESTAMP.flatMap({ Int($0) }),
                let priority = PRIORITY?.text.flatMap({ Int($0) }), (0...7).contains(priority)
            else { return nil }
            return JournalEntry(
                cursor: cursor, time: Double(microseconds) / 1e6, priority: priority,
                // UNIT is what systemd itself speaks about; _SYSTEMD_UNIT would be systemd's own.
                unit: UNIT?.text ?? _SYSTEMD_UNIT?.text, identifier: SYSLOG_IDENTIFIER?.text,
                isKernel: _TRANSPORT?.text == "kernel",
                message: MESSAGE?.text.map { UntrustedText(String($0.prefix(500))) })
        }
    }
}

/// A journal field in JSON: a string, numbers (bytes that are no UTF-8), `null` (longer than 4 kB), or a list of these
/// when the entry carries the field more than once.
private enum JournalText: Decodable {
    case known(String)
    case leftOut

    var text: String? {
        switch self {
        case .known(let text): text
        case .leftOut: nil
        }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .leftOut
        } else if let text = try? container.decode(String.self) {
            self = .known(text)
        } else if let bytes = try? container.decode([UInt8].self) {
            self = .known(String(decoding: bytes, as: UTF8.self))
        } else {
            self = try container.decode([JournalText].self).first ?? .leftOut
        }
    }
}

/// The last hour of a journal, bounded.
package struct JournalState: Hashable, Codable, Sendable {
    /// Newest first, each once.
    package var entries: [JournalEntry]
    /// Entries per priority, from 0 (emergency) to 4 (warning). Lower bounds when not ``isComplete``.
    package var countsByPriority: [Int]
    /// Lines that were not understood.
    package var unreadable: Int
    /// Nothing of the hour is missing here.
    package var isComplete: Bool
}

/// Source: systemd.journal-fields(7).
package struct JournalEntry: Hashable, Codable, Sendable {
    /// Where the entry stands in this host's journal; the same entry has the same cursor.
    package var cursor: String
    /// Seconds since 1970.
    package var time: Double
    /// 0 (emergency) to 7 (debug).
    package var priority: Int
    /// The unit it is about.
    package var unit: String?
    /// The program's name as it gave it.
    package var identifier: String?
    /// It came from the kernel itself, which a program cannot forge.
    package var isKernel: Bool
    /// First 500 characters; `nil` when journald left it out for its length.
    package var message: UntrustedText?
}
