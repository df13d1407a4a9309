// SPDX-License-Identifier: MIT

/// What `sudo -l` lists for an account: sudoers(5) as far as "is a password wanted for this command?" needs it.
package struct SudoListing {
    private struct Entry {
        var command: String
        var wantsPassword: Bool
    }

    private var entries: [Entry] = []

    package init(_ text: String) {
        var isListing = false
        var authenticates = true
        var rules: [String] = []
        for line in text.split(separator: "\n") {
            if line.contains("may run the following") {
                isListing = true
            } else if !isListing {
                authenticates = authenticates && !line.contains("!authenticate")
            } else if line.hasPrefix("    (") {
                rules.append(String(line.dropFirst(4)))
            } else if let last = rules.indices.last {
                // sudo breaks a long rule where it thinks the terminal ends.
                rules[last] += " " + line.drop { $0 == " " || $0 == "\t" }
            }
        }
        for rule in rules { add(rule, wantsPassword: authenticates) }
    }

    /// `(root) NOPASSWD: /a b, PASSWD: /c`: a tag holds for the commands after it.
    private mutating func add(_ rule: String, wantsPassword: Bool) {
        guard let end = rule.firstIndex(of: ")") else { return }
        let users = rule[..<end].dropFirst().prefix { $0 != ":" }.split { $0 == "," || $0 == " " }
        guard users.contains("root") || users.contains("ALL") || users.contains("#0") else { return }
        var wantsPassword = wantsPassword
        for part in Self.parts(rule[rule.index(after: end)...]) {
            var words = part.split(separator: " ")
            while let tag = words.first, tag.hasSuffix(":"), tag.dropLast().allSatisfy({ $0.isUppercase || $0 == "_" })
            {
                if tag == "NOPASSWD:" { wantsPassword = false }
                if tag == "PASSWD:" { wantsPassword = true }
                words.removeFirst()
            }
            entries.append(Entry(command: words.joined(separator: " "), wantsPassword: wantsPassword))
        }
    }

    /// Split at commas without a backslash before them.
    private static func parts(_ text: Substring) -> [String] {
        var parts = [""]
        var isEscaped = false
        for character in text {
            if character == ",", !isEscaped {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
            isEscaped = character == "\\" && !isEscaped
        }
        return parts
    }

    /// Whether sudo wants a password for `command`, with its program's whole path; `nil` where the listing does not tell.
    /// The last rule that fits decides.
    package func wantsPassword(for command: String) -> Bool? {
        let program = command.prefix { $0 != " " }
        var answer: Bool?
        for entry in entries {
            switch Self.fits(entry.command, command, program) {
            case true?: answer = entry.wantsPassword
            // A pattern may fit as well; that matters only if it would say something else.
            case nil: if answer != entry.wantsPassword { answer = nil }
            case false?: break
            }
        }
        return answer
    }

    private static func fits(_ rule: String, _ command: String, _ program: Substring) -> Bool? {
        if rule == "ALL" || rule == command || rule == program { return true }
        let plain = rule.replacing("\\", with: "")
        if plain == command || (plain == "\(program) \"\"" && program.count == command.count) { return true }
        let isPattern = rule.contains { "*?[".contains($0) } || rule.contains("^") || plain.hasSuffix("/")
        return isPattern ? nil : false
    }
}
