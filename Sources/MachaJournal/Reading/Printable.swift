// SPDX-License-Identifier: MIT

/// Untrusted bytes as one line of clean UTF-8 that cannot steer a terminal.
enum Printable {
    /// Line breaks become ` ⏎ `, other control characters `·`, what is no UTF-8 `\u{fffd}`; cut to `limit` bytes with `…`.
    static func line(_ bytes: some Sequence<UInt8>, limit: Int) -> String {
        var out = ""
        var count = 0
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var blank = false
        loop: while true {
            var piece: String
            switch decoder.decode(&iterator) {
            case .emptyInput: break loop
            case .error: piece = "\u{fffd}"
            case .scalarValue(let scalar):
                if scalar == "\n" {
                    piece = " ⏎ "
                } else if scalar == "\r" {
                    continue
                } else if scalar == "\t" || scalar == " " {
                    if blank { continue }
                    piece = " "
                } else if scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) || isSteering(scalar) {
                    piece = "·"
                } else {
                    piece = String(scalar)
                }
            }
            blank = piece.hasSuffix(" ")
            if count + piece.utf8.count > limit - 3 {
                // Only the end of the line decides whether the cut is needed.
                var rest = piece.utf8.count
                var tail = piece
                while rest + count <= limit {
                    switch decoder.decode(&iterator) {
                    case .emptyInput: return out + tail
                    case .error: tail += "\u{fffd}"
                    case .scalarValue(let scalar):
                        tail.unicodeScalars.append(scalar.value < 0x20 || isSteering(scalar) ? "·" : scalar)
                    }
                    rest = tail.utf8.count
                }
                return out + "…"
            }
            out += piece
            count += piece.utf8.count
        }
        return out
    }

    /// Marks that change the direction or join of text, and what stands for nothing.
    private static func isSteering(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x200b...0x200f, 0x2028...0x202e, 0x2060...0x2069, 0xfeff, 0xfff9...0xfffb, 0xe0000...0xe007f,
            0xd800...0xdfff:
            true
        default: false
        }
    }
}
