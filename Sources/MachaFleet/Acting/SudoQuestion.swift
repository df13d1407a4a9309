// SPDX-License-Identifier: MIT
import MachaActions
package import MachaModel
import SSH

/// What sudo on a host says of commands, asked before any of them is sent. Asking runs none of them.
package enum SudoQuestion {
    package enum Answer: Hashable, Sendable {
        case allowed
        /// sudo would refuse it; why, in words that are safe to print.
        case refused(String)
        /// Neither: the command itself will tell.
        case unknown
    }

    private static let mark = "macha:sudo "
    private static let listMark = "macha:list"

    /// Asks about each of `commands`, which are programs with their arguments, and then for the account's whole list.
    package static func command(_ commands: [[String]]) -> Command {
        let asked = commands.map { "ask \(CommandQuoting.line($0))\n" }.joined()
        let script = """
            LC_ALL=C; export LC_ALL
            ask() { said=$(sudo -n -l -- "$@" 2>&1); echo "\(mark)$?"; printf '%s\\n' "$said"; }
            \(asked)echo \(listMark); sudo -n -l 2>/dev/null; :
            """
        return Command("sh", ["-c", script], outputLimit: 1 << 20)
    }

    /// The answers to `count` commands in their order; all unknown where the host did not answer as asked.
    package static func answers(_ result: CommandResult, count: Int) -> [Answer] {
        let text = String(decoding: result.standardOutput, as: UTF8.self)
        var parts: [(status: Int, said: [Substring])] = []
        var list: [Substring]?
        for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
            if line == listMark {
                list = []
            } else if list != nil {
                list?.append(line)
            } else if line.hasPrefix(mark), let status = Int(line.dropFirst(mark.count)) {
                parts.append((status, []))
            } else if !parts.isEmpty {
                parts[parts.count - 1].said.append(line)
            }
        }
        guard parts.count == count, let list else { return Array(repeating: .unknown, count: count) }
        let listing = SudoListing(list.joined(separator: "\n"))
        return parts.map { answer($0.status, $0.said, listing) }
    }

    private static func answer(_ status: Int, _ said: [Substring], _ listing: SudoListing) -> Answer {
        guard status != 0 else {
            // sudo answers with the command as it would run it.
            guard let command = said.last, listing.wantsPassword(for: String(command)) == true else { return .allowed }
            return .refused("sudo requires a password for it")
        }
        let text = said.joined(separator: " ")
        func says(_ words: String...) -> Bool { words.contains { text.contains($0) } }
        if status == 127 || says("sudo: not found") { return .refused("sudo is not installed there") }
        // The program is missing, not the right to run it.
        if says("command not found") { return .unknown }
        if says("password is required", "no askpass") { return .refused("sudo requires a password for it") }
        if says("must have a tty", "terminal is required") { return .refused("sudo requires a terminal (requiretty)") }
        if text.isEmpty || says("not in the sudoers", "may not run sudo", "not allowed") {
            return .refused("sudo does not allow it")
        }
        return says("sudo:") ? .refused("sudo refuses it: \(text.printable(limit: 200))") : .unknown
    }
}
