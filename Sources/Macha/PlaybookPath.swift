// SPDX-License-Identifier: MIT
import Foundation

/// Where the playbooks are.
package enum PlaybookPath {
    /// The folders to read, the shipped one first and the person's own last, since later ones win.
    ///
    /// - Parameters:
    ///   - named: what the person named; it then is the only folder beside the shipped one
    ///   - environment: `MACHA_PLAYBOOKS` names the shipped folder where it is in no usual place
    ///   - executable: the running program; the shipped folder is looked for beside it
    /// - Returns: those that exist, and `named` whether or not it does, so that its absence is said.
    package static func find(
        named: String?, environment: [String: String] = ProcessInfo.processInfo.environment,
        executable: String? = Bundle.main.executablePath
    ) -> [String] {
        let shipped = environment["MACHA_PLAYBOOKS"].flatMap { $0.isEmpty ? nil : $0 }
        let first = shipped ?? places(executable).first { isFolder($0) }
        let own = named.map { [$0] } ?? owners(environment).filter { isFolder($0) }
        return (first.map { [$0] } ?? []) + own
    }

    /// Installed as `PREFIX/bin/macha` and `PREFIX/share/macha/playbooks`; or built in a checkout, whose top has them.
    private static func places(_ executable: String?) -> [String] {
        guard let executable else { return [] }
        var folder = URL(filePath: executable).resolvingSymlinksInPath().deletingLastPathComponent()
        var places = [folder.appending(path: "../share/macha/playbooks").standardized.path(percentEncoded: false)]
        for _ in 0..<6 {
            folder = folder.deletingLastPathComponent()
            guard FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path) else { continue }
            places.append(folder.appending(path: "playbooks").path(percentEncoded: false))
        }
        return places
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
