// SPDX-License-Identifier: MIT
import Foundation

/// Where playbooks are.
package enum PlaybookPath {
    /// Folders looked at when none is named, in this order: those that came with the program, the system's, the user's.
    /// Later ones replace playbooks of earlier ones.
    package static func candidates(
        environment: [String: String] = ProcessInfo.processInfo.environment, program: String = CommandLine.arguments[0]
    ) -> [String] {
        let home = environment["HOME"] ?? NSHomeDirectory()
        let configuration = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(home)/.config"
        let link = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? program
        let prefix = URL(filePath: link).deletingLastPathComponent().deletingLastPathComponent().path
        return [
            "\(prefix)/share/macha/playbooks", "/etc/macha-autonomous/playbooks", "\(configuration)/macha/playbooks",
        ]
    }

    /// The folders to load: those `named`, `MACHA_PLAYBOOKS` (parted by colons), or the candidates that are there.
    package static func find(
        named: [String], environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> [String] {
        if !named.isEmpty { return named }
        if let variable = environment["MACHA_PLAYBOOKS"], !variable.isEmpty {
            return variable.split(separator: ":").map(String.init)
        }
        return candidates(environment: environment).filter { FileManager.default.fileExists(atPath: $0) }
    }
}
