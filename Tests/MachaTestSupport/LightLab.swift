// SPDX-License-Identifier: MIT
import Foundation
package import MachaInventory

/// Light hosts of the lab (Tests/Lab), for one suite: real sshd processes of this user, with faults planted by name.
package final class LightLab: Sendable {
    /// The hosts as the lab's own inventory names them, in the order of the specification.
    package let inventory: Inventory
    private let script: String
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
    package convenience init(_ specification: String) async throws {
        let prepared = try await onThread { Result { try Prepared(specification) } }.get()
        try self.init(prepared)
    }

    private init(_ prepared: Prepared) throws {
        scratch = prepared.scratch
        environment = prepared.environment
        script = Self.script
        inventory = prepared.inventory
    }

    /// The hosts of the lab that is up already, as `MACHA_LAB_DIR` says.
    package static func running() throws -> Inventory {
        let scratch = try Scratch("macha-lab")
        let listing = try run(script, ["inventory", "--format", "yaml"])
        let path = try scratch.write(listing.output, to: "inventory.yaml")
        return try Inventory.load(path: path, home: scratch.path("home"), user: NSUserName())
    }

    deinit { _ = try? run(script, ["purge"], environment: environment) }

    package func host(_ name: String) throws -> FleetHost {
        guard let host = inventory[name] else { throw Failure(reason: "the lab has no host \(name)") }
        return host
    }

    /// Breaks `host` by the fault of this name, as of now.
    package func plant(_ fault: String, on host: String) throws {
        let result = try run(script, ["fault", fault, host, "on"], environment: environment)
        guard result.status == 0 else { throw Failure(reason: "\(fault) on \(host): \(result.output)") }
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

        init(_ specification: String) throws {
            scratch = try Scratch("macha-lab")
            var environment = ProcessInfo.processInfo.environment
            environment["MACHA_LAB_DIR"] = scratch.path("lab")
            self.environment = environment
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
