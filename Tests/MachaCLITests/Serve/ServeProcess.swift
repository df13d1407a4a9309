// SPDX-License-Identifier: MIT
import Foundation
import MachaInventory
import MachaTestSupport

/// `macha serve` as a real process in a folder of its own, with the socket of a service manager.
struct ServeProcess {
    let scratch: Scratch
    let socket: DatagramSocket
    private let words: [String]

    /// `inventory` and `configuration` are the files' texts.
    init(inventory: String, configuration: String? = nil) throws {
        scratch = try Scratch()
        socket = try DatagramSocket(scratch.path("notify"))
        try scratch.write(inventory, to: "fleet.yaml")
        if let configuration { try scratch.write(configuration, to: "config.yaml") }
        words =
            ["--inventory", scratch.path("fleet.yaml"), "--state-dir", scratch.path("state")]
            + (configuration == nil ? [] : ["--config", scratch.path("config.yaml")])
    }

    /// The hosts of `lab` as an inventory, with a check interval of a second.
    static func inventory(of lab: LightLab) -> String {
        var lines = ["hosts:"]
        for host in lab.inventory.hosts {
            guard case .ssh(let endpoint) = host.connection else { continue }
            lines.append(
                "  \(host.name): { address: \(endpoint.address), port: \(endpoint.port), user: \(endpoint.user), "
                    + "identity-file: \(endpoint.identityFiles[0]), known-hosts: \(endpoint.knownHosts[0]), "
                    + "autonomy: \(host.autonomy.rawValue), check-interval: 1s }")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// `watchdog` is what `WATCHDOG_USEC` says.
    func start(_ more: [String] = [], watchdog: Int? = nil) throws -> ChildProcess {
        var environment = ["NOTIFY_SOCKET": scratch.path("notify")]
        if let watchdog { environment["WATCHDOG_USEC"] = "\(watchdog)" }
        return try macha(["serve"] + more, output: "out", errors: "err", environment)
    }

    /// Another command beside it; returns its status and what it wrote.
    func run(_ more: String...) async throws -> (status: Int32, output: String) {
        let status = await (try macha(more, output: "beside", errors: "beside-err", [:])).finished()
        return (status, try scratch.read("beside") + (try scratch.read("beside-err")))
    }

    private func macha(
        _ more: [String], output: String, errors: String, _ environment: [String: String]
    ) throws -> ChildProcess {
        let own = ["HOME": scratch.path("home"), "PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "COLUMNS": "200"]
        return try ChildProcess(
            BuiltMacha.path, words + more, environment: BuiltMacha.environment(own.merging(environment) { $1 }),
            output: scratch.path(output), errors: scratch.path(errors))
    }

    /// Waits until the daemon has told the service manager `message`, `count` times.
    func told(_ message: String, times count: Int = 1) async throws {
        while socket.messages().count(where: { $0.hasPrefix(message) }) < count {
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Waits until `file` holds `text`.
    func wait(for text: String, in file: String = "state/orchestrator.log") async throws {
        while !((try? scratch.read(file)) ?? "").contains(text) {
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
