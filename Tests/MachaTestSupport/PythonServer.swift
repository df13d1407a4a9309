// SPDX-License-Identifier: MIT
import Foundation

/// A server of the lab, written in Python, on loopback and a free port, for one test.
package final class PythonServer: Sendable {
    /// Whether this machine has Python.
    package static let isAvailable = which("python3") != nil

    package let port: UInt16
    package let scratch: Scratch
    private let process: ChildProcess

    /// Starts `script`, a path below `Tests/Lab`, and returns once it listens.
    ///
    /// - Throws: when it ends, or does not listen within a minute; its own words are in the reason.
    package init(
        _ script: String, _ arguments: [String] = [], python: String? = nil, scratch: Scratch? = nil
    ) async throws {
        let scratch = try scratch ?? Scratch("macha-server")
        self.scratch = scratch
        guard let python = python ?? which("python3") else { throw ChildProcess.Failure(reason: "there is no python3") }
        let name = "\(UUID().uuidString.prefix(8))"
        let errors = scratch.path("errors-\(name)")
        process = try ChildProcess(
            python, [Self.path(of: script), "--port-file", scratch.path("port-\(name)")] + arguments, errors: errors)
        port = try await Self.port(in: "port-\(name)", scratch, process, errors)
    }

    package var url: String { "http://127.0.0.1:\(port)" }

    package var pid: Int32 { process.pid }

    /// Ends the server and waits for it.
    package func stop() { process.stop() }

    /// A file below `Tests/Lab`.
    package static func path(of file: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Lab/\(file)")
            .path
    }

    private static func port(
        in file: String, _ scratch: Scratch, _ process: ChildProcess, _ errors: String
    ) async throws -> UInt16 {
        for _ in 0..<3_000 {
            if let text = try? scratch.read(file),
                let port = UInt16(text.trimmingCharacters(in: .whitespacesAndNewlines))
            {
                return port
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        let said = (try? String(contentsOfFile: errors, encoding: .utf8)) ?? ""
        throw ChildProcess.Failure(reason: "the server \(file) (pid \(process.pid)) does not listen: \(said)")
    }
}
