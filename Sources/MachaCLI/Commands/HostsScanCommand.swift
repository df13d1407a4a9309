// SPDX-License-Identifier: MIT
import MachaViews
import ArgumentParser
import Macha
import MachaFleet

/// Hosts that ssh knows and the inventory does not.
struct HostsScanCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan", abstract: "Print hosts from known_hosts and the ssh configuration as an inventory.",
        discussion: "Reads files only; nothing is sent over the network.")

    @OptionGroup var options: GlobalOptions

    @Option(help: "A known_hosts file; can be repeated.")
    var knownHosts: [String] = []

    @Option(help: "The ssh client's configuration.")
    var sshConfig: String?

    /// What the command prints as JSON.
    private struct Document: Encodable {
        var hosts: [HostScan.Candidate]
        /// What is no candidate, by reason.
        var leftOut: [String: Int]
        /// Parts of the configuration that were not read.
        var notRead: [String]
    }

    func execute() async throws {
        var scan = try options.controller.scan(knownHosts: knownHosts, sshConfig: sshConfig)
        // Without an inventory every candidate is new; that is when people scan.
        let candidates = scan.candidates(besides: try options.controller.knownHosts())
        let document = Document(
            hosts: candidates,
            leftOut: Dictionary(uniqueKeysWithValues: scan.omissions.map { ($0.reason.rawValue, $0.count) }),
            notRead: scan.notFollowed)
        try options.output.show(document) { _ in Page([.lines(scan.yaml(candidates).map { Cell($0, limit: 10_000) })]) }
        for (reason, count) in scan.omissions {
            try options.output.note(Cell("note:", .dim), Cell("\(reason.words): \(count)"))
        }
        if !scan.notFollowed.isEmpty {
            try options.output.note(Cell("note:", .dim), Cell("not read: \(scan.notFollowed.joined(separator: ", "))"))
        }
    }
}
