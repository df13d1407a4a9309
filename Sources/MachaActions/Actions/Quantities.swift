// SPDX-License-Identifier: MIT
package import MachaModel

/// A size as journalctl takes it: a whole number and `K`, `M`, `G` or `T` (powers of 1024), from 1M to 1024G.
package struct ByteSize: Hashable, Sendable, CustomStringConvertible {
    package let bytes: Int
    /// In the largest unit that needs no fraction: `1G`, `500M`.
    package var description: String { ByteText.exact(bytes) }

    package init(_ text: String) throws(ValueValidationError) {
        guard let size = ByteText.bytes(text), (0x1p20...0x1p40).contains(size), Int(size).isMultiple(of: 1 << 10)
        else {
            throw ValueValidationError("\(text.quoted) is not a size; write a number and K, M, G or T, from 1M to 1T")
        }
        bytes = Int(size)
    }
}

/// A span of time: a number and `s`, `m`, `h`, `d` or `w`, from one second to 3650 days.
package struct ActionSpan: Hashable, Sendable, CustomStringConvertible {
    package let seconds: Int

    /// In the largest unit that needs no fraction; the units are those that systemd understands too.
    package var description: String { DurationText.exact(seconds) }

    package init(_ text: String) throws(ValueValidationError) {
        guard let seconds = DurationText.seconds(text), (1...Self.longest).contains(seconds) else {
            throw ValueValidationError(
                "\(text.quoted) is not a time span; write a number and s, m, h or d, such as 30d")
        }
        self.seconds = seconds
    }

    /// `seconds` from 1 to 3650 days; less or more is brought into the range.
    package init(seconds: Int) { self.seconds = min(max(seconds, 1), Self.longest) }

    private static let longest = 3650 * 86_400
}

extension ActionSpan: Comparable {
    package static func < (left: Self, right: Self) -> Bool { left.seconds < right.seconds }
}

/// The number of a system generation, from 1.
package struct GenerationNumber: Hashable, Sendable, CustomStringConvertible {
    package let number: Int
    package var description: String { "\(number)" }

    package init(_ text: String) throws(ValueValidationError) {
        guard let number = wholeNumber(text[...]), (1...999_999).contains(number) else {
            throw ValueValidationError("\(text.quoted) is not a generation; write its number")
        }
        self.number = number
    }
}

/// How many of the newest generations stay, from 3: the running one, the one before, and one more to go back to.
package struct KeptGenerations: Hashable, Sendable, CustomStringConvertible {
    package let number: Int
    package var description: String { "\(number)" }

    package init(_ text: String) throws(ValueValidationError) {
        guard let number = wholeNumber(text[...]), (3...1000).contains(number) else {
            throw ValueValidationError(
                "\(text.quoted) is not a number of generations to keep; write a number from 3 to 1000")
        }
        self.number = number
    }
}

/// A flake to build from, as `nixos-rebuild --flake` takes it: `github:me/fleet#nas`, `/etc/nixos#nas`.
package struct FlakeReference: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ text: String) throws(ValueValidationError) {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
            default: Self.marks.contains(byte)
            }
        }
        guard isPlain, (1...500).contains(text.utf8.count), text.first != "-",
            text.utf8.count(where: { $0 == 0x23 }) <= 1
        else { throw ValueValidationError("\(text.quoted) is not a flake reference, such as github:me/fleet#nas") }
        description = text
    }

    private static let marks = Array("/:#._-+?=&@%~".utf8)
}

/// The number that ASCII digits alone write; `nil` for a sign, a space, or more than twelve digits.
func wholeNumber(_ text: Substring) -> Int? {
    guard !text.isEmpty, text.utf8.count <= 12, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text)
}
