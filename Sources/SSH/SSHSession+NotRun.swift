// SPDX-License-Identifier: MIT

/// Commands that did not run, in words.
extension SSHSession {
    /// What one request for a command can hold: libssh2 sends no message above 34,743 bytes (transport.c, MAX_SSH_PACKET_LEN), and 18 of
    /// them are not the command.
    static let longestLine = 34_700

    func tooLong(_ count: Int) -> SSHError {
        var error = SSHError(
            .commandTooLong, .exec, host: target.name,
            "\(target.name): the command line has \(count) bytes with its quoting, \(count - Self.longestLine) more than can be sent; "
                + "nothing was sent",
            remedy: "shorten its arguments, or put what is long into a file on the host")
        error.wasSent = false
        return error
    }

    /// The account ran something, but not the command.
    func notRun(_ result: ExecResult, _ marked: MarkedOutput) -> SSHError {
        let ending =
            switch result.outcome {
            case .status(let status): "it ended with status \(status)"
            case .signal(let name): "it was ended by signal \(name)"
            case .unknown: "it ended without a status"
            }
        let said = Self.firstLine(marked.preamble) ?? Self.firstLine(result.standardError)
        let words = said.map { "printed '\($0)'" } ?? "printed nothing"
        return SSHError(
            .notRun, .exec, host: target.name,
            "\(target.name) ran something of its own in place of the command: \(ending) and \(words)",
            remedy:
                "check what restricts the account \(target.user) there: ForceCommand in sshd_config, command= in authorized_keys, a shell "
                + "that allows no login (nologin), or a start-up file (.bashrc, .zshenv, config.fish) that ends or replaces the shell"
        )
    }

    /// The first line with something to read, as messages may hold it.
    private static func firstLine(_ bytes: [UInt8]) -> String? {
        for line in bytes.prefix(2048).split(whereSeparator: { $0 == 0x0a || $0 == 0x0d }) {
            let text = String(decoding: line, as: UTF8.self).unicodeScalars.filter {
                $0.properties.generalCategory != .control && $0.properties.generalCategory != .format
            }
            let shown = String(String.UnicodeScalarView(text.prefix(120)))
            if shown.contains(where: { !$0.isWhitespace }) { return shown }
        }
        return nil
    }
}
