// SPDX-License-Identifier: MIT
import Foundation

/// Where the configuration is.
package enum ConfigurationPath {
    /// Places that are searched when none is named, in this order: the user's, then the system's.
    package static func candidates(environment: [String: String] = ProcessInfo.processInfo.environment) -> [String] {
        let home = environment["HOME"] ?? NSHomeDirectory()
        let own = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(home)/.config"
        return ["\(own)/macha/config.yaml", "/etc/macha-autonomous/config.json", "/etc/macha-autonomous/config.yaml"]
    }

    /// The file to read: `named`, `MACHA_CONFIG`, or the first candidate that is there; `nil` if none is.
    package static func find(
        named: String?, environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> String? {
        if let named { return named }
        if let variable = environment["MACHA_CONFIG"], !variable.isEmpty { return variable }
        return candidates(environment: environment).first { FileManager.default.fileExists(atPath: $0) }
    }
}
