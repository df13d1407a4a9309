// SPDX-License-Identifier: MIT
import Foundation
package import MachaActions
import MachaInventory
import MachaPlaybooks

/// The playbooks of this installation: those inside the program, and what the person's folders add and replace.
package enum Playbooks {
    /// Reads them all. `named` and `environment` say where, as ``folders(named:environment:)`` has it.
    package static func read(named: String?) -> PartialLibrary {
        PartialLibrary(shipped: ShippedPlaybooks.sources, paths: folders(named: named))
    }

    /// Those inside the program together with `paths`.
    package static func read(only paths: [String]) -> PartialLibrary {
        PartialLibrary(shipped: ShippedPlaybooks.sources, paths: paths)
    }

    /// Whether `playbook` is one of those inside the program.
    package static func areShipped(_ playbook: Playbook) -> Bool {
        ShippedPlaybooks.contain(playbook.position.file)
    }

    /// The folders beside the program's own playbooks; later ones win.
    ///
    /// First what `MACHA_PLAYBOOKS` names, then the one the person named, or else the system's folder and the person's.
    ///
    /// - Returns: those that exist; what was named, whether or not it does, so that its absence is said.
    package static func folders(
        named: String?, environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> [String] {
        let first = environment["MACHA_PLAYBOOKS"].flatMap { $0.isEmpty ? nil : $0 }
        return (first.map { [$0] } ?? []) + (named.map { [$0] } ?? owners(environment).filter { isFolder($0) })
    }

    /// The system's folder, then the person's.
    private static func owners(_ environment: [String: String]) -> [String] {
        let home = environment["HOME"] ?? NSHomeDirectory()
        let configuration = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(home)/.config"
        return ["/etc/macha-autonomous/playbooks", "\(configuration)/macha/playbooks"]
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}
