// SPDX-License-Identifier: MIT
import MachaFleet
import MachaModel

/// What systemd's journal on this machine has of the daemon's unit, for people. Reads only; nothing keeps running.
package struct ServiceJournal: Sendable {
    /// The unit's names: by the NixOS modules and packages, and by the first Macha.
    private static let units = ["macha", "macha-autonomous"]
    private static let patience = Duration.seconds(20)
    /// Lines are for people; a machine that logs more than this in a second is read where its journal is.
    private static let limit = 4 << 20

    private let transport = LocalTransport(host: "this machine")
    private let first: Int
    /// Where the next call goes on.
    private var cursor: String?
    /// Why there is nothing to read; `nil` while there is.
    package private(set) var missing: String?

    /// Begins with the `last` lines there are.
    package init(last: Int) { first = last }

    /// The lines since the last call; the newest ones at the first.
    package mutating func lines() async -> [String] {
        let place = cursor.map { ["--after-cursor=\($0)"] } ?? ["-n", "\(max(first, 1))"]
        let command = Command(
            "journalctl",
            ["-q", "--no-pager", "-o", "short-iso", "--show-cursor"]
                + Self.units.flatMap { ["-u", $0] } + place,
            outputLimit: Self.limit)
        let result: CommandResult
        do throws(ContactFailure) {
            result = try await transport.run(command, until: .now + Self.patience)
        } catch {
            missing = "journalctl cannot be run"
            return []
        }
        var lines = String(decoding: result.standardOutput, as: UTF8.self).split(separator: "\n").map(String.init)
        if let last = lines.last, last.hasPrefix(Self.mark) {
            cursor = String(last.dropFirst(Self.mark.count))
            lines.removeLast()
        }
        if cursor == nil { missing = Self.reason(result) }
        return first == 0 && place.first == "-n" ? [] : lines
    }

    private static let mark = "-- cursor: "

    private static func reason(_ result: CommandResult) -> String {
        result.outcome == .status(127)
            ? "this machine has no journalctl"
            : "the journal that you may read has nothing of \(units.joined(separator: " or "))"
    }
}
