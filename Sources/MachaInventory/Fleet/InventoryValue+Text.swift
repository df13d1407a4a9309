// SPDX-License-Identifier: MIT
package import MachaModel

/// Texts that later become arguments, file names or parts of a log line, and what they may not hold.
extension InventoryValue {
    /// A host, group or tag name: letters and digits of ASCII, `.`, `_` and `-`, at most 253, `-` not first.
    ///
    /// `all` and `none` have a meaning in selectors and in `jump`.
    package static func name(_ text: String) throws(ValueValidationError) -> String {
        let allowed = text.utf8.allSatisfy { isLetterOrDigit($0) || [0x2d, 0x2e, 0x5f].contains($0) }
        guard allowed, (1...253).contains(text.utf8.count), text.utf8.first != 0x2d else {
            throw ValueValidationError(
                "\(text.quoted) is not a valid name; use letters, digits, '.', '_' and '-', not starting with '-'")
        }
        guard text != "all", text != "none" else {
            throw ValueValidationError("the name \(text.quoted) is reserved; choose another")
        }
        return text
    }

    /// A host name, an IPv4 address or an IPv6 address without brackets.
    static func address(_ text: String) throws(ValueValidationError) -> String {
        try refuseOption(text, "address")
        if text.utf8.contains(0x40) {
            throw ValueValidationError("address \(text.quoted) names a user; use the key 'user'")
        }
        if text.hasPrefix("[") { throw ValueValidationError("address \(text.quoted): leave out the brackets of IPv6") }
        let colons = text.utf8.count { $0 == 0x3a }
        if colons == 1 { throw ValueValidationError("address \(text.quoted) names a port; use the key 'port'") }
        // `:` and `%` for IPv6 and its zone: fe80::1%eth0.
        let known = text.utf8.allSatisfy { isLetterOrDigit($0) || [0x2d, 0x2e, 0x5f, 0x3a, 0x25].contains($0) }
        guard known else {
            throw ValueValidationError("address \(text.quoted) is neither a host name nor an IP address")
        }
        return text
    }

    /// Whether a jump host is given by its place: `[user@]host.domain[:port]`, `[user@][v6]:port`. One word is a name.
    static func isAddressOfJump(_ text: String) throws(ValueValidationError) -> Bool {
        try refuseOption(text, "jump host")
        try refuseSpace(text, "jump host")
        if text.contains(",") {
            throw ValueValidationError(
                "jump takes one host, not the list \(text.quoted); give each hop a jump of its own")
        }
        return text.utf8.contains { [0x2e, 0x3a, 0x40].contains($0) }
    }

    static func user(_ text: String) throws(ValueValidationError) -> String {
        try refuseOption(text, "user")
        try refuseSpace(text, "user")
        return text
    }

    /// An absolute path; `~` and `~/…` begin at `home`.
    static func path(_ text: String, home: String) throws(ValueValidationError) -> String {
        try refuseControl(text, "file name")
        if text == "~" { return home }
        if text.hasPrefix("~/") { return home + text.dropFirst() }
        guard text.hasPrefix("/") else {
            throw ValueValidationError("file name \(text.quoted) must begin with '/' or '~/'")
        }
        return text
    }

    /// The file of a secret: a path, or `credential:NAME` for what systemd hands to the service.
    static func secretPath(_ text: String, home: String) throws(ValueValidationError) -> String {
        guard text.hasPrefix("credential:") else { return try path(text, home: home) }
        let name = text.dropFirst("credential:".count)
        guard !name.isEmpty, !name.hasPrefix("."), !name.contains("/") else {
            throw ValueValidationError(
                "\(text.quoted) names no credential; write credential:NAME, as LoadCredential= does")
        }
        return text
    }

    static func flakeAttr(_ text: String) throws(ValueValidationError) -> String {
        try refuseOption(text, "flake attribute")
        try refuseSpace(text, "flake attribute")
        guard !text.contains("#") else {
            throw ValueValidationError("flake attribute \(text.quoted): leave out everything up to '#'")
        }
        return text
    }

    /// A systemd unit, with or without its suffix.
    static func unit(_ text: String) throws(ValueValidationError) -> String {
        try refuseOption(text, "unit")
        try refuseSpace(text, "unit")
        if text.contains("/") { throw ValueValidationError("unit \(text.quoted) is a path; write the unit's name") }
        try requireUnitLetters(text)
        return text
    }

    /// What no unit can be called, or a pattern that none can fit, would protect nothing.
    private static func requireUnitLetters(_ text: String) throws(ValueValidationError) {
        if let strange = text.unicodeScalars.first(where: { !$0.isASCII }) {
            throw ValueValidationError(
                "unit \(text.quoted) can match nothing: U+\(String(strange.value, radix: 16, uppercase: true)) is not allowed in a "
                    + "unit name, although it looks like a letter that is")
        }
        guard !Glob.isPattern(text) else {
            let isPossible = text.utf8.allSatisfy { unitBytes.contains($0) || patternBytes.contains($0) }
            guard Glob(text) == nil || isPossible else {
                throw ValueValidationError(
                    "unit pattern \(text.quoted) can match nothing; units hold letters, digits and ':-_.\\@'")
            }
            return
        }
        // `sshd@` stands for a template, of which no instance has this name.
        do throws(ValueValidationError) {
            _ = try UnitName(text)
        } catch {
            throw ValueValidationError(
                "unit \(text.quoted) can match nothing: \(error.description)", suggestion: error.suggestion)
        }
        let suffix = text.split(separator: ".").last.map(String.init) ?? ""
        if text.contains("."), let kind = UnitName.Kind(rawValue: suffix.lowercased()), kind.rawValue != suffix {
            throw ValueValidationError(
                "unit \(text.quoted) can match nothing: a unit's suffix is written .\(kind.rawValue)",
                suggestion: "\(text.dropLast(suffix.count))\(kind.rawValue)")
        }
    }

    private static let unitBytes = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:-_.\\@".utf8)
    private static let patternBytes = Set("*?[]!^".utf8)

    /// A unit that may be started, stopped and restarted: a whole name, no pattern; a service unless it says otherwise.
    static func managedUnit(_ text: String) throws(ValueValidationError) -> String {
        try UnitName(text).description
    }

    /// Any text without control characters, save line breaks and tabs.
    static func variable(_ text: String) throws(ValueValidationError) -> String {
        guard text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control || $0 == "\n" || $0 == "\t" })
        else {
            throw ValueValidationError("value \(text.quoted) contains control characters")
        }
        return text
    }

    private static func refuseOption(_ text: String, _ what: String) throws(ValueValidationError) {
        try refuseControl(text, what)
        if text.hasPrefix("-") {
            throw ValueValidationError(
                "\(what) \(text.quoted) begins with '-', so programs would take it for an option")
        }
    }

    private static func refuseSpace(_ text: String, _ what: String) throws(ValueValidationError) {
        if text.utf8.contains(0x20) { throw ValueValidationError("\(what) \(text.quoted) contains a space") }
    }

    private static func refuseControl(_ text: String, _ what: String) throws(ValueValidationError) {
        if text.isEmpty { throw ValueValidationError("the \(what) is empty") }
        if text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) { return }  // nearly every text
        let isSteering = text.unicodeScalars.contains { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: true
            default: false
            }
        }
        if isSteering {
            throw ValueValidationError("\(what) \(text.quoted) contains a line break or another control character")
        }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
    }
}
