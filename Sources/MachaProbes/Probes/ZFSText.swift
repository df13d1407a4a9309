// SPDX-License-Identifier: MIT

/// What `zpool status -p` prints before OpenZFS 2.3, for people.
///
/// `pool:`, `state:`, `scan:` and `errors:` at the beginning of a line; the table of devices is indented. Source:
/// cmd/zpool/zpool_main.c of OpenZFS 0.8 to 2.2, print_scan_status and print_status_config.
enum ZFSText {
    /// The pools in the order they are printed. What was not understood of a pool's devices goes into `odd`.
    static func read(_ text: Substring, into pools: inout ItemList<ZFSPool>, _ odd: inout [UnreadItem]) {
        var block: [Substring] = []
        func finish() {
            guard let name = block.first.flatMap({ value(of: "pool", in: $0) }) else { return }
            guard let pool = pool(name, block.dropFirst(), &odd) else {
                return pools.skip(name, ProbeText.unparsable("a pool without state", name))
            }
            pools.append(pool)
        }
        for line in ProbeText.lines(text) {
            if value(of: "pool", in: line) != nil {
                finish()
                block = []
            }
            block.append(line)
        }
        finish()
    }

    private static func value(of key: String, in line: Substring) -> Substring? {
        guard !line.hasPrefix("\t") else { return nil }
        let text = line.drop { $0 == " " }
        guard text.hasPrefix("\(key):") else { return nil }
        return text.dropFirst(key.count + 1).drop { $0 == " " }
    }

    private static func pool(_ name: Substring, _ lines: ArraySlice<Substring>, _ odd: inout [UnreadItem]) -> ZFSPool? {
        func first(_ key: String) -> Substring? { lines.lazy.compactMap { value(of: key, in: $0) }.first }
        guard let state = first("state").map(String.init), ZFSPool.states.contains(state) else { return nil }
        let (scan, scrubbedAt) = first("scan").map { scanned($0) } ?? (nil, nil)
        let table = lines.drop { !isHeading($0) }.dropFirst().prefix { isIndented($0) }
        var devices: [ZFSPool.Device] = []
        for line in table {
            device(line, of: name, into: &devices, &odd)
        }
        return ZFSPool(
            name: String(name), state: state, errors: first("errors").flatMap { damage($0, lines) }, scan: scan,
            scrubbedAt: scrubbedAt, devices: devices, room: nil)
    }

    private static func isHeading(_ line: Substring) -> Bool {
        ProbeText.words(line).prefix(2) == ["NAME", "STATE"]
    }

    /// By a tab, or by spaces where a terminal has put them.
    private static func isIndented(_ line: Substring) -> Bool {
        line.hasPrefix("\t") || (line.hasPrefix(" ") && value(of: "pool", in: line) == nil)
    }

    /// `NAME STATE READ WRITE CKSUM …`, or `NAME AVAIL` for a spare; a name alone heads a group (`special`, `logs`, `cache`).
    private static func device(
        _ line: Substring, of pool: Substring, into devices: inout [ZFSPool.Device], _ odd: inout [UnreadItem]
    ) {
        let words = ProbeText.words(line)
        guard words.count >= 2, devices.count < 50 else { return }
        let counts = words.count >= 5 ? words[2..<5].map { count($0) } : []
        guard ZFSPool.states.contains(String(words[1])),
            counts.allSatisfy({ $0 != nil }) || words.count < 5 || !isCount(words[2])
        else {
            if odd.count < 50 {
                odd.append(UnreadItem("\(pool) \(words[0])", ProbeText.unparsable("zpool status", line)))
            }
            return
        }
        let sum = counts.contains { $0 == nil } ? 0 : counts.reduce(0) { $0 + min($1 ?? 0, 1 << 40) }
        guard words[0] != pool, words[1] != "ONLINE" || sum > 0 else { return }
        devices.append(ZFSPool.Device(name: String(words[0]), state: String(words[1]), errors: sum))
    }

    private static func isCount(_ word: Substring) -> Bool { word.first.map { $0.isNumber || $0 == "-" } ?? false }

    /// `12`, or `1.2K` where `-p` is not known.
    private static func count(_ word: Substring) -> Int? {
        if let number = Int(word) { return number >= 0 ? number : nil }
        guard let unit = word.last, unit != "B", let amount = ProbeText.amount(word.dropLast(), unit), amount >= 0
        else { return nil }
        return Int(min(amount, 0x1p50))
    }

    /// `No known data errors`, `14 data errors, use '-v' for a list`, or a heading over the names of files.
    private static func damage(_ text: Substring, _ lines: ArraySlice<Substring>) -> Int? {
        if text.hasPrefix("No known data errors") { return 0 }
        if let number = ProbeText.words(text).first.flatMap({ Int($0) }), number >= 0 { return number }
        guard text.hasPrefix("Permanent errors") else { return nil }
        let names = lines.drop { value(of: "errors", in: $0) == nil }.dropFirst().prefix { isIndented($0) }
        return max(1, names.count)
    }

    /// `scrub repaired 0B in 05:12:09 with 0 errors on Sun Mar  8 05:36:11 2026`; the clock of UTC.
    private static func scanned(_ text: Substring) -> (String?, Int?) {
        let words = ProbeText.words(text)
        guard let word = words.first, word != "none" else { return (nil, nil) }
        let what = word.hasPrefix("scrub") ? "scrub" : word.hasPrefix("resilver") ? "resilver" : String(word)
        let isRunning =
            ProbeText.range(of: "in progress", in: text) != nil || ProbeText.range(of: "paused", in: text) != nil
        if isRunning { return ("\(what) scanning", nil) }
        if ProbeText.range(of: "canceled", in: text) != nil { return ("\(what) canceled", nil) }
        guard let on = words.lastIndex(of: "on"), words.count >= on + 6 else { return ("\(what) finished", nil) }
        let time = words[on + 4].split(separator: ":").map { Int($0) }
        let month = months.firstIndex(of: String(words[on + 2])).map { $0 + 1 }
        guard let month, let day = Int(words[on + 3]), let year = Int(words[on + 5]), time.count == 3,
            let hour = time[0],
            let minute = time[1], let second = time[2]
        else { return ("\(what) finished", nil) }
        let ended = ProbeText.moment(year, month, day, hour, minute, second)
        return ("\(what) finished", what == "scrub" ? ended : nil)
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
