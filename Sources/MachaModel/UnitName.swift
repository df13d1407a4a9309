// SPDX-License-Identifier: MIT

/// The name of one systemd unit, whole and with its suffix: never a pattern, a template or a path.
///
/// Source: `unit_name_is_valid()` of systemd (systemd.unit(5)): letters and digits of ASCII and `:-_.\@`, a known
/// suffix, at most 255 bytes. Stricter in two ways: a backslash must begin an escape as `systemd-escape` writes it
/// (`\x2d`), and a template (`name@.service`) cannot be acted upon.
package struct UnitName: Hashable, Sendable {
    /// What the suffix says.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case service, socket, timer, path, mount, automount, swap, target, device, scope, slice
    }

    /// For example `nginx.service`.
    package let description: String
    package let kind: Kind

    /// Reads a name; one without a suffix is a service, as `systemctl` has it.
    package init(_ text: String) throws(ValueValidationError) {
        guard text.utf8.allSatisfy(Self.isAllowed) else {
            throw ValueValidationError(
                "\(text.quoted) is not a unit name; use letters, digits and ':-_.\\@', and no pattern")
        }
        let named = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let suffix = named.count > 1 ? named.last.flatMap { String($0) }.flatMap { Kind(rawValue: $0) } : nil
        let full = suffix == nil ? text + ".service" : text
        let kind = suffix ?? .service
        let stem = full.dropLast(kind.rawValue.count + 1)
        guard !stem.isEmpty, !stem.hasPrefix("@"), full.utf8.count <= 255 else {
            throw ValueValidationError(
                "\(text.quoted) is not a unit name; nothing precedes '.\(kind.rawValue)'")
        }
        guard !stem.hasSuffix("@") else {
            throw ValueValidationError(
                "\(text.quoted) is a template; name an instance, such as '\(stem)1.\(kind.rawValue)'")
        }
        guard Self.hasWholeEscapes(stem) else {
            throw ValueValidationError("\(text.quoted) holds a '\\' that begins no escape such as '\\x2d'")
        }
        description = full
        self.kind = kind
    }

    /// What stands before the suffix.
    package var stem: Substring { description.dropLast(kind.rawValue.count + 1) }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        case 0x3a, 0x2d, 0x5f, 0x2e, 0x5c, 0x40: true  // : - _ . \ @
        default: false
        }
    }

    private static func hasWholeEscapes(_ stem: Substring) -> Bool {
        stem.split(separator: "\\", omittingEmptySubsequences: false).dropFirst().allSatisfy { part in
            part.first == "x" && part.dropFirst().prefix(2).count == 2
                && part.dropFirst().prefix(2).allSatisfy(\.isHexDigit)
        }
    }
}

extension UnitName: CustomStringConvertible {}

extension UnitName: Comparable {
    package static func < (left: Self, right: Self) -> Bool { left.description < right.description }
}

extension UnitName: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        do throws(ValueValidationError) {
            self = try UnitName(text)
        } catch {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "\(error)"))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
