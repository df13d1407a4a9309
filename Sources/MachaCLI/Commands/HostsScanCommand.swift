// SPDX-License-Identifier: MIT
import ArgumentParser
import Foundation
import Macha
import MachaCore
import MachaFleet

/// Hosts that ssh knows and the inventory does not.
struct HostsScanCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan", abstract: "List hosts from known_hosts and the ssh configuration as inventory to paste.",
        discussion: "Reads files only; nobody on the network is asked.")

    @OptionGroup var options: GlobalOptions

    @Option(help: "A known_hosts file; may be given several times.")
    var knownHosts: [String] = []

    @Option(help: "The ssh client's configuration.")
    var sshConfig: String?

    func execute() async throws {
        let home = ProcessInfo.processInfo.environment["HOME"] ?? NSHomeDirectory()
        let files = knownHosts.isEmpty ? ["\(home)/.ssh/known_hosts", "/etc/ssh/ssh_known_hosts"] : knownHosts
        var scan = HostScan()
        for file in files { scan.read(knownHosts: try text(file, isNamed: !knownHosts.isEmpty), file: file) }
        let config = sshConfig ?? "\(home)/.ssh/config"
        scan.read(sshConfig: try text(config, isNamed: sshConfig != nil), file: config)
        // Without an inventory every candidate is new; that is when people scan.
        let inventory = InventoryPath.find(named: options.inventory) == nil ? nil : try options.loadInventory()
        let candidates = scan.candidates(besides: inventory?.hosts ?? [])
        try options.output.show(candidates) { _ in Page([.lines(scan.yaml(candidates).map { Cell($0) })]) }
        if scan.hashed > 0 {
            try options.output.note(
                Cell("note:", .dim),
                Cell("hashed names in known_hosts, which cannot be read back: \(scan.hashed)"))
        }
        if !scan.notFollowed.isEmpty {
            try options.output.note(Cell("note:", .dim), Cell("not read: \(scan.notFollowed.joined(separator: ", "))"))
        }
    }

    /// A file that was not named may be missing.
    private func text(_ path: String, isNamed: Bool) throws -> String {
        if !isNamed, !FileManager.default.fileExists(atPath: path) { return "" }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure(.input, "cannot read \(path)")
        }
        return String(decoding: data, as: UTF8.self)
    }
}
