// SPDX-License-Identifier: MIT

/// Reads `key=value` blocks as `systemctl show` prints them.
enum SystemdAnswer {
    /// One dictionary a block; blocks are parted by empty lines.
    static func blocks(_ output: [UInt8]) -> [[String: String]] {
        String(decoding: output, as: UTF8.self).split(separator: "\n\n", omittingEmptySubsequences: true).map { block in
            block.split(whereSeparator: \.isNewline).reduce(into: [:]) { fields, line in
                guard let equals = line.firstIndex(of: "=") else { return }
                fields[String(line[..<equals])] = String(line[line.index(after: equals)...])
            }
        }
    }

    /// `nil` for no value, and for what systemd prints in its place.
    static func present(_ text: String?) -> String? {
        guard let text, !text.isEmpty, text != "[not set]", text != "n/a" else { return nil }
        return text
    }
}
