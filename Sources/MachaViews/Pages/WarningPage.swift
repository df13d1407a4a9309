// SPDX-License-Identifier: MIT
package import Macha

/// What a person should know though the work goes on, for standard error.
package enum WarningPage {
    /// One line a paragraph, the first with the word "warning".
    package static func lines(_ warning: EnvironmentWarning) -> [[Cell]] {
        switch warning {
        case .repairsOff(let playbooks, let mistake):
            let which = playbooks.map { "for \($0.joined(separator: ", "))" } ?? "for all playbooks"
            return [words("repairs are off \(which): \(mistake)", limit: 4_000)]
        case .keyFileRefused(let reason): return [words(reason, limit: 800)]
        case .endpointUnusable(let reason): return [words(reason, limit: 1_000)]
        case .noModel:
            return [[Cell("note:", .dim), Cell("no model is configured; see: macha models", .dim)]]
        case .oldLibrary(let version):
            return [
                words(
                    "libssh2 \(version) cannot connect to a default NixOS sshd; install 1.11 or newer", limit: 200)
            ]
        case .otherStateFolder(let other): return PausePage.others([other])
        case .approvalEdited(let id):
            return [
                words(
                    "approval \(id) was edited in the database and will not run; see: macha audit verify",
                    limit: 200)
            ]
        case .configurationDoubtful(let reason), .notExported(let reason): return [words(reason, limit: 1_000)]
        case .backupNotRecorded(let reason):
            return [words("the backup is whole, but --keep will never delete it: \(reason)", limit: 1_000)]
        }
    }

    /// The same for a log, which has a level for each line.
    package static func sentences(_ warning: EnvironmentWarning) -> [String] {
        lines(warning).map { cells in
            cells.map(\.text).filter { $0 != "warning:" && $0 != "note:" }.joined(separator: " ")
        }
    }

    private static func words(_ text: String, limit: Int) -> [Cell] {
        [Cell("warning:", .warning), Cell(text, limit: limit)]
    }
}
