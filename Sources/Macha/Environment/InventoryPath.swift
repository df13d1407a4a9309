// SPDX-License-Identifier: MIT
import Foundation

/// Where the inventory is.
package enum InventoryPath {
    /// Places that are searched when none is named, in this order: the user's, then the system's.
    package static func candidates(environment: [String: String] = ProcessInfo.processInfo.environment) -> [String] {
        let home = environment["HOME"] ?? NSHomeDirectory()
        let configuration = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(home)/.config"
        return ["\(configuration)/macha", "/etc/macha-autonomous"].flatMap {
            ["\($0)/inventory", "\($0)/inventory.yaml"]
        }
    }

    /// The file or folder to load: `named`, `MACHA_INVENTORY`, or the first candidate that is there; `nil` if none is.
    package static func find(
        named: String?, environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> String? {
        if let named { return named }
        if let variable = environment["MACHA_INVENTORY"], !variable.isEmpty { return variable }
        return candidates(environment: environment).first { FileManager.default.fileExists(atPath: $0) }
    }
}
