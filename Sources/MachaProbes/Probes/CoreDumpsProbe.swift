// SPDX-License-Identifier: MIT

/// Programs that crashed in the last day. Absent (`nil`) where systemd-coredump does not collect them.
package enum CoreDumpsProbe: ProbeOfTheJournal {
    package static let name = "coredumps"
    package static let byteLimit = 32 * 1024
    /// No dump at all is status 1. JSON came with systemd 248; before it a line has ten columns.
    package static let script = """
        command -v coredumpctl >/dev/null || { echo absent; exit 0; }
        \(JournalAccess.script) || exit
        take_time
        printf 'Now=%s\\n' "$now"
        export TZ=UTC
        list() { coredumpctl list -q --no-pager --since=-24h -n 50 "$@" 2>&1; }
        said=$(list --json=short)
        status=$?
        case $status,$said in *'unrecognized option'*) said=$(list --no-legend) status=$? ;; esac
        case $status,$said in
            0,*) printf '%s\\n' "$said" ;;
            1,'' | 1,'No coredumps found.') echo none ;;
            *) printf '%s\\n' "$said" >&2; exit "$status" ;;
        esac
        """

    package static func parse(_ body: String) throws(ProbeFailure) -> CoreDumpsState? {
        if ProbeText.isAbsent(body) { return nil }
        let lines = ProbeText.lines(body).drop { !$0.hasPrefix("Now=") }
        guard let now = ProbeText.clock(lines.first?.dropFirst(4)), lines.count >= 2 else {
            throw ProbeText.unparsable("no list", body)
        }
        let rest = lines.dropFirst()
        if Array(rest) == ["none"] { return CoreDumpsState(dumps: [], unread: nil) }
        var dumps = ItemList<CoreDump>()
        func add(_ dump: CoreDump?, _ text: some StringProtocol) {
            guard let dump else { return dumps.skip("a dump", ProbeText.unparsable("coredumpctl", text)) }
            dumps.append(dump)
        }
        if rest.first?.hasPrefix("[") == true {
            guard let items = LooseJSON(rest.joined(separator: "\n"))?.items else {
                throw ProbeText.unparsable("coredumpctl", body)
            }
            for item in items { add(CoreDump(item, now: now), item["exe"]?.string ?? "without time or program") }
        } else {
            for line in rest { add(CoreDump(line: line, now: now), line) }
        }
        return CoreDumpsState(dumps: Array(dumps.items.prefix(50)), unread: try dumps.unreadItems())
    }
}

/// Source: coredumpctl(1).
package struct CoreDumpsState: Hashable, Codable, Sendable, PartlyRead {
    /// Of the last 24 hours, oldest first; the newest 50.
    package var dumps: [CoreDump]
    package var unread: [UnreadItem]?
}

/// One crash.
package struct CoreDump: Hashable, Codable, Sendable {
    /// Seconds since 1970.
    package var time: Int
    /// Path of the program.
    package var program: String
    /// The signal that ended it.
    package var signal: Int

    fileprivate init?(_ item: LooseJSON, now: Int) {
        guard let microseconds = item["time"]?.int, let program = item["exe"]?.string, let signal = item["sig"]?.int
        else {
            return nil
        }
        self.init(time: microseconds / 1_000_000, program: program, signal: signal, now: now)
    }

    /// `Sat 2026-11-21 08:00:00 UTC PID UID GID SIG COREFILE EXE [SIZE]`; the signal by number or name.
    fileprivate init?(line: Substring, now: Int) {
        let words = ProbeText.words(line)
        guard words.count >= 10, let time = ProbeText.moment(words[0..<4].joined(separator: " ")),
            let signal = Int(words[7]) ?? Self.signals[String(words[7])], words[9].hasPrefix("/")
        else { return nil }
        self.init(time: time, program: String(words[9]), signal: signal, now: now)
    }

    private init?(time: Int, program: String, signal: Int, now: Int) {
        guard (1...64).contains(signal), time > 0, time <= now + 86_400 else { return nil }
        self.time = time
        self.program = String(program.prefix(300))
        self.signal = signal
    }

    private static let signals = [
        "SIGQUIT": 3, "SIGILL": 4, "SIGTRAP": 5, "SIGABRT": 6, "SIGBUS": 7, "SIGFPE": 8, "SIGSEGV": 11, "SIGXCPU": 24,
        "SIGXFSZ": 25, "SIGSYS": 31,
    ]
}
