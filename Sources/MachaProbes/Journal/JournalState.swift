// SPDX-License-Identifier: MIT
import MachaJournal
package import MachaModel

/// The last hour of a host's journal at priority warning or worse, and quieter lines of which ``JournalSigns`` knows that
/// they mean trouble; bounded, with counts of all that is new in it.
package struct JournalState: Hashable, Codable, Sendable {
    /// A unit that wrote more than a tenth of the new entries.
    package struct Talker: Hashable, Codable, Sendable {
        package var unit: String
        package var count: Int
    }

    /// Each once: first those that are new in this snapshot, then those of the hour before that earlier snapshots brought;
    /// both newest first.
    package var entries: [JournalEntry]
    /// How many of ``entries`` are new.
    package var fresh: Int
    /// New entries per priority, from 0 (emergency) to 7 (debug), as the host counted them.
    package var counts: [Int]
    /// Loudest first.
    package var talkers: [Talker]
    /// There were more new entries than are counted; ``counts`` are lower bounds.
    package var isBounded: Bool
    /// New entries of priority warning or worse that were counted and not sent.
    package var skipped: Int
    /// What was not understood.
    package var unreadable: Int
    /// Nothing new of priority warning or worse is missing here.
    package var isComplete: Bool
    /// Where the next read goes on; `nil` for an empty journal.
    package var cursor: JournalCursor?
    /// The place where the last read ended is no longer in the journal: it was vacuumed, or lost with a boot that kept its
    /// journal in memory. What came between is not known; the last hour was read in its place.
    package var cursorWasLost: Bool
    /// The host's clock when it was asked, in seconds since 1970.
    package var observedAt: Int
    /// When errors of the last hour were logged that are not among ``entries``, by the read that left them out; `nil` when
    /// none is missing.
    package var incompleteAt: Int?

    /// Entries kept at most.
    static let keptEntries = 400

    /// Of ``entries`` per priority, from 0 (emergency) to 4 (warning).
    package var countsByPriority: [Int] { (0...4).map { level in entries.count { $0.priority == level } } }

    /// The entries that are new in this snapshot.
    package var freshEntries: ArraySlice<JournalEntry> { entries.prefix(max(0, fresh)) }

    /// This read, with what `earlier` still holds of the last hour behind it. An entry that both have is not new.
    package func following(_ earlier: JournalState) -> JournalState {
        var whole = self
        let known = Set(earlier.entries.map(\.cursor))
        let new = entries.filter { !known.contains($0.cursor) }
        let span = Double(observedAt - 3600)...Double(observedAt + 60)
        let old = earlier.entries.filter { span.contains($0.time) }.sorted {
            ($0.time, $0.cursor) > ($1.time, $1.cursor)
        }
        // What is worst stays longest: the bound never lets warnings push out something critical.
        let room = max(0, Self.keptEntries - new.count)
        let worst = old.filter(\.isKeptLongest).prefix(room)
        let rest = old.filter { !$0.isKeptLongest }.prefix(room - worst.count)
        let kept = Set((worst + rest).map(\.cursor))
        whole.entries = new + old.filter { kept.contains($0.cursor) }
        whole.fresh = new.count
        // What an earlier read of this hour left out is missing still, and what had to leave now is missing from here on.
        let earlierGap = earlier.incompleteAt.flatMap { span.contains(Double($0)) ? $0 : nil }
        let isPushedOut = old.contains { !kept.contains($0.cursor) && ($0.priority <= 3 || $0.isKeptLongest) }
        whole.incompleteAt = whole.incompleteAt ?? (isPushedOut ? observedAt : earlierGap)
        return whole
    }

    /// By the host's own count there are more new errors than were sent.
    var isMissingErrors: Bool {
        isBounded || freshEntries.count { $0.priority <= 3 } < counts.prefix(4).reduce(0, +)
    }
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
    /// First 500 characters, without secrets; `nil` when the entry has none.
    package var message: UntrustedText?

    /// `nil` when cursor, time or priority is missing.
    init?(_ view: EntryView) {
        guard !view.isRaw, let cursor = JournalCursor(view.cursor.text), let time = view.time, time > 0,
            let priority = view.priority
        else { return nil }
        self.cursor = cursor.text
        self.time = Double(time) / 1e6
        self.priority = Int(priority)
        unit = view.unit.isEmpty ? nil : view.unit.text
        identifier = view.identifier.isEmpty ? nil : view.identifier.text
        isKernel = view.transport.equals("kernel")
        // Snapshots, reports and evidence are made of this, and outlive the host's own journal.
        var redactor = Redactor()
        let text = String(decoding: redactor.clean(Array(view.message.text.utf8)), as: UTF8.self)
        message = view.message.isEmpty ? nil : UntrustedText(String(text.prefix(500)))
    }
}

extension JournalEntry {
    /// What an earlier read brought and warnings must not push out. Below warning only what means trouble is sent at all.
    var isKeptLongest: Bool { priority <= 2 || priority > 4 || isKernel }

    /// Whether its message holds every part of any of `texts`. By bytes, as the host's awk looks.
    package func says(_ texts: [[String]]) -> Bool {
        guard let message = message?.raw else { return false }
        return texts.contains { $0.allSatisfy { ProbeText.range(of: $0, in: message) != nil } }
    }
}
