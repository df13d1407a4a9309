// SPDX-License-Identifier: MIT
package import MachaModel

/// A name to resolve: labels of letters, digits, `-` and `_`.
package struct DomainName: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ text: String) throws(ValueValidationError) {
        let labels = text.utf8.split(separator: 0x2e, omittingEmptySubsequences: false)
        let isName = labels.allSatisfy { label in
            (1...63).contains(label.count) && label.first != 0x2d
                && label.allSatisfy { byte in
                    (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                        || byte == 0x2d || byte == 0x5f
                }
        }
        guard isName, text.utf8.count <= 253 else { throw ValueValidationError("\(text.quoted) is no host name") }
        description = text
    }
}

/// An absolute path without control characters and without `..`.
package struct FolderPath: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ text: String) throws(ValueValidationError) {
        let isClean = text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: false
            default: true
            }
        }
        guard isClean, text.hasPrefix("/"), text.utf8.count <= 1024,
            !text.split(separator: "/").contains(where: { $0 == ".." })
        else { throw ValueValidationError("\(text.quoted) is no folder; write an absolute path without '..'") }
        description = text
    }
}

/// 1…99.
package struct Percent: Hashable, Sendable, CustomStringConvertible {
    package let number: Int
    package var description: String { "\(number)%" }

    package init(_ text: String) throws(ValueValidationError) {
        let digits = text.hasSuffix("%") ? text.dropLast() : text[...]
        guard let number = wholeNumber(digits), (1...99).contains(number) else {
            throw ValueValidationError("\(text.quoted) is no share; write a number from 1 to 99")
        }
        self.number = number
    }
}

/// Where NixOS keeps the generations of the system.
package enum SystemProfile {
    package static let path = "/nix/var/nix/profiles/system"

    package static func link(_ generation: GenerationNumber) -> String { "\(path)-\(generation)-link" }
}
