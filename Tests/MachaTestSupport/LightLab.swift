// SPDX-License-Identifier: MIT
package import Foundation
package import MachaInventory

/// Light hosts of the lab (Tests/Lab), for one suite: real sshd processes of this user, with faults planted by name.
package final class LightLab: Sendable {
    /// The hosts as the lab's own inventory names them, in the order of the specification.
    package let inventory: Inventory
    private let environment: [String: String]
    private let scratch: Scratch

    package struct Failure: Error { package var reason: String }

    /// The lab's script: where `MACHA_LAB` says, else beside this file.
    package static let script: String =
        ProcessInfo.processInfo.environment["MACHA_LAB"]
        ?? URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Lab/lab")
        .path

    package static let isAvailable =
        LocalSSHD.isAvailable && which("python3") != nil && which("flock") != nil
        && FileManager.default.isExecutableFile(atPath: script)

    /// Starts the hosts that `specification` names, one a line: `NAME [FAULT[:ARG]]…`.
    /// With `clock` the time of the hosts stands still there, until ``move(clock:)``.
    package convenience init(_ specification: String, clock: Date? = nil) async throws {
        let prepared = try await onThread { Result { try Prepared(specification, clock) } }.get()
        self.init(prepared)
    }

    private init(_ prepared: Prepared) {
        scratch = prepared.scratch
        environment = prepared.environment
        inventory = prepared.inventory
    }

    /// The text of ``inventory``.
    package var inventoryText: String { get throws { try scratch.read("inventory.yaml") } }

    /// The hosts of the lab that is up already, as `MACHA_LAB_DIR` says.
    package static func running() throws -> Inventory {
        let scratch = try Scratch("macha-lab")
        let listing = try run(script, ["inventory", "--format", "yaml"])
        let path = try scratch.write(listing.output, to: "inventory.yaml")
        return try Inventory.load(path: path, home: scratch.path("home"), user: NSUserName())
    }

    deinit { _ = try? run(Self.script, ["purge"], environment: environment) }

    package func host(_ name: String) throws -> FleetHost {
        guard let host = inventory[name] else { throw Failure(reason: "the lab has no host \(name)") }
        return host
    }

    /// Breaks `host` by the fault of this name, as of now.
    package func plant(_ fault: String, on host: String) throws { try say(["fault", fault, host, "on"]) }

    /// Takes the fault away.
    package func mend(_ fault: String, on host: String) throws { try say(["fault", fault, host, "off"]) }

    /// The time of the hosts stands still there from now on.
    package func move(clock: Date) throws {
        try Self.write(clock, to: scratch.path("lab"))
    }

    private func say(_ words: [String]) throws {
        let result = try run(Self.script, words, environment: environment)
        guard result.status == 0 else {
            throw Failure(reason: "lab \(words.joined(separator: " ")): \(result.output)")
        }
    }

    /// As `lab clock` does, without a process for each second of a day.
    private static func write(_ clock: Date, to folder: String) throws {
        try "\(Int(clock.timeIntervalSince1970))\n".write(
            toFile: "\(folder)/clock", atomically: true, encoding: .utf8)
    }

    /// Changes what systemd on `host` says of `unit`.
    package func rewrite(unit: String, on host: String, _ change: (String) -> String) throws {
        let file = "lab/light/\(host)/units/\(unit)"
        try scratch.write(change(try scratch.read(file)), to: file)
    }

    /// What starting blocks for: the lab takes a few seconds.
    private struct Prepared: Sendable {
        let scratch: Scratch
        let environment: [String: String]
        let inventory: Inventory

        init(_ specification: String, _ clock: Date?) throws {
            scratch = try Scratch("macha-lab")
            var environment = ProcessInfo.processInfo.environment
            environment["MACHA_LAB_DIR"] = scratch.path("lab")
            self.environment = environment
            if let clock {
                let seconds = "\(Int(clock.timeIntervalSince1970))"
                let lab = try run(LightLab.script, ["clock", seconds], environment: environment)
                guard lab.status == 0 else { throw Failure(reason: lab.output) }
            }
            let file = try scratch.write(specification, to: "specification")
            let said = scratch.path("said")
            let lab = try ChildProcess(
                LightLab.script, ["light", "--spec", file, "--port", "0"], environment: environment, errors: said)
            guard lab.wait() == 0 else { throw Failure(reason: (try? scratch.read("said")) ?? "the lab did not start") }
            let listing = try run(LightLab.script, ["inventory", "--format", "yaml"], environment: environment)
            let path = try scratch.write(listing.output, to: "inventory.yaml")
            inventory = try Inventory.load(path: path, home: scratch.path("home"), user: NSUserName())
        }
    }
}
