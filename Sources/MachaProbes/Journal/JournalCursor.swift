// SPDX-License-Identifier: MIT

/// A place in one host's journal. Source: sd_journal_get_cursor(3); `s=…;i=…;b=…;m=…;t=…;x=…` in hexadecimal.
package struct JournalCursor: Hashable, Codable, Sendable {
    /// As journalctl prints and takes it.
    package let text: String

    /// `nil` for anything but letters, digits, `=` and `;`: a cursor comes from a host and goes into a shell script.
    package init?(_ text: some StringProtocol) {
        guard (1...512).contains(text.utf8.count), text.contains("="),
            text.utf8.allSatisfy({ byte in
                (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                    || byte == 0x3d || byte == 0x3b
            })
        else { return nil }
        self.text = String(text)
    }

    /// The boot the entry was written in, 32 hexadecimal digits; `nil` when the cursor does not say.
    package var boot: String? { part("b") }

    /// When the entry was written, in seconds since 1970; `nil` when the cursor does not say.
    package var time: Int? { part("t").flatMap { Int($0, radix: 16) }.map { $0 / 1_000_000 } }

    private func part(_ name: Substring) -> String? {
        text.split(separator: ";").first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let cursor = Self(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no journal cursor")
        }
        self = cursor
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
