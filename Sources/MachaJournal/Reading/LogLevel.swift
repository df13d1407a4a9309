// SPDX-License-Identifier: MIT

/// Levels of other loggers as the journal's priorities, 0 (emergency) … 7 (debug).
enum LogLevel {
    /// `error`, `WARN`, `E`, …; `nil` for a word that is no level.
    static func priority(word: ByteSlice) -> UInt8? {
        guard word.count > 0, word.count <= 13 else { return nil }
        var lower: [UInt8] = []
        for at in 0..<word.count { lower.append(word[at] >= 0x41 && word[at] <= 0x5a ? word[at] | 0x20 : word[at]) }
        return words[lower]
    }

    /// A level of four to eight letters, as ``KnownWords/packed(_:_:)`` makes one integer of it: no table, for it is asked of every line.
    @inline(__always)
    static func priority(packed word: UInt64) -> UInt8? {
        switch word {
        case 0x65_6d65_7267: 0  // emerg
        case 0x61_6c65_7274: 1  // alert
        case 0x6372_6974, 0x6372_6974_6963_616c, 0x66_6174_616c, 0x7061_6e69_63: 2  // crit, critical, fatal, panic
        case 0x65_7272_6f72, 0x7365_7665_7265: 3  // error, severe
        case 0x7761_726e, 0x77_6172_6e69_6e67: 4  // warn, warning
        case 0x6e6f_7469_6365: 5  // notice
        case 0x696e_666f: 6  // info
        case 0x64_6562_7567, 0x74_7261_6365: 7  // debug, trace
        default: nil
        }
    }

    /// A number under the name `level` or `severity`: syslog's 0…7, or the tens of bunyan and pino.
    static func priority(number: Int64) -> UInt8? {
        switch number {
        case 0...7: UInt8(number)
        case 8..<30: 7
        case 30..<40: 6
        case 40..<50: 4
        case 50..<60: 3
        case 60...: 2
        default: nil
        }
    }

    /// The tens of Python's logging, which lie one step lower: 20 is info, 40 an error.
    static func priority(python number: Int64) -> UInt8? { priority(number: number < 10 ? 10 : number + 10) }

    /// The numbers of OpenTelemetry, 1…24, four to a level.
    static func priority(telemetry number: Int64) -> UInt8? {
        switch number {
        case 1...8: 7
        case 9...12: 6
        case 13...16: 4
        case 17...20: 3
        case 21...24: 2
        default: nil
        }
    }

    private static let words: [[UInt8]: UInt8] = {
        let names: [(UInt8, String)] = [
            (0, "emerg emergency"), (1, "alert"), (2, "crit critical fatal panic dpanic f c"),
            (3, "err error severe e eror"), (4, "warn warning wrn w"), (5, "notice"),
            (6, "info information informational inf i"), (7, "debug dbg trace trc verbose fine finer finest d t"),
        ]
        var table: [[UInt8]: UInt8] = [:]
        for (priority, list) in names { for name in list.split(separator: " ") { table[Array(name.utf8)] = priority } }
        return table
    }()
}
