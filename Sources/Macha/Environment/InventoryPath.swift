// SPDX-License-Identifier: MIT
import Foundation

/// Where the inventory is.
package enum InventoryPath {
    /// The service's own folder, which a package or a module has made.
    static let systemFolder = "/etc/macha-autonomous"

    /// Where a person's own files are.
    private static func userFolder(_ environment: [String: String]) -> String {
        let home = environment["HOME"] ?? NSHomeDirectory()
        let configuration = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(home)/.config"
        return "\(configuration)/macha"
    }

    /// The file in which the first inventory of this account belongs: the service's, which is root's to write, or the user's.
    static func first(environment: [String: String] = ProcessInfo.processInfo.environment) -> String {
        let isService = geteuid() == 0 && FileManager.default.fileExists(atPath: systemFolder)
        return "\(isService ? systemFolder : userFolder(environment))/inventory.yaml"
    }

    /// Places that are searched when none is named, in this order: the user's, then the system's.
    package static func candidates(environment: [String: String] = ProcessInfo.processInfo.environment) -> [String] {
        [userFolder(environment), systemFolder].flatMap { ["\($0)/inventory", "\($0)/inventory.yaml"] }
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
