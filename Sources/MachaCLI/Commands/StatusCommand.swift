// SPDX-License-Identifier: MIT
import ArgumentParser
import Foundation
import Macha
import MachaCore
import MachaStore

/// The fleet as it was last seen.
struct StatusCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Report the last known state of the fleet, without asking any host.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Which hosts; all unless named.")
    var selector = "all"

    @Flag(help: "Exit with 0 ok, 1 warning, 2 critical, 3 unknown, as monitoring systems expect.")
    var exitCode = false

    func execute() async throws {
        let hosts = try options.hosts(selector, in: try options.loadInventory())
        let store = try options.openStore()
        let report: FleetReport
        do throws(StoreError) {
            report = try MaintenanceCycle.lastKnown(hosts, in: store, now: Date())
        } catch {
            throw Failure(.unavailable, "\(error)")
        }
        try options.output.show(report) { FleetPage.page($0) }
        try options.showWaiting(store)
        if exitCode { throw ExitCode(report.exitCode) }
    }
}
