// SPDX-License-Identifier: MIT
import Foundation

/// Measurements that need a program of their own; `script/bench` runs them.
@main
enum MachaBench {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch arguments.first {
        case "queue": try QueueBench.run(Options(arguments.dropFirst()))
        case "month": try MonthBench.run(Options(arguments.dropFirst()))
        case "probes": try ProbesFuzz.run(Options(arguments.dropFirst()))
        case "queue-worker": try QueueWorker.run(Options(arguments.dropFirst()))
        case "ssh": try await SSHBench.run(Options(arguments.dropFirst()))
        default:
            print(
                """
                usage: MachaBench queue [--jobs N] [--hosts N] [--workers N] [--kill-every SECONDS] [--seed N]
                       MachaBench month [--hosts N] [--days N] [--macha PROGRAM] [--folder EMPTY-FOLDER]
                       MachaBench probes --fixtures FOLDER [--streams N] [--bodies N] [--seed N]
                       MachaBench ssh --inventory FILE [--rounds N] [--width N] [--copies N] [--command WORDS]
                                      [--look yes] [--step yes]
                """)
            exit(64)
        }
    }
}

/// `--name value` pairs.
struct Options {
    private var values: [String: String] = [:]

    init(_ arguments: ArraySlice<String>) {
        var rest = arguments
        while let name = rest.popFirst(), let value = rest.popFirst() { values[name] = value }
    }

    subscript(_ name: String) -> String? { values["--" + name] }
    func number(_ name: String, _ standard: Double) -> Double { self[name].flatMap(Double.init) ?? standard }
    func count(_ name: String, _ standard: Int) -> Int { self[name].flatMap { Int($0) } ?? standard }
}
