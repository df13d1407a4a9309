// SPDX-License-Identifier: MIT
package import MachaModel

/// A size as journalctl takes it: a whole number and `K`, `M`, `G` or `T` (powers of 1024), from 1M to 1024G.
package struct ByteSize: Hashable, Sendable, CustomStringConvertible {
    package let bytes: Int
    /// In the largest unit that needs no fraction: `1G`, `500M`.
    package var description: String {
        for (unit, length) in Self.units.reversed() where bytes % length == 0 { return "\(bytes / length)\(unit)" }
        return "\(bytes)"
    }

    package init(_ text: String) throws(ActionValidationError) {
        let complaint = ActionValidationError(
            "\(text.quoted) is no size; write a number and K, M, G or T, from 1M to 1T")
        guard let last = text.last, let unit = Self.units.first(where: { $0.name == last }),
            let number = wholeNumber(text.dropLast()), number <= 1 << 30
        else { throw complaint }
        let (product, overflow) = number.multipliedReportingOverflow(by: unit.bytes)
        guard !overflow, (1 << 20...1 << 40).contains(product) else { throw complaint }
        bytes = product
    }

    private static let units: [(name: Character, bytes: Int)] = [
        ("K", 1 << 10), ("M", 1 << 20), ("G", 1 << 30), ("T", 1 << 40),
    ]
}

/// A span of time: a whole number and `s`, `m`, `h` or `d`, from one second to 3650 days.
package struct ActionSpan: Hashable, Sendable, CustomStringConvertible {
    package let seconds: Int

    /// In the largest unit that needs no fraction; the units are those that systemd understands too.
    package var description: String {
        for (unit, length) in Self.units.reversed() where seconds % length == 0 { return "\(seconds / length)\(unit)" }
        return "\(seconds)s"
    }

    package init(_ text: String) throws(ActionValidationError) {
        guard let last = text.last, let unit = Self.units.first(where: { $0.name == last }),
            let number = wholeNumber(text.dropLast()), number <= 1_000_000_000,
            (1...3650 * 86_400).contains(number * unit.seconds)
        else {
            throw ActionValidationError(
                "\(text.quoted) is no span of time; write a number and s, m, h or d, such as 30d")
        }
        seconds = number * unit.seconds
    }

    /// `seconds` from 1 to 3650 days; less or more is brought into the range.
    package init(seconds: Int) { self.seconds = min(max(seconds, 1), 3650 * 86_400) }

    private static let units: [(name: Character, seconds: Int)] = [("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)]
}

extension ActionSpan: Comparable {
    package static func < (left: Self, right: Self) -> Bool { left.seconds < right.seconds }
}

/// The number of a system generation, from 1.
package struct GenerationNumber: Hashable, Sendable, CustomStringConvertible {
    package let number: Int
    package var description: String { "\(number)" }

    package init(_ text: String) throws(ActionValidationError) {
        guard let number = wholeNumber(text[...]), (1...999_999).contains(number) else {
            throw ActionValidationError("\(text.quoted) is no generation; write its number")
        }
        self.number = number
    }
}

/// How many of the newest generations stay, from 3: the running one, the one before, and one more to go back to.
package struct KeptGenerations: Hashable, Sendable, CustomStringConvertible {
    package let number: Int
    package var description: String { "\(number)" }

    package init(_ text: String) throws(ActionValidationError) {
        guard let number = wholeNumber(text[...]), (3...1000).contains(number) else {
            throw ActionValidationError(
                "\(text.quoted) generations cannot be what stays; write a number from 3 to 1000")
        }
        self.number = number
    }
}

/// A flake to build from, as `nixos-rebuild --flake` takes it: `github:me/fleet#nas`, `/etc/nixos#nas`.
package struct FlakeReference: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ text: String) throws(ActionValidationError) {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
            default: Self.marks.contains(byte)
            }
        }
        guard isPlain, (1...500).contains(text.utf8.count), text.first != "-",
            text.utf8.count(where: { $0 == 0x23 }) <= 1
        else { throw ActionValidationError("\(text.quoted) is no flake reference, such as github:me/fleet#nas") }
        description = text
    }

    private static let marks = Array("/:#._-+?=&@%~".utf8)
}

/// The number that ASCII digits alone write; `nil` for a sign, a space, or more than twelve digits.
func wholeNumber(_ text: Substring) -> Int? {
    guard !text.isEmpty, text.utf8.count <= 12, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text)
}
