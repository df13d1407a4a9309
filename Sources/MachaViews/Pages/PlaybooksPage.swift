// SPDX-License-Identifier: MIT
import Macha
package import MachaActions
import MachaInventory
import MachaModel

/// A playbook as programs read it.
package struct PlaybookSummary: Encodable {
    var id: String
    var title: String
    var description: String
    var risk: Risk
    var autonomy: AutonomyLevel
    /// Whether any step changes the host.
    var changes: Bool
    var when: [String]
    var unless: [String]
    var parameters: [String: String]
    var steps: [String]
    var verify: [String]
    var rollback: [String]
    var cooldown: Int
    var perHour: Int?
    /// `built-in`, or `file` where a person's own is in force.
    var origin: String
    /// Where it was read, and for a built-in one its name.
    var file: String

    /// The contents of `playbook`, and what follows from them.
    package init(_ playbook: Playbook) {
        id = playbook.id
        title = playbook.title.source
        description = playbook.description
        risk = playbook.usualRisk
        autonomy = playbook.terms.autonomy
        changes = playbook.sampleSteps.contains { $0.footprint == .changes }
        when = playbook.when.map(\.description)
        unless = playbook.unless.map(\.description)
        parameters = Dictionary(
            playbook.parameters.map { ($0.name, $0.kind.rawValue) }, uniquingKeysWith: { first, _ in first })
        steps = playbook.steps.map(\.description)
        verify = playbook.verify.map(\.description)
        rollback = playbook.rollback.map(\.description)
        cooldown = playbook.terms.cooldown
        perHour = playbook.terms.perHour
        origin = Playbooks.areShipped(playbook) ? "built-in" : "file"
        file = playbook.position.file
    }
}

/// Playbooks for people.
package enum PlaybooksPage {
    /// The library as a table.
    package static func list(_ playbooks: [PlaybookSummary]) -> Page {
        var table = Table([
            .init("playbook", minimum: 20), .init("risk"), .init("automatic", minimum: 6),
            .init("findings", minimum: 12, yields: 2), .init("title", minimum: 16, yields: 1),
            .init("from", yields: 3),
        ])
        for playbook in playbooks {
            let answers = playbook.when.map { String($0.prefix { $0 != "," }) }.joined(separator: "; ")
            table.append([
                Cell(playbook.id), cell(playbook.risk), Cell(lowest(playbook)),
                Cell(answers.isEmpty ? "(run by a person)" : answers), Cell(playbook.title),
                Cell(playbook.origin == "file" ? playbook.file : "built in", .dim),
            ])
        }
        var page = Page()
        page.table(table, orSay: "no playbooks")
        return page
    }

    /// The lowest level at which the table and the playbook let it run.
    private static func lowest(_ playbook: PlaybookSummary) -> String {
        guard playbook.changes else { return "always" }
        return Policy.lowestLevel(running: playbook.risk, from: playbook.autonomy).map { "from " + $0.rawValue }
            ?? "never"
    }

    /// One playbook with its steps.
    package static func show(_ playbook: Playbook) -> Page {
        let summary = PlaybookSummary(playbook)
        var page = Page()
        page.text(Cell(playbook.id, .heading), Cell(playbook.title.source))
        page.gap()
        page.text(Cell(playbook.description, limit: 4_000))
        page.gap()
        page.facts([
            .init("risk", cell(summary.risk)), .init("automatic", Cell(lowest(summary))),
            .init("cooldown", Cell("\(ActionSpan(seconds: summary.cooldown))")),
            .init("file", Cell(summary.file, .dim)),
        ])
        section(&page, "When", summary.when, orSay: "only when you run it")
        section(&page, "Not when", summary.unless)
        section(
            &page, "Values",
            playbook.parameters.map { "\($0.name) (\($0.kind.rawValue)): \($0.description)" })
        section(&page, "Steps", summary.steps)
        section(&page, "Verified by", summary.verify + ["the proofs of each action"])
        section(&page, "If it fails", summary.rollback + wayBack(of: playbook))
        return page
    }

    private static func wayBack(of playbook: Playbook) -> [String] {
        playbook.sampleSteps.filter { $0.footprint == .changes }.compactMap { action in
            (try? action.plan()).map { "\(action.kind.rawValue): \($0.wayBack.description)" }
        }
    }

    private static func section(_ page: inout Page, _ title: String, _ lines: [String], orSay: String? = nil) {
        guard !lines.isEmpty || orSay != nil else { return }
        page.gap()
        page.text(Cell(title, .heading))
        for line in lines.isEmpty ? [orSay ?? ""] : lines { page.text(Cell(line), indent: 2) }
    }

    static func cell(_ risk: Risk) -> Cell {
        switch risk {
        case .low: Cell("low", .ok)
        case .medium: Cell("medium", .warning)
        case .high: Cell("high", .critical)
        }
    }
}
