// SPDX-License-Identifier: MIT
package import MachaModel
import MachaProbes

/// What came of a check. Unknown is neither: who verifies counts it as failed, who waits looks again.
package enum CheckVerdict: Hashable, Codable, Sendable {
    case holds(String)
    case fails(String)
    case unknown(String)

    package var holds: Bool {
        switch self {
        case .holds: true
        case .fails, .unknown: false
        }
    }

    /// What was seen; one line, safe to print.
    package var seen: String {
        switch self {
        case .holds(let text), .fails(let text), .unknown(let text): text
        }
    }
}

extension Check {
    /// Judges the answer to ``command``: `before` is the answer to the same question before the action, `first` that at
    /// the first look after it, `nil` at that look itself.
    package func judge(_ answer: CommandResult, before: CommandResult? = nil, first: CommandResult? = nil)
        -> CheckVerdict
    {
        switch self {
        case .unitExists(let unit), .unitNeedsRepair(let unit), .unitActive(let unit), .unitNotFailed(let unit),
            .unitStopped(let unit):
            guard let facts = UnitFacts(answer) else { return unclear(answer) }
            return judge(unit, facts, first: first.flatMap { UnitFacts($0) })
        case .noNewFailures:
            guard let now = names(answer), let earlier = before.flatMap(names) else { return unclear(answer) }
            let new = now.subtracting(earlier).sorted().map { $0.printable(limit: 60) }
            guard new.isEmpty else { return .fails("failed since: " + new.prefix(10).joined(separator: ", ")) }
            return .holds(now.isEmpty ? "no unit is failed" : "\(now.count) failed, all of them before")
        case .clockSynchronized:
            guard let line = line(answer) else { return unclear(answer) }
            return verdict(line == "NTPSynchronized=yes", line)
        case .nameResolves:
            switch answer.outcome {
            case .status(0) where !answer.isCut: return .holds(line(answer)?.printable(limit: 120) ?? "resolved")
            case .status(2): return .fails("no address was found")
            case .status, .signal, .unknown: return unclear(answer)
            }
        case .systemIsProfile:
            guard let lines = lines(answer), lines.count == 2 else { return unclear(answer) }
            return verdict(lines[0] == lines[1], "\(lines[0]) runs, the profile names \(lines[1])")
        case .systemChanged, .rebooted:
            guard let now = line(answer), let earlier = before.flatMap(line) else { return unclear(answer) }
            return verdict(now != earlier, "\(earlier) before, \(now) now")
        case .generationExists(let number):
            switch answer.outcome {
            case .status(0) where !answer.isCut: return .holds("generation \(number) is there")
            case .status(1): return .fails("there is no generation \(number)")
            case .status, .signal, .unknown: return unclear(answer)
            }
        case .generationIs(let number):
            guard let link = line(answer) else { return unclear(answer) }
            return verdict(link == "system-\(number)-link", link)
        case .diskBelow(_, let limit):
            guard let row = lines(answer)?.last, let share = Self.share(in: row) else { return unclear(answer) }
            return verdict(share <= limit.number, "\(share) % in use")
        case .findingGone: return .unknown("only a new check of the host can tell")
        }
    }

    private func judge(_ unit: UnitName, _ facts: UnitFacts, first: UnitFacts?) -> CheckVerdict {
        switch self {
        case .unitExists:
            guard facts.load == "loaded" else { return .fails("the unit is \(facts.load.printable(limit: 40))") }
            return verdict(facts.id == unit.description, "systemd calls it \(facts.id)")
        case .unitNeedsRepair: return verdict(facts.needsRepair, facts.summary)
        case .unitNotFailed: return verdict(!facts.needsRepair, facts.summary)
        case .unitStopped:
            return verdict(facts.active == "inactive" || facts.active == "failed", facts.summary)
        case .unitActive:
            guard facts.active == "active" || facts.isFinishedJob else { return .fails(facts.summary) }
            if let first, facts.restarts > first.restarts {
                return .fails("systemd had to restart it \(facts.restarts - first.restarts) times since")
            }
            if let first, !first.isFinishedJob, !facts.isFinishedJob, first.invocation != facts.invocation {
                return .fails("it was restarted since the first check")
            }
            return .holds(facts.summary)
        default: return .unknown("not a question about a unit")
        }
    }

    private func verdict(_ holds: Bool, _ seen: String) -> CheckVerdict {
        let seen = seen.printable(limit: 300)
        return holds ? .holds(seen) : .fails(seen)
    }

    private func unclear(_ answer: CommandResult) -> CheckVerdict {
        let said = String(decoding: answer.standardError.prefix(300), as: UTF8.self)
        switch answer.outcome {
        case .status(let code): return .unknown("status \(code): \(said.printable())")
        case .signal(let name): return .unknown("ended by signal \(name.printable(limit: 20))")
        case .unknown: return .unknown("the output was cut off or lost")
        }
    }

    private func lines(_ answer: CommandResult) -> [String]? {
        guard answer.outcome == .status(0), !answer.isCut else { return nil }
        return ProbeText.lines(String(decoding: answer.standardOutput, as: UTF8.self)).map { String($0) }
    }

    private func line(_ answer: CommandResult) -> String? {
        guard let lines = lines(answer), lines.count == 1 else { return nil }
        return lines[0]
    }

    private func names(_ answer: CommandResult) -> Set<String>? {
        guard let lines = lines(answer) else { return nil }
        return Set(lines.compactMap { $0.hasPrefix("Id=") ? String($0.dropFirst(3)) : nil })
    }

    /// The fifth column of `df -P`, whose mount point may hold spaces but stands behind it.
    private static func share(in row: String) -> Int? {
        let columns = ProbeText.words(row)
        guard columns.count >= 6, columns[4].hasSuffix("%") else { return nil }
        return Int(columns[4].dropLast())
    }
}
