// SPDX-License-Identifier: MIT
package import MachaInventory
package import MachaModel

/// What the account that logs in may do on a host, beside running commands as itself.
package struct HostRights: Sendable, Encodable {
    /// Whether it may read the system's journal; `nil` where that is unknown.
    package var journal: Bool?
    /// Command lines that the enabled playbooks want root for, as far as they are known beforehand.
    package var sudoWanted = 0
    /// Those of them that sudo would refuse, each with the reason.
    package var sudoRefused: [String] = []
    /// `false` where sudo's answers were not understood.
    package var isSudoKnown = true

    private static let journalScript = """
        id -u; set -- /var/log/journal/*/system.journal /run/log/journal/*/system.journal
        for f do if [ -r "$f" ]; then echo readable; elif [ -e "$f" ]; then echo closed; fi; done
        LC_ALL=C journalctl -n 1 -q -o cat --no-pager 2>&1 >/dev/null
        """

    /// Asks over `transport`; `commands` are what playbooks want root for, without `sudo`.
    package static func ask(
        _ transport: any Transport, _ commands: [[String]], host: FleetHost
    ) async throws(ContactFailure) -> HostRights {
        var rights = HostRights()
        let journal = try await transport.run(
            Command("sh", ["-c", journalScript], outputLimit: 64 << 10), until: .now + .seconds(15))
        rights.journal = mayRead(journal)
        guard host.sudo, host.autonomy > .observe, !commands.isEmpty else { return rights }
        rights.sudoWanted = commands.count
        let result = try await transport.run(SudoQuestion.command(commands), until: .now + .seconds(30))
        let answers = SudoQuestion.answers(result, count: commands.count)
        rights.isSudoKnown = answers.contains { $0 != .unknown }
        for (words, answer) in zip(commands, answers) {
            guard case .refused(let why) = answer else { continue }
            rights.sudoRefused.append("\(words.joined(separator: " ").printable(limit: 160)) (\(why))")
        }
        return rights
    }

    private static func mayRead(_ result: CommandResult) -> Bool? {
        let lines = String(decoding: result.standardOutput, as: UTF8.self).split(separator: "\n").map(String.init)
        if lines.first == "0" || lines.contains("readable") { return true }
        let isDenied = lines.contains { line in
            ["insufficient permissions", "not seeing messages", "ermission denied"].contains { line.contains($0) }
        }
        return isDenied || lines.contains("closed") ? false : nil
    }
}
