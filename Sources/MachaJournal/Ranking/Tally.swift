// SPDX-License-Identifier: MIT

/// What a line says about how many failed: `3 failed, 97 passed`, `Failures: 1`, `0 errors`.
struct Tally {
    private(set) var fails = false
    /// It names such a number, and it is zero.
    private(set) var isZero = false

    init(_ text: UnsafeBufferPointer<UInt8>) {
        var at = 0
        while at < text.count {
            guard Self.isDigit(text[at]) else {
                at += 1
                continue
            }
            let start = at
            var value = 0
            while at < text.count, Self.isDigit(text[at]) {
                value = min(value * 10 + Int(text[at] - 0x30), 1_000_000)
                at += 1
            }
            guard start == 0 || !Self.isPart(text[start - 1]), at == text.count || !Self.isPart(text[at]) else {
                continue
            }
            if Self.isCounted(text, behind: at) || Self.isCounted(text, before: start) {
                if value > 0 { fails = true } else { isZero = true }
            }
        }
    }

    private static let behind = [
        "failed", "failing", "failure", "error", "errors", "failures", "error(s)", "FAILED", "Failed", "Failures",
        "Errors",
    ]
    .map { Array($0.utf8) }
    private static let before = ["failed", "failures", "failure", "fail", "errors", "failing"].map { Array($0.utf8) }

    /// `3 failed`, `3 tests failed`.
    private static func isCounted(_ text: UnsafeBufferPointer<UInt8>, behind end: Int) -> Bool {
        guard end + 4 < text.count, text[end] == 0x20 else { return false }
        var at = end + 1
        for skipped in ["test ", "tests ", "specs ", "examples, "] where hasPrefix(text, at, Array(skipped.utf8)) {
            at += skipped.utf8.count
            break
        }
        return behind.contains { hasPrefix(text, at, $0) }
    }

    /// `Failures: 1`, `FAILED (errors=2)`.
    private static func isCounted(_ text: UnsafeBufferPointer<UInt8>, before start: Int) -> Bool {
        var at = start
        while at > 0, text[at - 1] == 0x20 { at -= 1 }
        guard at > 0, text[at - 1] == UInt8(ascii: ":") || text[at - 1] == UInt8(ascii: "=") else { return false }
        at -= 1
        while at > 0, text[at - 1] == 0x20 { at -= 1 }
        let end = at
        while at > 0, (text[at - 1] | 0x20) >= 0x61, (text[at - 1] | 0x20) <= 0x7a { at -= 1 }
        return before.contains { word in
            word.count == end - at && word.indices.allSatisfy { text[at + $0] | 0x20 == word[$0] }
        }
    }

    private static func hasPrefix(_ text: UnsafeBufferPointer<UInt8>, _ at: Int, _ word: [UInt8]) -> Bool {
        at + word.count <= text.count && word.indices.allSatisfy { text[at + $0] == word[$0] }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    /// Bytes that make a number part of something else.
    private static func isPart(_ byte: UInt8) -> Bool {
        ByteClass.table[Int(byte)] & (ByteClass.letter | ByteClass.dot | ByteClass.slash) != 0
            || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "_")
    }
}
