// SPDX-License-Identifier: MIT
import MachaModel

/// The meaning of single values below `notifications`.
enum NotificationValue {
    static func kind(_ text: String) throws(ValueValidationError) -> ReceiverSettings.Word {
        try InventoryValue.word(text)
    }

    static func encryption(_ text: String) throws(ValueValidationError) -> MailSettings.Encryption {
        try InventoryValue.word(text)
    }

    static func severity(_ text: String) throws(ValueValidationError) -> Severity { try InventoryValue.word(text) }

    static func severityOrNone(_ text: String) throws(ValueValidationError) -> Severity? {
        text == "none" ? nil : try severity(text)
    }

    static func label(_ text: String) throws(ValueValidationError) -> RouteTiming.Label {
        try InventoryValue.word(text)
    }

    /// An interval, or `0s`: what is told at once waits for nothing.
    static func wait(_ text: String) throws(ValueValidationError) -> Int {
        ["0", "0s"].contains(text) ? 0 : try InventoryValue.interval(text)
    }

    /// A URL that may be shown: a token in it belongs into a file.
    static func url(_ text: String) throws(ValueValidationError) -> String {
        let rest = ["http://", "https://"].first { text.lowercased().hasPrefix($0) }.map { text.dropFirst($0.count) }
        guard let rest, let first = rest.utf8.first, first != UInt8(ascii: "/"),
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        else { throw ValueValidationError("\(text.quoted) is no URL; write http://host:port or https://host") }
        guard !rest.prefix(while: { $0 != "/" }).contains("@"), !rest.contains(where: { $0 == "?" || $0 == "#" }) else {
            throw ValueValidationError(
                "leave user, password and what follows '?' or '#' out of the URL; a token goes into a file")
        }
        return text
    }

    /// A receiver's name as it is referred to.
    static func word(_ text: String) throws(ValueValidationError) -> String { text }

    /// ntfy's own rule for topics.
    static func topic(_ text: String) throws(ValueValidationError) -> String {
        let isTopic = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x5f: true
            default: false
            }
        }
        guard isTopic, (1...64).contains(text.utf8.count) else {
            throw ValueValidationError("\(text.quoted) is no topic; use letters, digits, '-' and '_', at most 64")
        }
        return text
    }

    /// One line of printable ASCII, as logins and credentials have it.
    static func plain(_ text: String) throws(ValueValidationError) -> String {
        guard (1...200).contains(text.utf8.count), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw ValueValidationError("\(text.quoted) must be one word of printable ASCII")
        }
        return text
    }

    /// systemd.exec(5): a file name.
    static func credential(_ text: String) throws(ValueValidationError) -> String {
        guard !text.contains("/"), text != ".", text != ".." else {
            throw ValueValidationError("\(text.quoted) is no credential; write the name that LoadCredential= gives it")
        }
        return try plain(text)
    }

    /// `name@host`, nothing that could end a header or begin another address.
    static func mailAddress(_ text: String) throws(ValueValidationError) -> String {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && !"<>(),;:\\\"[]".utf8.contains($0) }
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, isPlain, text.utf8.count <= 254 else {
            throw ValueValidationError(
                "\(text.quoted) is no mail address; write it as name@host, without a display name")
        }
        return text
    }

    static func pattern(_ text: String) throws(ValueValidationError) -> String {
        guard Glob(text) != nil, !text.isEmpty else {
            throw ValueValidationError("\(text.quoted) is no pattern; write a kind, such as disk-space or disk-*")
        }
        return text
    }

    static func selector(_ text: String) throws(ValueValidationError) -> HostSelector {
        do throws(SelectorError) {
            return try HostSelector(text)
        } catch {
            throw ValueValidationError(error.mistakes.joined(separator: "; "))
        }
    }
}
