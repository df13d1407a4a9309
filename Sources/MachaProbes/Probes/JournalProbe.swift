// SPDX-License-Identifier: MIT
import MachaJournal
import struct Foundation.Data

/// What the journal holds at priority warning or worse since the host was last asked, at first of the last hour, and
/// below that what means trouble by its text.
///
/// `-o export` costs the host a third of what JSON does. All entries are counted, few are sent: up to ``limit`` of
/// warning or worse go as they are; of more the newest, with the worst and the kernel's own asked for apart, so that a
/// flood cannot push them out, and the difference to the count is told. The stream holds bytes that no shell variable
/// can (lengths of binary fields), so it travels as base64, one line for each part.
package enum JournalProbe: ProbeOfTheJournal {
    package static let name = "journal"
    package static let byteLimit = 320 * 1024
    /// Entries of priority warning or worse that are sent whatever they say.
    package static let limit = 200
    /// Entries below warning that are sent because of what they say (``JournalSigns``), the newest.
    package static let quietLimit = 60
    /// Entries that are counted at most; more are told as that many.
    package static let countLimit = 300_000
    /// Ends a part that is whole.
    static let seal = "__MACHA_WHOLE=1\n"

    // A cursor whose entry has been vacuumed seeks near it with status 0, so the first entry is compared: one reading finds the
    // place, counts what follows, and tells the last entry. The flood's newest entries are asked for by time: with a cursor,
    // `-n` and `-r` mean other things in other versions of systemd. What was counted as none is not asked for, but only where
    // the place was found: that proves that journalctl writes entries.
    package static let script = """
        \(JournalAccess.script) || exit
        entries() { journalctl -q --no-pager -o export "$@"; }
        counted() {
            entries "$1" --output-fields=PRIORITY,_SYSTEMD_UNIT | awk -v place="$2" '
                /^__CURSOR=/ {
                    cursor = substr($0, 10)
                    own = place != "" && !begun
                    begun = 1
                    if (own && cursor != place || all == \(countLimit)) { broken = 1; exit }
                    if (!own) all++
                    end = cursor
                }
                own { next }
                /^PRIORITY=[0-7]$/ { level[substr($0, 10)]++ }
                /^_SYSTEMD_UNIT=/ { unit[substr($0, 15)]++ }
                END {
                    if (place != "" && (!begun || broken && end == "")) { print "lost"; exit }
                    for (n = 0; n <= 4; n++) worse += level[n]
                    printf "Worse=%d\\nAll=%d\\n", worse, all
                    for (n = 0; n <= 7; n++) printf "Priority%d=%d\\n", n, level[n]
                    for (u in unit) if (all < 10 * unit[u]) printf "Talker=%d %s\\n", unit[u], u
                    print "last " (broken ? "" : end)
                }'
        }
        from=--since=-1h since=-1h lost=0 found=
        if [ -n "$MACHA_CURSOR" ]; then
            counts=$(counted "--cursor=$MACHA_CURSOR" "$MACHA_CURSOR") || exit
            if [ "$counts" = lost ]; then
                lost=1
            else
                from=--after-cursor=$MACHA_CURSOR since=@${MACHA_SINCE:-0} found=1
            fi
        fi
        [ -n "$found" ] || counts=$(counted "$from" '') || exit
        end=${counts##*last } counts=${counts%last *}
        [ -n "$end" ] || end=$(entries -n 1 --output-fields=PRIORITY | head -n 1)
        take_time
        printf 'Now=%s\\nEnd=%s\\nLost=%s\\n%s\\n' "$now" "${end#__CURSOR=}" "$lost" "$counts"
        fields=--output-fields=MESSAGE,PRIORITY,_SYSTEMD_UNIT,UNIT,SYSLOG_IDENTIFIER,_TRANSPORT
        none() { case $found,$counts in 1,*"Priority$1=0"*) ;; *) return 1 ;; esac; }
        part() {
            kept=$1
            shift
            { entries "$fields" "$@" && quiet && echo \(seal.dropLast()); } | head -c "$kept" | base64 | tr -d '\\n'
            echo
            quiet() { :; }
        }
        quiet() {
            ! none 5 || ! none 6 || return 0
            entries "$fields" "$from" -p notice..info \(JournalSigns.quietSenders) | awk '
                BEGIN { RS = "" }
                !/^__CURSOR=/ || /\\nMESSAGE\\n/ { next }
                \(JournalSigns.quietCondition) { kept[sent++ % \(quietLimit)] = substr($0, 1, 2000) }
                END { for (n = 0; n < sent && n < \(quietLimit); n++) printf "%s\\n\\n", kept[n] }'
        }
        worse=${counts#Worse=} worse=${worse%%[!0-9]*}
        if [ -n "$found" ] && [ "$worse" = 0 ]; then
            { quiet && echo \(seal.dropLast()); } | head -c 160000 | base64 | tr -d '\\n'
            echo
        elif [ "${worse:-0}" -le \(limit) ]; then
            part 160000 "$from" -p warning
        else
            part 60000 -r --since="$since" -p crit -n 50
            part 30000 -r --since="$since" -p err -n 50 _TRANSPORT=kernel
            part 100000 -r --since="$since" -p warning -n \(limit)
        fi
        """

    package static func parse(_ body: String) throws(ProbeFailure) -> JournalState {
        guard let gap = ProbeText.range(of: "\n\n", in: body) else { throw ProbeText.unparsable("no counts", body) }
        let head = JournalHeader(body[..<gap.lowerBound])
        let lines = ProbeText.columns(body[gap.upperBound...], at: 0x0a)
        guard let head, lines.count == 2 || lines.count == 4, lines.last?.isEmpty == true else {
            throw ProbeText.unparsable("counts or parts", body)
        }
        var found: [String: JournalEntry] = [:]
        var unreadable = 0
        var isCut = false
        // The quieter lines are at the end of the first part.
        var isQuietCut = false
        for (index, line) in lines.dropLast().enumerated() {
            guard let part = JournalPart(base64: line) else { throw ProbeText.unparsable("a part", line) }
            for entry in part.entries { found[entry.cursor] = entry }
            unreadable += part.unreadable
            isCut = isCut || !part.isWhole
            isQuietCut = isQuietCut || index == 0 && !part.isWhole
        }
        // Without a last entry there is nothing to be read: a journalctl that writes something else began it with an empty line.
        if head.end == nil, isCut || unreadable > 0 { throw ProbeText.unparsable("the last entry", body) }
        let newest = found.values.sorted { ($0.time, $0.cursor) > ($1.time, $1.cursor) }
        let worse = head.counts.prefix(5).reduce(0, +)
        let sent = newest.count { $0.priority <= 4 }
        var state = JournalState(
            entries: newest, fresh: newest.count, counts: head.counts, talkers: head.talkers,
            isBounded: head.all >= countLimit, skipped: max(0, worse - sent - unreadable),
            unreadable: unreadable, isComplete: !isCut && worse <= sent && unreadable == 0,
            cursor: head.end, cursorWasLost: head.wasLost, observedAt: head.now)
        isQuietCut = isQuietCut || newest.count { $0.priority > 4 } >= quietLimit
        if state.isMissingErrors || isQuietCut { state.incompleteAt = head.now }
        return state
    }
}

/// What stands before the entries.
private struct JournalHeader {
    var now: Int
    var end: JournalCursor?
    var wasLost: Bool
    var all: Int
    var counts: [Int]
    var talkers: [JournalState.Talker]

    init?(_ text: Substring) {
        let fields = ProbeText.fields(text)
        let counts = (0...7).compactMap { fields["Priority\($0)"].flatMap { Int($0) } }
        guard let now = ProbeText.clock(fields["Now"]), let end = fields["End"],
            let lost = fields["Lost"], ["0", "1"].contains(lost), let all = fields["All"].flatMap({ Int($0) }),
            (0...JournalProbe.countLimit).contains(all), counts.count == 8,
            counts.allSatisfy({ (0...all).contains($0) }),
            fields["Worse"] == String(counts.prefix(5).reduce(0, +))
        else { return nil }
        self.now = now
        self.end = JournalCursor(end)
        // An empty journal has no last entry; anything else that is no cursor was damaged.
        if self.end == nil && !end.isEmpty { return nil }
        wasLost = lost == "1"
        self.all = all
        self.counts = counts
        talkers = ProbeText.lines(text).compactMap { line in
            guard line.hasPrefix("Talker="), let space = line.firstIndex(of: " "),
                let count = Int(line[line.index(line.startIndex, offsetBy: 7)..<space]), (1...all).contains(count)
            else { return nil }
            return JournalState.Talker(unit: String(line[line.index(after: space)...].prefix(200)), count: count)
        }
        .sorted { ($1.count, $0.unit) < ($0.count, $1.unit) }
    }
}

/// One stream of entries in the export format. Source: systemd.io/JOURNAL_EXPORT_FORMATS.
private struct JournalPart {
    var entries: [JournalEntry] = []
    var unreadable = 0
    var isWhole: Bool

    init?(base64 line: Substring) {
        guard let data = Data(base64Encoded: String(line)) else { return nil }
        var bytes = [UInt8](data)
        isWhole = bytes.suffix(JournalProbe.seal.utf8.count).elementsEqual(JournalProbe.seal.utf8)
        if isWhole {
            bytes.removeLast(JournalProbe.seal.utf8.count)
        } else {
            // The last entry was cut; the one before it ended with an empty line.
            guard let gap = bytes.indices.dropLast().last(where: { bytes[$0] == 0x0a && bytes[$0 + 1] == 0x0a }) else {
                return
            }
            bytes.removeSubrange((gap + 2)...)
        }
        var found: [JournalEntry] = []
        var missed = 0
        var reader = JournalReader(format: .export, year: 1970)
        func take(_ view: EntryView) {
            if let entry = JournalEntry(view) { found.append(entry) } else { missed += 1 }
        }
        bytes.withUnsafeBytes { reader.feed($0, take) }
        reader.finish(take)
        // A cut inside a binary field leaves one entry with half a text.
        if !isWhole, missed == 0, !found.isEmpty, found.last?.message == nil { found.removeLast() }
        entries = found
        unreadable = missed
    }
}
