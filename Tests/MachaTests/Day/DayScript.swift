// SPDX-License-Identifier: MIT
import Foundation
import MachaModel
import MachaTestSupport

/// A day as `Tests/Lab/day` writes it: hosts, what breaks on them and until when, and who is to be told.
struct DayScript: Sendable {
    /// What becomes of a problem's notice.
    enum Told: Hashable, Sendable {
        case by(receiver: String, inTheMorning: Bool)
        case held(HeldNotice.Reason)
    }

    enum Ending: Hashable, Sendable {
        case mended(at: Int)
        /// By Macha.
        case repaired
        case stays
    }

    struct Expected: Hashable, Sendable {
        var kind: String
        var told: Told
    }

    /// Times are minutes of the day.
    struct Fault: Hashable, Sendable {
        var at: Int
        var host: String
        var name: String
        var ending: Ending
        var expected: [Expected]
    }

    struct Host: Hashable, Sendable {
        var name: String
        var gateway: String?
        /// As the lab reads it.
        var words: String
    }

    enum Step: Hashable, Sendable {
        case plant(fault: String, host: String)
        case mend(fault: String, host: String)
        case silence(host: String, kind: String, until: Int)
        case maintain(host: String, until: Int)
    }

    struct Mistake: Error { var line: String }

    private(set) var hosts: [Host] = []
    private(set) var faults: [Fault] = []
    private(set) var begin = 0
    private(set) var end = 1440
    private var others: [(at: Int, step: Step)] = []

    /// Reads `name` of `Tests/Lab/day`.
    init(named name: String) throws {
        try self.init(String(contentsOfFile: PythonServer.path(of: "day/\(name).day"), encoding: .utf8))
    }

    init(_ text: String) throws {
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let words = line.split(separator: " ").map(String.init)
            guard (try? read(words)) != nil else { throw Mistake(line: String(line)) }
        }
    }

    /// What is done to the hosts and by people, in order.
    var steps: [(at: Int, step: Step)] {
        let planted = faults.map { ($0.at, Step.plant(fault: $0.name, host: $0.host)) }
        let mended = faults.compactMap { fault -> (Int, Step)? in
            guard case .mended(let at) = fault.ending else { return nil }
            return (at, .mend(fault: fault.name, host: fault.host))
        }
        return (others + planted + mended).enumerated().sorted {
            ($0.element.at, $0.offset) < ($1.element.at, $1.offset)
        }
        .map(\.element)
    }

    private mutating func read(_ words: [String]) throws {
        switch words.first {
        case "host":
            let behind = words.first { $0.hasPrefix("behind=") }
            hosts.append(
                Host(
                    name: words[1], gateway: behind.map { String($0.dropFirst("behind=".count)) },
                    words: words.dropFirst(2).filter { $0 != behind }.joined(separator: " ")))
        case "fault":
            guard words.count >= 6 else { throw Mistake(line: "") }
            for host in words[2].split(separator: ",") {
                faults.append(
                    Fault(
                        at: try Self.minute(words[1]), host: String(host), name: words[3],
                        ending: try Self.ending(words[4]),
                        expected: try words[5...].map { try Self.expected($0) }))
            }
        case "silence":
            let step = Step.silence(host: words[3], kind: words[4], until: try Self.minute(words[2]))
            others.append((try Self.minute(words[1]), step))
        case "maintenance":
            others.append((try Self.minute(words[1]), .maintain(host: words[3], until: try Self.minute(words[2]))))
        case "begin": begin = try Self.minute(words[1])
        case "end": end = try Self.minute(words[1])
        default: throw Mistake(line: "")
        }
    }

    private static func minute(_ text: String) throws -> Int {
        let parts = text.split(separator: ":").compactMap { Int($0) }
        guard parts.count == 2 else { throw Mistake(line: text) }
        return parts[0] * 60 + parts[1]
    }

    private static func ending(_ text: String) throws -> Ending {
        switch text {
        case "repaired": .repaired
        case "-": .stays
        default: .mended(at: try minute(text))
        }
    }

    private static func expected(_ text: String) throws -> Expected {
        let parts = text.split(separator: "=").map(String.init)
        guard parts.count == 2 else { throw Mistake(line: text) }
        if parts[1].hasPrefix("-") {
            guard let reason = HeldNotice.Reason(rawValue: String(parts[1].dropFirst())) else {
                throw Mistake(line: text)
            }
            return Expected(kind: parts[0], told: .held(reason))
        }
        let told = parts[1].split(separator: "@").map(String.init)
        return Expected(kind: parts[0], told: .by(receiver: told[0], inTheMorning: told.count > 1))
    }
}
