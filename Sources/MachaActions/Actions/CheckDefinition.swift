// SPDX-License-Identifier: MIT
import MachaModel
import MachaProbes

/// One check of the catalogue: how it is written, what the host is asked, and what its answer means.
///
/// A new check is a new file in `Checks/` and one line in ``CheckCatalog``. This protocol is visible in this target
/// only, so nobody else can add one.
protocol CheckDefinition: Hashable, Sendable {
    /// Unique: lower-case letters, digits and dashes. It never changes: approvals and playbooks rest on it.
    static var name: String { get }
    static var parameters: [ParameterSpec] { get }
    /// It can be judged without the answer from before the action, which is gone when Macha ended meanwhile.
    static var needsOneAnswer: Bool { get }

    /// Reads it. `nil` only after the reader has noted why.
    init?(_ reader: inout ParameterReader)
    /// The parameters that make it again.
    var values: [String: ActionValue] { get }
    /// As a sentence's part: "demo.service is active".
    var sentence: String { get }
    /// The question to the host; `nil` where a new snapshot has to tell.
    var command: Command? { get }
    func judge(_ answers: CheckAnswers) -> CheckVerdict
}

/// The answers to a check's question.
struct CheckAnswers {
    let now: CommandResult
    /// From before the action.
    let before: CommandResult?
    /// From the first time that it was asked after the action; `nil` at that time itself.
    let first: CommandResult?

    /// The answer is none that can be judged.
    var unclear: CheckVerdict {
        let said = String(decoding: now.standardError.prefix(300), as: UTF8.self)
        return switch now.outcome {
        case .status(let code): .unknown("status \(code): \(said.printable())")
        case .signal(let name): .unknown("ended by signal \(name.printable(limit: 20))")
        case .unknown: .unknown("the output was cut off or lost")
        }
    }

    /// By what systemd says of `unit`.
    func judge(_ verdict: (UnitFacts) -> CheckVerdict) -> CheckVerdict {
        UnitFacts(now).map(verdict) ?? unclear
    }

    /// Whether the one line of the answer is another than before the action.
    var changed: CheckVerdict {
        guard let now = now.onlyLine, let before = before.flatMap(\.onlyLine) else { return unclear }
        return CheckVerdict(now != before, "\(before) before, \(now) now")
    }
}

extension CheckVerdict {
    init(_ holds: Bool, _ seen: String) {
        let seen = seen.printable(limit: 300)
        self = holds ? .holds(seen) : .fails(seen)
    }
}

extension CommandResult {
    /// Whole, of a command that ended well.
    var wholeLines: [String]? {
        guard outcome == .status(0), !isCut else { return nil }
        return ProbeText.lines(String(decoding: standardOutput, as: UTF8.self)).map { String($0) }
    }

    var onlyLine: String? {
        guard let lines = wholeLines, lines.count == 1 else { return nil }
        return lines[0]
    }
}
