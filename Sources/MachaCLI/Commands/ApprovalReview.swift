// SPDX-License-Identifier: MIT
import ArgumentParser
import Foundation
import Macha
import MachaActions
import MachaModel
import MachaViews

/// Goes through what is waiting for approval, one by one, with the person at the terminal. Each answer counts at once.
struct ApprovalReview {
    let output: Output
    /// Made for each step: an hour may pass at a prompt, and the inventory's files count as they are when an answer is given.
    let controller: () -> Controller
    let settle: Int?

    /// The person left in the middle, by Ctrl-C.
    private struct Left: Error {}

    /// What a person may say to one approval.
    private enum Answer {
        case yes
        case no(reason: String)
        case discuss, skip, quit

        /// `nil` for what is none of these.
        init?(_ line: String) {
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            switch words.first?.lowercased() {
            case "y" where words.count == 1, "yes" where words.count == 1: self = .yes
            case "n", "no": self = .no(reason: words.count > 1 ? words[1] : "")
            case "d", "discuss": self = .discuss
            case "s", "skip": self = .skip
            case "q", "quit": self = .quit
            default: return nil
            }
        }
    }

    func run() async throws {
        let output = output
        let interruption = CheckInterruption { say(output) }
        defer { interruption.finish() }
        var counts = ApprovalReviewPage.Counts()
        do {
            try await review(&counts, interruption)
        } catch is Left {
            throw ExitCode(CheckInterruption.status)
        }
        counts.waiting = try waiting().count
        try interruption.show { try output.show(ApprovalReviewPage.summary(counts)) }
        if counts.failed > 0 { throw ExitCode(Failure.Code.hosts.rawValue) }
    }

    private func waiting() throws -> [Approval] {
        let controller = controller()
        let now = controller.environment.now()
        return try controller.approvals(all: false).filter { $0.state(at: now) == .waiting }
    }

    /// Those that come meanwhile are asked about too, at the end.
    private func review(_ counts: inout ApprovalReviewPage.Counts, _ interruption: CheckInterruption) async throws {
        var ids = try waiting().map(\.id)
        if ids.isEmpty { try interruption.show { try output.show(ApprovalPage.list([], now: Date())) } }
        var index = 0
        while index < ids.count {
            guard try await decide(ids[index], index + 1, ids.count, &counts, interruption) else { return }
            index += 1
            if index == ids.count { ids += try waiting().map(\.id).filter { !ids.contains($0) } }
        }
    }

    /// Asks about one until it is decided or passed over. Returns false when the person wants to end.
    private func decide(
        _ id: Int, _ number: Int, _ total: Int, _ counts: inout ApprovalReviewPage.Counts,
        _ interruption: CheckInterruption
    ) async throws -> Bool {
        var shown: ContentHash?
        while true {
            let controller = controller()
            let now = controller.environment.now()
            let (approval, run) = try controller.approval(id)
            let view = ApprovalView(approval, run, in: controller.environment.stateFolder, at: now)
            guard approval.state(at: now) == .waiting else {
                try interruption.show { try output.show(ApprovalReviewPage.passed(view)) }
                return true
            }
            if approval.content != shown {
                let hasChanged = shown != nil
                shown = approval.content
                try interruption.show {
                    if hasChanged {
                        try output.note(Cell("it has changed meanwhile; this is what it is now:", .warning))
                    }
                    try output.show(ApprovalReviewPage.brief(view, number: number, of: total, now: now))
                }
            }
            guard let answer = try ask(interruption) else { continue }
            switch answer {
            case .quit: return false
            case .skip:
                counts.skipped += 1
                return true
            case .discuss: try discuss(id, interruption)
            case .no(let reason):
                if try reject(id, approval.content, reason, &counts, interruption) { return true }
            case .yes:
                if try await approve(id, approval.content, &counts, interruption) { return true }
            }
        }
    }

    /// The person's answer; `nil` when it is none.
    private func ask(_ interruption: CheckInterruption) throws -> Answer? {
        try interruption.show {
            try output.note(
                Cell(
                    "[y] run it now  [n] reject it, with a reason if you like  [d] discuss: show everything  [s] skip  [q] quit"
                ))
        }
        guard let line = readLine() else { return .quit }
        return Answer(line)
    }

    private func discuss(_ id: Int, _ interruption: CheckInterruption) throws {
        let controller = controller()
        let now = controller.environment.now()
        let dossier = ApprovalDossier(
            try controller.approvalFile(id), in: controller.environment.stateFolder, at: now)
        try interruption.show { try output.show(ApprovalReviewPage.dossier(dossier, now: now)) }
    }

    /// Returns false when it has changed, so that the person is asked again.
    private func reject(
        _ id: Int, _ content: ContentHash, _ reason: String, _ counts: inout ApprovalReviewPage.Counts,
        _ interruption: CheckInterruption
    ) throws -> Bool {
        let controller = controller()
        let now = controller.environment.now()
        let (current, _) = try controller.approval(id)
        guard current.state(at: now) == .waiting, current.content == content else { return false }
        _ = try controller.reject(id, reason: reason)
        counts.rejected += 1
        try interruption.show { try output.show(Page([.text([Cell("rejected; nothing was done", .dim)], indent: 0)])) }
        return true
    }

    /// Returns false when it could not be approved as it was shown: then it is said what it is now.
    private func approve(
        _ id: Int, _ content: ContentHash, _ counts: inout ApprovalReviewPage.Counts,
        _ interruption: CheckInterruption
    ) async throws -> Bool {
        let output = output
        interruption.hold { try? output.note(Cell("finishing what has begun; Ctrl-C again ends at once", .dim)) }
        var isAnswered = true
        do {
            let grant = try await controller().grant(id, content: "\(content)", settle: settle)
            if !grant.recovered.isEmpty { try output.show(RepairPage.recovered(grant.recovered)) }
            let report = try await output.progress("running on \(grant.hostName)").during { _ in
                try await grant.carryOut()
            }
            try output.show(RunPage.report(report))
            if report.isGood { counts.carriedOut += 1 } else { counts.failed += 1 }
        } catch let error as ControllerError {
            for message in error.messages { try output.note(Cell("error:", .critical), Cell(message, limit: 4_000)) }
            isAnswered = try settled(id, content, &counts)
        }
        if interruption.isStruck { throw Left() }
        interruption.arm { say(output) }
        return isAnswered
    }

    /// Whether there is nothing to ask again after an approval that failed. A change is asked about; a failure is counted.
    private func settled(
        _ id: Int, _ content: ContentHash, _ counts: inout ApprovalReviewPage.Counts
    ) throws -> Bool {
        let controller = controller()
        let now = controller.environment.now()
        let current = try controller.approval(id).approval
        switch current.state(at: now) {
        case .waiting where current.content != content, .rejected, .expired, .superseded: return false
        case .waiting, .granted, .used:
            counts.failed += 1
            return true
        }
    }
}

/// What a person who leaves is told.
@Sendable private func say(_ output: Output) {
    try? output.note(Cell("stopped; what you did not decide is still waiting: macha approve", .dim))
}
