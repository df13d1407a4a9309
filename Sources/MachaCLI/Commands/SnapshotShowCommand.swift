// SPDX-License-Identifier: MIT
import MachaViews
import ArgumentParser
import Macha
import MachaFindings
import MachaModel
import MachaProbes
import MachaStore

/// One snapshot: every probe with its value, or why it has none.
struct SnapshotShowCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show all readings of a snapshot, by its id.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The snapshot's id, from macha snapshot list.")
    var id: Int64

    private struct Document: Encodable {
        var id: Int64
        var snapshot: Snapshot
        var findings: [Finding]
    }

    func execute() async throws {
        guard let stored = try options.controller.environment.store().snapshot(id) else {
            throw Failure(.usage, "there is no snapshot \(id); see macha snapshot list")
        }
        let document = Document(id: stored.id, snapshot: stored.snapshot, findings: stored.findings)
        let json = try JSONText.document(stored.snapshot)
        try options.output.show(document) { document in
            var page = Page()
            page.text(
                Cell(document.snapshot.host, .heading), Cell(HumanFormat.localTime(document.snapshot.takenAt), .dim))
            if case .failed(let failure) = document.snapshot.contact {
                page.gap()
                page.facts([
                    .init("failed at", Cell(failure.stage.rawValue, .unknown)),
                    .init("because", Cell(failure.message, limit: 600)),
                ])
                RemedyLines.add(failure.advice, failure.commands, to: &page, indent: 0)
                return page
            }
            // The values are as many kinds as there are probes; their JSON is the one form that shows all of each.
            page.lines(json.split(separator: "\n").map { Cell(String($0), limit: 100_000) })
            return page
        }
    }
}
